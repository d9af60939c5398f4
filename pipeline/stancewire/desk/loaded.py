"""The columns of records.parquet that the app finds records by."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from stancewire.errors import InputError

TABLE = "records.parquet"
_TEXTS = (
    *("record_id", "article_id", "outlet", "published", "holder", "holder_kind", "holder_mention"),
    *("topic", "stance", "attribution", "cluster_id", "title"),
)
_FLAGS = ("hedged", "conditional", "changed")
BETWEEN_QUOTES = " \ue000 "  # a word of its own, so that nothing is found across two quotes


def read_columns(folder: Path) -> dict[str, Any]:
    """Return columns as Arrow arrays, the evidence as one text a record, with a story's and a day's names.

    Raises InputError naming the file where it has no records.
    """
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    path = folder / TABLE
    if not path.is_file():
        raise InputError(f"{path}: not there; run again to write it anew")
    try:
        table = pq.read_table(path, columns=[*_TEXTS, *_FLAGS, "confidence", "evidence"])
        found = {name: _whole(table[name].cast(pa.string())) for name in _TEXTS}
        found |= {name: _whole(table[name].cast(pa.bool_())) for name in _FLAGS}
        found["confidence"] = _whole(table["confidence"].cast(pa.float64()))
        evidence = _whole(table["evidence"])
        quotes = pa.ListArray.from_arrays(evidence.offsets, pc.struct_field(evidence.values, "quote"))
        found["quotes"] = pc.binary_join(quotes, BETWEEN_QUOTES)
    except (pa.ArrowException, KeyError, TypeError, OSError) as error:
        raise InputError(
            f"{path}: no Parquet file of records: {error}; run again to write it anew"
        ) from error
    found["story"] = pc.coalesce(found.pop("cluster_id"), found["article_id"])
    found["day"] = pc.utf8_slice_codeunits(found.pop("published"), 0, 10)
    return found


def numbered(column: Any) -> tuple[Any, Any]:
    """Return the different values of an Arrow array, in the order they come, and each row's number, -1 for null."""
    coded = column.dictionary_encode()
    return coded.dictionary, coded.indices.fill_null(-1).to_numpy(zero_copy_only=False)


def _whole(column: Any) -> Any:
    """Return a column's pieces as one array."""
    import pyarrow as pa

    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], type=column.type)
