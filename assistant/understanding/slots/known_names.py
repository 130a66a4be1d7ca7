"""Names of people who are known, told from how they were heard; and a name that was got wrong, put right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

ALIKE = 0.34  # a name that was heard is taken for a known one that sounds this near
MISHEARD = 0.67  # "no, Anna" puts right a name that sounds this near, and no other

Distance = Callable[[str, str], float]
"""How far apart two words sound, 0..1."""


def as_known(name: str, known: Sequence[str], distance: Distance) -> str:
    """``name`` in the spelling of the household, when somebody there is called something that sounds like it."""
    if name in known or not known:
        return name
    nearest = min(known, key=lambda one: (distance(name.lower(), one.lower()), one))
    return nearest if distance(name.lower(), nearest.lower()) <= ALIKE else name


def put_right(name: str, present: Sequence[str], distance: Distance) -> str | None:
    """Which of those ``present`` was meant to be called ``name``; None when nobody's name sounds anything like it."""
    others = [one for one in present if one != name]
    if not others or name in present:
        return None
    nearest = min(others, key=lambda one: (distance(name.lower(), one.lower()), one))
    return nearest if distance(name.lower(), nearest.lower()) <= MISHEARD else None
