"""Answers career-guidance questions from guidance documents, with the passage behind each."""
