"""What a network learned, as an installed model keeps it: arrays by name, in one .npz file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from assistant.errors import ModelError

Network = TypeVar("Network")


def weight(weights: Mapping[str, Any], name: str, shape: tuple[int, ...]) -> NDArray[np.float32]:
    """The array called ``name``. Raises ModelError when it is not of that shape, KeyError when there is none."""
    found = np.asarray(weights[name], dtype=np.float32)
    if found.shape != shape:
        raise ModelError(f"The model's {name} has the shape {found.shape}, not {shape}; install it afresh.")
    return found


def load_network(path: Path, model: str, made_of: Callable[[Mapping[str, Any]], Network]) -> Network:
    """What ``made_of`` makes of the weights in ``path``. Raises ModelError when the model cannot be used."""
    try:
        with np.load(path, allow_pickle=False) as weights:
            return made_of(weights)
    except (OSError, ValueError, KeyError, EOFError) as error:
        raise ModelError(
            f"The model {path} cannot be used ({error}); install it with `evensong models install {model}`."
        ) from None
