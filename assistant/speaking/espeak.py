"""espeak-ng through ctypes: the library found, started once, and asked for PCM instead of sound.

Only the worker process (and `evensong doctor`) loads it. The library keeps its state in globals, so there is
one `Espeak` in a process. See speak_lib.h of espeak-ng for the functions.
"""

from __future__ import annotations

import ctypes
import functools
import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path

from assistant.errors import SpeakingError

REMEDY = (
    "install it with `sudo apt-get install espeak-ng`, or where apt may not be used with `pip install espeakng-loader`"
)
RATE, VOLUME, PITCH, PITCH_RANGE = 1, 2, 3, 4

_NAMES = ("libespeak-ng.so.1", "libespeak-ng.so", "libespeak-ng.1.dylib", "libespeak-ng.dylib")
_SYNCHRONOUS = 2  # espeak_Synth returns when all has gone through the callback; no thread, no sound device
_DONT_EXIT = 0x8000  # without it the library ends the process when its data are missing
_CHUNK_MS = 40
_UTF8 = 1
_BY_CHARACTER = 1
_WORD_EVENT = 1
_MIN_WPM, _MAX_WPM = 80, 450  # the library's own limits


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    )


class _Voice(ctypes.Structure):
    _fields_ = (
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_char_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    )


_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class Espeak:
    """The running library. ``rate_hz`` is the rate of its PCM, ``version`` what it calls itself."""

    def __init__(self, library: ctypes.CDLL, data_folder: Path | None) -> None:
        self._library = library
        folder = str(data_folder).encode() if data_folder else None
        library.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
        library.espeak_GetCurrentVoice.restype = ctypes.POINTER(_Voice)
        library.espeak_Info.restype = ctypes.c_char_p
        library.espeak_Synth.argtypes = (
            ctypes.c_char_p,
            ctypes.c_size_t,
            ctypes.c_uint,
            ctypes.c_int,
            ctypes.c_uint,
            ctypes.c_uint,
            ctypes.c_void_p,
            ctypes.c_void_p,
        )
        self.rate_hz = int(library.espeak_Initialize(_SYNCHRONOUS, _CHUNK_MS, folder, _DONT_EXIT))
        if self.rate_hz <= 0:
            raise SpeakingError(f"espeak-ng does not start because its data are missing or broken; {REMEDY}.")
        self.version = library.espeak_Info(None).decode(errors="replace").split()[0]
        self._on_pcm: Callable[[bytes], bool] | None = None
        self._on_word: Callable[[int, int], None] | None = None
        self._callback = _CALLBACK(self._made)  # kept here: the library holds a bare pointer to it
        library.espeak_SetSynthCallback(self._callback)

    def synthesise(self, text: str, on_pcm: Callable[[bytes], bool], on_word: Callable[[int, int], None]) -> None:
        """Speak ``text``: ``on_pcm`` gets each 40 ms of int16 mono PCM as it is made and returns False to stop.

        ``on_word`` gets the place and length, in characters, of each word. Raises SpeakingError when the
        library refuses.
        """
        encoded = text.encode(errors="replace") + b"\0"
        self._on_pcm, self._on_word = on_pcm, on_word
        status = self._library.espeak_Synth(encoded, len(encoded), 0, _BY_CHARACTER, 0, _UTF8, None, None)
        self._on_pcm = self._on_word = None
        if status != 0:
            raise SpeakingError(f"espeak-ng could not speak a sentence (status {status}); {REMEDY}.")

    def _made(self, pcm: ctypes._Pointer[ctypes.c_short], samples: int, events: ctypes._Pointer[_Event]) -> int:
        place = 0
        while self._on_word and events and events[place].type:
            if events[place].type == _WORD_EVENT:
                self._on_word(events[place].text_position - 1, events[place].length)
            place += 1
        if not pcm or samples <= 0 or self._on_pcm is None:
            return 0
        return 0 if self._on_pcm(ctypes.string_at(pcm, samples * 2)) else 1

    def set_voice(self, name: str) -> None:
        """Speak with the voice of this name, language or file; raises SpeakingError when there is none."""
        if not name or self._library.espeak_SetVoiceByName(name.encode(errors="replace")) != 0:
            raise SpeakingError(
                f'espeak-ng has no voice "{name}"; set speech.voice to one that `evensong doctor` lists, or to "".'
            )

    def set_parameter(self, parameter: int, value: int) -> None:
        if parameter == RATE:
            value = min(_MAX_WPM, max(_MIN_WPM, value))
        self._library.espeak_SetParameter(parameter, value, 0)

    def parameter(self, parameter: int) -> int:
        return int(self._library.espeak_GetParameter(parameter, 1))

    def voice(self) -> str:
        """The file name of the voice in use ("" for none)."""
        found = self._library.espeak_GetCurrentVoice()
        return (found.contents.identifier or b"").decode() if found else ""

    def voices(self) -> tuple[tuple[str, str, str], ...]:
        """All voices as (file, name, language), in the library's order."""
        listed = self._library.espeak_ListVoices(None)
        found = []
        for place in range(10_000):
            if not listed[place]:
                break
            voice = listed[place].contents
            # The language list starts with one byte of priority.
            language = (voice.languages or b"\0")[1:].split(b"\0")[0].decode(errors="replace")
            found.append((voice.identifier.decode(), voice.name.decode(), language))
        return tuple(found)


@functools.cache
def espeak() -> Espeak:
    """The library from the system, else from the wheel espeakng-loader; SpeakingError when neither is there."""
    return start(_NAMES, _wheel_folder())


def start(names: Sequence[str], wheel_folder: Path | None) -> Espeak:
    """The first library of ``names`` that the system finds, else that lies in ``wheel_folder`` beside its data."""
    for folder in (None, wheel_folder) if wheel_folder else (None,):
        for name in names:
            library = _opened(str(folder / name) if folder else name)
            if library is not None:
                return Espeak(library, folder)
    raise SpeakingError(f"espeak-ng is not installed; {REMEDY}.")


def library_stamp() -> str:
    """Tells one installed library from another without loading it ("" when it lies in an unusual place)."""
    folders = [*Path("/usr/lib").glob("*-linux-gnu*"), Path("/usr/lib"), Path("/usr/lib64"), Path("/usr/local/lib")]
    wheel = _wheel_folder()
    for folder in [*folders, *([wheel] if wheel else [])]:
        for name in _NAMES:
            path = folder / name
            if path.is_file():
                real = path.resolve()
                return f"{real} {real.stat().st_size} {real.stat().st_mtime_ns}"
    return ""


def _opened(name: str) -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL(name)
    except OSError:
        return None


def _wheel_folder() -> Path | None:
    """Where the wheel espeakng-loader keeps library and data; looked up without importing it."""
    spec = importlib.util.find_spec("espeakng_loader")
    return Path(spec.origin).parent if spec and spec.origin else None
