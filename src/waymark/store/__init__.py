"""A generation of the index on disk, and which of them is current."""
