"""Sentences of Home Assistant's files: their slots are filled from a home that may change."""
