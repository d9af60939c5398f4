"""Where the models and configs that ship with stancewire lie: in the package, or in the checkout."""

from __future__ import annotations

from pathlib import Path

from stancewire.errors import ConfigError

_PACKAGE = Path(__file__).resolve().parent
_PLACES = (_PACKAGE / "_data", _PACKAGE.parent.parent)  # a wheel's, a checkout's or editable install's


def resource(*parts: str) -> Path:
    """Return the path of a shipped file or folder: `resource("models", "small")`.

    Raises ConfigError naming every place that was looked at.
    """
    candidates = [place.joinpath(*parts) for place in _PLACES]
    for candidate in candidates:
        if candidate.exists():
            return candidate
    places = " nor ".join(str(candidate) for candidate in candidates)
    raise ConfigError(f"{'/'.join(parts)!r} does not ship with stancewire: neither {places} exists")
