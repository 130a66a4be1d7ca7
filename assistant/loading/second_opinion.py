"""The second opinion on meaning, made ready: found, taught once for each set of lessons, kept, and loaded.

It comes with the extra ``semantic``. Teaching it takes some seconds, so what was learned is kept beside the models; and
where people are waiting to be heard, all of it happens in a thread of its own, and nobody is asked until it is there.
"""

from __future__ import annotations

import os
import zipfile
from collections.abc import Collection, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.understanding import Intent
from assistant.understanding.semantic.lessons import Lesson, digest, load_disclosures, load_lessons
from assistant.understanding.semantic.second_opinion import (
    Judgement,
    LearnedOpinion,
    Proposal,
    SecondOpinion,
    Suspicion,
)
from assistant.understanding.semantic.teaching import Encoder, Taught, teach
from assistant.understanding.semantic.word_index import WordIndex

if TYPE_CHECKING:
    from assistant.understanding.semantic.encoder import SentenceEncoder

TAUGHT_KEPT = 5  # sets of lessons: rituals of one's own come and go


def load_opinion(intents: Sequence[Intent], folder: Path, kept: Path) -> SecondOpinion | None:
    """The second opinion for ``intents`` and the lessons of ``folder`` (intents/<language>).

    None without the extra ``semantic``, or without lessons. ``kept`` is the folder for what was learned; where it
    cannot be written, all is learned anew each time. Raises IntentsError.
    """
    lessons = load_lessons(intents, folder)
    encoder = load_encoder(kept) if lessons else None
    if encoder is None:
        return None
    disclosures = load_disclosures(folder)
    on_disclosures = LearnedOpinion(disclosures, _taught(disclosures, encoder, kept), encoder) if disclosures else None
    return LearnedOpinion(lessons, _taught(lessons, encoder, kept), encoder, on_disclosures)


def load_encoder(kept: Path) -> SentenceEncoder | None:
    """The sentence encoder of the extra ``semantic``; None without it. ``kept`` as in `load_opinion`."""
    from assistant.understanding.semantic.encoder import SentenceEncoder, find_encoder  # noqa: PLC0415

    files = find_encoder()
    return SentenceEncoder(files, kept) if files else None


def _taught(lessons: Sequence[Lesson], encoder: SentenceEncoder, kept: Path) -> Taught:
    path = kept / f"taught-{digest(lessons)}.npz"
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as arrays:
            return Taught(arrays["directions"], arrays["vectors"], arrays["weights"], WordIndex(arrays))
    except FileNotFoundError:
        pass
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        path.unlink(missing_ok=True)  # half of it, or of another time: learned anew
    taught = teach(lessons, encoder)
    _keep(taught, path)
    return taught


def _keep(taught: Taught, path: Path) -> None:
    unfinished = path.with_suffix(f".{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with unfinished.open("wb") as file:
            learned = {"directions": taught.directions, "vectors": taught.vectors, "weights": taught.weights}
            arrays = learned | taught.words.arrays
            np.savez(file, **arrays)  # type: ignore[arg-type]  # its stubs take the names for its own
        unfinished.replace(path)
        for old in sorted(path.parent.glob("taught-*.npz"), key=lambda one: one.stat().st_mtime)[:-TAUGHT_KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        unfinished.unlink(missing_ok=True)


class LateOpinion:
    """A second opinion that is still being made ready: until then it has none, and is never waited for."""

    def __init__(self, intents: Sequence[Intent], folder: Path, kept: Path) -> None:
        executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="opinion")
        self._ready: Future[SecondOpinion | None] = executor.submit(load_opinion, intents, folder, kept)
        executor.shutdown(wait=False)
        self._failed = False

    def wait(self, most_s: float) -> bool:
        """Whether it is ready, or could not be made, after waiting for it ``most_s`` seconds at most."""
        wait((self._ready,), most_s)
        return self._ready.done()

    @property
    def encoder(self) -> Encoder | None:
        if not self._ready.done() or self._ready.exception() is not None:
            return None
        opinion = self._ready.result()
        return opinion.encoder if opinion else None

    def propose(self, text: str, allowed: Collection[str]) -> Proposal | None:
        """Raises IntentsError, once, when it could not be made ready."""
        if not self._ready.done() or self._failed:
            return None
        self._failed = self._ready.exception() is not None
        opinion = self._ready.result()
        return opinion.propose(text, allowed) if opinion else None

    def judged(self, text: str) -> Judgement | None:
        if not self._ready.done() or self._ready.exception() is not None:
            return None
        opinion = self._ready.result()
        return opinion.judged(text) if opinion else None

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32] | None:
        if not self._ready.done() or self._ready.exception() is not None:
            return None
        opinion = self._ready.result()
        return opinion.encode(texts) if opinion else None

    def disclosed(self, text: str) -> Suspicion | None:
        if not self._ready.done() or self._ready.exception() is not None:
            return None
        opinion = self._ready.result()
        return opinion.disclosed(text) if opinion else None
