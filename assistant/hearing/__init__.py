"""From microphone chunks to utterances: voice activity, endpointing, wake phrase, recogniser."""
