"""What the templates of Home Assistant's files name: rules of a block or of all, and lists whose values fill slots."""

from __future__ import annotations

from collections.abc import Sequence

from hassil.expression import Expression, ListReference

from assistant.understanding.home_sentences.sentences import Sentences
from assistant.understanding.templates.pieces import OF_THE_HOME, Full, SlotArc
from assistant.understanding.templates.templates import TemplateError, parsed


class BlockNames:
    """Those of one block at a time: the one whose number `of` was given last."""

    def __init__(self, sentences: Sentences) -> None:
        self._sentences = sentences
        self._number = 0
        self._typed: dict[tuple[str, str], int] = {}

    def of(self, number: int) -> BlockNames:
        self._number = number
        return self

    def rule(self, name: str) -> Expression:
        block = self._sentences.blocks[self._number]
        template = block.rules.get(name) or self._sentences.rules.get(name)
        if template is None:
            raise TemplateError(f"there is no expansion rule <{name}>; define it under expansion_rules")
        return parsed(template)

    def said(self, reference: ListReference) -> SlotArc | Sequence[tuple[str, Full]]:
        """Always a slot, whatever may be said for it."""
        block = self._sentences.blocks[self._number]
        name = reference.list_name
        own = name in block.lists
        found = block.lists[name] if own else self._sentences.lists.get(name)
        if found is None and reference.get_inline_range() is None and name not in OF_THE_HOME:
            raise TemplateError(f"there is no list {{{name}}}; define it under lists")
        # A home's names may be of any kind, whichever home it is.
        told = own or name in OF_THE_HOME or (found is not None and any(value.context for value in found.values))
        return SlotArc(name, reference.slot_name, self._like_this(own, name) if told else -1)

    def _like_this(self, own: bool, name: str) -> int:
        """The first block that asks the same of a value, so that what is the same in both is kept once."""
        block = self._sentences.blocks[self._number]
        key = (name, repr((block.requires, block.excludes, block.lists[name] if own else None)))
        return self._typed.setdefault(key, self._number)
