"""Training stance classifiers: recipe in, model folder out."""
