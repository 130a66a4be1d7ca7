"""From templates to all that they stand for: parsed, opened out, joined into graphs of words, kept on disk."""
