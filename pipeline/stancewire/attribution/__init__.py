"""Who says what: sources, cues and contents of quoted and reported speech."""
