"""What is said that is not for an exercise, looked for anywhere in an utterance."""
