"""One call of `step` while it is worked out: the state so far and the effects asked for so far.

It lives for one event only; from outside, `step` stays a pure function.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from assistant.dialogue import wording
from assistant.dialogue.library import Library
from assistant.dialogue.lines import Lines, Variants
from assistant.dialogue.plan import Stop, card_place, number_given
from assistant.dialogue.prompts import Prompts
from assistant.dialogue.ritual import OfferStep, Ritual
from assistant.dialogue.state import Session, State, Tally
from assistant.dialogue.steps import AskStep, DrawStep, Floor, SayStep
from assistant.events import CancelTimer, Effect, FreeFloor, Hush, Say, Utterance

QUIET_TIMER = "quiet"
BREATH_TIMER = "breath"
TICK_TIMER = "tick"
PAUSE_TIMER = "pause"
EVENING_TIMER = "evening"
MUTE_TIMER = "mute"


class Moment:
    def __init__(self, state: State, library: Library, at_s: float) -> None:
        self.state = state
        self.before = state
        self.library = library
        self.at_s = at_s
        self.utterance: Utterance | None = None  # that is being answered
        self.effects: list[Effect] = []

    @property
    def prompts(self) -> Prompts:
        return self.library.prompts

    @property
    def session(self) -> Session:
        assert self.state.session is not None
        return self.state.session

    @property
    def ritual(self) -> Ritual:
        return self.library.rituals[self.session.ritual]

    @property
    def stops(self) -> tuple[Stop, ...]:
        session = self.session
        return self.library.stops(session.ritual, session.people, session.circle)

    @property
    def stop(self) -> Stop:
        return self.stops[self.session.at]

    @property
    def is_answered(self) -> bool:
        """Whether the present stop has its answer, or its card, already: somebody went back, or all began again."""
        return any(one.stop == self.session.at for one in self.session.given)

    def change(self, **fields: Any) -> None:
        self.state = replace(self.state, **fields)

    def change_session(self, **fields: Any) -> None:
        self.state = replace(self.state, session=replace(self.session, **fields))

    def emit(self, *effects: Effect) -> None:
        self.effects += effects

    def say(self, key: str, **values: str) -> None:
        """A line of prompts.yaml: ``key`` is ``section.name``."""
        section, name = key.split(".")
        self._speak(key, getattr(getattr(self.prompts, section), name), values, 0.0)

    def ask(self, key: str, **values: str) -> None:
        """`say` for a question: "say that again" says it once more."""
        before = len(self.effects)
        self.say(key, **values)
        said = (effect.text for effect in self.effects[before:] if isinstance(effect, Say))
        self.change(spoken=" ".join(said))

    def say_variants(self, key: str, variants: Variants, **values: str) -> str:
        """One of ``variants``, which are counted under ``key`` so that another comes the next time; its words."""
        return self._speak(key, variants, values, 0.0)

    def say_lines(self, key: str, lines: Lines, stop: Stop | None = None, pause_s: float = 0.0, **more: str) -> str:
        """A line of the ritual, its placeholders filled in, also from ``more``; returns its words."""
        people = self.present
        suffix, variants = wording.lines_for(lines, people, stop.turn if stop is not None else 0)
        values = {"names": wording.row(people, self.prompts.joiner)}
        if stop is not None:
            values |= self._values(stop)
        values |= more
        return self._speak(f"{self.session.ritual}.{key}{suffix}", variants, values, pause_s)

    def _values(self, stop: Stop) -> dict[str, str]:
        """What the placeholders stand for at ``stop``, as far as it is known."""
        values = {"name": stop.person, "other": stop.other, "card": self.card, "about": self.about_spoken}
        if isinstance(stop.step, OfferStep) and stop.step.first_turn:
            values["name"] = self.session.people[0]
        if isinstance(stop.step, SayStep) and stop.step.numbers_of:
            numbers = self.numbers_given(stop.step.numbers_of)
            spoken = [self.prompts.left_out if one is None else self.in_words(round(one)) for one in numbers]
            values["numbers"] = wording.row(spoken, self.prompts.joiner)
        return {name: value for name, value in values.items() if value}

    @property
    def present(self) -> tuple[str, ...]:
        """Who takes part, and has not left."""
        return tuple(name for name in self.session.people if name not in self.session.gone)

    @property
    def card(self) -> str | None:
        """The words of the card that counts here; None when none was drawn."""
        place = card_place(self.stops, self.session)
        if place is None:
            return None
        step = self.stops[place].step
        assert isinstance(step, DrawStep)
        number = next(one.value for one in self.session.given if one.stop == place)
        assert isinstance(number, float | int)
        return self.library.decks[step.deck].at(step.depth)[int(number)]

    @property
    def about(self) -> str | None:
        """Whom the answers are about, when a question of this session asked for the name and got one."""
        for one in reversed(self.session.given):
            step = self.stops[one.stop].step
            if isinstance(step, AskStep) and step.answer == "name":
                return str(one.value)
        return None

    @property
    def about_spoken(self) -> str | None:
        asked = (stop.step for stop in self.stops[: self.session.at])
        named = [step.otherwise for step in asked if isinstance(step, AskStep) and step.answer == "name"]
        return self.about or (named[-1] if named else None)

    def numbers_given(self, questions: Sequence[str]) -> tuple[float | None, ...]:
        """The answers to rate questions, in their order; None where there was none."""
        return tuple(number_given(self.stops, self.session, one) for one in questions)

    def in_words(self, number: int) -> str:
        """A number as it is spoken; past those that have words, its digits."""
        words = self.prompts.numbers
        return words[number] if number < len(words) else str(number)

    def say_text(self, text: str) -> None:
        self.emit(Say(text))
        self.change(speaking=True)

    def _speak(self, key: str, variants: Variants, values: dict[str, str], pause_s: float) -> str:
        self.state, line = wording.choose(self.state, key, variants)
        made = wording.parts(line, values)
        for number, (text, after_s) in enumerate(made, start=1):
            self.emit(Say(text, after_s + (pause_s if number == len(made) else 0.0)))
        self.change(speaking=True)
        return " ".join(text for text, _ in made)

    def hush(self) -> None:
        """Cut what is being said. What was cut is reported, and is kept for going on unless something is kept."""
        if not self.state.speaking:
            return
        # An answer to a command may be cut for good; what that command interrupted may not.
        keep = self.state.phase == "paused" or (self.state.then == "continue" and bool(self.state.unsaid))
        self.emit(Hush())
        self.change(speaking=False, hushed="drop" if keep else "take")
        if not keep:
            self.change(unsaid="")

    def stop_timers(self) -> None:
        """Stop a running silence or breath; what is left of it is kept."""
        session = self.state.session
        if session is None or session.since_s is None:
            return
        self.emit(CancelTimer(QUIET_TIMER), CancelTimer(BREATH_TIMER))
        left_s = session.left_s
        gone_s = self.at_s - session.since_s
        if left_s is not None:
            left_s = max(0.0, left_s - gone_s)
        if session.at < len(self.stops) and isinstance(self.stop.step, Floor):
            self._free_floor(gone_s)
        self.change_session(since_s=None, left_s=left_s)

    def _free_floor(self, held_s: float) -> None:
        place = self.session.at
        tallies = [one for one in self.session.tallies if one.stop != place]
        known = next((one for one in self.session.tallies if one.stop == place), Tally(place))
        self.change_session(tallies=(*tallies, replace(known, held_s=known.held_s + held_s)))
        self.emit(CancelTimer(TICK_TIMER), FreeFloor())
