"""Public data sets: the authors' own files, as a clone of their repository has them, become rows to train on."""
