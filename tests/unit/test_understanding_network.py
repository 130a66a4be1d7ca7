"""Word networks stand for the same sentences as their templates, and are searched as whole utterances."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.understanding.language import SlotList
from assistant.understanding.networks.network import Network, weave
from assistant.understanding.networks.search import NetworkSearch
from assistant.understanding.templates.templates import Opener, TemplateError
from assistant.understanding.vocabulary import load_vocabulary
from assistant.understanding.words.weights import Weights

ENGLISH = Path(__file__).parents[2] / "intents" / "en"
VOCABULARY = load_vocabulary((), ENGLISH)
LISTS = {
    "room": {"values": ["kitchen", "living room", "living area", {"in": "(bath|shower) room", "out": "bathroom"}]},
    "name": {"values": ["lamp", {"in": "[old] fan", "out": "fan"}]},
}
OPENER = Opener(
    {"polite": "[please]", "turn": "(turn|switch)[ed]"},
    {name: SlotList.model_validate(values) for name, values in LISTS.items()},
    VOCABULARY.numbers.spell,
)


def network(*templates: str) -> Network:
    return weave([(template, OPENER) for template in templates], VOCABULARY.writing.words)


def sentences(woven: Network) -> set[tuple[tuple[str, ...], tuple[Any, ...]]]:
    ways: dict[int, set[tuple[tuple[str, ...], tuple[Any, ...]]]] = {0: {((), ())}}
    for arc in woven.arcs:
        here = ways.setdefault(arc.target, set())
        for words, slots in ways[arc.source]:
            said = (arc.word,) if arc.word else ()
            here.add(((*words, *said), (*slots, *((arc.value,) if arc.value else ()))))
    return set().union(*(ways[end] for end in woven.ends))


def opened(template: str) -> set[tuple[tuple[str, ...], tuple[Any, ...]]]:
    return {(VOCABULARY.writing.words(text), slots) for text, slots in OPENER.open(template)}


def said(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def searching(*templates: str) -> NetworkSearch:
    woven = network(*templates)
    speech = VOCABULARY.language.speech
    used = {arc.word: 1 for arc in woven.arcs if arc.word}
    weights = Weights(speech.fillers, speech.light, speech.heavy, used)
    return NetworkSearch(woven, weights.weight, VOCABULARY.sounds.distance)


@pytest.mark.parametrize(
    "template",
    [
        "stop",
        "(turn|switch) [the] {name} (on|off)",
        "<turn> on [the] light[s] <polite>",
        "([the] {room};{name};[now])",
        "(a;b;c) d",
        "pre{name}s and un{name} {room}y",
        "(one|two|)(s|x)[y] z",
        "set it to {1..30:level} [percent]",
        "it's {room}'s lamp",
        "[a ](b|c )d[ e]",
        "{name} {room:first} {room:second}",
        "play (it|this|(that|those) one) [[right] now]",
    ],
)
def test_a_network_stands_for_the_sentences_and_slots_of_its_template(template: str) -> None:
    assert sentences(network(template)) == opened(template)


def test_several_templates_keep_their_own_ends() -> None:
    woven = network("play [some] music", "play {name}", "stop")
    assert len(set(woven.ends)) == 3
    assert sentences(woven) == opened("play [some] music") | opened("play {name}") | opened("stop")


word = st.sampled_from(["lamp", "river", "purple", "seven", "the", "to", "not", "bicycle"])


@st.composite
def templates(draw: st.DrawFn) -> str:
    parts = []
    for _ in range(draw(st.integers(1, 2))):
        one, other = draw(word), draw(word)
        kinds = [
            one,
            f"({one}|{other})",
            f"{one} [{other}]",
            f"({one};[{other}];{{name}})",
            "{room}",
            f"{one}[{other}]",
        ]
        parts.append(draw(st.sampled_from(kinds)))
    return draw(st.sampled_from([" ", " ", ""])).join(parts)


@settings(max_examples=30, deadline=None)
@given(templates(), st.data())
def test_a_template_always_matches_its_own_expansions_with_their_slots(template: str, data: st.DataObject) -> None:
    expansions = sorted(opened(template), key=repr)
    assert sentences(network(template)) == set(expansions)
    words, _ = data.draw(st.sampled_from(expansions))
    path = searching(template).search([words]).path(0, 0)
    assert (path.cost, path.words) == (0.0, words)
    assert (words, path.slots) in expansions


def test_what_would_expand_to_millions_is_searched_all_the_same() -> None:
    any_order = ";".join(f"[(add|with) {{1..99:n{number}}} (things|of them)]" for number in range(5))
    search = searching(f"order ({any_order}) now")
    path = search.search([said("order add seven things with forty two of them now")]).path(0, 0)
    assert path.cost == 0.0
    assert sorted(value for _, value in path.slots) == [7, 42]


def test_a_misheard_word_takes_the_slot_it_sounds_like() -> None:
    search = searching("(turn|switch) on the {name} in the {room}")
    path = search.search([said("turn on the lump in kitchen")]).path(0, 0)
    assert dict(path.slots) == {"name": "lamp", "room": "kitchen"}
    assert 0 < path.cost < 1.0
    assert [(pair.heard, pair.meant) for pair in path.pairs if pair.apart] == [("lump", "lamp"), ("", "the")]


def test_the_nearer_hypothesis_and_template_cost_less() -> None:
    search = searching("turn on the {name}", "turn off the {room}")
    found = search.search([("turn", "on", "the", "fan"), ("turn", "off", "a", "kitchen", "maybe")])
    assert found.costs.shape == (2, 2)
    assert found.costs[0, 0] == pytest.approx(0.0, abs=1e-4)
    assert found.costs[1, 1] < found.costs[0, 1]
    assert found.path(1, 1).cost == pytest.approx(found.costs[1, 1], abs=1e-4)


def test_of_ways_that_cost_the_same_the_first_in_the_template_counts() -> None:
    for template, first in (("{name:a} [{name:b}]", "a"), ("({name:x}|{name:y})", "x"), ("({name:y}|{name:x})", "y")):
        assert searching(template).search([("lamp",)]).path(0, 0).slots == ((first, "lamp"),)


def test_what_has_nothing_to_do_with_a_template_costs_as_much_as_it_weighs() -> None:
    path = searching("turn on the {name}").search([("purple", "bicycle")]).path(0, 0)
    assert path.cost > 2.0


@pytest.mark.parametrize(
    ("template", "reason"),
    [
        ("[please]", "silence"),
        ("<nowhere> on", "expansion rule"),
        ("on {nowhere}", "list"),
        ("(a;b;c;d;e;f;g;h)", "any order"),
        ("(a", "parse"),
        ("{1..900:a} {1..900:b} {1..900:c} " * 40, "arcs"),
    ],
)
def test_what_no_network_can_be_made_of_says_why(template: str, reason: str) -> None:
    with pytest.raises(TemplateError, match=reason):
        network(template)
