"""What takes long at the start, made ready once: the ears, the phrases, the second opinion."""
