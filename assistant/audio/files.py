"""Recordings as devices: any WAV or FLAC in, 16 kHz mono out; and WAV files written whole or not at all."""

from __future__ import annotations

import contextlib
import io
import re
import wave
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import soundfile
import soxr  # type: ignore[import-untyped]

from assistant.audio.chunking import Chunker, to_int16
from assistant.audio.device import FromDevice
from assistant.audio.playback import Player
from assistant.audio.writing import why_not_written, write_whole
from assistant.errors import AudioError
from assistant.events import CHUNK_SAMPLES, SAMPLE_RATE_HZ, AudioClip, PlaybackFinished, Samples

LOWEST_RATE_HZ = 4_000  # below it there is no speech left to recognise
UNKNOWN_LENGTH = 0x7FFF_0000  # programs that write WAV into a pipe promise about this much
TAIL_S = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """A file's sound: int16, 16 kHz, shape (n,), mono; or (n, 2), where both sides were asked for and are there.

    ``warning`` is "" or one sentence about the file.
    """

    samples: Samples
    warning: str = ""

    @property
    def duration_s(self) -> float:
        return len(self.samples) / SAMPLE_RATE_HZ


def read_recording(path: Path) -> Samples:
    """The sound of ``path`` as `load_recording` reads it, without the warning."""
    return load_recording(path).samples


def load_recording(path: Path, *, both_sides: bool = False) -> Recording:
    """Read a WAV or FLAC (or what else libsndfile reads) of any rate, depth and number of channels.

    With ``both_sides`` two channels are kept apart; else they are mixed.

    A file that breaks off is used as far as it goes, with a warning. Raises AudioError when there is nothing to
    use: missing, a folder, not allowed, empty, or not audio.
    """
    try:
        with path.open("rb") as file:
            if not file.read(1):
                raise AudioError(f"{path} is empty (0 bytes); record it again.")
            file.seek(0)
            with soundfile.SoundFile(file) as sound:
                return _read(path, sound, both_sides=both_sides and sound.channels == 2)
    except FileNotFoundError:
        raise AudioError(f"{path} does not exist; check the name.") from None
    except IsADirectoryError:
        raise AudioError(f"{path} is a folder; name an audio file in it.") from None
    except PermissionError:
        raise AudioError(f"{path} may not be read by you; change its permissions (chmod u+r).") from None
    except io.UnsupportedOperation:
        raise AudioError(f"{path} is a pipe, which cannot be gone back in; save it as a file first.") from None
    except OSError as error:
        raise AudioError(f"{path} cannot be read ({error.strerror}); check the disk it is on.") from None
    except soundfile.SoundFileError:
        raise AudioError(f"{path} is not audio that can be read; give a WAV or FLAC file.") from None


def _read(path: Path, sound: soundfile.SoundFile, *, both_sides: bool) -> Recording:
    if sound.samplerate < LOWEST_RATE_HZ:
        raise AudioError(
            f"{path} has only {sound.samplerate} samples a second; speech needs at least {LOWEST_RATE_HZ}:"
            " record it at 16000."
        )
    stream = soxr.ResampleStream(sound.samplerate, SAMPLE_RATE_HZ, 2 if both_sides else 1)
    same_rate = sound.samplerate == SAMPLE_RATE_HZ
    parts = []
    frames = 0
    with contextlib.suppress(soundfile.LibsndfileError):  # a broken-off FLAC; `_missing_s` tells
        while len(block := sound.read(sound.samplerate // 4, dtype="float32", always_2d=True)):
            frames += len(block)
            heard = block if both_sides else block.mean(axis=1)
            parts.append(to_int16(heard if same_rate else stream.resample_chunk(heard)))
    if not frames:
        raise AudioError(f"{path} holds no sound; record it again.")
    if not same_rate:
        nothing = np.zeros((0, 2) if both_sides else 0, np.float32)
        parts.append(to_int16(stream.resample_chunk(nothing, last=True)))
    missing_s = _missing_frames(sound, frames) / sound.samplerate
    warning = f"{path} breaks off: its last {missing_s:.1f} s are missing; what is there is used." if missing_s else ""
    return Recording(np.concatenate(parts), warning)


def _missing_frames(sound: soundfile.SoundFile, frames: int) -> int:
    """How many frames fewer there are than the header promised.

    For a WAV libsndfile corrects the header by the file's length and says so in its log only.
    """
    promised: int = sound.frames if sound.frames < UNKNOWN_LENGTH else frames
    told = re.search(r"^data : (\d+) \(should be (\d+)\)", sound.extra_info, re.MULTILINE)
    if told and frames and int(told[1]) < UNKNOWN_LENGTH:
        promised = max(promised, round(frames * int(told[1]) / max(1, int(told[2]))))
    return max(0, promised - frames)


class FileDevice:
    """A recording as a device: its sound is the microphone's, and time passes as chunks are taken.

    After the recording come ``tail_s`` of silence, so that the last utterance can end. ``block_ms`` is how much is
    read at a time; the chunks are the same whatever it is. What is played is heard by nobody, takes its time on
    the audio clock, and is kept in ``recording`` unless ``keep`` is false (both sides of an hour are 230 MB).
    With ``both_sides`` chunks hold the left and the right channel besides, where the recording has two.
    """

    live = False

    def __init__(
        self,
        source: Path | Samples,
        *,
        block_ms: int = 20,
        tail_s: float = TAIL_S,
        keep: bool = True,
        both_sides: bool = False,
    ) -> None:
        """Raises AudioError when ``source`` is a file that cannot be used."""
        loaded = load_recording(source, both_sides=both_sides) if isinstance(source, Path) else Recording(source)
        self.warning = loaded.warning
        self._both_sides = both_sides and loaded.samples.ndim == 2
        tail = round(tail_s * SAMPLE_RATE_HZ)
        tail += -(len(loaded.samples) + tail) % CHUNK_SAMPLES
        self._sound = np.concatenate([loaded.samples, np.zeros((tail, *loaded.samples.shape[1:]), np.int16)])
        self._block_samples = max(1, block_ms * SAMPLE_RATE_HZ // 1000)
        self._player = Player(SAMPLE_RATE_HZ)
        self._heard: list[Samples] = []
        self._played: list[Samples] = []
        self._keep = keep
        self._closed = False

    def chunks(self) -> Iterator[FromDevice]:
        """The recording in chunks of 20 ms, then the tail."""
        chunker = Chunker(both_sides=self._both_sides)
        for start in range(0, len(self._sound), self._block_samples):
            for chunk in chunker.feed(self._sound[start : start + self._block_samples]):
                if self._closed:
                    return
                played = self._player.pull(CHUNK_SAMPLES)
                if self._keep:
                    self._heard.append(chunk.samples)
                    self._played.append(played)
                yield replace(chunk, reference=played)
                if self._player.take_ended():
                    yield PlaybackFinished(chunk.end_s)

    def play(self, clip: AudioClip) -> None:
        """Append ``clip``; it sounds from the next chunk on."""
        self._player.add(clip)

    def stop(self) -> float:
        """Cut what is playing; the seconds of the current clip that were heard."""
        return self._player.cut()

    def close(self) -> None:
        """The next chunk is the end."""
        self._closed = True

    @property
    def recording(self) -> Samples:
        """Both sides so far: int16, shape (n, 2), 16 kHz; the recording left, what was played right."""
        if not self._heard:
            return np.zeros((0, 2), np.int16)
        return np.stack([np.concatenate(self._heard), np.concatenate(self._played)], axis=1)


def write_wav(path: Path, samples: Samples, rate_hz: int = SAMPLE_RATE_HZ) -> None:
    """Write int16 ``samples``, shape (n,) or (n, channels), as a 16-bit WAV: whole, or not at all.

    As `write_whole` does it; raises AudioError.
    """
    packed = io.BytesIO()
    with wave.open(packed, "wb") as out:
        out.setnchannels(1 if samples.ndim == 1 else samples.shape[1])
        out.setsampwidth(2)
        out.setframerate(rate_hz)
        out.writeframes(np.ascontiguousarray(samples, dtype="<i2").tobytes())
    try:
        write_whole(path, packed.getbuffer())
    except OSError as error:
        raise AudioError(why_not_written(path, error)) from None
