"""What is taken out of an archive, and what is made of it, for each kind of model."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from assistant.errors import ModelError
from assistant.models.catalog import Kind

TORCH_WEIGHTS = "pretrained.pt"
VOICE_ENCODER = "encoder.npz"
_UNUSED = ("similarity_weight", "similarity_bias")  # only training needed them


def taken(kind: Kind, members: Mapping[str, int], folder: str) -> dict[str, int]:
    """Those of ``members`` (path -> bytes) that are wanted. Raises ModelError when the archive is of another kind."""
    if kind == "recogniser":
        if {"am/final.mdl", "conf/model.conf"} <= members.keys():
            return dict(members)
        raise ModelError(f"The archive holds no Vosk model in its folder {folder}; it is not the file it should be.")
    if TORCH_WEIGHTS in members:
        return {TORCH_WEIGHTS: members[TORCH_WEIGHTS]}
    raise ModelError(f"The archive holds no voice encoder in its folder {folder}; it is not the file it should be.")


def made(kind: Kind, folder: Path, names: tuple[str, ...]) -> tuple[str, ...]:
    """Turn what was unpacked into what is used; gives the names of the files that are there then.

    Raises ModelError when it is not what it should be; OSError when the disk does not take it.
    """
    if kind == "recogniser":
        return names
    # Imported here: every start looks at its models, and only installing this one needs arrays.
    import numpy as np  # noqa: PLC0415

    from assistant.models.torch_weights import torch_weights  # noqa: PLC0415

    weights = torch_weights(folder / TORCH_WEIGHTS, "model_state")
    with (folder / VOICE_ENCODER).open("xb") as file:
        np.savez(file, **{name: values for name, values in weights.items() if name not in _UNUSED})  # type: ignore[arg-type]
        file.flush()
        os.fsync(file.fileno())
    (folder / TORCH_WEIGHTS).unlink()
    return (VOICE_ENCODER,)
