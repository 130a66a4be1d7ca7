"""How loud the noise around speech is, and how to take it out of a whole utterance.

The optimally modified log-spectral amplitude estimator of Cohen (2003): each bin of a short spectrum is weakened by how
likely it holds no speech, and by how loud its speech can be. The noise of each bin is followed between the minima of
the second and a half around it (after Martin, 2001), of what comes after speech as well as of what came before. It is
never taken out altogether: what is left hides the seams.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from assistant.events import SAMPLE_RATE_HZ, Samples

WINDOW_SAMPLES = 512
HOP_SAMPLES = 128
LEAST_GAIN = 0.3
AROUND_HOPS = round(0.75 * SAMPLE_RATE_HZ / HOP_SAMPLES)  # before and after a hop, in which its minimum lies
EDGE_HOPS = WINDOW_SAMPLES // HOP_SAMPLES
_SMOOTH = 0.8  # of a bin's power, from one hop to the next
_MEAN_ABOVE_MINIMUM = 1.66  # how far the mean of noise lies above the minimum of what is so smoothed
_LIKELY_SPEECH = 2.5  # times the minimum: as likely speech as noise
_FOLLOW = 0.85  # of the noise's last value, where there is no speech
_LEAST_OF_MINIMUM, _MOST_OF_MINIMUM = 0.6, 4.0
_DECIDE = 0.92  # of the last hop's speech, in the guess at this one's
_LEAST_SNR, _MOST_SNR = 10**-2.5, 1000.0
_SPEECH_SNR = 0.1  # where speech, smoothed over bins, begins to be likely
_BINS_SMOOTHED = 9
_LEVEL_SAMPLES = 320
_QUIET, _LOUD = 0.1, 0.95  # quantiles of the levels of 20 ms

Floats = NDArray[np.float64]

_WINDOW = np.hanning(WINDOW_SAMPLES + 1)[:-1]
_OVERLAP = WINDOW_SAMPLES / HOP_SAMPLES * 3 / 8  # what the squared windows add up to


def speech_above_noise_db(samples: Samples) -> float:
    """How far the loud parts of ``samples`` (int16, at least 20 ms) lie above the quiet ones; needs a pause in it."""
    whole = len(samples) // _LEVEL_SAMPLES * _LEVEL_SAMPLES
    power = np.square(samples[:whole].reshape(-1, _LEVEL_SAMPLES).astype(np.float64)).mean(axis=1) + 1.0
    levels = np.sort(10.0 * np.log10(power))
    # As `np.quantile`, which would load all of `numpy.ma` for masked arrays.
    quiet, loud = np.interp(np.array((_QUIET, _LOUD)) * (len(levels) - 1), np.arange(len(levels)), levels)
    return float(loud - quiet)


def without_noise(samples: Samples) -> Samples:
    """``samples`` (int16, 16 kHz mono) with less noise, as long and, at its peak, as loud.

    Too little to tell noise by (32 ms) stays as it is.
    """
    if len(samples) < WINDOW_SAMPLES or not samples.any():
        return samples
    # A window of zeros on both sides, so that every sample lies under as many windows.
    padded = np.concatenate([np.zeros(WINDOW_SAMPLES), samples, np.zeros(2 * WINDOW_SAMPLES)])
    spectra = np.fft.rfft(sliding_window_view(padded, WINDOW_SAMPLES)[::HOP_SAMPLES] * _WINDOW, axis=1)
    power = np.square(spectra.real) + np.square(spectra.imag) + 1.0
    pieces = np.fft.irfft(spectra * _gains(power, _noise(power)), axis=1) * _WINDOW
    sound = np.zeros(len(pieces) * HOP_SAMPLES + WINDOW_SAMPLES)
    for part in range(WINDOW_SAMPLES // HOP_SAMPLES):
        quarter = pieces[:, part * HOP_SAMPLES : (part + 1) * HOP_SAMPLES].ravel()
        sound[part * HOP_SAMPLES : part * HOP_SAMPLES + len(quarter)] += quarter
    sound = sound[WINDOW_SAMPLES : WINDOW_SAMPLES + len(samples)] / _OVERLAP
    peak = np.abs(samples.astype(np.int32)).max() / max(1.0, np.abs(sound).max())
    quieter: Samples = np.clip(np.rint(sound * peak), -32_768, 32_767).astype(np.int16)
    return quieter


def _noise(power: Floats) -> Floats:
    """The power of the noise in each hop and bin, shape as ``power``'s (hops, bins)."""
    smooth = power.copy()
    for hop in range(EDGE_HOPS + 1, len(power)):
        smooth[hop] = _SMOOTH * smooth[hop - 1] + (1 - _SMOOTH) * power[hop]
    # Windows that reach over an end hold less sound, and no less noise for it.
    inside = smooth[EDGE_HOPS : len(smooth) - 2 * EDGE_HOPS]
    ends = (EDGE_HOPS + AROUND_HOPS, 2 * EDGE_HOPS + AROUND_HOPS)
    padded = np.pad(inside, (ends, (0, 0)), constant_values=np.inf)
    least = sliding_window_view(padded, 2 * AROUND_HOPS + 1, axis=0).min(axis=-1) * _MEAN_ABOVE_MINIMUM
    above = np.minimum(smooth / least, 20.0)
    keep = _FOLLOW + (1 - _FOLLOW) / (1.0 + np.exp(-2.0 * (above - _LIKELY_SPEECH)))
    lowest, highest = _LEAST_OF_MINIMUM * least, _MOST_OF_MINIMUM * least
    noise = np.empty_like(power)
    noise[0] = least[0]
    for hop in range(1, len(power)):
        followed = keep[hop] * noise[hop - 1] + (1 - keep[hop]) * power[hop]
        noise[hop] = np.minimum(np.maximum(followed, lowest[hop]), highest[hop])
    return noise


def _gains(power: Floats, noise: Floats) -> Floats:
    """What each hop and bin is to be multiplied by, LEAST_GAIN..1."""
    above = np.minimum(power / noise, _MOST_SNR)
    snr = np.empty_like(power)
    wiener = np.empty_like(power)
    speech = np.empty_like(power)
    before = np.maximum(above[0] - 1.0, 0.0)
    for hop, here in enumerate(above):
        snr[hop] = np.maximum(_DECIDE * before + (1 - _DECIDE) * np.maximum(here - 1.0, 0.0), _LEAST_SNR)
        wiener[hop] = snr[hop] / (1.0 + snr[hop])
        speech[hop] = np.minimum(1.0, wiener[hop] * _log_spectral(here * wiener[hop]))
        before = np.square(speech[hop]) * here
    padded = np.pad(snr, ((0, 0), (_BINS_SMOOTHED // 2, _BINS_SMOOTHED // 2)))
    around = sliding_window_view(padded, _BINS_SMOOTHED, axis=1).mean(axis=-1)
    absent = np.clip(1.0 - np.log10(np.maximum(around, 1e-3) / _SPEECH_SNR) / 1.5, 0.05, 0.95)
    unlikely = absent / (1.0 - absent) * (1.0 + snr) * np.exp(-np.minimum(above * wiener, 50.0))
    present = 1.0 / (1.0 + unlikely)
    gains: Floats = speech**present * LEAST_GAIN ** (1.0 - present)
    return gains


def _exponential_integral() -> tuple[Floats, Floats]:
    places = np.geomspace(1e-7, 60.0, 4000)
    heights = np.exp(-places) / places
    steps = 0.5 * (heights[1:] + heights[:-1]) * np.diff(places)
    return places, np.exp(0.5 * np.concatenate([np.cumsum(steps[::-1])[::-1], [0.0]]))


_PLACES, _RAISED = _exponential_integral()


def _log_spectral(heard: Floats) -> Floats:
    """By how much the estimator of Ephraim and Malah (1985) lies above Wiener's."""
    return np.interp(heard, _PLACES, _RAISED)
