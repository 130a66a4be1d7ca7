"""Learning a voice, and telling whose it was: what is said becomes a voice print, and its sound is dropped."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from assistant.errors import ModelError
from assistant.events import SAMPLE_RATE_HZ, Event, Samples, Utterance
from assistant.hearing.hearing import Hearing
from assistant.hearing.speakers.enrolment import Refused, enrol
from assistant.hearing.speakers.voice_encoder import VoiceEncoder
from assistant.hearing.speakers.voice_prints import VoicePrints
from assistant.hearing.speakers.whose_voice import whose_voice
from assistant.hearing.voice_activity import VoiceActivityDetector

Prints = Mapping[str, tuple[float, ...]]

LONGEST_SAMPLES = 60 * SAMPLE_RATE_HZ
ECHO_TAIL_SAMPLES = SAMPLE_RATE_HZ // 2  # so long the room gives Evensong's own voice back


class Recorder:
    """Keeps what is said while Evensong is quiet, in memory alone; of a minute the last."""

    def __init__(self) -> None:
        self.sounding = False
        self._blocks: list[Samples] = []
        self._ringing = 0

    def hear(self, block: Samples, probability: float, now_s: float) -> Sequence[Event]:
        """Nothing comes of it until `samples` are asked for."""
        self._ringing = ECHO_TAIL_SAMPLES if self.sounding else max(0, self._ringing - len(block))
        if not self._ringing:
            self._blocks.append(block)
            del self._blocks[: -(LONGEST_SAMPLES // len(block))]
        return ()

    def hear_sides(self, samples: Samples) -> None:
        """Both channels are heard as one."""

    @property
    def samples(self) -> Samples:
        """All of it, shape (n,)."""
        return np.concatenate([np.zeros(0, np.int16), *self._blocks])


class VoiceLearning:
    """``encoder`` loads the voice encoder (ModelError: there is none).

    What is found out comes back as the facts of `Learned`, by their names. Prints are given by the name of the person.
    """

    def __init__(self, hearing: Hearing, encoder: Callable[[], VoiceEncoder]) -> None:
        self._hearing = hearing
        self._encoder = encoder
        self.last_heard: Utterance | None = None

    def begin(self) -> bool:
        """From now on what is said counts; False where voices cannot be learned."""
        try:
            self._encoder()
        except ModelError:
            return False
        self._hearing.watch = Recorder()
        return True

    def learn(self, person: str, known: Prints, keep: Callable[[str, Sequence[float]], None]) -> dict[str, object]:
        """Let ``keep`` have the print of what was said, as that of ``person``; to be called after `begin`.

        Facts: whether it was ``kept``; then who of ``known`` sounds ``alike``, else the ``reason``: after "too_short"
        what comes next is added to it. Raises what ``keep`` raises.
        """
        recorder = self._hearing.watch
        samples = recorder.samples if isinstance(recorder, Recorder) else np.zeros(0, np.int16)
        found = enrol(samples, self._encoder(), VoiceActivityDetector())
        if not (isinstance(found, Refused) and found.reason == "too_short"):
            self._hearing.watch = None
        if isinstance(found, Refused):
            return {"kept": False, "reason": found.reason}
        others = {name: print_of for name, print_of in known.items() if name != person}
        keep(person, found.values.tolist())
        return {"kept": True, "alike": VoicePrints(others).much_like(found.values)}

    def whose(self, known: Prints) -> dict[str, object] | None:
        """Whose voice was the last that was heard: what is ``told``, and the ``person`` where it is one of ``known``.

        None where none is known, nothing was heard, or voices cannot be told apart here.
        """
        if not known or self.last_heard is None:
            return None
        try:
            encoder = self._encoder()
        except ModelError:
            return None
        sound = self._hearing.sound_of(self.last_heard)
        found = whose_voice(sound, encoder, VoicePrints(known), VoiceActivityDetector())
        return {"told": found.told, "person": found.name}
