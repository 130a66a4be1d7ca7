"""A ritual that is asked for together with who takes part: "mirroring with Ana and Ben"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from assistant.events import Expectation, Hypothesis, ListenMode, Meaning
from assistant.understanding.intent import START
from assistant.understanding.readings.all_readings import AllReadings
from assistant.understanding.readings.reading import LONGEST_COMMAND_WORDS, Reading
from assistant.understanding.slots.spoken_names import SpokenNames
from assistant.understanding.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Company:
    known: Vocabulary
    names: SpokenNames
    all_readings: AllReadings
    accepted: Callable[[Sequence[Reading], Expectation], Reading | None]  # the first, where it is sure enough

    def named(self, hypotheses: Sequence[Hypothesis], expectation: Expectation) -> Meaning | None:
        """The ritual with the slots ``names`` and ``speaker_too``; None where nobody is named with one.

        Of one person only a name that is known, or was written as one, counts: "gratitude with music" names nobody.
        """
        if expectation.mode is not ListenMode.COMMAND or expectation.slot is not None:
            return None
        for hypothesis in hypotheses:
            words = hypothesis.text.split()
            if len(words) > LONGEST_COMMAND_WORDS:
                continue
            for place in range(len(words) - 1, 0, -1):
                if words[place].lower() not in self.known.language.names.company:
                    continue
                people = self._people(" ".join(words[place + 1 :]), expectation)
                asked = self._started(" ".join(words[:place]), expectation) if people is not None else None
                if asked is not None and people is not None:
                    slots = dict(asked.phrase.slots) | people
                    return Meaning(hypothesis.text, asked.sense[1], slots, round(asked.score, 4), round(asked.score, 4))
        return None

    def _people(self, said: str, expectation: Expectation) -> dict[str, Any] | None:
        """None where ``said`` is more than names."""
        words = self.known.writing.words(said)
        speaker = self.known.language.names.speaker
        for core in self.known.shells.cores(words) if words else ():
            names = self.known.name_answers.names(said, core.words)
            others = tuple(word for word in core.words if word not in speaker)
            if not names or not self.known.name_answers.nothing_else(names, others):
                continue
            found = self.names.as_known(names, expectation)
            joined = self.known.name_answers.joins_the_speaker(core.words)
            if len(found) > 1 or joined:
                return {"names": found} | ({"speaker_too": True} if joined else {})
            known = {*expectation.people, *expectation.known}
            return {"names": found, "speaker_too": True} if known & set(found) or names[0] in said else {}
        return None

    def _started(self, said: str, expectation: Expectation) -> Reading | None:
        asked = (Hypothesis(said.rstrip(",")),)
        readings = self.all_readings.readings(asked, self.all_readings.heard(asked), expectation)
        command = self.accepted([reading for reading in readings if reading.sense[0] == "intent"], expectation)
        return command if command is not None and command.sense[1].startswith(START) else None
