"""Patterns that are looked for anywhere in what was heard, also where a word of them was misheard.

The notation is that of templates, ``(a|b)``, ``[optional]`` and ``<rule>``, with ``..`` for up to three words in
between, ``...`` for up to eight, ``^`` for the beginning and ``$`` for the end of the utterance. All patterns together
are one automaton (Thompson, 1968), which reads an utterance once, word by word. A word that may have been misheard for
an awaited one passes at a cost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property

from assistant.understanding.templates import MAX_DEPTH, TemplateError

GAPS = {"..": 3, "...": 8}
BEGINNING, END = "^", "$"
COST_LIMIT = 0.36  # what may be misheard in one pattern, in all
LEAST_WORDS_MISHEARD = 3  # a pattern of fewer words must be heard as it stands

Label = str  # a word, or "<class>" for a rule that is nothing but single words
# What may have been said at one place: (label, how many of the words it takes, what it costs).
Row = Sequence[tuple[Label, int, float]]

_NOTHING: Mapping[Label, tuple[int, ...]] = {}

_CLOSING = ("", "|", ")", "]")  # what a choice ends before
_TOKEN = re.compile(r"\s*([()\[\]|]|<[a-z_]+>|[^\s()\[\]|<>]+)")


@dataclass(frozen=True, slots=True)
class Span:
    """Pattern number ``pattern`` was found in the words from ``start`` up to, not including, ``end``."""

    pattern: int
    start: int
    end: int
    cost: float


@dataclass(slots=True)
class _Node:
    on: Mapping[Label, tuple[int, ...]] = field(
        default_factory=lambda: _NOTHING
    )  # one for all: most nodes await no word
    anything: int | None = None
    free: tuple[int, ...] = ()
    pattern: int | None = None


@dataclass(frozen=True, slots=True)
class _Thread:
    """A pattern half read: where it began, what was misheard in it so far, how many words of it were heard."""

    start: int
    cost: float
    words: int


class Patterns:
    """Many patterns in one automaton. ``barriers`` are the words that no gap may pass over ("not")."""

    def __init__(self, rules: Mapping[str, str], barriers: Set[str]) -> None:
        self._rules = rules
        self._barriers = barriers
        self._nodes: list[_Node] = [_Node()]
        self._classes: dict[str, tuple[str, ...]] = {}
        self._labels: dict[str, dict[Label, None]] = {}
        self._count = 0

    @property
    def words(self) -> Set[str]:
        """Every word that some pattern awaits."""
        return self._labels.keys()

    def labels(self, word: str) -> Set[Label]:
        """What ``word`` may pass as: itself, and the classes that it belongs to."""
        return self._labels.get(word, {}).keys()

    def add(self, template: str) -> int:
        """Compile one pattern; returns its number. Raises TemplateError."""
        number, self._count = self._count, self._count + 1
        begin = self._new()
        end = _Builder(self, template, 0).build(begin)
        if self._silent(begin, end):
            raise TemplateError("it would match silence, because everything in it is optional")
        self._nodes[0].free += (begin,)
        self._nodes[end].pattern = number
        return number

    # --- building ---

    def _new(self) -> int:
        self._nodes.append(_Node())
        return len(self._nodes) - 1

    def _join(self, begin: int, end: int) -> None:
        self._nodes[begin].free += (end,)

    def _word(self, begin: int, word: str, end: int | None = None) -> int:
        if word not in (BEGINNING, END):
            self._labels.setdefault(word, {})[word] = None
        return self._pass(begin, word, end)

    def _gap(self, begin: int, most: int) -> int:
        end = self._new()
        for _ in range(most):
            self._join(begin, end)
            step, after = self._new(), self._new()
            self._join(begin, step)
            self._nodes[step].anything = after
            begin = after
        self._join(begin, end)
        return end

    def _of_rule(self, begin: int, name: str, depth: int) -> int:
        if name not in self._rules:
            raise TemplateError(f"there is no expansion rule <{name}>; define it under rules")
        if depth > MAX_DEPTH:
            raise TemplateError("its expansion rules contain each other")
        if name not in self._classes:
            self._classes[name] = self._single_words(name, depth)
        if not self._classes[name]:
            return _Builder(self, self._rules[name], depth).build(begin)
        for word in self._classes[name]:
            self._labels.setdefault(word, {})[f"<{name}>"] = None
        return self._pass(begin, f"<{name}>")

    def _pass(self, begin: int, label: Label, end: int | None = None) -> int:
        """From ``begin`` by ``label`` to ``end``, or to a new node."""
        end = self._new() if end is None else end
        ways = self._nodes[begin].on
        if end not in ways.get(label, ()):
            self._nodes[begin].on = {**ways, label: (*ways.get(label, ()), end)}
        return end

    def _single_words(self, name: str, depth: int) -> tuple[str, ...]:
        """The words of a rule that is nothing but a choice of single words; none when it is more."""
        inside = self._rules[name].strip().removeprefix("(").removesuffix(")")
        if depth > MAX_DEPTH:
            raise TemplateError("its expansion rules contain each other")
        words: list[str] = []
        for choice in inside.split("|"):
            rule = re.fullmatch(r"<([a-z_]+)>", choice.strip())
            if rule and rule[1] in self._rules:
                found = self._single_words(rule[1], depth + 1)
            else:
                found = (choice.strip(),) if re.fullmatch(r"[^\s()\[\]|<>$^.]+", choice.strip()) else ()
            if not found:
                return ()
            words += found
        return tuple(words)

    def _silent(self, begin: int, end: int) -> bool:
        reached, waiting = {begin}, [begin]
        while waiting:
            new = [after for after in self._nodes[waiting.pop()].free if after not in reached]
            reached.update(new)
            waiting += new
        return end in reached

    # --- reading ---

    def find(self, lattice: Sequence[Row], words: Sequence[str]) -> list[Span]:
        """All places where a pattern was heard; ``lattice`` has a row for each of ``words``."""
        if not words:
            return []
        found: dict[tuple[int, int], Span] = {}
        active: list[dict[int, _Thread]] = [{} for _ in range(len(words) + 1)]
        self._open(active, lattice[0], words[0] not in self._barriers)
        for place in range(1, len(words) + 1):
            self._close(active[place], place, len(words))
            for node, thread in active[place].items():
                pattern = self._nodes[node].pattern
                if pattern is not None and (thread.cost == 0 or thread.words >= LEAST_WORDS_MISHEARD):
                    found[pattern, place] = Span(pattern, thread.start, place, thread.cost)
            if place < len(words):
                self._step(active, place, lattice[place], words[place] not in self._barriers)
                self._begin(active, place, lattice[place])
        return list(found.values())

    def _open(self, active: list[dict[int, _Thread]], row: Row, passes: bool) -> None:
        """The first word of the utterance, where gaps and the mark of the beginning may stand before it."""
        ways, gaps = self._first_of_all
        for after in gaps if passes else ():
            _enter(active[1], after, _Thread(0, 0.0, 0))
        for label, length, cost in row:
            for after in ways.get(label, ()):
                _enter(active[length], after, _Thread(0, cost, 1))

    def _step(self, active: list[dict[int, _Thread]], place: int, row: Row, passes: bool) -> None:
        for node, thread in active[place].items():
            at = self._nodes[node]
            if passes and at.anything is not None:
                _enter(active[place + 1], at.anything, thread)
            if not at.on:
                continue
            for label, length, cost in row:
                if label in at.on and thread.cost + cost <= COST_LIMIT:
                    onward = _Thread(thread.start, thread.cost + cost, thread.words + 1)
                    for after in at.on[label]:
                        _enter(active[place + length], after, onward)

    def _begin(self, active: list[dict[int, _Thread]], place: int, row: Row) -> None:
        """The first words of all patterns at once."""
        for label, length, cost in row:
            for after in self._first.get(label, ()):
                _enter(active[place + length], after, _Thread(place, cost, 1))

    @cached_property
    def _first(self) -> Mapping[Label, tuple[int, ...]]:
        return self._ways_in(1)[0]

    @cached_property
    def _first_of_all(self) -> tuple[Mapping[Label, tuple[int, ...]], tuple[int, ...]]:
        return self._ways_in(0)

    def _ways_in(self, place: int) -> tuple[Mapping[Label, tuple[int, ...]], tuple[int, ...]]:
        """Where each first word of a pattern leads, and where a gap before it does."""
        active = {0: _Thread(0, 0.0, 0)}
        self._close(active, place, place + 1)
        ways: dict[Label, tuple[int, ...]] = {}
        gaps: list[int] = []
        for node in active:
            at = self._nodes[node]
            gaps += [] if at.anything is None else [at.anything]
            for label, ends in at.on.items():
                ways[label] = (*ways.get(label, ()), *ends)
        return ways, tuple(gaps)

    def _close(self, active: dict[int, _Thread], place: int, length: int) -> None:
        """Go wherever no word is needed: past optional parts, the beginning and the end."""
        nodes = self._nodes
        waiting = list(active)
        while waiting:
            node = waiting.pop()
            thread = active[node]
            at = nodes[node]
            onward = at.free
            if place == 0 and at.on:
                onward += at.on.get(BEGINNING, ())
            if place == length and at.on:
                onward += at.on.get(END, ())
            for after in onward:
                known = active.get(after)
                if known is None or _is_better(thread, known):
                    active[after] = thread
                    if nodes[after].free or nodes[after].on:
                        waiting.append(after)


class _Builder:
    """Builds the nodes of one template."""

    def __init__(self, patterns: Patterns, template: str, depth: int) -> None:
        self._patterns = patterns
        self._depth = depth
        self._tokens = _TOKEN.findall(template)
        if "".join(self._tokens) != "".join(template.split()):
            raise TemplateError("only words, (a|b), [optional], <rule> and gaps may stand in it")
        self._at = 0

    def build(self, begin: int) -> int:
        end = self._choice(begin)
        if self._at < len(self._tokens):
            raise TemplateError("brackets do not match")
        return end

    def _choice(self, begin: int) -> int:
        if not self._has_others():
            return self._sequence(begin)
        end = self._patterns._new()
        self._sequence(begin, end)
        while self._next() == "|":
            self._at += 1
            self._sequence(begin, end)
        return end

    def _has_others(self) -> bool:
        """Whether what begins here is one of several choices."""
        depth = 0
        for piece in self._tokens[self._at :]:
            depth += (piece in ("(", "[")) - (piece in (")", "]"))
            if depth < 0:
                return False
            if piece == "|" and depth == 0:
                return True
        return False

    def _sequence(self, begin: int, end: int | None = None) -> int:
        """One choice, which leads to ``end`` where that is given; a word that stands last leads there itself."""
        here = begin
        while (token := self._next()) not in _CLOSING:
            self._at += 1
            if token in GAPS:
                here = self._patterns._gap(here, GAPS[token])
            elif token in ("(", "["):
                here = self._bracket(here, token)
            elif token[0] == "<":
                here = self._patterns._of_rule(here, token[1:-1], self._depth + 1)
            else:
                here = self._patterns._word(here, token, end if self._next() in _CLOSING else None)
        if here == begin:
            raise TemplateError("one of its choices is empty")
        if end is not None and here != end:
            self._patterns._join(here, end)
        return here if end is None else end

    def _bracket(self, begin: int, opening: str) -> int:
        end = self._choice(begin)
        if self._next() != (")" if opening == "(" else "]"):
            raise TemplateError("brackets do not match")
        self._at += 1
        if opening == "[":
            after = self._patterns._new()
            self._patterns._join(begin, after)
            self._patterns._join(end, after)
            return after
        return end

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""


def _enter(active: dict[int, _Thread], node: int, thread: _Thread) -> None:
    """Keep the cheapest way to each node, and of equals the shortest."""
    known = active.get(node)
    if known is None or _is_better(thread, known):
        active[node] = thread


def _is_better(thread: _Thread, known: _Thread) -> bool:
    return thread.cost < known.cost or (thread.cost == known.cost and thread.start > known.start)
