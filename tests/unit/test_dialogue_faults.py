"""Cards, names, counts, shared offers: each mistake in them is named by file, line and remedy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assistant import config
from assistant.dialogue import Library
from assistant.errors import IntentsError

SHIPPED = config.shipped("intents") / "en"
DECK = """\
id: teas
about: Teas to try.
cards:
  - Green tea with mint.
  - Black tea with milk.
  - A tea of your own.
"""
DEEP = """\
id: talk
about: Questions over tea.
depths:
  - id: light
    cards: [Which cup is yours?, Who pours?, Sugar or none?]
  - id: deep
    cards: [Whom do you miss here?, What would you toast?, What warms you?]
"""
RITUAL = """\
id: tasting
title: the tasting
about: A tea, tasted together.
minutes: 3
people: {min: 1, max: 2}
starters:
  templates: [tea tasting]
  examples: [taste some tea]
steps:
  - kind: offer
    id: keep_it
    prompts: [Shall I write it down?]
  - kind: draw
    id: tea
    deck: teas
    lines: ["Tonight: {card}"]
    keep_if: keep_it
  - kind: draw
    id: question
    deck: talk
    depth: light
  - kind: ask
    id: whom
    answer: name
    otherwise: somebody
    keep: false
    prompts: [Who taught you about tea?]
    again: [Just the name.]
  - kind: rate
    id: strength
    prompts: ["How strong should it be for {about}?"]
  - kind: say
    numbers_of: [strength]
    lines: ["You said {numbers}."]
  - kind: each
    over: circle
    steps:
      - kind: ask
        id: taste
        of: other
        prompts: ["{other}, how is it? {card}"]
        keep_if: keep_it
  - kind: count
    id: sip
    to: 3
    every_s: 2
  - kind: offer
    id: another_cup
    of: everyone
    prompts:
      alone: [Another cup?]
      together: ["{name}, another cup?"]
    no:
      - kind: exit
  - kind: remind
    id: next_time
    what: the next tasting
    prompts: [When is the next one?]
closings: ["Enjoy it."]
"""


def load(folder: Path, ritual: str = RITUAL, teas: str = DECK, talk: str = DEEP) -> Library:
    (folder / "rituals").mkdir()
    (folder / "decks").mkdir()
    shutil.copy(SHIPPED / "prompts.yaml", folder)
    shutil.copy(SHIPPED / "times.yaml", folder)
    shutil.copy(SHIPPED / "slips.yaml", folder)
    (folder / "rituals" / "0.yaml").write_text(ritual, encoding="utf-8")
    (folder / "decks" / "teas.yaml").write_text(teas, encoding="utf-8")
    (folder / "decks" / "talk.yaml").write_text(talk, encoding="utf-8")
    return Library.load([folder])


def test_the_whole_of_it_loads(tmp_path: Path) -> None:
    library = load(tmp_path)
    assert library.decks["talk"].at("deep")[0] == "Whom do you miss here?"
    assert "Green tea with mint." in library.fixed_wording


def test_an_unfinished_ritual_is_not_gone_on_with_when_its_deck_has_changed(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    before = load(tmp_path / "one").editions["tasting"]
    assert load(tmp_path / "two", teas=DECK.replace("mint", "lemon")).editions["tasting"] != before


# What is replaced by what, the line that is named (by what stands in it), what is said.
FAULTS = {
    "no such deck": ("deck: teas", "deck: coffees", "deck: coffees", "there is no deck 'coffees'; the decks are: talk"),
    "no such depth": ("depth: light", "depth: abyss", "depth: abyss", "has the depths light, deep; name one"),
    "depth not given": ("    depth: light\n", "", "id: question", "has the depths light, deep"),
    "depth not there": ("deck: teas", "deck: teas\n    depth: light", "depth: light", "has no depths; remove this"),
    "a card never said": ("{other}, how is it? {card}", "{other}, how is it?", "id: question", "drawn and never said"),
    "lines without the card": ('"Tonight: {card}"', '"Tonight: tea."', "Tonight", "does not say the card"),
    "keeping by no offer": (
        "keep_if: keep_it\n  - kind: draw",
        "keep_if: tea\n  - kind: draw",
        "keep_if: tea",
        "no off",
    ),
    "keeping twice": (
        "    keep_if: keep_it\n  - kind: draw",
        "    keep_if: keep_it\n    keep: true\n  - kind: draw",
        "kind: draw",
        "contradict each other",
    ),
    "the other of nobody": ("id: strength", "id: strength\n    of: other", "of: other", "needs a circle around it"),
    "everyone rates": ("id: strength", "id: strength\n    of: everyone", "of: everyone", "with an offer only"),
    "a card before it is drawn": ("[Shall I", '["{card} Well?", Shall I', "{card} Well", "{card} has no value here"),
    "everyone in each": ("of: other", "of: everyone", "of: everyone", "with an offer only"),
    "after an exit on all ways": (
        "    no:\n      - kind: exit\n",
        "    yes: [{kind: exit}]\n    no: [{kind: exit}]\n",
        "kind: remind",
        "an exit comes before",
    ),
    "the thing itself for no ask": (
        "    id: keep_it\n",
        "    id: keep_it\n    at_once: whom\n",
        "at_once: whom",
        "no ask with the id 'whom' that takes free words comes after",
    ),
    "the thing itself before all agree": (
        "id: another_cup",
        "id: another_cup\n    at_once: taste",
        "kind: offer\n    id: another",
        "does not go with of: everyone",
    ),
    "an offer of nothing": ("    no:\n      - kind: exit\n", "", "id: another_cup", "nothing follows from this offer"),
    "a circle of one": ("people: {min: 1, max: 2}", "people: {min: 1, max: 1}", "over: circle", "a circle needs"),
    "a name for one alone": ("alone: [Another cup?]", 'alone: ["{name}?"]', '["{name}?"]', "when one person is alone"),
    "after the exit": ("- kind: exit", "- kind: exit\n      - kind: exit", "kind: remind", "an exit comes before"),
    "numbers of no rating": ("[strength]", "[whom]", "numbers_of", "no rate question with the id 'whom'"),
    "numbers nowhere": ("{about}?", "{numbers}?", "{numbers}?", "{numbers} has no value here"),
    "about nobody": ("answer: name\n    otherwise: somebody", "answer: word", "{about}", "{about} has no value here"),
    "a name without more words": ("    otherwise: somebody\n", "", "id: whom", "go together; give both"),
    "a name asked once": ("    again: [Just the name.]\n", "", "id: whom", "needs again"),
    "a count to one": ("to: 3", "to: 1", "to: 1", "this must be 2 or more"),
    "a count too fast": ("every_s: 2", "every_s: 0.2", "every_s: 0.2", "this must be 1 or more"),
    # What people who write no programs do.
    "a tab": ("    deck: teas", "\tdeck: teas", "\tdeck", "a tab"),
    "a colon in a line": ('lines: ["Tonight: {card}"]', "lines:\n      - Tonight: {card}", "- Tonight", "in quotes"),
    "a line instead of a list": ("prompts: [Shall I write it down?]", "prompts: Shall I?", "Shall I", "must be a list"),
    "an id with a space": ("id: keep_it", "id: keep it", "keep it", "small letters, digits and _ only"),
    "minutes in words": ("minutes: 3", "minutes: three", "three", "must be a whole number"),
    "people as a number": ("people: {min: 1, max: 2}", "people: 2", "people: 2", "keys and values of its own"),
    "too many people": ("max: 2}", "max: 5}", "max: 5", "this must be 4 or less"),
    "everybody": ("over: circle", "over: everybody", "over: everybody", "this must be 'people' or 'circle'"),
    "a misspelt key": ("title:", "titel:", "titel", "did you mean title?"),
    "a kind that is none": ("kind: count", "kind: counting", "counting", "the kind of a step is one of say, ask"),
    "a person": ("{other}, how is it?", "{person}, how is it?", "{person}", "what can be used here: {about}"),
    "no closing words": ('closings: ["Enjoy it."]\n', "", "id: tasting", "closings: this key is missing; add it"),
    "a reminder of nothing": ("    what: the next tasting\n", "", "kind: remind", "what: this key is missing"),
}


def test_an_each_may_follow_up_on_what_was_answered_in_a_circle_but_others_may_not(tmp_path: Path) -> None:
    after = "  - {kind: each, over: people, steps: [{kind: say, only_after: taste, lines: [Thank you.]}]}\n"
    (tmp_path / "each").mkdir()
    load(tmp_path / "each", RITUAL.replace("  - kind: count", after + "  - kind: count"))
    (tmp_path / "all").mkdir()
    alone = "  - {kind: say, only_after: taste, lines: [Thank you.]}\n"
    with pytest.raises(IntentsError, match="no question with the id 'taste' is asked before this step"):
        load(tmp_path / "all", RITUAL.replace("  - kind: count", alone + "  - kind: count"))


def test_a_ritual_in_which_nothing_happens_for_one_alone_is_refused(tmp_path: Path) -> None:
    head, circle = (
        RITUAL[: RITUAL.index("steps:")],
        "  - {kind: each, over: circle, steps: [{kind: ask, id: thanks, prompts: [",
    )
    circle = f'steps:\n{circle}"{{name}}, thank {{other}}."]}}]}}\nclosings: [Bye.]\n'
    with pytest.raises(IntentsError, match=r":\d+: steps: for one person alone nothing of this ever happens"):
        load(tmp_path, head + circle)


def test_a_card_that_is_drawn_for_some_only_cannot_be_said_to_all(tmp_path: Path) -> None:
    some = RITUAL.replace("kind: draw", "kind: draw\n    only: together")
    with pytest.raises(IntentsError, match=r"0\.yaml:\d+: \{card\} has no value here"):
        load(tmp_path, some)


def test_an_offer_to_everyone_cannot_stand_inside_an_each(tmp_path: Path) -> None:
    inside = "      - {kind: offer, id: more, of: everyone, prompts: [More?], yes: [{kind: exit}]}\n"
    text = RITUAL.replace("  - kind: count", inside + "  - kind: count")
    with pytest.raises(IntentsError, match=r"0\.yaml:43: of: everyone cannot stand inside an each"):
        load(tmp_path, text)


@pytest.mark.parametrize("name", FAULTS)
def test_each_mistake_is_named_with_file_and_line(name: str, tmp_path: Path) -> None:
    old, new, at, message = FAULTS[name]
    assert old in RITUAL
    text = RITUAL.replace(old, new, 1)
    line = text[: text.index(at) + 1].count("\n") + 1
    with pytest.raises(IntentsError) as caught:
        load(tmp_path, text)
    said = str(caught.value)
    assert message in said
    assert "\n" not in said
    near = range(line - 2, line + 2)  # a fault of a whole step may be named at its first line or at the key
    assert any(said.startswith(f"{tmp_path / 'rituals' / '0.yaml'}:{one}:") for one in near), f"{line}: {said}"


DECK_FAULTS = {
    "neither": ("cards:", "papers:", "no such key"),
    "both": ("cards:", "depths: [{id: deep, cards: [A., B., C.]}]\ncards:", "give either cards or depths"),
    "too few": ("  - A tea of your own.\n", "", "at least 3 cards"),
    "twice": ("A tea of your own.", "Green tea with mint.", "stands there twice"),
    "empty": ("A tea of your own.", '" "', "must not be empty"),
    "a placeholder": ("A tea of your own.", '"A tea for {name}."', "a card is said as it stands"),
    "another name": ("id: teas", "id: coffees", "is not the name of the file"),
    "no word about it": ("about: Teas to try.\n", "", "about: this key is missing"),
}


@pytest.mark.parametrize("name", DECK_FAULTS)
def test_each_mistake_in_a_deck_is_named(name: str, tmp_path: Path) -> None:
    old, new, message = DECK_FAULTS[name]
    assert old in DECK
    with pytest.raises(IntentsError, match=r"teas\.yaml:\d+: ") as caught:
        load(tmp_path, teas=DECK.replace(old, new, 1))
    assert message in str(caught.value)


def test_two_depths_need_two_names_and_share_no_card(tmp_path: Path) -> None:
    for number, (old, new, message) in enumerate(
        [
            ("id: deep", "id: light", "two depths have the same id"),
            ("Who pours?", "What warms you?", "stands there twice"),
        ]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        with pytest.raises(IntentsError, match=r"talk\.yaml:\d+: ") as caught:
            load(folder, talk=DEEP.replace(old, new))
        assert message in str(caught.value)


def test_what_is_offered_to_somebody_alone_must_be_a_ritual(tmp_path: Path) -> None:
    with pytest.raises(IntentsError, match=r"0\.yaml:\d+: for_one: 'supper' .* name one of: tasting"):
        load(tmp_path, RITUAL.replace("minutes: 3\n", "minutes: 3\nfor_one: supper\n"))
