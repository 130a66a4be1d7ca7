"""Which engines there are, and which one speaks."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from importlib import metadata
from typing import Literal

from assistant.errors import SpeakingError, install_command
from assistant.speaking import espeak, piper_voices

EngineName = Literal["pyttsx3", "piper"]

RENDERING = 1  # raise it when the same text shall sound different, so that clips kept on disk are made afresh


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """One engine: ``version`` "" when unknown, ``remedy`` what to do when it is not ``available`` ("" when it is)."""

    name: EngineName
    version: str
    voices: tuple[str, ...]
    available: bool
    remedy: str


def engines() -> tuple[EngineInfo, ...]:
    """All engines, the preferred first. Loads no model; espeak-ng's library is opened to list its voices."""
    return (_piper(), _pyttsx3())


def choose(engine: str, voice: str = "") -> EngineName:
    """The engine for the settings ``speech.engine`` and ``speech.voice``, without loading it.

    "auto" is Piper where it and the voice are installed, else pyttsx3. Raises SpeakingError when the engine is
    named but cannot be.
    """
    if engine == "pyttsx3":
        return "pyttsx3"
    if engine not in ("auto", "piper"):
        raise SpeakingError(f'There is no speech engine "{engine}"; set speech.engine to auto, pyttsx3 or piper.')
    if _piper_importable() and piper_voices.voice_path(voice) is not None:
        return "piper"
    if engine == "auto":
        return "pyttsx3"
    if not _piper_importable():
        raise SpeakingError(
            "speech.engine is piper, but piper-tts is not installed; "
            f"run `{install_command('natural')}` or set it to auto."
        )
    raise SpeakingError(piper_voices.no_such_voice(voice))


def voice_identity(engine: EngineName, voice: str) -> str:
    """Tells clips of one engine, voice and version from another's, without loading it."""
    parts = [str(RENDERING), engine, voice]
    if engine == "pyttsx3":
        parts += [_version("pyttsx3"), espeak.library_stamp()]
    else:
        path = piper_voices.voice_path(voice)
        stat = path.stat() if path else None
        parts += [_version("piper-tts"), str(path), f"{stat.st_size} {stat.st_mtime_ns}" if stat else ""]
    return "\0".join(parts)


def _piper() -> EngineInfo:
    voices = tuple(piper_voices.shipped_voices())
    available = _piper_importable() and bool(voices)
    remedy = "" if available else f"for a natural voice: {install_command('natural')}"
    return EngineInfo("piper", _version("piper-tts"), voices, available, remedy)


def _pyttsx3() -> EngineInfo:
    try:
        library = espeak.espeak()
    except SpeakingError as error:
        return EngineInfo("pyttsx3", _version("pyttsx3"), (), False, str(error))
    voices = tuple(file for file, _, language in library.voices() if language.split("-")[0] == "en")
    return EngineInfo("pyttsx3", f"{_version('pyttsx3')}, espeak-ng {library.version}", voices, True, "")


def _piper_importable() -> bool:
    return importlib.util.find_spec("piper") is not None and importlib.util.find_spec("onnxruntime") is not None


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""
