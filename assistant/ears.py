"""The loaded recogniser and the checked wake phrase: what takes longest at the start.

Apart from app.py, so that loading can begin before anything else has even been imported.
"""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass

from assistant import config
from assistant.hearing.recogniser import Recogniser
from assistant.hearing.wake import WakePhrase
from assistant.models import ModelStore, load_catalog


@dataclass(frozen=True, slots=True)
class Ears:
    """A recogniser, and the phrase that it is to wait for."""

    recogniser: Recogniser
    wake: WakePhrase


def build_ears(settings: config.Settings) -> Ears:
    """Load the recogniser and check the wake phrase. Raises ModelError, HearingError.

    Every file of the model is compared with its hash first, which costs a twentieth of the loading: a model with a
    flipped bit mostly loads, and then hears wrongly.
    """
    store = ModelStore(settings.models_path, load_catalog(config.shipped("models/catalog.toml")))
    recogniser = Recogniser(store.verify(settings.hearing.model).path)
    return Ears(recogniser, WakePhrase(settings.wake.phrase, recogniser))


def load_ears(settings: config.Settings) -> Future[Ears]:
    """Begin `build_ears` in the background; its errors come with the result."""
    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="ears")
    try:
        return executor.submit(build_ears, settings)
    finally:
        executor.shutdown(wait=False)
