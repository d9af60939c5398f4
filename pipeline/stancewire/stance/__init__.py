"""The stance classifiers: how a question becomes a pair of texts, and the backends that weigh pairs."""
