"""Matrices of what was learned, in half the memory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """Whole numbers of two bytes, shape (rows, columns), and by what to multiply each column."""

    whole: NDArray[np.int16]
    scales: Floats

    @classmethod
    def of(cls, values: Floats) -> Matrix:
        """No number moves by more than a 65,000th of the largest of its column."""
        scales = np.maximum(np.abs(values).max(axis=0), 1e-9) / np.iinfo(np.int16).max
        return cls(np.rint(values / scales).astype(np.int16), scales.astype(np.float32))

    def times(self, rows: Floats) -> Floats:
        """``rows @ matrix``; ``rows`` has shape (n, rows) or (rows,)."""
        return np.asarray((rows @ self.whole.astype(np.float32)) * self.scales, dtype=np.float32)
