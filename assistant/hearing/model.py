"""Loading a Vosk model: what takes longest before anything can be heard.

Apart from the recogniser and light to import, so that it can begin before anything else has been imported: Vosk reads
the model outside of Python, on another core.
"""

from __future__ import annotations

from pathlib import Path

from assistant.errors import ModelError
from assistant.hearing.vosk_library import VoskError, VoskModel

_REMEDY = "install it with `evensong models install`"
_NEEDED = ("am/final.mdl", "conf/model.conf", "graph")
_DYNAMIC_GRAPH = ("graph/HCLr.fst", "graph/Gr.fst")  # without them Vosk crashes when it is given a grammar


def load_model(path: Path) -> VoskModel:
    """The model in the folder ``path``: about a second and 160 MB. Raises ModelError."""
    _check(path)
    try:
        return VoskModel(path)
    except VoskError as error:
        raise ModelError(f"The speech model in {path} cannot be loaded ({error}); {_REMEDY}.") from error


def broken(path: Path, error: Exception) -> ModelError:
    return ModelError(f"The speech model in {path} is broken ({error}); {_REMEDY}.")


def _check(path: Path) -> None:
    for part in _NEEDED:
        if not (path / part).exists():
            raise ModelError(f"There is no speech model in {path} ({part} is missing); {_REMEDY}.")
    for part in _DYNAMIC_GRAPH:
        if not (path / part).is_file():
            raise ModelError(
                f"The speech model in {path} hears free speech only ({part} is missing), and Evensong needs one "
                "that takes grammars; set hearing.model to small-en-us."
            )
