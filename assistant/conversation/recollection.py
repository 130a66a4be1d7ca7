"""What dialogue asks memory, answered: each topic of `Inquire` as plain values that can be spoken of."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Literal

from assistant.events import Topic
from assistant.memory import Journal
from assistant.memory.listening import last_given_back, last_listening
from assistant.memory.measures import LISTENING, MEASURES, interruptions, points
from assistant.memory.periods import moments, span
from assistant.memory.recall import Found, Question
from assistant.memory.trends import Point, trend

SESSIONS_SEARCHED = 20
MOST_TO_CHOOSE_FROM = 3  # words of which one may be enough; of more, that is something else
SAID_APART = 2  # people whose trends are told one by one; of more, all together
Facts = Mapping[str, Any]


class Recollection:
    """Answers from ``journal``; docs/contracts.md lists the topics and their facts.

    ``alone_is_private``: what somebody said alone is told to nobody else, but where only one person ever took part.
    ``near`` gives words near in meaning to one that was never said; None: nothing is looked for by its meaning.
    """

    def __init__(
        self,
        journal: Journal,
        *,
        alone_is_private: bool = True,
        near: Callable[[str], tuple[str, ...]] | None = None,
    ) -> None:
        self._journal = journal
        self._near = near
        self._alone_is_private = alone_is_private

    def answer(self, topic: Topic, about: Mapping[str, Any]) -> Facts | None:
        """The facts of ``topic``; None when there are none, or none are kept here. Raises JournalError."""
        match topic:
            case "last_entry":
                return self._last_entry()
            case "everything":
                return self._everything()
            case "voices":
                return {"people": list(self._journal.voices.all())}
            case "listening":
                return last_listening(self._journal.sessions(ritual=str(about["ritual"])), about["people"])
            case "recall":
                return self._recall(about)
            case "entries":
                found = self._journal.recall.by_id(about["ids"], self._confided(about))
                return {"found": [self._plain(one) for one in found]}
            case "some":
                return self._some(about)
            case "closed":
                return self._closed(about)
            case "leaving":
                asked = self._journal.leaving()
                return {"day": self._day(asked.astimezone(self._journal.now().tzinfo).date())} if asked else None
            case "opened":
                return self._opened(about)
            case "trend":
                return self._trend(about)
            case "passphrase":
                person = self._journal.passphrases.whose(about["words"])
                return {"person": person} if person else None
            case _:
                return None

    def forget(self, what: Literal["last_entry", "everything", "some", "closed"], about: Mapping[str, Any]) -> None:
        """Really remove it; of "some", what `answer` told of for the same ``about``. Raises JournalError."""
        if what == "last_entry":
            self._journal.delete_last_entry()
        elif what == "everything":
            self._journal.delete_everything(grace=not about.get("now"))
        elif what == "closed":
            self._journal.delete_some(self._journal.closed.ids(about["session"], about["key"]))
        else:
            self._journal.delete_some(self._doomed(about), about.get("person"))

    def _some(self, about: Mapping[str, Any]) -> Facts | None:
        """How many answers, of how many evenings, would go; those that were said alone are counted as well."""
        doomed = self._doomed(about)
        if not doomed:
            return None
        return {"entries": len(doomed), "sessions": self._journal.sessions_of(doomed)}

    def _doomed(self, about: Mapping[str, Any]) -> tuple[int, ...]:
        """What is to be deleted: of a person, whatever they said, was said to them or names them; of a time, all."""
        since, until = moments(about["period"], self._journal.now()) if about.get("period") else (None, None)
        asked = Question(since=since, until=until, confided="", words=tuple(about.get("words", ())), exactly=True)
        person = about.get("person")
        if person is None:
            narrowed = replace(asked, person=self._person(about))
            found = {one.id for one in self._journal.recall.find(narrowed, limit=-1)}
            return (*sorted(found), *self._journal.closed.asked_for(narrowed))
        found = {
            one.id
            for question in (
                replace(asked, person=person),
                replace(asked, about=person),
                replace(asked, words=(*asked.words, person)),
            )
            for one in self._journal.recall.find(question, limit=-1)
        }
        return (*sorted(found), *self._journal.closed.asked_for(asked, naming=str(person)))

    def _last_entry(self) -> Facts | None:
        last = self._journal.last_entry()
        return {"ritual": last.ritual, "person": last.person} if last else None

    # --- closed answers ---

    def _closed(self, about: Mapping[str, Any]) -> Facts | None:
        """The closed answers there are: of the question ``key`` of the session under way, or all. Never their words."""
        key = about.get("key")
        session = None if key is None else self._journal.closed.session(about.get("session"))
        found = self._journal.closed.waiting(session, key)
        sets = [
            {
                "session": one.session,
                "ritual": one.ritual,
                "key": one.key,
                "day": self._day(one.at.date()),
                "answered": list(one.answered),
                "missing": list(one.missing),
                "willing": list(one.willing),
                "cards": one.cards,
            }
            for one in found
        ]
        return {"sets": sets} if sets else None

    def _opened(self, about: Mapping[str, Any]) -> Facts | None:
        """The answers to ``key`` of a session, once nothing of it is closed; None while it is."""
        session = self._journal.closed.session(about.get("session"))
        if session is None or self._journal.closed.waiting(session, about["key"]):
            return None
        asked = Question(session=session, keys=(about["key"],), confided="", oldest=True)
        return {"found": [self._plain(one) for one in self._journal.recall.find(asked)]}

    def _everything(self) -> Facts | None:
        held = self._journal.held()
        return held if any(held.values()) else None

    # --- giving back ---

    def _recall(self, about: Mapping[str, Any]) -> Facts | None:
        """What the slots of the request ask for; `Facts` of answers, or of the evenings when they were held."""
        question = self._question(about)
        if about.get("asks") in ("when", "often") and not question.words and not (question.keys and about.get("about")):
            held = self._held(about, question)
            if held is not None:
                return held
        if about.get("last") and not question.words:
            question = self._of_last_session(question)
        found = self._search(question, about)
        by_meaning = not found and bool(question.words) and self._near is not None
        if by_meaning:
            found = self._search(self._widened(question), about)
        if not found:
            private = self._confided(about) != "" and self._journal.passphrases.any()
            return {"found": [], "ids": [], "private": private and bool(about.get("mine"))}
        if about.get("last") and question.words:
            found = found[:1]
        return {
            "found": [self._plain(one) for one in found],
            "ids": [one.id for one in found],
            "asks": about.get("asks", "what"),
            "near": by_meaning,
        }

    def _widened(self, question: Question) -> Question:
        """``question`` with words near in meaning to those of its words that were never said."""
        assert self._near is not None
        return replace(question, near={word: self._near(word) for word in self._journal.recall.unsaid(question.words)})

    def _question(self, about: Mapping[str, Any]) -> Question:
        since, until = moments(about["period"], self._journal.now()) if about.get("period") else (None, None)
        return Question(
            since=since,
            until=until,
            ritual=about.get("ritual"),
            keys=tuple(about.get("keys", ())),
            person=self._person(about),
            about=about.get("about"),
            words=tuple(about.get("words", ())),
            confided=self._confided(about),
            oldest=about.get("order") == "oldest",
        )

    def _person(self, about: Mapping[str, Any]) -> str | None:
        """Whose answers are asked for. "I" is known while one person is here, or has told a passphrase."""
        if about.get("person"):
            return str(about["person"])
        if not about.get("mine"):
            return None
        if about.get("confided"):
            return str(about["confided"])
        here = about.get("here", ())
        return here[0] if len(here) == 1 else None

    def _confided(self, about: Mapping[str, Any]) -> str | None:
        """As in `Question`: a household of one has nobody to keep anything from."""
        if not self._alone_is_private or self._is_of_one(about.get("here", ())):
            return ""
        return about.get("confided")

    def _is_of_one(self, here: Sequence[str]) -> bool:
        return self._journal.is_of_one() and len({*self._journal.people(), *here}) < SAID_APART

    def _held(self, about: Mapping[str, Any], question: Question) -> Facts | None:
        if question.ritual is None:
            return None
        held = self._journal.recall.sessions(question)
        if not held:
            return {"held": 0, "ritual": question.ritual}
        one = held[-1] if question.oldest else held[0]
        return {
            "held": len(held),
            "asks": about["asks"],
            "ritual": question.ritual,
            "oldest": question.oldest,
            "day": self._day(one[2].date()),
        }

    def _of_last_session(self, question: Question) -> Question:
        """The latest session in which something of the kind was answered, as it was said."""
        for session, _, _ in self._journal.recall.sessions(question, SESSIONS_SEARCHED):
            inside = replace(question, session=session, oldest=True)
            if self._journal.recall.find(inside, 1):
                return inside
        return question

    def _search(self, question: Question, about: Mapping[str, Any]) -> tuple[Found, ...]:
        """Ever less exactly, until something is found. The time and the person are never given up."""
        for attempt in self._attempts(question, about):
            found = self._journal.recall.find(attempt)
            if found:
                return found
        return ()

    def _attempts(self, question: Question, about: Mapping[str, Any]) -> list[Question]:
        several = 1 < len(question.words) <= MOST_TO_CHOOSE_FROM
        tries = [question]
        if several:
            tries.append(replace(question, any_word=True))
        theme = tuple(word for word in str(about.get("theme", "")).split() if len(word) > 2)
        if theme and question.words:
            free = replace(question, ritual=None, keys=())
            tries += [free, replace(free, any_word=True)] if several else [free]
        elif theme and question.session is None:
            tries.append(replace(question, ritual=None, keys=(), words=theme[-1:]))
        if question.about is not None:
            named = replace(question, about=None, words=(*question.words, question.about.lower()))
            tries += [named, replace(named, ritual=None, keys=())]
        return tries

    def _plain(self, found: Found) -> dict[str, Any]:
        entry = found.entry
        return {
            "ritual": found.ritual,
            "key": entry.key,
            "person": entry.person,
            "about": entry.about,
            "text": entry.text,
            "number": entry.number,
            "day": self._day(entry.at.date()),
        }

    def _day(self, day: date) -> dict[str, int]:
        """A day as it can be spoken of: its date, and how many days ago it was."""
        today = self._journal.now().date()
        return {
            "year": day.year,
            "month": day.month,
            "day": day.day,
            "weekday": day.weekday(),
            "ago": (today - day).days,
        }

    # --- trends ---

    def _trend(self, about: Mapping[str, Any]) -> Facts | None:
        """How a measure stands, for each person or, of more than two, for all together; None: nothing was measured."""
        today = self._journal.now().date()
        since = span(about["period"], today)[0] if about.get("period") else None
        confided, person = self._confided(about), self._person(about)
        for name in (about["measure"],) if about.get("measure") else tuple(MEASURES):
            given_back: Mapping[str, int] = {}
            if name == LISTENING:
                sessions = self._journal.sessions()
                by_person, given_back = interruptions(sessions), last_given_back(sessions)
            else:
                by_person = points(self._journal.recall, name, confided)
            if person is not None:
                by_person = {person: by_person.get(person, ())}
            elif len(by_person) > SAID_APART:
                by_person = {None: tuple(one for of in by_person.values() for one in of)}
            back = {who: count for who, count in given_back.items() if person in (None, who)}
            if any(by_person.values()) or name == LISTENING:
                told = [self._told(who, given, today, since) for who, given in by_person.items() if given]
                evenings = self._evenings(since, today, confided)
                return {"measure": name, "trends": told, "evenings": evenings, "given_back": back}
        return None

    def _told(self, who: str | None, given: tuple[Point, ...], today: date, since: date | None) -> dict[str, Any]:
        found = trend(given, today, since)
        return {"person": who, "now": found.now, "before": found.before, "direction": found.direction}

    def _evenings(self, since: date | None, today: date, confided: str | None) -> int:
        """On how many days of this month, or since ``since``, something was held."""
        begin = since or today.replace(day=1)
        now = self._journal.now()
        start = now.replace(
            year=begin.year, month=begin.month, day=begin.day, hour=0, minute=0, second=0, microsecond=0
        )
        held = self._journal.recall.sessions(Question(since=start, confided=confided), limit=-1)
        return len({at.date() for _, _, at in held})
