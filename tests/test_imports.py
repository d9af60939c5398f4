"""Who may import whom, and what an import may cost."""

from __future__ import annotations

import ast
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "pipeline"
MODULES = {
    ".".join(path.relative_to(SOURCE).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted(SOURCE.rglob("*.py"))
}

STAGES = {"readers", "entities", "attribution", "stance", "writers"}
# What a stage may know besides itself. Everything else is wired to it by run.
GROUND = {"types", "stages", "errors", "registry", "resources", "settings", "terms", "topics"} | {
    "buckets",
    "counting",
    "model_folders",
    "normal_forms",
    "onnx_session",
    "tokens",
}
KNOWS = {
    "errors": set(),
    "types": set(),
    "stages": {"types"},
    "resources": {"errors"},
    "registry": {"errors"},
    "buckets": set(),
    "counting": {"types"},
    "model_folders": {"errors", "resources"},
    "normal_forms": set(),
    "onnx_session": {"errors"},
    "tokens": {"errors"},
    "settings": {"errors"},
    "terms": {"errors", "types"},
    "topics": {"errors", "types", "terms"},
}
# Who may reach into stage folders: run with its in-memory half, extract, and the commands know all of them.
REACHES = {
    "run": STAGES,
    "extract": STAGES,
    "authors": {"entities"},
    "exports": {"writers"},
    "exporters": {"writers"},
    "run_folder": {"writers"},
    "review": {"writers"},
    "cli": STAGES,
    "classify": {"stance"},
    "cluster": {"readers"},
    "coding": {"readers", "writers"},
    "agreement": {"writers"},
    "evaluation": {"writers"},
    "sampling": {"readers", "writers"},
    "shares": {"writers"},
    "sensitivity": {"entities", "stance", "writers"},
    "desk": {"writers"},
    "public_sets": {"writers"},
    "tables": {"writers"},
    "training": {"stance", "attribution", "writers"},
}

HEAVY = (
    "spacy",
    "thinc",
    "torch",
    "transformers",
    "onnxruntime",
    "onnx",
    "pyarrow",
    "trafilatura",
    "datasets",
    "sklearn",
    "ray",
    "duckdb",
    "starlette",
    "uvicorn",
)
LIGHT = (
    "stancewire",
    "stancewire.types",
    "stancewire.topics",
    "stancewire.settings",
    "stancewire.registry",
    "stancewire.cli.main",
)


def part(module: str) -> str:
    """Return the file or folder that a module belongs to: "stancewire.stance.pairs" -> "stance"."""
    return f"{module}.".split(".")[1]


def imports(module: str) -> Iterator[str]:
    """Yield every module of ours that a module imports, inside functions too."""
    tree = ast.parse(MODULES[module].read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} has a relative import; name the module in full"
            yield from (
                name if (name := f"{node.module}.{alias.name}") in MODULES else str(node.module)
                for alias in node.names
            )
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def edges() -> Iterator[tuple[str, str, str]]:
    for module in MODULES:
        for imported in imports(module):
            if imported.split(".")[0] == "stancewire" and part(imported) and part(imported) != part(module):
                yield module, part(module), part(imported)


def test_the_ground_modules_know_only_those_below_them() -> None:
    wrong = [f"{module} imports {to}" for module, own, to in edges() if own in KNOWS and to not in KNOWS[own]]
    assert not wrong


def test_stage_folders_never_import_each_other() -> None:
    wrong = [f"{module} imports {to}" for module, own, to in edges() if own in STAGES and to not in GROUND]
    assert not wrong


def test_only_run_and_the_commands_wire_the_stages() -> None:
    wrong = [
        f"{module} imports {to}"
        for module, own, to in edges()
        if own not in STAGES and to in STAGES - REACHES.get(own, set())
    ]
    assert not wrong


def test_only_the_commands_import_run() -> None:
    assert not [module for module, own, to in edges() if to == "run" and own not in {"cli", ""}]


def test_nothing_imports_the_commands() -> None:
    assert not [module for module, _, to in edges() if to == "cli"]


@pytest.mark.parametrize("module", LIGHT)
def test_import_loads_no_heavy_library(module: str) -> None:
    if importlib.util.find_spec(module) is None:
        pytest.fail(f"{module} doesn't exist")
    loaded = interpreter(
        f"import sys, {module}; print(*(name.split('.')[0] for name in sys.modules))"
    ).split()
    assert not set(HEAVY) & set(loaded)


def test_import_stancewire_takes_under_150_ms() -> None:
    code = "import time; start = time.perf_counter(); import stancewire; print(time.perf_counter() - start)"
    # The best of five: a busy machine delays some of them, the import's own work is in all.
    assert min(float(interpreter(code)) for _ in range(5)) < 0.150


def interpreter(code: str) -> str:
    run = subprocess.run([sys.executable, "-c", code], cwd=SOURCE, capture_output=True, text=True, check=True)
    return run.stdout


def test_the_names_stancewire_offers_are_one_list() -> None:
    import stancewire

    assert set(stancewire.__all__) - {"__version__"} == set(stancewire._EXPORTS)
    assert all(getattr(stancewire, name) is not None for name in stancewire.__all__)
    assert set(stancewire.__all__) <= set(dir(stancewire))


def test_an_unknown_name_is_an_attribute_error() -> None:
    import stancewire

    with pytest.raises(AttributeError, match="'stancewire' has no attribute 'Artikel'"):
        stancewire.Artikel  # noqa: B018
