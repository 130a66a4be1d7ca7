"""Answers that are words: the names of the people, one word for a day."""

from __future__ import annotations

import re
from collections.abc import Set

from assistant.understanding.language import Names, Word
from assistant.understanding.words.normal import MAX_CHARACTERS
from assistant.understanding.words.shells import Run, Runs

_NAME = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*")
_LIST_SIGNS = re.compile(r"[,;&+/]")
_SEPARATOR = ","
LONGEST_ANSWER_WORDS = 24
LONGEST_KEPT_WORDS = 3


class NameAnswers:
    """Names out of "I'm Ana and this is Ben".

    A recogniser writes no commas, so in lower-case text each word is a name of its own ("ana ben and clara" are three
    people); typed with capitals and commas, "Mary Ann, Ben" are two.
    """

    def __init__(self, names: Names, leads: Runs, alone: Runs, ordinary: Set[str]) -> None:
        self._names = names
        self._leads = leads
        self._alone = alone
        # Words of commands and little words: names only when slots/names.yaml says so.
        self._ordinary = (ordinary | names.never) - names.tolerated
        self._joiners = Runs(tuple(text.split()) for text in names.joiners)

    def names(self, text: str, in_full: Run) -> tuple[str, ...]:
        """The names in ``text`` (``in_full``: the same words written out); () when there are none."""
        typed = text[:MAX_CHARACTERS]
        listed = bool(_LIST_SIGNS.search(typed)) and typed != typed.lower()
        if listed:
            parts = _LIST_SIGNS.split(typed)
            words: list[str] = []
            for part in parts:
                words += [word.lower() for word in _NAME.findall(_full_is(part))] + [_SEPARATOR]
        else:
            words = list(in_full)
        runs = self._runs(words)
        if len(words) > LONGEST_ANSWER_WORDS or self._is_talk(runs):
            return ()
        found: list[str] = []
        for run in self._hyphened([self._without_ordinary(run) for run in runs], typed):
            spoken = [" ".join(map(_capital, run))] if listed else [_capital(word) for word in run]
            found += [name for name in spoken if name not in found]
        return tuple(found) if len(found) <= self._names.at_most else ()

    def says_alone(self, in_full: Run) -> bool:
        """Whether ``in_full`` says that nobody else is there, and no name: "just me"."""
        return bool(in_full) and self._alone.at(in_full, 0) == len(in_full)

    def joins_the_speaker(self, in_full: Run) -> bool:
        """Whether the speaker is joined to those who are named, "me and Ben": not "I am Ana and this is Ben"."""
        for place, word in enumerate(in_full):
            if word not in self._names.speaker:
                continue
            after = in_full[place + 1 :]
            follows_a_joiner = any(self._joiners.at(in_full, start) == place - start for start in range(place))
            if self._joiners.at(after, 0) and len(after) > 1:
                return True
            if follows_a_joiner and not after:
                return True
        return False

    def namesake(self, text: str, in_full: Run) -> str | None:
        """The name that is said twice with a joiner between; said twice without one, somebody only began anew."""
        for name in self.names(text, in_full):
            places = [place for place, word in enumerate(in_full) if word == name.lower()]
            if len(places) > 1 and self._joiners.at(in_full, places[0] + 1):
                between = in_full[places[0] + 1 : places[1]]
                if all(word in self._names.tolerated or self._joiners.at((word,), 0) for word in between):
                    return name
        return None

    def nothing_else(self, names: tuple[str, ...], in_full: Run) -> bool:
        """Whether ``in_full`` is ``names`` and words that join them, so that no word was passed over."""
        told = {word.lower() for name in names for word in name.split()}
        place = 0
        while place < len(in_full):
            length = 1 if in_full[place] in told else self._joiners.at(in_full, place)
            if not length:
                return False
            place += length
        return True

    def _runs(self, words: list[str]) -> list[list[str]]:
        """Words that are names, split where a joiner or an introduction stands between."""
        runs: list[list[str]] = [[]]
        place = 0
        while place < len(words):
            length = self._leads.at(words, place) or self._joiners.at(words, place)
            if length or words[place] == _SEPARATOR or words[place] in self._names.tolerated:
                runs.append([])
                place += length or 1
                continue
            if _NAME.fullmatch(words[place]) and len(words[place]) > 1:
                runs[-1].append(words[place])
            place += 1
        return [run for run in runs if run]

    def _is_talk(self, runs: list[list[str]]) -> bool:
        """More ordinary words than one: somebody is telling something."""
        strays = [w for run in runs for w in run if w in self._ordinary and run != [w]]
        alone = [run[0] for run in runs if len(run) == 1 and run[0] in self._ordinary - self._names.also_words]
        return len(strays) + len(alone) > 1

    def _without_ordinary(self, run: list[str]) -> list[str]:
        if len(run) == 1 and run[0] in self._names.also_words:
            return run
        return [word for word in run if word not in self._ordinary]

    def _hyphened(self, runs: list[list[str]], typed: str) -> list[list[str]]:
        """Double names written with a hyphen stay one."""
        doubles = [name.lower() for name in _NAME.findall(typed) if "-" in name]
        joined = []
        for run in runs:
            text = " ".join(run)
            for double in doubles:
                text = text.replace(double.replace("-", " "), double)
            joined.append(text.split())
        return [run for run in joined if run]


def _full_is(text: str) -> str:
    return re.sub(r"['\u2019](m|s|re)\b", r" is", text)


def _capital(word: str) -> str:
    return re.sub(r"(^|['-])(\w)", lambda match: match[1] + match[2].upper(), word)


class WordAnswers:
    def __init__(self, word: Word, leads: Runs) -> None:
        self._word = word
        self._leads = leads

    def word(self, words: Run) -> str | None:
        """The word itself out of "I'd say hopeful, because"; None when nothing but an introduction was said."""
        place = 0
        while length := self._leads.at(words, place):
            if place + length == len(words):
                break  # "so-so", "well": the introduction itself is the answer
            place += length
        end = next((n for n in range(place + 1, len(words)) if words[n] in self._word.cuts), len(words))
        kept = words[place:end]
        if not kept:
            return None
        return " ".join(kept) if len(kept) <= LONGEST_KEPT_WORDS else kept[-1]
