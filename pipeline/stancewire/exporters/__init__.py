"""Taking a run's table into other tools: one module a format, each written in one piece or not at all.

docs/exports.md says what each format holds, what it leaves out, and which tool opens it.
"""

from __future__ import annotations

from dataclasses import dataclass

from stancewire.networks.model import Period


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One way to export: `write` is "module:function", imported on use, `name` the file's name unless told otherwise.

    `by` is how networks are cut in time unless told otherwise; None for formats without networks.
    """

    write: str
    name: str
    what: str
    by: Period | None = None


FORMATS: dict[str, Format] = {
    "xlsx": Format(
        write="stancewire.exporters.xlsx:write_xlsx",
        name="records.xlsx",
        what="a workbook for Excel, LibreOffice",
    ),
    "sqlite": Format(
        write="stancewire.exporters.sqlite:write_sqlite",
        name="records.sqlite",
        what="a database to search and link, with metadata for Datasette",
    ),
    "csv": Format(
        write="stancewire.exporters.copies:write_csv",
        name="records.reviewed.csv",
        what="a table for anything",
    ),
    "parquet": Format(
        write="stancewire.exporters.copies:write_parquet",
        name="records.reviewed.parquet",
        what="a table for data frames",
    ),
    "jsonl": Format(
        write="stancewire.exporters.copies:write_jsonl",
        name="records.reviewed.jsonl",
        what="the records as `stancewire run` writes them",
    ),
    "graphml": Format(
        write="stancewire.exporters.graphml:write_graphml",
        name="networks.graphml",
        what="discourse networks for Gephi, visone, igraph, networkx",
        by=Period.WHOLE,
    ),
    "gexf": Format(
        write="stancewire.exporters.gexf:write_gexf",
        name="networks.gexf",
        what="discourse networks over time for Gephi",
        by=Period.YEAR,
    ),
    "ucinet": Format(
        write="stancewire.exporters.ucinet:write_ucinet",
        name="networks.dl",
        what="discourse networks as DL files for UCINET, NetDraw, Pajek, igraph",
        by=Period.WHOLE,
    ),
    "dna": Format(
        write="stancewire.exporters.dna:write_dna",
        name="records.dna",
        what="a database of Discourse Network Analyzer 3 and rDNA",
    ),
    "qdpx": Format(
        write="stancewire.exporters.qdpx:write_qdpx",
        name="records.qdpx",
        what="a REFI-QDA project for MAXQDA, ATLAS.ti, NVivo, QualCoder",
    ),
    "label-studio": Format(
        write="stancewire.exporters.label_studio:write_label_studio",
        name="tasks.label-studio.json",
        what="tasks with predictions, and the labelling interface, for Label Studio",
    ),
}
"""What `stancewire export --to` knows."""
