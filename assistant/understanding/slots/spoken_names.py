"""Names of people in what was said: as an answer, in a request ("my name is Ana"), and put right ("no, Anna")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.events import Expectation, Hypothesis, Meaning
from assistant.understanding.slots.known_names import as_known as spelled
from assistant.understanding.slots.known_names import put_right
from assistant.understanding.vocabulary import Vocabulary
from assistant.understanding.words.shells import Run

NAMING = "introduce_self"
OF_THOSE_HERE = "skip_person"
JOINING = "joins"
ABOUT_SOMEBODY = (NAMING, "leaves", JOINING, OF_THOSE_HERE)
NAME_SLOT = "name"


class SpokenNames:
    def __init__(self, known: Vocabulary) -> None:
        self._vocabulary = known

    def answered(
        self, hypotheses: Sequence[Hypothesis], expectation: Expectation
    ) -> tuple[list[str], Hypothesis] | None:
        """The names that the question asks for, and where they were heard."""
        known = self._vocabulary
        for hypothesis in hypotheses:
            words = known.shells.plain(known.writing.words(hypothesis.text)).words
            names = known.name_answers.names(hypothesis.text, words)
            if names:
                more, where = self._all(names, words, hypotheses) or (names, hypothesis)
                return self.as_known(more, expectation), where
        return None

    def says_alone(self, hypothesis: Hypothesis) -> bool:
        """Whether it says that nobody else is there: "just me"."""
        return self._vocabulary.name_answers.says_alone(self._plain(hypothesis))

    def joins_the_speaker(self, hypothesis: Hypothesis) -> bool:
        """Whether the speaker comes to those who are named: "me and Ben"."""
        return self._vocabulary.name_answers.joins_the_speaker(self._plain(hypothesis))

    def namesake(self, hypothesis: Hypothesis) -> str | None:
        """The name that two people have: "Ana and Ana"."""
        return self._vocabulary.name_answers.namesake(hypothesis.text, self._plain(hypothesis))

    def _plain(self, hypothesis: Hypothesis) -> Run:
        known = self._vocabulary
        return known.shells.plain(known.writing.words(hypothesis.text)).words

    def _all(
        self, found: tuple[str, ...], heard: Run, hypotheses: Sequence[Hypothesis]
    ) -> tuple[tuple[str, ...], Hypothesis] | None:
        """A reading that is nothing but names, in no more words but with more names than were ``found``.

        "on a and ben" was "ana and ben", and so was "ana and been"; "me and ben" is not "amy and ben".
        """
        known = self._vocabulary
        most = len(heard) - 1 if known.name_answers.joins_the_speaker(heard) else len(heard)
        for hypothesis in hypotheses:
            words = known.shells.plain(known.writing.words(hypothesis.text)).words
            names = known.name_answers.names(hypothesis.text, words)
            if len(names) > len(found) and len(words) <= most and known.name_answers.nothing_else(names, words):
                return names, hypothesis
        return None

    def as_known(self, names: Sequence[str], expectation: Expectation) -> list[str]:
        """``names`` in the spelling of the household."""
        distance = self._vocabulary.sounds.distance
        return [spelled(name, (*expectation.people, *expectation.known), distance) for name in names]

    def of_request(self, meaning: Meaning, expectation: Expectation) -> Meaning:
        """A request that names somebody ("my name is Ana") with the names in place of the words they stand in."""
        said = meaning.slots.get(NAME_SLOT)
        as_an_example = said is None and (meaning.intent == JOINING or (meaning.proposed and meaning.intent == NAMING))
        if as_an_example:
            said = meaning.text
        if said is None:
            return meaning
        slots = {name: value for name, value in meaning.slots.items() if name != NAME_SLOT}
        names = self._vocabulary.name_answers.names(said, self._vocabulary.writing.words(said))
        if meaning.intent == JOINING and not as_an_example and not self._names_only(names, said):
            names = ()
        if names:
            slots["names"] = self.as_known(names, expectation)
        return replace(meaning, slots=slots)

    def _names_only(self, names: tuple[str, ...], said: str) -> bool:
        return self._vocabulary.name_answers.nothing_else(names, self._vocabulary.writing.words(said))

    def corrected(self, hypotheses: Sequence[Hypothesis], expectation: Expectation) -> Meaning | None:
        """ "No, Anna", where somebody is called something like it: the whole utterance, and that name alone."""
        if not expectation.people or NAMING not in expectation.intents:
            return None
        known = self._vocabulary
        for hypothesis in hypotheses:
            words = known.writing.words(hypothesis.text)
            length = known.corrections.at(words, 0)
            names = known.name_answers.names(" ".join(words[length:]), words[length:]) if length else ()
            if len(names) != 1 or not known.name_answers.nothing_else(names, words[length:]):
                continue
            wrong = put_right(names[0], expectation.people, known.sounds.distance)
            if wrong is not None:
                return Meaning(hypothesis.text, NAMING, {"names": [names[0]], "instead_of": wrong}, 1.0, 1.0)
        return None


def names_somebody(meaning: Meaning, expectation: Expectation) -> bool:
    """Whether a request that holds a name names somebody; of those who take part, where it can be said only of them."""
    names = set(meaning.slots.get("names", ()))
    if meaning.intent == OF_THOSE_HERE:
        return bool(names) and names.issubset(expectation.people)
    if meaning.intent == JOINING and "sure" not in meaning.slots:  # "spring is back" is no guest
        return bool(names) and names.issubset((*expectation.people, *expectation.known))
    return bool(names) or meaning.intent not in ABOUT_SOMEBODY
