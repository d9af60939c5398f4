"""Results as titled tables and lists, and how they look in a terminal, in Markdown and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A titled table; all columns but the first are aligned to the right."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """A titled list."""

    title: str
    lines: tuple[str, ...]


def blocks_as_text(blocks: Iterable[Table | Lines]) -> str:
    """Return plain text with aligned columns, ending in a newline."""
    return "\n\n".join("\n".join(_text_block(block)) for block in blocks) + "\n"


def blocks_as_markdown(blocks: Iterable[Table | Lines]) -> str:
    """Return Markdown with a heading and a table or list for each block."""
    return "\n\n".join("\n".join(_markdown_block(block)) for block in blocks) + "\n"


def values_as_json(result: object) -> str:
    """Return a result as JSON: fields and properties of a dataclass side by side, None as null."""
    return json.dumps(_plain(result), ensure_ascii=False, allow_nan=False, indent=2) + "\n"


def _text_block(block: Table | Lines) -> Iterable[str]:
    yield block.title
    if isinstance(block, Lines):
        yield from (f"  {line}" for line in block.lines)
        return
    widths = [max(map(len, column)) for column in zip(block.header, *block.rows, strict=True)]
    for row in (block.header, *block.rows):
        first, *rest = row
        cells = [
            first.ljust(widths[0]),
            *(cell.rjust(width) for cell, width in zip(rest, widths[1:], strict=True)),
        ]
        yield ("  " + "  ".join(cells)).rstrip()


def _markdown_block(block: Table | Lines) -> Iterable[str]:
    yield f"## {block.title}"
    yield ""
    if isinstance(block, Lines):
        yield from (f"- {_escape(line)}" for line in block.lines)
        return
    yield _markdown_row(block.header)
    yield _markdown_row(["---", *["---:"] * (len(block.header) - 1)])
    yield from (_markdown_row(row) for row in block.rows)


def _markdown_row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell if set(cell) <= {"-", ":"} else _escape(cell) for cell in cells) + " |"


def _escape(text: str) -> str:
    """Keep names and quotes from the data from being read as Markdown or HTML."""
    for mark in "\\`*_|[]<>":
        text = text.replace(mark, f"\\{mark}")
    return text


def _plain(value: object) -> object:
    """Turn result values into what JSON knows: fields and properties of a dataclass side by side."""
    if is_dataclass(value):
        names = [part.name for part in fields(value)]
        names += [name for name, member in vars(type(value)).items() if isinstance(member, property)]
        return {name: _plain(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value
