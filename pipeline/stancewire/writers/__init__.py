"""Writing what a run found: record files, the ledger, the manifest, the report and the terminal table.

Every file is written as `<name>.partial` and renamed when it is whole (`partial.PartialFile`).
"""

WRITERS: dict[str, str] = {
    "jsonl": "stancewire.writers.jsonl:JsonlWriter",
    "csv": "stancewire.writers.csv:CsvWriter",
    "parquet": "stancewire.writers.parquet:ParquetWriter",
}
"""The formats of the stance table: name (also the file's ending) -> "module:Class", imported on use."""
SHARDS = "stancewire.writers.shards:ShardFolder"
"""What writes records and ledger as folders of Parquet files."""
CHECK_SHARDS = "stancewire.writers.shards:check_shards"
"""What says beforehand that it can't."""
