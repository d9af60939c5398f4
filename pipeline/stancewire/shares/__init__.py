"""Shares of stances corrected for the machine's error with a gold sample, with intervals that hold the truth."""
