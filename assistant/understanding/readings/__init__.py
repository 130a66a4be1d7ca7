"""All that an utterance may mean, each with its score, and whether the best of them is taken."""
