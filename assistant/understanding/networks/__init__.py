"""Templates that stand for too many sentences to list, searched as networks of words."""
