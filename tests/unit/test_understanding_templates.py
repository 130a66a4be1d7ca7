"""Templates opened out: all their sentences, except where little words alone would multiply them."""

from __future__ import annotations

from assistant.understanding.templates.templates import SPELT_OUT, Opener

LITTLE = frozenset({"the", "our", "a", "please"})
OPENER = Opener({}, {}, lambda number: (str(number),), LITTLE)


def sentences(template: str) -> set[str]:
    return {text for text, _ in OPENER.open(template)}


def test_a_small_template_is_spelt_out_whole() -> None:
    assert sentences("[(the|our)] [quiet] gratitude") == {
        "gratitude",
        "the gratitude",
        "our gratitude",
        "quiet gratitude",
        "the quiet gratitude",
        "our quiet gratitude",
    }


def test_in_a_large_one_optional_little_words_are_left_out_and_nothing_else() -> None:
    names = "|".join(f"name{number}" for number in range(SPELT_OUT // 4))
    said = sentences(f"[(the|our)] [quiet] ({names}) (a|our) [please]")
    assert len(said) == SPELT_OUT
    assert {"name0 a", "quiet name0 our"} <= said
    assert "the name0 a" not in said
