"""What people say of a run's records: decisions, kept beside the machine's, and the table that follows from both."""
