"""Voices made by synthesis, for the wake benchmark: espeak-ng in many variants, flite and Piper where installed.

None is a person: figures with them say how a phrase fares across very different sounds.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from assistant.audio.files import read_recording
from assistant.audio.playback import resampled
from assistant.errors import EvensongError
from assistant.events import SAMPLE_RATE_HZ, Samples
from assistant.room.script import Line, Person
from assistant.room.voices import Voice, Voices, trimmed
from assistant.speaking.espeak import PITCH, PITCH_RANGE, RATE, espeak

ACCENTS = ("en-us", "en", "en-gb-x-rp", "en-gb-scotland", "en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-029")
# Those of espeak-ng's variants that speak: no whisper, no croak, no robots.
VARIANTS = (
    *("", "m1", "m2", "m3", "m4", "m5", "m6", "m7", "f1", "f2", "f3", "f4", "f5", "Alex", "Alicia", "Andrea", "Andy"),
    *("Annie", "antonio", "aunty", "belinda", "benjamin", "boris", "caleb", "david", "Denis", "Diogo", "ed", "edward"),
    *("Gene", "Henrique", "Hugo", "iven", "Jacky", "john", "Lee", "linda", "Marcelo", "Marco", "Mario", "max"),
    *("Michael", "miguel", "Mike", "pablo", "paul", "pedro", "quincy", "rob", "robert", "sandro", "shelby", "steph"),
    *("travis", "victor", "zac"),
)
FLITE_VOICES = ("awb", "rms", "slt", "kal16")
FLITE_LIMIT_S = 900


@dataclass(frozen=True, slots=True)
class Speaker:
    """One made voice. ``pitch`` is 1.0 where the voice's own is left, and so is ``rate``."""

    engine: str
    voice: str
    pitch: float
    rate: float


class MadeVoices:
    """``piper`` is the natural engine, or None: it speaks without it, and without flite where that is not installed."""

    def __init__(self, piper: Voice | None = None) -> None:
        self._piper = Voices(piper) if piper is not None else None
        self.engines: tuple[str, ...] = ("espeak",)
        if shutil.which("flite") is not None:
            self.engines += ("flite",)
        if piper is not None:
            self.engines += ("piper",)

    def draw(self, rng: np.random.Generator, shares: dict[str, float]) -> Speaker:
        """Somebody, of the engines that are there, with the weights ``shares``."""
        weights = np.array([shares[engine] for engine in self.engines])
        engine = str(rng.choice(self.engines, p=weights / weights.sum()))
        pitch = float(np.clip(np.exp(rng.normal(0.0, 0.1)), 0.84, 1.25))
        rate = float(np.clip(np.exp(rng.normal(0.0, 0.15)), 0.75, 1.4))
        if engine == "espeak":
            variant = str(rng.choice(VARIANTS))
            return Speaker(engine, str(rng.choice(ACCENTS)) + (f"+{variant}" if variant else ""), pitch, rate)
        voice = str(rng.choice(FLITE_VOICES)) if engine == "flite" else ""
        return Speaker(engine, voice, pitch, rate)

    def say(self, speaker: Speaker, text: str) -> Samples:
        """``text`` at 16 kHz, without silence before and after it."""
        if speaker.engine == "espeak":
            return trimmed(_espeak(speaker, text))
        if speaker.engine == "flite":
            return trimmed(_flite(speaker, text))
        assert self._piper is not None
        return self._piper.speak(Person(pitch=speaker.pitch, rate=speaker.rate), Line(who="", says=text)).samples


def _espeak(speaker: Speaker, text: str) -> Samples:
    engine = espeak()
    engine.set_voice(speaker.voice)
    engine.set_parameter(PITCH, round(float(np.clip(50 * speaker.pitch**2, 10, 95))))
    engine.set_parameter(PITCH_RANGE, round(float(np.clip(50 * speaker.pitch, 20, 90))))
    engine.set_parameter(RATE, round(160 * speaker.rate))
    parts: list[bytes] = []

    def keep(pcm: bytes) -> bool:
        parts.append(pcm)
        return True

    engine.synthesise(text, keep, lambda _place, _length: None)
    return resampled(np.frombuffer(b"".join(parts), np.int16), engine.rate_hz, SAMPLE_RATE_HZ)


def _flite(speaker: Speaker, text: str) -> Samples:
    """Pitch and throat together: played faster or slower, and spoken slower or faster for it."""
    with tempfile.TemporaryDirectory(prefix="evensong-flite-") as folder:
        wav = Path(folder) / "said.wav"
        stretch = f"duration_stretch={speaker.pitch / speaker.rate:.3f}"
        command = ["flite", "-voice", speaker.voice, "--setf", stretch, "-t", text, "-o", str(wav)]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=FLITE_LIMIT_S)
        except (OSError, subprocess.SubprocessError) as error:
            raise EvensongError(f"flite could not speak a sentence ({error}); mend or remove it.") from None
        return resampled(read_recording(wav), round(SAMPLE_RATE_HZ * speaker.pitch), SAMPLE_RATE_HZ)


def piper() -> Voice | None:
    """The natural engine, where it is installed."""
    try:
        from assistant.speaking.piper_engine import PiperEngine  # noqa: PLC0415
    except ImportError:
        return None
    return PiperEngine()
