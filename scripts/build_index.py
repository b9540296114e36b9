"""Bring the index in line with the corpus; the same as `waymark index`."""

from waymark.commands.cli_index import index

if __name__ == "__main__":
    index()
