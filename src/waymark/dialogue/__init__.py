"""Conversation so far and a message → the questions that it may stand for."""
