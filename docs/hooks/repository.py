"""Makes pages of what stands outside docs/: the README, the change log, cards, and each file that a page links to.

The pages' sources link as files of the repository do ("../corpora/sample/README.md"), so that they also work where the
repository is read; here those links are turned to the pages made from the files. A link to nothing is left alone, and
`mkdocs build --strict` fails on it.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[2]
DOCS = "docs"
PAGES = {"README.md": "readme.md", "CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md"}
LINK = re.compile(r"(?<=\]\()(?!https?://|mailto:|#)([^)#\s]+)(#[^)\s]*)?(?=\))")
FENCE = re.compile(r"^ {0,3}(```|~~~).*?^ {0,3}\1[`~]*\s*$", re.MULTILINE | re.DOTALL)
LIST_ITEM = re.compile(r"([-*+]|\d+\.) ")
LANGUAGES = {".py": "python", ".toml": "toml", ".json": "json", ".jsonl": "json", ".cff": "yaml", "": "text"}
LONGEST = 60_000  # characters of a file that a page shows; the sample articles have 29,000


def on_files(files: Files, config: Any) -> Files:
    """Add a page for each file outside docs/ that a page links to, and for those that these link to."""
    waiting = [f"{DOCS}/{file.src_uri}" for file in files.documentation_pages()] + list(PAGES)
    seen = set(waiting)
    while waiting:
        path = waiting.pop()
        if not path.startswith(f"{DOCS}/"):
            files.append(File.generated(config, page_of(path), content=_content(path)))
        if path.endswith(".md"):
            new = {target for target in _targets(path) if not target.startswith(f"{DOCS}/")} - seen
            seen |= new
            waiting += sorted(new)
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Turn links to files into links to their pages, and give lists and tables the empty line that Markdown wants."""
    origin = _origin(page.file.src_uri)
    if origin is None:
        return markdown
    return _outside_fences(markdown, lambda text: _spaced(_turned(text, origin, page.file.src_uri)))


def page_of(path: str) -> str:
    """Return the source of the page that shows a file or folder of the repository."""
    if path.startswith(f"{DOCS}/"):
        return path.removeprefix(f"{DOCS}/")
    if path in PAGES:
        return PAGES[path]
    if (ROOT / path).is_dir():
        return f"repository/{path}/index.md"
    return f"repository/{path}" if path.endswith(".md") else f"repository/{path}.md"


def _origin(source: str) -> str | None:
    """Return the file that a page was made from, or None for one that only shows code."""
    if source in PAGES.values():
        return next(path for path, made in PAGES.items() if made == source)
    if not source.startswith("repository/"):
        return f"{DOCS}/{source}"
    path = source.removeprefix("repository/")
    return path if (ROOT / path).is_file() else None


def _targets(path: str) -> Iterator[str]:
    """Yield the files and folders of the repository that a Markdown file links to."""
    text = FENCE.sub("", (ROOT / path).read_text(encoding="utf-8"))
    for match in LINK.finditer(text):
        if target := _resolved(match[1], path):
            yield target


def _resolved(link: str, origin: str) -> str | None:
    """Return what a link in a file leads to; of a folder with a README that, None for what isn't there."""
    target = posixpath.normpath(posixpath.join(posixpath.dirname(origin), link))
    if target.startswith("..") or not (ROOT / target).exists():
        return None
    readme = f"{target}/README.md"
    return readme if (ROOT / readme).is_file() and target != "." else target


def _turned(text: str, origin: str, source: str) -> str:
    def turn(match: re.Match[str]) -> str:
        target = _resolved(match[1], origin)
        if target is None:
            return match[0]
        link = posixpath.relpath(page_of(target), posixpath.dirname(source) or ".")
        return link + (match[2] or "")

    return LINK.sub(turn, text)


def _spaced(text: str) -> str:
    """Put an empty line before a list or table that follows on a line of prose, as GitHub doesn't need it."""
    lines: list[str] = []
    for line in text.split("\n"):
        before = lines[-1] if lines else ""
        is_prose = (
            bool(before.strip()) and not before.startswith((" ", "|", "#")) and not LIST_ITEM.match(before)
        )
        if is_prose and (LIST_ITEM.match(line) or line.startswith("|")) and not _is_item_before(lines):
            lines.append("")
        lines.append(line)
    return "\n".join(lines)


def _is_item_before(lines: list[str]) -> bool:
    """Say whether the last paragraph began as a list item, whose text may go on on the next line without a mark."""
    for line in reversed(lines):
        if not line.strip():
            return False
        if LIST_ITEM.match(line):
            return True
    return False


def _outside_fences(markdown: str, change: Any) -> str:
    parts, end = [], 0
    for fence in FENCE.finditer(markdown):
        parts += [change(markdown[end : fence.start()]), fence[0]]
        end = fence.end()
    return "".join((*parts, change(markdown[end:])))


def _content(path: str) -> str:
    """Return the Markdown that shows a file or folder."""
    place = ROOT / path
    if path.endswith(".md"):
        return place.read_text(encoding="utf-8")
    hidden = "---\nsearch:\n  exclude: true\n---\n"
    if place.is_dir():
        return f"{hidden}# {path}/\n\n" + "\n".join(_listed(place))
    try:
        text = place.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return f"{hidden}# {path}\n\n{place.stat().st_size:,} bytes that are no text.\n"
    shown = text[:LONGEST]
    cut = f"\nThe first {LONGEST:,} of {len(text):,} characters.\n" if len(text) > LONGEST else ""
    language = LANGUAGES.get(PurePosixPath(path).suffix, "text")
    return f"{hidden}# {path}\n\n````{language}\n{shown}\n````\n{cut}"


def _listed(folder: Path) -> Iterator[str]:
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "__pycache__")):
            continue
        yield f"- `{path.name}{'/' if path.is_dir() else ''}`{_sentence(path)}"


def _sentence(path: Path) -> str:
    """Return the sentence that a module or package begins with, after a colon."""
    module = path / "__init__.py" if path.is_dir() else path
    if module.suffix != ".py" or not module.is_file():
        return ""
    first = module.read_text(encoding="utf-8").split("\n", 1)[0].strip('"')
    return f": {first}" if first else ""
