"""What a model has learned beside what its makers taught it: a small difference of weights, added when it is installed.

The difference lies in ``learned/`` beside this file, as numbers alone (.npz): for each changed matrix of single
precision its ``places`` in the model's file (bytes), its ``rows`` and ``columns``; for each row of them all a step
(``steps``); and for each value how many steps it moves, from -7 to 7, two values a byte (``moves``). All of it is exact
arithmetic of single precision, so that the changed file is the same on every machine and has a hash of its own.
"""

from __future__ import annotations

import hashlib
import io
import os
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import ModelError
from assistant.models.catalog import Learned

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

SHIPPED = Path(__file__).parent / "learned"
MOST_STEPS = 7


def learn(model: Path, what: Learned) -> None:
    """Change the file ``what.changes`` of the model in the folder ``model``, which nobody uses yet.

    Raises ModelError where the difference or the file is not the one that it should be, or what comes out is not.
    """
    path, source = model / what.changes, SHIPPED / what.file
    try:
        packed = source.read_bytes()
    except OSError as error:
        raise ModelError(f"{source} cannot be read ({error.strerror}); reinstall evensong.") from None
    if _sha256(packed) != what.sha256:
        raise ModelError(f"{source} is not what the catalogue says; reinstall evensong.")
    content = path.read_bytes()
    if _sha256(content) != what.before:
        raise ModelError(f"{path.name} is not the file that the learned difference is for; it was not installed.")
    try:
        after = changed(content, packed)
    except (KeyError, ValueError, zipfile.BadZipFile) as error:
        raise ModelError(f"{source} cannot be used ({error}); reinstall evensong.") from None
    if _sha256(after) != what.after:
        raise ModelError(f"{path.name} did not become what it should with {source.name}; it was not installed.")
    with path.open("wb") as file:
        file.write(after)
        file.flush()
        os.fsync(file.fileno())


def changed(content: bytes, packed: bytes) -> bytes:
    """``content`` with the difference ``packed``. Raises KeyError, ValueError or BadZipFile when that is none."""
    # Imported here: every start looks at its models, and only installing one needs arrays.
    import numpy as np  # noqa: PLC0415

    after = bytearray(content)
    with np.load(io.BytesIO(packed), allow_pickle=False) as kept:
        places, rows, columns, steps, halves = (kept[name] for name in ("places", "rows", "columns", "steps", "moves"))
    moves = np.stack([halves >> 4, halves & 15], axis=1).reshape(-1).astype(np.float32) - np.float32(MOST_STEPS)
    row = value = 0
    for place, high, wide in zip(places.tolist(), rows.tolist(), columns.tolist(), strict=True):
        weights = np.frombuffer(content, dtype="<f4", count=high * wide, offset=place).reshape(high, wide)
        apart = moves[value : value + high * wide].reshape(high, wide) * steps[row : row + high, None]
        after[place : place + weights.nbytes] = (weights + apart).astype("<f4").tobytes()
        row, value = row + high, value + high * wide
    return bytes(after)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def written(path: Path, changes: Sequence[tuple[int, NDArray[np.float32]]]) -> None:
    """Write the difference that moves the matrix at each place (bytes) by about so much.

    A step is the root of the mean square of a row's changes, so that a row that did not change stays as it was.
    """
    import numpy as np  # noqa: PLC0415

    every_move, every_step = [], []
    for _, apart in changes:
        steps = np.sqrt(np.square(apart, dtype=np.float64).mean(1)).astype(np.float32)
        safe = np.where(steps > 0, steps, np.float32(1))[:, None]
        moves = np.clip(np.rint(apart / safe), -MOST_STEPS, MOST_STEPS)
        every_move.append((moves + MOST_STEPS).astype(np.uint8).reshape(-1))
        every_step.append(steps)
    moves_made = np.concatenate(every_move)
    moves_made = np.append(moves_made, np.zeros(len(moves_made) % 2, np.uint8))
    np.savez_compressed(
        path,
        places=np.array([place for place, _ in changes], np.int64),
        rows=np.array([len(apart) for _, apart in changes], np.int64),
        columns=np.array([apart.shape[1] for _, apart in changes], np.int64),
        steps=np.concatenate(every_step),
        moves=moves_made[0::2] << 4 | moves_made[1::2],
    )
