"""Labelled questions → measures → a report."""
