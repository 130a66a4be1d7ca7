"""Validation of all intents, and the over-match matrix."""
