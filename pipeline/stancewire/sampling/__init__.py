"""What to annotate next: a gold sample with known chances, or the items that teach most, for one coder or several."""
