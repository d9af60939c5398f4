"""The commands: thin twins of functions, which parse, call and print."""
