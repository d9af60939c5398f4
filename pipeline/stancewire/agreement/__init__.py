"""Intercoder reliability: coder against coder and model against coder, each field of a record apart."""
