"""Looks for bytes that a reader stumbles over: atheris mutates small valid files, guided by what runs in the readers.

`make fuzz` runs it on all readers for ten minutes; what it has found useful stays in runs/fuzz for the next run.
"""

from __future__ import annotations

import argparse
import logging
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# One ending for each way to read; the others are read by the same code.
ENDINGS = (
    ".txt",
    ".html",
    ".jsonl",
    ".csv",
    ".parquet",
    ".warc",
    ".arc",
    ".jsonl.gz",
    ".html.gz",
    ".warc.gz",
)
LARGEST = 16384  # bytes of an input: three times the largest seed
SLOWEST = 20  # seconds that one input may take before it counts as a hang
MEMORY = 2048  # MiB


def main() -> int:
    """Run what the options say; return 1 if a reader stumbled, else 0."""
    options = parse_options()
    sys.path[:0] = [str(ROOT), str(ROOT / "pipeline")]
    if options.input:
        return show(options.input, ending=options.reader[0])
    if options.one:
        fuzz(options.reader[0], seconds=options.seconds, folder=options.out)  # never returns
    stumbled = [ending for ending in options.reader if not run(ending, options=options)]
    print(
        f"{len(options.reader)} readers, {len(stumbled)} stumbled{': ' if stumbled else ''}{', '.join(stumbled)}"
    )
    return bool(stumbled)


def parse_options() -> argparse.Namespace:
    """Return the command's options."""
    parser = argparse.ArgumentParser(
        description=__doc__,
        epilog="example: python tests/fuzz/guided.py --seconds 60 --reader .csv --reader .warc",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seconds", type=int, default=600, help="for all readers together (default: 600)")
    parser.add_argument(
        "--reader", action="append", choices=ENDINGS, help="an ending; may be repeated (default: all)"
    )
    parser.add_argument(
        "--input", type=Path, help="read this file once as --reader says, and show what comes"
    )
    parser.add_argument("--out", type=Path, default=ROOT / "runs" / "fuzz", help="folder of inputs and finds")
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    options.reader = options.reader or list(ENDINGS)
    if options.input and len(options.reader) != 1:
        parser.error("--input needs one --reader, such as --reader .csv")
    return options


def run(ending: str, *, options: argparse.Namespace) -> bool:
    """Fuzz one reader in a process of its own, as it dies at the first find; say whether it came to the end."""
    seconds = max(1, options.seconds // len(options.reader))
    command = [sys.executable, __file__, "--one", "--reader", ending, "--out", str(options.out)]
    started = time.time()
    print(f"{ending}: {seconds} seconds", flush=True)
    done = subprocess.run([*command, "--seconds", str(seconds)], check=False)
    for find in sorted((options.out / ending).glob("*-*")):
        if find.stat().st_mtime >= started:
            print(f"{ending}: {find}\nto see it again: python {sys.argv[0]} --reader {ending} --input {find}")
    return done.returncode == 0


def fuzz(ending: str, *, seconds: int, folder: Path) -> None:
    """Fuzz one reader until the time is over or it stumbles, and end the process."""
    import atheris

    # What is imported before has nothing in it to guide by, so that nothing of ours is imported above.
    with atheris.instrument_imports(include=["stancewire.readers"]):
        from tests.fuzz import promises, seeds

        from stancewire.readers.archive import reader_for

        reader_for(Path(f"news{ending}"))
    logging.disable(logging.CRITICAL)
    inputs = folder / ending / "inputs"
    inputs.mkdir(parents=True, exist_ok=True)
    (inputs / "seed").write_bytes(seeds.seed(ending))
    path = folder / ending / f"news{ending}"

    def read(data: bytes) -> None:
        promises.read(data, path=path)

    limits = (
        f"-max_total_time={seconds}",
        f"-max_len={LARGEST}",
        f"-timeout={SLOWEST}",
        f"-rss_limit_mb={MEMORY}",
    )
    finds = f"-artifact_prefix={folder / ending}/"
    atheris.Setup([sys.argv[0], *limits, finds, "-verbosity=0", "-print_final_stats=1", str(inputs)], read)
    atheris.Fuzz()


def show(find: Path, *, ending: str) -> int:
    """Read a file as one with this ending and print what comes."""
    from tests.fuzz import promises

    with tempfile.TemporaryDirectory() as folder:
        for each in promises.read(find.read_bytes(), path=Path(folder, f"news{ending}")):
            print(each)
    return 0


if __name__ == "__main__":
    sys.exit(main())
