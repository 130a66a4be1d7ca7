"""The wake phrase: chosen, spelt, spotted, looked at once more, and whose voice said it."""
