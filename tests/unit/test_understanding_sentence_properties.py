"""What must hold for every template with slots and every input."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from hassil import Intents, TextSlotList
from hassil.intents import RangeSlotList
from hassil.sample import sample_intents
from hypothesis import example, given, settings
from hypothesis import strategies as st

from assistant.understanding.home_sentences.book import Match, SentenceBook
from assistant.understanding.home_sentences.home_assistant import load_sentences
from assistant.understanding.home_sentences.sentences import Block, Sentences, Value, ValueList
from assistant.understanding.vocabulary import load_vocabulary

ROOT = Path(__file__).parents[2]
KNOWN = load_vocabulary((), ROOT / "intents" / "en")
HOME = {
    "name": ValueList(tuple(Value(name, None, {"domain": "light"}) for name in ("Bedroom Lamp", "Fairy Lights"))),
    "area": ValueList((Value("Kitchen", None),)),
}
LIGHTS = load_sentences([ROOT / "tests" / "data" / "home_assistant" / "lights.yaml"]).with_lists(HOME)
COLOURS = ("red", "dark green")

word = st.sampled_from(["lamp", "river", "purple", "seven", "garden", "violin", "never", "the", "to", "bicycle", "not"])
words = st.lists(word, min_size=1, max_size=3).map(" ".join)


@st.composite
def template(draw: st.DrawFn) -> str:
    shapes = ["{0}", "({0}|{1})", "{0} [{1}]", "({0};{1})", "{0}[s]", "{{colour}} {0}", "{0} {{1..9:count}}"]
    return " ".join(
        draw(st.sampled_from(shapes)).format(draw(words), draw(words)) for _ in range(draw(st.integers(1, 3)))
    )


def book_of(sentences: Sentences) -> SentenceBook:
    return SentenceBook(sentences, KNOWN.language, KNOWN.writing, KNOWN.numbers, KNOWN.sounds)


def drawn(*templates: tuple[str, str]) -> SentenceBook:
    colours = {"colour": ValueList(tuple(Value(name, None) for name in COLOURS))}
    return book_of(
        Sentences("en", tuple(Block(intent, (text,), source="drawn") for intent, text in templates), {}, colours)
    )


def best(book: SentenceBook, said: str) -> Match | None:
    found = book.find(KNOWN.writing.words(said), set(book.senses), {"area": "Kitchen"})
    return found[0] if found else None


lights = book_of(LIGHTS)


@settings(max_examples=25, deadline=None)
@given(template(), st.data())
def test_a_template_matches_all_that_it_stands_for(text: str, data: st.DataObject) -> None:
    theirs = Intents.from_dict({"language": "en", "intents": {"Drawn": {"data": [{"sentences": [text]}]}}})
    theirs.slot_lists["colour"] = TextSlotList.from_strings(COLOURS, name="colour")
    theirs.slot_lists["1..9"] = RangeSlotList(name="1..9", start=1, stop=9)
    sampled = sorted({sentence for _, sentence in sample_intents(theirs, language="en")})
    said = data.draw(st.sampled_from(sampled))
    match = best(drawn(("Drawn", text)), said)
    assert match is not None, (text, said)
    assert match.likeness == 1.0, (text, said, match)


@settings(max_examples=20, deadline=None)
@given(template())
def test_adding_a_template_never_changes_a_perfect_match_of_another(text: str) -> None:
    more = drawn(("Skip", "(pass|skip this one)"), ("Stop", "stop [it] now"), ("Added", text))
    for said, intent in (("pass", "Skip"), ("skip this one", "Skip"), ("stop it now", "Stop")):
        match = best(more, said)
        assert match is not None
        assert (match.sense, match.likeness) == (("intent", intent), 1.0)


@settings(max_examples=10, deadline=None)
@given(st.permutations(LIGHTS.blocks))
def test_the_order_of_blocks_decides_nothing(blocks: list[Block]) -> None:
    shuffled = book_of(dataclasses.replace(LIGHTS, blocks=tuple(blocks)))
    for said in (
        "turn of the bedroom lamb",
        "turn on the lights in kitten",
        "set the fairy lights to ten",
        "add tea to list",
    ):
        one, other = best(lights, said), best(shuffled, said)
        assert one is not None
        assert other is not None
        assert (one.sense, one.slots, one.template) == (other.sense, other.slots, other.template)
        assert abs(one.likeness - other.likeness) < 1e-9


ODD = [
    "",
    "\x00\x1b[31m\u202e",
    "停止 остановись 😀 ﷽",
    "a" * 100_000,
    "1/0 ١٢٣ ²³ 1e309 999999999999",
    "turn on the " * 3_000,
]


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=120) | st.sampled_from(ODD))
@example(ODD[-1])
def test_no_input_raises(text: str) -> None:
    match = best(lights, text)
    assert match is None or 0.0 <= match.likeness <= 1.0
