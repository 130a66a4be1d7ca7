"""Sentences that can be listed, and those with an open place: found among many thousands."""
