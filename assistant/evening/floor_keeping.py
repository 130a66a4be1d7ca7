"""Keeping the floor for the evening: by a microphone each, by voices that are known, or by words alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property

from assistant.errors import ModelError
from assistant.evening import freed_memory
from assistant.events import FloorKept, KeepFloor, Way
from assistant.hearing.hearing import Hearing
from assistant.hearing.speakers.floor import ANY_SPEECH, APART, BY_SEGMENTATION, BY_VOICE, Floor, Least
from assistant.hearing.speakers.floor_watch import (
    EVENSONG,
    SOMEBODY,
    ByMicrophones,
    BySpeech,
    ByVoices,
    FloorWatch,
    Source,
)
from assistant.hearing.speakers.segmentation import Segmentation
from assistant.hearing.speakers.two_microphones import TwoMicrophones
from assistant.hearing.speakers.voice_encoder import VoiceEncoder
from assistant.hearing.speakers.voice_prints import VoicePrints
from assistant.hearing.voice_activity import VoiceActivityDetector


class FloorKeeping:
    """Sets ``hearing`` to watch the floor.

    ``encoder`` loads the voice encoder (ModelError: there is none). ``microphones`` are the names of the left and the
    right channel, where each has a microphone. ``own_voice_out``: what Evensong says is taken out of what it hears.
    ``segmentation`` loads what hears two voices at once (ModelError: there is none), anew for each floor.
    """

    def __init__(
        self,
        hearing: Hearing,
        encoder: Callable[[], VoiceEncoder],
        microphones: tuple[str, ...] = (),
        *,
        own_voice_out: bool = True,
        segmentation: Callable[[], Segmentation] | None = None,
    ) -> None:
        self._hearing = hearing
        self._load_segmentation = segmentation
        self._load = encoder
        self._microphones = microphones
        self._own_voice_out = own_voice_out

    def keep(self, asked: KeepFloor, voices: Mapping[str, tuple[float, ...]]) -> None:
        """Begin to watch; ``voices`` are the voice prints that are kept now, by name."""
        if asked.holder is None:
            way: Way = "own" if self._own_voice_out else "pauses"
            source: Source = BySpeech(SOMEBODY, over_own_voice=self._own_voice_out)
            self._hearing.watch = FloorWatch(asked.key, Floor(EVENSONG), source, way)
            return
        source, way, least = self._source(asked.holder, {asked.holder, *asked.others}, voices)
        self._hearing.watch = FloorWatch(asked.key, Floor(asked.holder, least), source, way)

    def free(self, at_s: float) -> FloorKept | None:
        """Stop watching; None when nobody had the floor."""
        watch, self._hearing.watch = self._hearing.watch, None
        if not isinstance(watch, FloorWatch):
            return None
        kept = watch.kept(at_s)
        del watch
        freed_memory.give_back()
        return kept

    def _source(
        self, holder: str, people: set[str], voices: Mapping[str, tuple[float, ...]]
    ) -> tuple[Source, Way, Least]:
        if len(self._microphones) == 2 and people <= set(self._microphones) and self._hearing.both_sides:
            left, right = self._microphones
            detectors = (VoiceActivityDetector(), VoiceActivityDetector())
            return ByMicrophones(TwoMicrophones((left, right), detectors)), "microphones", APART
        prints = {name: values for name, values in voices.items() if name in people}
        if len(prints) == len(people) > 1 and self._encoder is not None:
            segmentation = self._segmentation()
            least = BY_VOICE if segmentation is None else BY_SEGMENTATION
            return ByVoices(self._encoder, VoicePrints(prints), holder, segmentation), "voices", least
        return BySpeech(holder, over_own_voice=False), "words", ANY_SPEECH

    def _segmentation(self) -> Segmentation | None:
        try:
            return self._load_segmentation() if self._load_segmentation is not None else None
        except ModelError:
            return None

    @cached_property
    def _encoder(self) -> VoiceEncoder | None:
        try:
            return self._load()
        except ModelError:
            return None
