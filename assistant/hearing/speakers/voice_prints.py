"""Telling who speaks: a print of what was heard against the prints of the people who asked to be remembered."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from assistant.errors import HearingError
from assistant.hearing.speakers.voice_encoder import PRINT_VALUES, Print

Floats = NDArray[np.float64]

# Measured on six speakers, between quiet and kitchen noise at 10 dB: at which cosine so many seconds of speech are as
# likely the person's as another's, and how fast the odds turn there.
_SECONDS = (0.1, 0.2, 0.3, 0.5, 1.0, 2.0, 3.0)
_EVEN = (0.605, 0.62, 0.63, 0.645, 0.655, 0.69, 0.71)
_SLOPE = (12.0, 20.0, 27.0, 34.0, 40.0, 50.0, 55.0)
LARGEST_ODDS = 6.0  # e to the 6th, 400 to 1: one window is never surer than that
# Cosine of two people's prints from which on they are mixed up on one microphone: of six readers the nearest were at
# .75; of thirteen actors, whose interruptions were missed more often, the mean was .77 (docs/decisions, 18).
MUCH_ALIKE = 0.77


class VoicePrints:
    """The prints of some people, by name; pure."""

    def __init__(self, prints: Mapping[str, NDArray[np.floating] | tuple[float, ...]]) -> None:
        """Raises HearingError when one is not PRINT_VALUES finite numbers."""
        self.who_is_known = tuple(prints)
        self.values: Floats = np.zeros((len(prints), PRINT_VALUES))
        for number, (name, values) in enumerate(prints.items()):
            print_of = np.asarray(values, dtype=np.float64)
            length = float(np.linalg.norm(print_of)) if print_of.shape == (PRINT_VALUES,) else 0.0
            if not np.isfinite(length) or length == 0.0:
                raise HearingError(
                    f"The voice print of {name} is damaged; ask {name} to have their voice remembered again."
                )
            self.values[number] = print_of / length

    def cosines(self, heard: Print) -> Floats:
        """How alike ``heard`` is to each of `who_is_known`, -1..1."""
        return np.asarray(self.values @ heard.astype(np.float64))

    def much_like(self, heard: Print) -> tuple[str, ...]:
        """Those of `who_is_known` whose voice is hard to tell from the one with the print ``heard``."""
        return tuple(
            name for name, cosine in zip(self.who_is_known, self.cosines(heard), strict=True) if cosine > MUCH_ALIKE
        )

    def log_odds(self, heard: Print, seconds: float, leeway: float = 0.0) -> Floats:
        """For each of `who_is_known`: the log odds that they said it, against somebody unknown.

        ``seconds`` of speech lie behind ``heard``; the shorter, the less it tells. ``leeway`` is added to the cosines.
        """
        even, slope = np.interp(seconds, _SECONDS, _EVEN), np.interp(seconds, _SECONDS, _SLOPE)
        return np.asarray(np.clip(slope * (self.cosines(heard) + leeway - even), -LARGEST_ODDS, LARGEST_ODDS))

    def who(self, heard: Print, seconds: float) -> str | None:
        """The likeliest of `who_is_known`; None when it is likelier somebody unknown."""
        if not self.who_is_known:
            return None
        odds = self.log_odds(heard, seconds)
        best = int(odds.argmax())
        return self.who_is_known[best] if odds[best] > 0 else None
