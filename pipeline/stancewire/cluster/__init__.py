"""Work on a cluster of machines, by Ray: the driver hands out batches and shards, actors work on them."""
