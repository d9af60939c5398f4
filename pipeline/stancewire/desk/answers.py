"""The app's answers as JSON."""

from __future__ import annotations

import json
from typing import Any

from starlette.responses import Response


class Answer(Response):
    """JSON in which half a surrogate pair, from a damaged text, is the escape that JSON has for it."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """Return the body."""
        said = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return said.encode("utf-8", "backslashreplace")


def refusal(said: str, status: int) -> Answer:
    """Return an answer that says what was wrong."""
    return Answer({"error": said}, status_code=status)
