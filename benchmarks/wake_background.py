"""The false alarms' side of the wake benchmark: part after part of the background, each once.

``--parts DIR`` keeps what each part gave, so that hours can be heard in several runs: a part is heard again only when
the phrases, the seed or the code of hearing changed.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Protocol

import numpy as np

from assistant import hearing as hearing_package
from assistant.audio.files import read_recording
from assistant.events import SAMPLE_RATE_HZ, Samples
from benchmarks.wake_listening import Listened, Look

BETWEEN_S = 0.5


@dataclass(frozen=True, slots=True)
class Part:
    """Some minutes of background. ``real``: people's own voices. ``sound`` reads or makes it."""

    name: str
    real: bool
    sound: Callable[[], Samples]


@dataclass(frozen=True, slots=True)
class Heard:
    part: str
    real: bool
    seconds: float
    listened: Listened


def recorded(sources: Sequence[Path]) -> list[Part]:
    """Each a folder of recordings, joined with half a second between them, those of folders in it too; or a file."""
    return [Part(source.name, True, partial(_source, source)) for source in sources]


def _source(source: Path) -> Samples:
    return _joined(_files(source))


def in_a_row(name: str, files: Sequence[Path]) -> Part:
    return Part(name, True, lambda: _joined(files))


def _files(source: Path) -> list[Path]:
    if not source.is_dir():
        return [source]
    return sorted(path for path in source.rglob("*") if path.suffix in (".flac", ".wav"))


def _joined(files: Sequence[Path]) -> Samples:
    pause = np.zeros(round(BETWEEN_S * SAMPLE_RATE_HZ), np.int16)
    return np.concatenate([pause, *(part for path in files for part in (read_recording(path), pause))])


class Listening(Protocol):
    """As `benchmarks.wake_listening.Listeners`."""

    def listen(self, sound: Samples) -> Listened: ...


def hear(parts: Sequence[Part], phrases: Sequence[str], listeners: Listening, kept: Path | None) -> Iterator[Heard]:
    for part in parts:
        key = _key(part, phrases)
        file = None if kept is None else kept / f"{part.name}-{key}.json"
        if file is not None and file.is_file():
            yield _read(file)
            continue
        sound = part.sound()
        heard = Heard(part.name, part.real, len(sound) / SAMPLE_RATE_HZ, listeners.listen(sound))
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(asdict(heard)), encoding="utf-8")
        yield heard


def _read(file: Path) -> Heard:
    stored = json.loads(file.read_text(encoding="utf-8"))
    listened = stored.pop("listened")
    looks = {phrase: [Look(**look) for look in found] for phrase, found in listened.pop("looks").items()}
    return Heard(**stored, listened=Listened(looks, **listened))


def _key(part: Part, phrases: Sequence[str]) -> str:
    """Changes with what a part is heard by."""
    digest = hashlib.sha256(json.dumps([part.name, *phrases]).encode())
    folder = Path(next(iter(hearing_package.__path__)))
    names = (
        *("wake/phrase", "wake/check", "wake/spelling"),
        *("hearing", "noise", "recogniser", "voice_activity", "recent_sound"),
    )
    for name in names:
        digest.update((folder / f"{name}.py").read_bytes())
    return digest.hexdigest()[:12]
