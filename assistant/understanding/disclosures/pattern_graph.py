"""Patterns that are looked for in what was heard, read and laid out as one automaton (Thompson, 1968).

The notation is that of templates, ``(a|b)``, ``[optional]`` and ``<rule>``, with ``..`` for up to three words in
between, ``...`` for up to eight, ``^`` for the beginning and ``$`` for the end of the utterance.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from dataclasses import dataclass, field

from assistant.understanding.templates.templates import MAX_DEPTH, TemplateError

GAPS = {"..": 3, "...": 8}
BEGINNING, END = "^", "$"

Label = str  # a word, or "<class>" for a rule that is nothing but single words

_NOTHING: Mapping[Label, tuple[int, ...]] = {}

_CLOSING = ("", "|", ")", "]")  # what a choice ends before
_TOKEN = re.compile(r"\s*([()\[\]|]|<[a-z_]+>|[^\s()\[\]|<>]+)")


@dataclass(slots=True)
class Node:
    """``on`` leads on by a label, ``anything`` by any word, ``free`` by nothing at all; ``pattern`` ends here."""

    on: Mapping[Label, tuple[int, ...]] = field(
        default_factory=lambda: _NOTHING
    )  # one for all: most nodes await no word
    anything: int | None = None
    free: tuple[int, ...] = ()
    pattern: int | None = None


class PatternGraph:
    """Many patterns in one automaton: ``nodes``, of which the first is where all begin. It has no cycles."""

    def __init__(self, rules: Mapping[str, str]) -> None:
        self._rules = rules
        self.nodes: list[Node] = [Node()]
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
        self.nodes[0].free += (begin,)
        self.nodes[end].pattern = number
        return number

    # --- building ---

    def _new(self) -> int:
        self.nodes.append(Node())
        return len(self.nodes) - 1

    def _join(self, begin: int, end: int) -> None:
        self.nodes[begin].free += (end,)

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
            self.nodes[step].anything = after
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
        ways = self.nodes[begin].on
        if end not in ways.get(label, ()):
            self.nodes[begin].on = {**ways, label: (*ways.get(label, ()), end)}
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
            new = [after for after in self.nodes[waiting.pop()].free if after not in reached]
            reached.update(new)
            waiting += new
        return end in reached


class _Builder:
    """Builds the nodes of one template."""

    def __init__(self, graph: PatternGraph, template: str, depth: int) -> None:
        self._graph = graph
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
        end = self._graph._new()
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
                here = self._graph._gap(here, GAPS[token])
            elif token in ("(", "["):
                here = self._bracket(here, token)
            elif token[0] == "<":
                here = self._graph._of_rule(here, token[1:-1], self._depth + 1)
            else:
                here = self._graph._word(here, token, end if self._next() in _CLOSING else None)
        if here == begin:
            raise TemplateError("one of its choices is empty")
        if end is not None and here != end:
            self._graph._join(here, end)
        return here if end is None else end

    def _bracket(self, begin: int, opening: str) -> int:
        end = self._choice(begin)
        if self._next() != (")" if opening == "(" else "]"):
            raise TemplateError("brackets do not match")
        self._at += 1
        if opening == "[":
            after = self._graph._new()
            self._graph._join(begin, after)
            self._graph._join(end, after)
            return after
        return end

    def _next(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""
