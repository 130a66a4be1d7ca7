"""The second opinion: what was meant in words that no template has, by sentence vectors (extra semantic)."""
