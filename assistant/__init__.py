"""Evensong: a hands-free voice companion that listens, understands and answers offline.

The way of the sound is the way of the folders:
``audio -> hearing -> understanding -> dialogue -> speaking -> audio``, with ``memory`` beside dialogue.
"""

__version__ = "0.1.0"
