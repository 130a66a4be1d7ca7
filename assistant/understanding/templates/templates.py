"""Sentence templates, parsed by hassil, opened out into the sentences they stand for.

hassil's own sampler gives the sentences but not the slot values they carry, and knows no bound; so its parsed
expressions are walked here. The notation stays entirely hassil's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from functools import lru_cache
from itertools import permutations, product
from typing import Any

from hassil.errors import HassilError
from hassil.expression import (
    Alternative,
    Expression,
    Group,
    ListReference,
    Permutation,
    RuleReference,
    TextChunk,
)
from hassil.parse_expression import parse_sentence
from hassil.parser import ParseError

from assistant.errors import IntentsError
from assistant.understanding.templates.slot_lists import SlotList

MAX_SENTENCES = 20_000
SPELT_OUT = 2_000  # measured on tests/data/natural_talk.yaml: with fewer, one more sentence is missed
MAX_DEPTH = 24
OPEN = "\N{HORIZONTAL ELLIPSIS}"  # stands in a sentence where any words may be said
# Stand in a sentence where a time, a time of which something is missing, or a ritual's name is said (scheduling.py).
WHEN, DAY, RITUAL = "\N{ALARM CLOCK}", "\N{HOURGLASS}", "\N{EIGHTH NOTE}"
MARKS: Mapping[str, str] = {"when": WHEN, "day": DAY, "ritual": RITUAL}

Slots = tuple[tuple[str, Any], ...]


# A sentence that a template stands for, as written there, and the slot values it carries.
Sentence = tuple[str, Slots]


class TemplateError(Exception):
    """A template that cannot be used; the message says why. The caller knows file and line."""


class Opener:
    """Opens templates out, with the expansion rules and lists they may name."""

    def __init__(
        self,
        rules: Mapping[str, str],
        lists: Mapping[str, SlotList],
        spell: Callable[[int], tuple[str, ...]],
        little: Set[str] = frozenset(),
    ) -> None:
        """``little`` words, which the matcher forgives, are not spelt out where they are optional in a template of more
        than SPELT_OUT sentences: they would only multiply these."""
        self._rules = rules
        self._lists = lists
        self._spell = spell
        self._little = little
        self._opened: dict[tuple[str, bool], list[Sentence]] = {}
        self._brief = False
        self._with: dict[tuple[tuple[tuple[str, str], ...], tuple[tuple[str, SlotList], ...]], Opener] = {}

    def with_own(self, rules: tuple[tuple[str, str], ...], lists: tuple[tuple[str, SlotList], ...] = ()) -> Opener:
        """The same with a file's own rules (name, template) and lists, which go before the shared ones."""
        if not rules and not lists:
            return self
        if (rules, lists) not in self._with:
            self._with[rules, lists] = Opener(
                {**self._rules, **dict(rules)}, {**self._lists, **dict(lists)}, self._spell, self._little
            )
        return self._with[rules, lists]

    def can_list(self, template: str, most: int = MAX_SENTENCES) -> bool:
        """Whether `open` would list its sentences, at most ``most``, not refuse it for their number; one with an open
        place is always listed. Raises TemplateError."""
        expression = parsed(template)
        count = self._count(expression, 0)
        return count <= most or (count <= MAX_SENTENCES and self._is_open(expression))

    def _is_open(self, expression: Expression) -> bool:
        """Whether any words may be said somewhere in it."""
        if isinstance(expression, RuleReference):
            return self._is_open(self.rule(expression.rule_name))
        if isinstance(expression, ListReference):
            return any(OPEN in text for text, _ in self.values(expression))
        return any(self._is_open(item) for item in getattr(expression, "items", ()))

    def open(self, template: str) -> tuple[Sentence, ...]:
        """All sentences of ``template``, without doubles, in order. Raises TemplateError."""
        expression = parsed(template)
        count = self._count(expression, 0)
        if count > MAX_SENTENCES:
            raise TemplateError(f"it stands for {count} sentences, more than {MAX_SENTENCES}; split it or cut choices")
        self._brief = count > SPELT_OUT
        sentences = dict.fromkeys((" ".join(text.split()), slots) for text, slots in self._walk(expression))
        if any(not text for text, _ in sentences):
            raise TemplateError("it would match silence, because everything in it is optional")
        if any(OPEN in text and not text.replace(OPEN, "").strip() for text, _ in sentences):
            raise TemplateError("it would match anything that is said; put words beside the open place")
        return tuple(sentences)

    def rule(self, name: str) -> Expression:
        if name not in self._rules:
            raise TemplateError(f"there is no expansion rule <{name}>; define it under expansion_rules")
        return parsed(self._rules[name])

    def _count(self, expression: Expression, depth: int) -> int:
        if depth > MAX_DEPTH:
            raise TemplateError("its expansion rules contain each other")
        if isinstance(expression, TextChunk):
            return 1
        if isinstance(expression, RuleReference):
            return self._count(self.rule(expression.rule_name), depth + 1)
        if isinstance(expression, ListReference):
            return len(self.values(expression))
        if isinstance(expression, Alternative):
            return sum(self._count(item, depth + 1) for item in expression.items)
        if isinstance(expression, Group):
            count = 1
            for number, item in enumerate(expression.items, start=1):
                count *= self._count(item, depth + 1) * (number if isinstance(expression, Permutation) else 1)
            return count
        raise TemplateError("it holds something this version does not understand")

    def _walk(self, expression: Expression) -> list[Sentence]:
        if isinstance(expression, TextChunk):
            return [(expression.original_text, ())]
        if isinstance(expression, RuleReference):
            rule = (expression.rule_name, self._brief)
            if rule not in self._opened:
                self._opened[rule] = self._walk(self.rule(expression.rule_name))
            return self._opened[rule]
        if isinstance(expression, ListReference):
            return self.values(expression)
        if isinstance(expression, Alternative):
            if self._brief and expression.is_optional and self._is_little(expression):
                return [("", ())]
            return [way for item in expression.items for way in self._walk(item)]
        if isinstance(expression, Permutation):
            parts = [self._walk(item) for item in expression.items]
            return [way for order in permutations(parts) for way in _joined(order)]
        if isinstance(expression, Group):
            return list(_joined([self._walk(item) for item in expression.items]))
        raise TemplateError("it holds something this version does not understand")

    def _is_little(self, expression: Alternative) -> bool:
        ways = [way for item in expression.items for way in self._walk(item)]
        return all(not slots and self._little >= set(text.split()) for text, slots in ways)

    def values(self, reference: ListReference) -> list[Sentence]:
        slot = reference.slot_name
        inline = reference.get_inline_range()
        if inline is not None:
            first, last, step = inline
            return [(" ".join(self._spell(n)), ((slot, n),)) for n in range(first, last + 1, step)]
        if reference.list_name not in self._lists:
            raise TemplateError(
                f"there is no list {{{reference.list_name}}}; define it under lists in slots/rules.yaml"
            )
        slot_list = self._lists[reference.list_name]
        if slot_list.wildcard:
            return [(OPEN, ((slot, OPEN),))]
        if slot_list.mark is not None:
            return [(MARKS[slot_list.mark], ())]
        ways: list[Sentence] = []
        if slot_list.range is not None:
            limits = slot_list.range
            for n in range(limits.first, limits.last + 1, limits.step):
                ways.append((" ".join(self._spell(n)), ((slot, n),)))
        for value in slot_list.values:
            said, meant = (value, value) if isinstance(value, str) else (value.said, value.value)
            ways += [(text, ((slot, meant),)) for text, _ in self._walk(parsed(said))]
        return ways


@lru_cache(maxsize=8_192)
def parsed(template: str) -> Expression:
    """hassil's expression of a template; remembered, because parsing is most of the time that loading takes."""
    try:
        return parse_sentence(template).expression
    except (ParseError, HassilError, AssertionError, ValueError, IndexError) as error:
        reason = str(error).split(" at None")[0] or "brackets do not match"
        raise TemplateError(f"it does not parse ({reason})") from None


def _joined(parts: Sequence[Sequence[Sentence]]) -> Iterator[Sentence]:
    for ways in product(*parts):
        yield "".join([text for text, _ in ways]), sum((slots for _, slots in ways if slots), ())


def template_error(where: str, template: str, error: TemplateError) -> IntentsError:
    """The complaint about a template for the one who wrote it."""
    return IntentsError(f"{where}: the template {template!r} cannot be used: {error}.")
