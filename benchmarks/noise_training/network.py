"""Vosk's small English network (factored TDNN, trained with Kaldi's "chain" recipe) as PyTorch runs it.

The layers are those of am/final.mdl: features with their differences, normalised, beside the i-vector; one affine
layer; eleven factored ones, each added to three quarters of what it was given, the last eight on every third frame;
and the output, a value for each of 2,192 states. Batch normalisation is by the kept means, as when decoding.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch  # type: ignore[import-not-found]
from torch.nn import functional  # type: ignore[import-not-found]

from benchmarks.noise_training.acoustic_model import AcousticModel

LEFT, RIGHT = 26, 14  # frames that an output sees before and after its own
SUBSAMPLED = 3
_EPSILON = 0.001
_BYPASS = 0.75
_FACTORED = range(2, 13)
_LAST_AT_EVERY_FRAME = 4
_FOR_TRAINING_ONLY = "xent"

Name = tuple[str, str]


class Network:
    """``weights`` by (component, token) can be trained; they are copies of those of ``model``."""

    def __init__(self, model: AcousticModel) -> None:
        self._looks = {component: len(times) for component, times in model.time_offsets.items()}
        self._norms: dict[str, tuple[torch.Tensor, torch.Tensor]] = {}
        self.weights: dict[Name, torch.Tensor] = {}
        for (component, token), values in model.tensors.items():
            if _FOR_TRAINING_ONLY in component or not values.size:
                continue
            if token == "StatsVar":
                scale = (values.astype(np.float64) + _EPSILON) ** -0.5
                shift = -model.tensors[component, "StatsMean"] * scale
                self._norms[component] = torch.tensor(scale.astype(np.float32)), torch.tensor(shift.astype(np.float32))
            elif token != "StatsMean":
                self.weights[component, token] = torch.tensor(values.copy())

    def values(self) -> Mapping[Name, np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
        return {name: weights.detach().numpy() for name, weights in self.weights.items()}

    def __call__(self, features: torch.Tensor, ivectors: torch.Tensor) -> torch.Tensor:
        """``features`` (n, frames, 40) and ``ivectors`` (n, frames, 30) -> (n, a third of the frames, 2192)."""
        frames = features.shape[1]
        after = SUBSAMPLED * ((frames + SUBSAMPLED - 1) // SUBSAMPLED - 1) + RIGHT - (frames - 1)
        seen = _padded(features, LEFT, after)
        here = seen[:, 2:-2]
        differences = torch.cat([here, seen[:, 3:-1] - seen[:, 1:-3], seen[:, :-4] + seen[:, 4:] - 2 * here], -1)
        hidden = torch.cat([self._normal(differences, "delta"), _padded(ivectors, LEFT - 2, after - 2)], -1)
        hidden = self._normal(functional.relu(self._affine(hidden, "tdnn1")), "tdnn1.batchnorm")
        for number in _FACTORED:
            hidden = self._factored(hidden, f"tdnnf{number}", thinned=number == _LAST_AT_EVERY_FRAME)
        hidden = functional.linear(hidden, self.weights["prefinal-l", "Params"])
        hidden = self._normal(functional.relu(self._affine(hidden, "prefinal-chain")), "prefinal-chain.batchnorm1")
        hidden = functional.linear(hidden, self.weights["prefinal-chain.linear", "Params"])
        return self._affine(self._normal(hidden, "prefinal-chain.batchnorm2"), "output")

    def _factored(self, given: torch.Tensor, layer: str, *, thinned: bool) -> torch.Tensor:
        looks_back, looks_on = self._looks[f"{layer}.linear"] > 1, self._looks[f"{layer}.affine"] > 1
        narrow = functional.linear(
            _with_next(given) if looks_back else given, self.weights[f"{layer}.linear", "LinearParams"]
        )
        wide = _with_next(narrow) if looks_on else narrow
        kept = given[:, 1 if looks_back else 0 : -1 if looks_on else None]
        if thinned:
            wide, kept = wide[:, ::SUBSAMPLED], kept[:, ::SUBSAMPLED]
        return self._normal(functional.relu(self._affine(wide, layer)), f"{layer}.batchnorm") + _BYPASS * kept

    def _affine(self, given: torch.Tensor, layer: str) -> torch.Tensor:
        name = f"{layer}.affine"
        return functional.linear(given, self.weights[name, "LinearParams"], self.weights[name, "BiasParams"])

    def _normal(self, given: torch.Tensor, name: str) -> torch.Tensor:
        scale, shift = self._norms[name]
        return given * scale + shift


def _padded(rows: torch.Tensor, before: int, after: int) -> torch.Tensor:
    """The first and the last of them held still, as Kaldi does at both ends of a recording."""
    return torch.cat([rows[:, :1].expand(-1, before, -1), rows, rows[:, -1:].expand(-1, after, -1)], 1)


def _with_next(rows: torch.Tensor) -> torch.Tensor:
    return torch.cat([rows[:, :-1], rows[:, 1:]], -1)
