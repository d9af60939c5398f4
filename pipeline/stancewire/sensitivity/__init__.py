"""Whether records hang on what they shouldn't: judged again with other wordings, other names, and masked words."""
