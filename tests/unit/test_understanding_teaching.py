"""What is learned is solved for in blocks, of which the tests' few lessons would fill only the first."""

from __future__ import annotations

import numpy as np

from assistant.understanding.semantic.teaching import solved


def test_many_blocks_give_what_one_equation_gives() -> None:
    rng = np.random.default_rng(1)
    some = rng.standard_normal((1_300, 40)).astype(np.float32)
    matrix = some @ some.T + 20.0 * np.eye(len(some), dtype=np.float32)
    targets = rng.standard_normal((len(some), 3)).astype(np.float32)
    found = solved(lambda rows: matrix[rows, : rows.stop].copy(), targets.copy())
    assert np.allclose(matrix @ found, targets, atol=1e-3)
