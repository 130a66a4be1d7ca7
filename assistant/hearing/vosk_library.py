"""Vosk's library in C, as far as Evensong needs it (vosk_api.h), loaded out of the installed package `vosk`.

The package's own Python module would do the same, but it also imports what downloads models: an HTTP client has no
place in a program that listens and never goes to the network, and it takes 11 MB and a tenth of a second.
"""

from __future__ import annotations

import ctypes
import importlib.util
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

from assistant.errors import ModelError

_FILES = {"win32": "libvosk.dll", "darwin": "libvosk.dyld"}
_QUIET = -1  # errors of Kaldi go to standard error, and nothing else

_Pointer, _Text, _Number = ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int
_FUNCTIONS: dict[str, tuple[object, list[object]]] = {
    "vosk_set_log_level": (None, [_Number]),
    "vosk_model_new": (_Pointer, [_Text]),
    "vosk_model_free": (None, [_Pointer]),
    "vosk_model_find_word": (_Number, [_Pointer, _Text]),
    "vosk_recognizer_new": (_Pointer, [_Pointer, ctypes.c_float]),
    "vosk_recognizer_new_grm": (_Pointer, [_Pointer, ctypes.c_float, _Text]),
    "vosk_recognizer_free": (None, [_Pointer]),
    "vosk_recognizer_set_max_alternatives": (None, [_Pointer, _Number]),
    "vosk_recognizer_set_words": (None, [_Pointer, _Number]),
    "vosk_recognizer_accept_waveform": (_Number, [_Pointer, _Text, _Number]),
    "vosk_recognizer_result": (_Text, [_Pointer]),
    "vosk_recognizer_partial_result": (_Text, [_Pointer]),
    "vosk_recognizer_final_result": (_Text, [_Pointer]),
}


@cache
def library() -> ctypes.CDLL:
    """Raises ModelError where the package `vosk` is missing or cannot be loaded."""
    found = importlib.util.find_spec("vosk")
    if found is None or not found.submodule_search_locations:
        raise ModelError("The package vosk is missing; reinstall Evensong.")
    path = Path(found.submodule_search_locations[0]) / _FILES.get(sys.platform, "libvosk.so")
    try:
        loaded = ctypes.CDLL(str(path))
    except OSError as error:
        raise ModelError(f"{path} cannot be loaded ({error}); reinstall the package vosk.") from error
    for name, (gives, takes) in _FUNCTIONS.items():
        function = getattr(loaded, name)
        function.restype, function.argtypes = gives, takes
    loaded.vosk_set_log_level(_QUIET)
    return loaded


class VoskError(Exception):
    """Vosk says no, and does not say why."""


class VoskModel:
    """A model in memory, shared by all of its recognisers."""

    def __init__(self, path: Path) -> None:
        """Some seconds of reading, outside of Python. Raises VoskError, ModelError."""
        self._library = library()
        self.handle = self._library.vosk_model_new(str(path).encode())
        if not self.handle:
            raise VoskError("Vosk cannot read it")

    def __del__(self) -> None:
        if getattr(self, "handle", None):
            self._library.vosk_model_free(self.handle)

    def knows(self, word: str) -> bool:
        return int(self._library.vosk_model_find_word(self.handle, word.encode())) >= 0


class VoskRecogniser:
    """One stream of sound. What it gives is JSON text, as vosk_api.h tells."""

    def __init__(self, model: VoskModel, sample_rate_hz: int, grammar: str | None, n_best: int) -> None:
        """``grammar`` is a JSON list of phrases; None: free speech. Raises VoskError."""
        self._library = library()
        self._model = model  # must not go before this does
        rate = float(sample_rate_hz)
        if grammar is None:
            self._handle = self._library.vosk_recognizer_new(model.handle, rate)
        else:
            self._handle = self._library.vosk_recognizer_new_grm(model.handle, rate, grammar.encode())
        if not self._handle:
            raise VoskError("Vosk makes no recogniser of it")
        # With alternatives Vosk gives n-best and no word posteriors; without, the other way round.
        self._library.vosk_recognizer_set_max_alternatives(self._handle, n_best if n_best > 1 else 0)
        self._library.vosk_recognizer_set_words(self._handle, 1)

    def __del__(self) -> None:
        if getattr(self, "_handle", None):
            self._library.vosk_recognizer_free(self._handle)

    def accept(self, sound: bytes) -> bool:
        """16 bit mono; whether a segment has ended, so that its `result` can be had. Raises VoskError."""
        ended = int(self._library.vosk_recognizer_accept_waveform(self._handle, sound, len(sound)))
        if ended < 0:
            raise VoskError("Vosk cannot hear this sound")
        return ended > 0

    def result(self) -> str:
        return self._told(self._library.vosk_recognizer_result)

    def partial_result(self) -> str:
        return self._told(self._library.vosk_recognizer_partial_result)

    def final_result(self) -> str:
        return self._told(self._library.vosk_recognizer_final_result)

    def _told(self, function: Callable[[int], bytes]) -> str:
        return function(self._handle).decode()
