"""How easily the prompts are understood at one hearing: Flesch's reading ease, counted by textstat."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import fmean

LEAST = 70.0  # on average: plain spoken English


def reading_ease(prompts: Sequence[str]) -> float | None:
    """The average over ``prompts`` (at least one); None where textstat (the extra ``writing``) is not installed.

    206.8 - 1.015 words a sentence - 84.6 syllables a word: Flesch, A new readability yardstick, 1948. A short prompt of
    short words lies above 100, one long word far below 0.
    """
    try:
        import textstat
    except ModuleNotFoundError:
        return None
    return fmean(float(textstat.flesch_reading_ease(prompt)) for prompt in prompts)
