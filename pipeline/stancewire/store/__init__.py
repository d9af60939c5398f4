"""The run's memory on disk: what became of every article, and what can be used again.

One SQLite file beside the record files: SQLite is in Python's standard library, a killed process loses no committed
row of it, other processes read while one writes, and any tool opens it. DuckDB was compared: its tables are made for
analysis, not for many small transactions, and no second process may read while one writes. LMDB has no queries.
"""
