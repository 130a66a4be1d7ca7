"""The journal: what was said, kept safe and given back."""
