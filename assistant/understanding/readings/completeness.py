"""Whether what has been heard so far is one command that nothing continues: then nobody need be waited for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from typing import Literal

from assistant.understanding.phrases.table import PhraseTable, Sense, distinct

# What goes on with an open place goes on with more to say: "remind us" alone may be only a beginning.
MORE_TO_SAY: Sense | tuple[Literal["more"], str] = ("more", "")


def is_complete(
    words: Sequence[str], tables: Iterable[tuple[PhraseTable, Set[Sense], bool]], *, may_go_on: bool = False
) -> bool:
    """``tables`` are what may be said: a table, those of its senses that count, whether its sentences are open.

    With ``may_go_on`` something else may begin with these words.
    """
    said: set[object] = set()
    going_on: set[object] = set()
    for table, senses, is_open in tables:
        rows, after = table.exact(words), table.going_on(words)
        said |= _senses(table, rows, strict=False) & senses
        more = _senses(table, after, strict=True) & senses
        going_on |= {MORE_TO_SAY} if is_open and more else more
    return len(said) == 1 and (may_go_on or going_on <= said)


def _senses(table: PhraseTable, rows: range, *, strict: bool) -> Set[Sense]:
    columns, part = table.columns, slice(rows.start, rows.stop)
    found = columns.sense[part][columns.strict[part]] if strict else columns.sense[part]
    return {columns.senses[number] for number in distinct(found).tolist()}
