"""The errors a user can cause; anything else that is raised is a bug.

StancewireError
├── ConfigError     a setting, codebook, recipe or actor file says something it can't
├── InputError      an article, a row or a path can't be read as what it claims to be
└── ModelError      a model can't be found, loaded or run
"""


class StancewireError(Exception):
    """Root of the tree; its message says where, what, and what would be right."""


class ConfigError(StancewireError):
    """A setting, codebook, recipe or actor file is wrong."""


class InputError(StancewireError):
    """An input can't be read; `reason` is the short name that the ledger counts it under."""

    def __init__(self, message: str, *, reason: str = "unreadable") -> None:
        super().__init__(message)
        self.reason = reason


class ModelError(StancewireError):
    """A model can't be found, loaded or run."""
