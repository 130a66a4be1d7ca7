"""When talk without a pause is parted, so that what hears it may begin anew.

Vosk composes its graph of free speech while it hears, and keeps it: of a television that it cannot make out 110 MB
within ten seconds and 250 MB within a minute. It finds no end in that, and nor does the endpointer.
"""

from __future__ import annotations

import numpy as np

from assistant.events import SAMPLE_RATE_HZ, Samples

LONG_S = 20.0  # of a stretch: from here on it is ended where it is soft
LONGEST_S = 30.0  # ended wherever it is: a word may be lost
SOFT_S = 0.25
SOFT = 0.1  # of the stretch's mean power: a gap between words, whatever noise lies under them


class Stretch:
    """Sound that Vosk has found no end of: how long it has gone on, and whether it is soft now."""

    def __init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """The next sample begins another."""
        self._count = 0
        self._energy = 0.0
        self._soft = 0  # samples at its end

    def goes_on_too_long(self, samples: Samples) -> bool:
        """Whether it is to be ended after ``samples``, int16: where it is soft, if possible."""
        energy = float(np.square(samples.astype(np.float64)).sum())
        self._count += len(samples)
        self._energy += energy
        soft = energy * self._count < SOFT * self._energy * len(samples)
        self._soft = self._soft + len(samples) if soft else 0
        wanted = self._count >= LONG_S * SAMPLE_RATE_HZ and self._soft >= SOFT_S * SAMPLE_RATE_HZ
        return wanted or self._count >= LONGEST_S * SAMPLE_RATE_HZ
