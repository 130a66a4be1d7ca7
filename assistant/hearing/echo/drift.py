"""Two sound devices keep two clocks: the loudspeaker's reference, kept in step with its echo.

How late the echo comes is looked at twice a second, by the phases of reference and microphone (PHAT: Knapp and Carter,
"The generalized correlation method for estimation of time delay", IEEE Trans. ASSP 24(4), 1976). A line through these
looks is the drift between the clocks; by it the reference is moved, in fractions of a sample, so that the echo stays
where the canceller has learnt it.
"""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from assistant.events import SAMPLE_RATE_HZ, Samples

WINDOW = 16_384  # samples that are compared: a second
LOOK_FRAMES = 20  # audible ones between two looks
FARTHEST = 6_400  # samples by which an echo may be late
CLEAR = 9.0  # how far the peak must stand out of everything else
LOOKS = 24
ENOUGH_LOOKS = 4
STRAY = 6.0  # samples off the line: one such look is a mistake, two alike are a jump
ALIKE = 3.0
STEADY_PPM = 10.0  # slower, the canceller follows by itself
TAPS = 32
BEHIND = 48  # samples by which the reference is late anyway, so that it can be moved both ways
SPARE = 96  # samples by which the reference stays before its echo at least
KEPT = 8_192
BAND_HZ = (200.0, 6000.0)

Floats = NDArray[np.float64]


class Drift:
    """Feed it frames of 20 ms in the order of time; for one thread."""

    def __init__(self) -> None:
        self._heard: deque[Samples] = deque(maxlen=WINDOW // 320 + 1)
        self._played: Samples = np.zeros(KEPT, np.int16)  # the latest last
        self._moved: deque[Samples] = deque(maxlen=WINDOW // 320 + 1)
        self._shifts: deque[float] = deque(maxlen=WINDOW // 320 + 1)
        self._now = 0  # samples
        self._audible = 0
        self._looks: deque[tuple[float, float]] = deque(maxlen=LOOKS)  # when, and how late the echo was, unmoved
        self._stray: float | None = None
        self._line: tuple[float, float] | None = None  # lateness at sample 0, and samples more each sample
        self._first: float | None = None  # how late the echo was where the canceller learnt it
        self._behind = float(BEHIND)
        self._jumped = False
        self._band: Floats | None = None

    @property
    def ppm(self) -> float:
        """How much faster the microphone's clock counts than the loudspeaker's; 0.0 until it is known."""
        return self._line[1] * 1e6 if self._line else 0.0

    def follow(self, heard: Samples, played: Samples) -> Samples:
        """``played`` (int16, as many samples as ``heard``) moved in time, to go beside ``heard``."""
        self._now += len(played)
        self._played = np.concatenate([self._played[len(played) :], played])
        shift = self._shift()
        moved = self._at(shift, len(played))
        self._heard.append(heard)
        self._moved.append(moved)
        self._shifts.append(shift)
        if moved.any():
            self._audible += 1
            if self._audible % LOOK_FRAMES == 0:
                self._look()
        return moved

    def take_jump(self) -> bool:
        """Whether the echo has come to lie elsewhere beside the reference, to be learnt anew; true once."""
        jumped, self._jumped = self._jumped, False
        return jumped

    # --- moving ----------------------------------------------------------------------------------------

    def _shift(self) -> float:
        """Samples by which the reference is to be later, now."""
        if self._line is None or self._first is None or abs(self.ppm) < STEADY_PPM:
            return self._behind
        late = self._line[0] + self._line[1] * self._now - self._first
        return float(min(max(late + self._behind, TAPS // 2), KEPT - 1_024))

    def _at(self, shift: float, count: int) -> Samples:
        whole = int(np.floor(shift))
        part = shift - whole
        end = KEPT - whole
        if part < 1e-3:
            return self._played[end - count : end]
        source = self._played[end - count - TAPS // 2 : end + TAPS // 2 - 1].astype(np.float64)
        if not source.any():
            return np.zeros(count, np.int16)
        offsets = np.arange(TAPS) - TAPS // 2 + part
        weights = np.sinc(offsets) * (0.5 + 0.5 * np.cos(2 * np.pi * offsets / (TAPS + 1)))
        moved = np.convolve(source, weights[::-1], mode="valid")[:count]
        clipped: Samples = np.clip(np.rint(moved), -32_768, 32_767).astype(np.int16)
        return clipped

    # --- looking ---------------------------------------------------------------------------------------

    def _look(self) -> None:
        late = self._lateness()
        if late is None:
            return
        at = float(self._now - WINDOW // 2)
        absolute = late + self._shifts[len(self._shifts) // 2]
        if self._line is not None and len(self._looks) >= ENOUGH_LOOKS:
            off = absolute - self._line[0] - self._line[1] * at
            if abs(off) > STRAY:
                if self._stray is None or abs(off - self._stray) > ALIKE:
                    self._stray = off
                    return
                self._looks.clear()  # the reference was laid anew; clocks go on as before
                self._line = (self._line[0] + off, self._line[1])
        self._stray = None
        self._looks.append((at, absolute))
        if len(self._looks) >= ENOUGH_LOOKS:
            self._fit()

    def _fit(self) -> None:
        """The median of all slopes, and of the lateness that is left: a stray look moves neither (Theil and Sen)."""
        times, lates = (np.array(part) for part in zip(*self._looks, strict=True))
        one, other = np.triu_indices(len(times), 1)
        slope = _median((lates[other] - lates[one]) / (times[other] - times[one]))
        start = _median(lates - slope * times)
        self._line = (start, slope)
        if self._first is None:
            self._first = start + slope * float(times[0])
        if self.ppm <= -STEADY_PPM and self._behind == BEHIND:
            self._make_room()

    def _make_room(self) -> None:
        """The echo comes ever earlier: make the reference late, so that it can be moved back for long."""
        assert self._line is not None
        assert self._first is not None
        self._behind = max(float(BEHIND), self._first - SPARE)
        self._jumped = self._behind > BEHIND
        for past in (self._looks, self._heard, self._moved, self._shifts):
            past.clear()

    def _lateness(self) -> float | None:
        """By how many samples the last second's echo is later than the moved reference; None when that is not clear."""
        if len(self._heard) < self._heard.maxlen:  # type: ignore[operator]
            return None
        heard = np.concatenate(list(self._heard)).astype(np.float64)
        moved = np.concatenate(list(self._moved)).astype(np.float64)
        size = 1 << (len(heard) + FARTHEST - 1).bit_length()
        if self._band is None:
            hz = np.fft.rfftfreq(size, 1 / SAMPLE_RATE_HZ)
            self._band = ((hz > BAND_HZ[0]) & (hz < BAND_HZ[1])).astype(np.float64)
        cross = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(moved, size)) * self._band
        found = np.fft.irfft(cross / (np.abs(cross) ** 0.8 + 1e-9), size)
        found = np.concatenate([found[-512:], found[:FARTHEST]])
        peak = int(np.argmax(np.abs(found)))
        if not 0 < peak < len(found) - 1 or abs(found[peak]) < CLEAR * float(np.sqrt(np.mean(found**2))):
            return None
        before, at, after = np.abs(found[peak - 1 : peak + 2])
        return float(peak - 512 + 0.5 * (before - after) / (before - 2 * at + after))


def _median(values: NDArray[np.float64]) -> float:
    """`np.median` would load all of `numpy.ma` for masked arrays."""
    middle = (len(values) - 1) / 2
    return float(np.sort(values)[[int(np.floor(middle)), int(np.ceil(middle))]].mean())
