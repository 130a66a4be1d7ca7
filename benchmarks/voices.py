"""How well voices are told apart: ``python -m benchmarks voices --data DIR``, DIR/speaker/*.flac (or .wav).

Without ``--data`` the voices are made by synthesis (made_speakers.py), which says little about people.

Each speaker's first recordings, up to 10 s of speech, become a print; the rest is cut into windows of speech alone, at
most WINDOWS a speaker and length. ``eer_*`` is the equal error rate over all windows against all prints, ``pair_*`` how
often a window is nearer to its speaker's print than to another's, over all pairs. Noisy is at 10 dB under the speech:
``--noise FILE``, or made noise that falls off like a kitchen's. Where speech is, is told from the clean recording.
``baseline``: mean and deviation of 20 MFCCs, cosine, same windows. ``enrolment``: 1 s windows after 5, 10 and 20 s.
``other_day``: 1 s windows from a microphone of another colour and 12 dB softer. ``unknown``: one speaker at a time is
left out of the prints; how often their 1 s windows are taken for somebody, and how often a known one is taken rightly.
``wake_gate``: one speaker at a time is the only one who may wake it; how often the gate of the wake phrase refuses
their 1 s windows, and how often it lets another's in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant import config
from assistant.audio.files import load_recording
from assistant.commands.keep import model_store
from assistant.errors import UsageError
from assistant.events import SAMPLE_RATE_HZ, Samples
from assistant.hearing.speakers.enrolment import print_of, speech_frames
from assistant.hearing.speakers.voice_encoder import VoiceEncoder, load_voice_encoder
from assistant.hearing.speakers.voice_features import HOP_SAMPLES, Mels, levelled, mels
from assistant.hearing.speakers.voice_prints import VoicePrints
from assistant.hearing.voice_activity import VoiceActivityDetector
from assistant.hearing.wake.known_voice import is_one_of
from assistant.room.acoustics import to_int16
from benchmarks.made_speakers import made_speakers
from benchmarks.setting import Options

LENGTHS_S = (0.5, 1.0, 2.0, 3.0)
ENROLMENTS_S = (5.0, 10.0, 20.0)
NOISE_BELOW_DB = 10.0
SOFTER_DB = 12.0
WINDOWS = 60
FRAMES_S = SAMPLE_RATE_HZ / HOP_SAMPLES
MFCCS = 20
BATCH = 32

Floats = NDArray[np.float64]
Prints = NDArray[np.float32]
Heard = dict[str, list[Mels]]  # frames of speech alone, a recording each


@dataclass(frozen=True, slots=True)
class Voice:
    """One way to turn windows (n, frames, bands), and an enrolment's frames, into unit vectors."""

    windows: Callable[[NDArray[np.float32]], NDArray[Any]]
    enrolment: Callable[[Mels], NDArray[Any]]


def run(options: Options) -> dict[str, Any]:
    settings = config.load()
    encoder = load_voice_encoder(model_store(settings).verify("voices").path)
    recordings, kind = speakers(options)
    rng = np.random.default_rng(options.seed)
    noise = load_recording(options.noise).samples if options.noise else kitchen(rng)
    masks = _masks(recordings)
    clean = _heard(recordings, masks, lambda samples, _: samples)
    noisy = _heard(recordings, masks, lambda samples, mask: _in_noise(samples, mask, noise, rng))
    other = _heard(recordings, masks, lambda samples, _: _other_microphone(samples))
    ge2e = Voice(lambda windows: _batched(encoder, windows), lambda frames: print_of(frames, encoder))
    mfcc = Voice(_mfcc_statistics, lambda frames: _mfcc_statistics(frames[None])[0])
    trials = {name: Trials(clean, voice, options.seed) for name, voice in (("ours", ge2e), ("baseline", mfcc))}

    def windows(name: str, seconds: float) -> dict[str, float]:
        quiet, loud = trials[name].figures(clean, seconds), trials[name].figures(noisy, seconds)
        return {"eer_clean": quiet[0], "eer_noisy": loud[0], "pair_clean": quiet[1], "pair_noisy": loud[1]}

    return {
        "windows": {str(seconds): windows("ours", seconds) for seconds in LENGTHS_S},
        "baseline": {str(seconds): windows("baseline", seconds) for seconds in LENGTHS_S},
        "enrolment": {f"{s:g}": _named(Trials(clean, ge2e, options.seed, s), clean, noisy) for s in ENROLMENTS_S},
        "other_day": {
            "ours": trials["ours"].figures(other, 1.0),
            "baseline": trials["baseline"].figures(other, 1.0),
        },
        "unknown": {"clean": trials["ours"].unknown(clean), "noisy": trials["ours"].unknown(noisy)},
        "wake_gate": {"clean": trials["ours"].wake_gate(clean), "noisy": trials["ours"].wake_gate(noisy)},
        "speakers": len(recordings),
        "recordings": kind,
        "noise": options.noise.name if options.noise else "made",
    }


def _named(trials: Trials, clean: Heard, noisy: Heard) -> dict[str, float]:
    quiet, loud = trials.figures(clean, 1.0), trials.figures(noisy, 1.0)
    return {"eer_clean": quiet[0], "eer_noisy": loud[0], "pair_clean": quiet[1], "pair_noisy": loud[1]}


class Trials:
    """Speakers enrolled on ``heard``, to be told apart in what else was heard of them."""

    def __init__(self, heard: Heard, voice: Voice, seed: int, enrolment_s: float = 10.0) -> None:
        self._voice = voice
        self._seed = seed
        self._who = sorted(heard)
        # The same recordings are left to be told apart however much of the others was used to enrol.
        self._used = {who: _first(heard[who], max(ENROLMENTS_S)) for who in self._who}
        spoken = {who: np.concatenate(heard[who][: self._used[who]]) for who in self._who}
        self.prints = np.stack([voice.enrolment(spoken[who][: round(enrolment_s * FRAMES_S)]) for who in self._who])

    def figures(self, heard: Heard, seconds: float) -> tuple[float, float]:
        """Equal error rate, and how often the right one of two is nearer."""
        cosines, of = self._cosines(heard, seconds)
        own = cosines[np.arange(len(of)), of]
        others = np.ones_like(cosines, dtype=bool)
        others[np.arange(len(of)), of] = False
        pairs = (own[:, None] > cosines)[others]
        return round(_equal_error(own, cosines[others]), 4), round(float(pairs.mean()), 4)

    def unknown(self, heard: Heard) -> dict[str, float]:
        taken, right = [], []
        found = self._prints_of(heard, 1.0)
        for number, left_out in enumerate(self._who):
            known = {who: values for who, values in zip(self._who, self.prints, strict=True) if who != left_out}
            prints = VoicePrints(known)
            taken += [prints.who(each, 1.0) is not None for each in found[number]]
            for other, who in enumerate(self._who):
                if who != left_out:
                    right += [prints.who(each, 1.0) == who for each in found[other]]
        return {"taken_for_somebody": round(float(np.mean(taken)), 4), "told_rightly": round(float(np.mean(right)), 4)}

    def wake_gate(self, heard: Heard, seconds: float = 1.0) -> dict[str, float]:
        found = self._prints_of(heard, seconds)
        refused, let_in = [], []
        for number, (who, values) in enumerate(zip(self._who, self.prints, strict=True)):
            prints = VoicePrints({who: values})
            for other, windows in enumerate(found):
                known = [is_one_of(each, seconds, prints) for each in windows]
                if other == number:
                    refused += [not one for one in known]
                else:
                    let_in += known
        return {"refused": round(float(np.mean(refused)), 4), "let_in": round(float(np.mean(let_in)), 4)}

    def _cosines(self, heard: Heard, seconds: float) -> tuple[Floats, NDArray[np.intp]]:
        found = self._prints_of(heard, seconds)
        of = np.repeat(np.arange(len(found)), [len(each) for each in found])
        return np.concatenate(found) @ self.prints.T, of

    def _prints_of(self, heard: Heard, seconds: float) -> list[NDArray[Any]]:
        return [self._voice.windows(_windows(heard[who][self._used[who] :], seconds, self._seed)) for who in self._who]


def _first(recordings: Sequence[Mels], seconds: float) -> int:
    """How many recordings hold so many seconds of speech; at most half of them."""
    lengths = np.cumsum([len(each) for each in recordings]) / FRAMES_S
    return min(int(np.searchsorted(lengths, seconds)) + 1, max(1, len(recordings) // 2))


def _windows(recordings: Sequence[Mels], seconds: float, seed: int) -> NDArray[np.float32]:
    length = round(seconds * FRAMES_S)
    cut = [
        levelled(frames[start : start + length])
        for frames in recordings
        for start in range(0, len(frames) - length + 1, length)
    ]
    chosen = np.random.default_rng(seed).permutation(len(cut))[:WINDOWS]
    return np.stack([cut[number] for number in sorted(chosen)])


def _equal_error(own: Floats, others: Floats) -> float:
    levels = np.sort(np.concatenate([own, others]))
    refused = np.searchsorted(np.sort(own), levels) / len(own)
    accepted = 1 - np.searchsorted(np.sort(others), levels) / len(others)
    nearest = int(np.argmin(np.abs(refused - accepted)))
    return float(refused[nearest] + accepted[nearest]) / 2


# --- voices --------------------------------------------------------------------------------------------


def _batched(encoder: VoiceEncoder, windows: NDArray[np.float32]) -> Prints:
    return np.concatenate([encoder.prints(windows[at : at + BATCH]) for at in range(0, len(windows), BATCH)])


def _mfcc_statistics(windows: NDArray[np.float32]) -> Floats:
    logs = np.log(windows.astype(np.float64) + 1e-6)
    bands = logs.shape[2]
    cosines = np.cos(np.pi / bands * (np.arange(bands) + 0.5)[:, None] * np.arange(1, MFCCS + 1))
    found = logs @ cosines
    vectors = np.concatenate([found.mean(axis=1), found.std(axis=1)], axis=1)
    return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))


# --- sound ---------------------------------------------------------------------------------------------


def speakers(options: Options) -> tuple[dict[str, list[Samples]], str]:
    """Recordings of each speaker, and ``given`` or ``made`` by synthesis for want of a folder."""
    if options.data is None:
        return made_speakers(options.seed), "made"
    return recordings_in(options.data), "given"


def recordings_in(folder: Path) -> dict[str, list[Samples]]:
    found = {
        each.name: [load_recording(file).samples for file in sorted((*each.glob("*.flac"), *each.glob("*.wav")))]
        for each in sorted(folder.iterdir())
        if each.is_dir()
    }
    usable = {who: files for who, files in found.items() if len(files) >= 2}
    if len(usable) < 2:
        raise UsageError(f"{folder} needs at least two folders, one a speaker, with at least two recordings each.")
    return usable


def _masks(recordings: Mapping[str, Sequence[Samples]]) -> dict[str, list[NDArray[np.bool_]]]:
    detector = VoiceActivityDetector()
    return {who: [speech_frames(samples, detector) for samples in files] for who, files in recordings.items()}


def _heard(
    recordings: Mapping[str, Sequence[Samples]],
    masks: Mapping[str, Sequence[NDArray[np.bool_]]],
    change: Callable[[Samples, NDArray[np.bool_]], Samples],
) -> Heard:
    return {
        who: [
            mels(change(samples, mask))[: len(mask)][mask]
            for samples, mask in zip(recordings[who], masks[who], strict=True)
        ]
        for who in recordings
    }


def _in_noise(samples: Samples, mask: NDArray[np.bool_], noise: Samples, rng: np.random.Generator) -> Samples:
    speech = samples[: len(mask) * HOP_SAMPLES].astype(np.float64)[np.repeat(mask, HOP_SAMPLES)[: len(samples)]]
    start = int(rng.integers(0, len(noise)))
    added = np.resize(np.roll(noise, -start), len(samples)).astype(np.float64)
    scale = np.sqrt(np.mean(speech**2) / np.mean(added**2) / 10 ** (NOISE_BELOW_DB / 10)) if len(speech) else 0.0
    return to_int16(samples.astype(np.float64) + added * scale)


def kitchen(rng: np.random.Generator) -> Samples:
    length = 120 * SAMPLE_RATE_HZ
    frequencies = np.maximum(np.fft.rfftfreq(length, 1 / SAMPLE_RATE_HZ), 60.0)
    spectrum = rng.standard_normal(len(frequencies)) + 1j * rng.standard_normal(len(frequencies))
    sound = np.fft.irfft(spectrum / frequencies**0.7, length)
    return to_int16(sound / np.abs(sound).max() * 10_000)


def _other_microphone(samples: Samples) -> Samples:
    """Thin and bright: 6 dB lost an octave below 300 Hz, 4 dB gained above 2 kHz; and softer."""
    spectrum = np.fft.rfft(samples.astype(np.float64))
    frequencies = np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE_HZ)
    colour = np.minimum(1.0, frequencies / 300.0) * np.where(frequencies > 2000.0, 10 ** (4 / 20), 1.0)
    return to_int16(np.fft.irfft(spectrum * colour, len(samples)) * 10 ** (-SOFTER_DB / 20))
