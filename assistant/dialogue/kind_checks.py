"""What one step can have wrong by itself: by its kind, and by what was asked before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from assistant.dialogue.deck import Deck
from assistant.dialogue.line_checks import Values
from assistant.dialogue.lines import ByNumber, Lines
from assistant.dialogue.ritual import ChooseStep, OfferStep, Ritual, Step, spoken, walk
from assistant.dialogue.steps import (
    AskStep,
    BreatheStep,
    DrawStep,
    RateStep,
    ReflectStep,
    SayStep,
    SilenceStep,
    TellStep,
    TurnStep,
)
from assistant.understanding.data_file import DataFile, Location
from assistant.understanding.templates.templates import Opener, TemplateError


@dataclass(frozen=True, slots=True)
class Place:
    """Where a step stands: whom it can name, and what was asked and drawn before it on every way here."""

    at: Location
    names: frozenset[str] = frozenset()
    many: bool = False  # two or more people for certain
    asked: frozenset[str] = frozenset()
    of_each: frozenset[str] = frozenset()  # asked of everybody in turn: each can be told what they answered
    known: frozenset[str] = frozenset()  # placeholders that have a value whoever is here


@dataclass(frozen=True, slots=True)
class Check:
    """One ritual file under examination."""

    file: DataFile
    ritual: Ritual
    decks: Mapping[str, Deck]
    levels: frozenset[str]

    def values(self, place: Place) -> Values:
        """The placeholders for lines at ``place``."""
        all_names = frozenset({"names"}) if self.ritual.asks_who else frozenset[str]()
        return Values(place.known, place.names | all_names, place.many, self.ritual.people.max < 2)


def is_a(check: Check, kind: type[Step], wanted: str | None) -> bool:
    """Whether some step of the ritual is of that ``kind`` and has the id ``wanted``."""
    return any(isinstance(step, kind) and step.id == wanted for step in walk(check.ritual.steps))


def check_keeping(check: Check, step: Step, place: Place) -> None:
    """Raise IntentsError where it is kept by an answer that nobody gave."""
    wanted = getattr(step, "keep_if", None)
    if wanted is not None and not (wanted in place.asked and is_a(check, OfferStep, wanted)):
        raise check.file.error(
            f"keep_if: no offer with the id {wanted!r} is made before this step; name one that is.",
            *place.at,
            "keep_if",
        )


def check_kind(check: Check, step: Step, place: Place) -> None:
    """Raise IntentsError for what only this kind of step can have wrong."""
    of = getattr(step, "of", None)
    if of == "other" and "other" not in place.names:
        raise check.file.error("of: other needs a circle around it; put it into an each with over: circle.", *place.at)
    if of == "everyone" and place.names:
        raise check.file.error("of: everyone cannot stand inside an each; put it after that one.", *place.at, "of")
    if getattr(step, "apart", False) and place.names != {"name"}:
        raise check.file.error(
            "apart: only what each is asked in turn can be answered apart; put it into an each with over: people.",
            *place.at,
            "apart",
        )
    match step:
        case (
            SilenceStep(minutes_from=str(wanted))
            | BreatheStep(minutes_from=str(wanted))
            | TurnStep(minutes_from=str(wanted))
        ):
            _check_minutes(check, wanted, place)
        case TellStep():
            _check_tell(check, step, place)
        case ReflectStep():
            _check_reflect(check, step, place)
        case ChooseStep():
            _check_options(check.file, step, place.at)
        case OfferStep():
            _check_offer(check, step, place)
        case DrawStep():
            _check_draw(check, step, place)
        case SayStep():
            for wanted in step.numbers_of:
                if not (wanted in place.asked and is_a(check, RateStep, wanted)):
                    raise check.file.error(
                        f"numbers_of: no rate question with the id {wanted!r} is asked before this step; "
                        "name one that is.",
                        *place.at,
                        "numbers_of",
                    )


def _check_offer(check: Check, offer: OfferStep, place: Place) -> None:
    if offer.first_turn:
        if not place.many or place.names or place.of_each:
            raise check.file.error(
                "first_turn: this is settled where two or more take part, and before the first each; move it there.",
                *place.at,
                "first_turn",
            )
        return
    used = {getattr(step, key, None) for step in walk(check.ritual.steps) for key in ("keep_if", "only_after")}
    if not (offer.yes or offer.no or offer.keep or offer.keep_if or offer.id in used):
        raise check.file.error("nothing follows from this offer; give it yes: or no: steps, or remove it.", *place.at)


def _check_draw(check: Check, draw: DrawStep, place: Place) -> None:
    deck = check.decks.get(draw.deck)
    if deck is None:
        known = ", ".join(sorted(check.decks)) or "none"
        raise check.file.error(f"deck: there is no deck {draw.deck!r}; the decks are: {known}.", *place.at, "deck")
    depths = [depth.id for depth in deck.depths]
    if depths and draw.depth not in depths:
        raise check.file.error(
            f"depth: the deck {deck.id!r} has the depths {', '.join(depths)}; name one of them.", *place.at, "depth"
        )
    if draw.depth is not None and not depths:
        raise check.file.error(f"depth: the deck {deck.id!r} has no depths; remove this.", *place.at, "depth")
    if draw.lines is None:
        others = (
            lines for step in walk(check.ritual.steps) if not isinstance(step, DrawStep) for _, lines in spoken(step)
        )
        if not any(_says_card(line) for lines in others for line in _every(lines)):
            raise check.file.error("the card is drawn and never said; write {card} in lines: here or later.", *place.at)
    elif silent := [line for line in _every(draw.lines) if not _says_card(line)]:
        raise check.file.error(f"{silent[0]!r} does not say the card; write {{card}} into it.", *place.at, "lines")


def _check_tell(check: Check, tell: TellStep, place: Place) -> None:
    chosen = (step for step in walk(check.ritual.steps) if isinstance(step, ChooseStep) and step.id == tell.level_from)
    options = [option.id for step in chosen for option in step.options]
    if tell.level_from not in place.asked or not options:
        raise check.file.error(
            f"level_from: no choose step with the id {tell.level_from!r} comes before this step; name one that does.",
            *place.at,
            "level_from",
        )
    for option in options:
        if option not in check.levels:
            known = ", ".join(sorted(check.levels)) or "none"
            raise check.file.error(
                f"level_from: there are no stories of the level {option!r}; the levels are: {known}.",
                *place.at,
                "level_from",
            )


def _check_reflect(check: Check, reflect: ReflectStep, place: Place) -> None:
    for key, wanted, kinds, what in (
        ("story", reflect.story, (TurnStep, TellStep), "turn or tell step"),
        ("retelling", reflect.retelling, (AskStep,), "ask step"),
    ):
        if not any(is_a(check, kind, wanted) for kind in kinds):
            raise check.file.error(f"{key}: there is no {what} with the id {wanted!r}; name one.", *place.at, key)


def _every(lines: Lines) -> Iterator[str]:
    """All lines as plain text."""
    groups = (lines.alone, lines.together, lines.following) if isinstance(lines, ByNumber) else (lines,)
    for line in (one for group in groups if group is not None for one in group):
        yield line if isinstance(line, str) else " ".join(str(part) for part in line)


def _says_card(line: str) -> bool:
    return "{card}" in line


def _check_options(file: DataFile, step: ChooseStep, at: Location) -> None:
    """Each way to say an option can be read, and means that option only. Rules and slots have no place in them."""
    opener = Opener({}, {}, lambda number: (str(number),))
    meant: dict[str, str] = {}
    for number, option in enumerate(step.options):
        for place, phrase in enumerate(option.phrases):
            here = (*at, "options", number, "phrases", place)
            try:
                sentences = opener.open(phrase)
            except TemplateError as error:
                raise file.error(f"the template {phrase!r} cannot be used: {error}.", *here) from None
            for text, _ in sentences:
                other = meant.setdefault(text.lower(), option.id)
                if other != option.id:
                    raise file.error(
                        f"{text!r} would mean {option.id!r} and {other!r}; take it out of one of them.", *here
                    )


def _check_minutes(check: Check, wanted: str, place: Place) -> None:
    asks = [step for step in walk(check.ritual.steps) if isinstance(step, AskStep) and step.id == wanted]
    if wanted not in place.asked or not asks or asks[0].answer != "minutes":
        raise check.file.error(
            f"minutes_from: no question with the id {wanted!r} and answer: minutes is asked before this step; "
            "add one, or give the length here.",
            *place.at,
            "minutes_from",
        )
