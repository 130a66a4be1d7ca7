"""Loading a Vosk model: what takes longest before anything can be heard.

Apart from the recogniser and light to import, so that it can begin before anything else has been imported: Vosk reads
the model outside of Python, on another core.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant.errors import ModelError

_REMEDY = "install it with `evensong models install`"
_NEEDED = ("am/final.mdl", "conf/model.conf", "graph")
_DYNAMIC_GRAPH = ("graph/HCLr.fst", "graph/Gr.fst")  # without them Vosk crashes when it is given a grammar


def load_model(path: Path) -> Any:
    """The ``vosk.Model`` in the folder ``path``: about a second and 160 MB. Raises ModelError."""
    _check(path)
    # Imported here: it takes a tenth of a second and memory, and only those who listen should pay for it.
    import vosk  # noqa: PLC0415

    vosk.SetLogLevel(-1)
    try:
        # Always a path: without one Vosk goes to the network.
        return vosk.Model(str(path))
    except Exception as error:  # Vosk raises nothing narrower
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
