"""The loaded recogniser and the checked wake phrase: what takes longest at the start.

Apart from app.py, and light to import itself, so that loading can begin before anything else has been imported.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant import config
from assistant.hearing.model import load_model
from assistant.models import ModelStore, load_catalog

if TYPE_CHECKING:
    from assistant.hearing.recogniser import Recogniser
    from assistant.hearing.speakers.segmentation import Segmentation
    from assistant.hearing.speakers.voice_encoder import VoiceEncoder
    from assistant.hearing.vosk_library import VoskModel
    from assistant.hearing.wake.phrase import WakePhrase


@dataclass(frozen=True, slots=True)
class Ears:
    """A recogniser, and the phrase that it is to wait for; ``voice_encoder`` loads what tells voices apart,
    ``segmentation`` what hears two at once.

    Each raises ModelError where that is not installed.
    """

    recogniser: Recogniser
    wake: WakePhrase
    voice_encoder: Callable[[], VoiceEncoder]
    segmentation: Callable[[], Segmentation]


def build_ears(settings: config.Settings) -> Ears:
    """Load the recogniser and check the wake phrase. Raises ModelError, HearingError."""
    return load_ears(settings).result()


def load_ears(settings: config.Settings) -> Future[Ears]:
    """Begin to load the recogniser in the background; errors come with the result."""
    executor = ThreadPoolExecutor(max_workers=2, thread_name_prefix="ears")
    try:
        store = ModelStore(settings.models_path, load_catalog(config.shipped("models/catalog.toml")))
        model = executor.submit(lambda: load_model(store.path(settings.hearing.model)))
        return executor.submit(_build, settings, store, model)
    finally:
        executor.shutdown(wait=False)


def _build(settings: config.Settings, store: ModelStore, model: Future[VoskModel]) -> Ears:
    """The ears, once ``model`` is there; all that can be done meanwhile is done meanwhile.

    Every file of the model is compared with its hash: a model with a flipped bit mostly loads, and then hears wrongly.
    """
    from assistant.hearing.recogniser import Recogniser  # noqa: PLC0415
    from assistant.hearing.wake.phrase import WakePhrase  # noqa: PLC0415

    path = store.verify(settings.hearing.model).path
    recogniser = Recogniser(path, model.result())
    wake = WakePhrase(settings.wake.phrase, recogniser, settings.wake.sensitivity)
    return Ears(recogniser, wake, lambda: _load_voices(store), lambda: _load_overlaps(store))


def _load_voices(store: ModelStore) -> VoiceEncoder:
    from assistant.hearing.speakers.voice_encoder import load_voice_encoder  # noqa: PLC0415

    return load_voice_encoder(store.path("voices"))


def _load_overlaps(store: ModelStore) -> Segmentation:
    from assistant.hearing.speakers.segmentation import load_segmentation  # noqa: PLC0415

    return load_segmentation(store.path("overlaps"))
