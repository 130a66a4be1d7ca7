"""Home Assistant's sentence files: read as they are, matched as Home Assistant means them, misheard words forgiven."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from hassil import Intents, TextSlotList, recognize_best

from assistant.errors import IntentsError
from assistant.events import Hypothesis, Meaning
from assistant.understanding import Understanding
from assistant.understanding.home_sentences.book import SentenceBook
from assistant.understanding.home_sentences.home_assistant import load_sentences
from assistant.understanding.home_sentences.sentences import Block, Sentences, Value, ValueList
from assistant.understanding.vocabulary import load_vocabulary

ROOT = Path(__file__).parents[2]
ENGLISH = ROOT / "intents" / "en"
FILE = ROOT / "tests" / "data" / "home_assistant" / "lights.yaml"
NAMES = {"Bedroom Lamp": "light", "Fairy Lights": "light", "Coffee Maker": "switch", "Front Door": "lock"}
AREAS = ("Kitchen", "Living Room")
KNOWN = load_vocabulary((), ENGLISH)
HOME = {
    "name": ValueList(tuple(Value(name, None, {"domain": kind}) for name, kind in NAMES.items())),
    "area": ValueList(tuple(Value(area, None) for area in AREAS)),
}
SENTENCES = load_sentences([FILE])
SENSES = {("intent", intent) for intent in SENTENCES.intents}
house = Understanding((), ENGLISH, SENTENCES).in_home(HOME, {"area": "Kitchen"})


def book_of(sentences: Sentences) -> SentenceBook:
    return SentenceBook(sentences, KNOWN.language, KNOWN.writing, KNOWN.numbers, KNOWN.sounds)


def meant(text: str, understanding: Understanding = house) -> Meaning:
    return understanding.understand([Hypothesis(text)], understanding.expectation_for("all"))


@pytest.mark.parametrize(
    ("said", "intent", "slots"),
    [
        ("turn on the bedroom lamp", "HassTurnOn", {"name": "Bedroom Lamp"}),
        ("turn on the lights in the living room", "HassTurnOn", {"domain": "light", "area": "Living Room"}),
        ("switch off the light", "HassTurnOff", {"domain": "light", "area": "Kitchen"}),
        ("set the bedroom lamp to 50%", "HassLightSet", {"name": "Bedroom Lamp", "brightness": 50}),
        ("make the fairy lights deep green", "HassLightSet", {"name": "Fairy Lights", "color": "dark_green"}),
        ("set a timer for twenty one minutes", "HassStartTimer", {"minutes": 21}),
        ("set a 5", None, {}),
        ("set a timer for 5-minutes called Tea", "HassStartTimer", {"minutes": 5, "name": "tea"}),
        ("could you turn off everything please", "HassTurnOff", {}),
        ("set temperature to 20.5°", "HassSetTemperature", {"temperature": 20.5}),
        (
            "add 2 apples and don't forget salt to my list",
            "HassShoppingListAddItem",
            {"item": "2 apples and don't forget salt"},
        ),
    ],
)
def test_sentences_mean_what_home_assistant_means(said: str, intent: str | None, slots: Mapping[str, Any]) -> None:
    meaning = meant(said)
    assert (meaning.intent, meaning.slots) == (intent, slots)


@pytest.mark.parametrize(
    ("heard", "intent", "slots"),
    [
        ("set the bedroom lamp to city percent", "HassLightSet", {"name": "Bedroom Lamp", "brightness": 60}),
        ("set a timer for city through minutes", "HassStartTimer", {"minutes": 63}),
        ("turn of the bedroom lamb", "HassTurnOff", {"name": "Bedroom Lamp"}),
        ("turn on the bed room lamp", "HassTurnOn", {"name": "Bedroom Lamp"}),
        ("turn on the coffee make her", "HassTurnOn", {"name": "Coffee Maker"}),
        ("set the bedroom lamp to for tea percent", "HassLightSet", {"name": "Bedroom Lamp", "brightness": 40}),
        ("turn on the lights in kitten", "HassTurnOn", {"domain": "light", "area": "Kitchen"}),
        ("set the bedroom lamp to it three percent", "HassLightSet", {"name": "Bedroom Lamp", "brightness": 3}),
        ("set a timer for the one minute", "HassStartTimer", {"minutes": 1}),
        ("add a dozen eggs to the my shopping list", "HassShoppingListAddItem", {"item": "a dozen eggs"}),
    ],
)
def test_misheard_words_are_forgiven(heard: str, intent: str, slots: Mapping[str, Any]) -> None:
    meaning = meant(heard)
    assert (meaning.intent, meaning.slots) == (intent, slots)
    assert meaning.score < 1.0


@pytest.mark.parametrize(
    "said",
    [
        "we had to stop at the shop",
        "she turned on her heel and left",
        "turn the bedroom lamp",
        "",
        "the light is lovely",
    ],
)
def test_other_talk_and_what_could_be_two_things_mean_nothing(said: str) -> None:
    assert meant(said).intent is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\x00\x1b[31m\u202e",
        "停止 остановись 😀",
        "a" * 100_000,
        "turn on the " * 3_000,
        "1" * 5_000,
        "five five " * 60,
    ],
)
def test_no_input_however_odd_takes_long(text: str) -> None:
    meant(text)  # the first call fills caches of words
    spent_s = []
    for _ in range(3):
        started = time.process_time()
        meant(text)
        spent_s.append(time.process_time() - started)
    assert min(spent_s) < 0.05


def test_what_is_a_sentence_as_it_stands_is_not_taken_for_another_misheard() -> None:
    any_words = {"song": ValueList(free=True)}
    blocks = (Block("Play", ("play {song}",), source="drawn"), Block("Radio", ("play the radio",), source="drawn"))
    player = Understanding((), ENGLISH, Sentences("en", blocks, {}, any_words))
    assert meant("play the radios", player).intent == "Radio"
    assert meant("play the video", player).intent != "Radio"


def test_the_context_narrows_what_can_be_meant() -> None:
    assert meant("turn on the front door").intent is None  # a lock is no light
    nowhere = house.in_home({}, {})
    assert meant("turn off the lights", nowhere).intent is None  # in which room?
    with_guests = house.in_home({}, {"guests": "yes"})
    assert meant("turn off everything", with_guests).intent is None
    assert meant("turn off everything").intent == "HassTurnOff"


def test_what_is_written_as_one_word_is_heard_as_one() -> None:
    sentences = Sentences("en", (Block("Now", ("what is the current time",), source="drawn"),), {}, {})
    asked = Understanding((), ENGLISH, sentences)
    assert meant("what is the weren't time", asked).intent == "Now"


def test_another_home_has_other_names() -> None:
    other = house.in_home({"name": ValueList((Value("Disco Ball", None, {"domain": "light"}),))}, {})
    assert meant("turn on the disco ball", other).slots == {"name": "Disco Ball"}
    assert meant("turn on the disco ball").intent is None


def test_a_match_explains_itself() -> None:
    explained = str(house.explain([Hypothesis("turn of the bedroom lamb")], house.expectation_for("all")))
    assert "'<turn> off [the] {name}'" in explained
    assert "bedroom lamb -> bedroom lamp" in explained
    assert "of -> off" in explained


def test_it_agrees_with_hassil_about_what_is_said_exactly() -> None:
    intents = Intents.from_dict(yaml.safe_load(FILE.read_text(encoding="utf-8")))
    lists = {
        "name": TextSlotList.from_tuples([(name, name, {"domain": kind}) for name, kind in NAMES.items()], name="name"),
        "area": TextSlotList.from_strings(AREAS, name="area"),
    }
    for said in (
        "turn on the coffee maker",
        "turn the fairy lights on",
        "turn on all the lights in the kitchen",
        "switch off the bedroom lamp",
        "put oat milk on my shopping list",
        "set the temp to 7 degrees",
        "make the bedroom lamp blue",
        "set timer for 12 minutes named laundry",
    ):
        theirs = recognize_best(
            said, intents, slot_lists=lists, intent_context={"area": "Kitchen"}, language="en", best_slot_name="name"
        )
        ours = meant(said)
        assert theirs is not None, said
        assert ours.intent == theirs.intent.name, said
        assert ours.slots == {entity.name: entity.value for entity in theirs.entities.values()}, said


# --- reading the files ---


def test_json_reads_as_yaml_does(tmp_path: Path) -> None:
    as_json = tmp_path / "en.json"
    as_json.write_text(json.dumps(yaml.safe_load(FILE.read_text(encoding="utf-8"))), encoding="utf-8")
    read = load_sentences([as_json])
    assert [block.templates for block in read.blocks] == [block.templates for block in SENTENCES.blocks]
    assert read.lists == SENTENCES.lists
    assert read.rules == SENTENCES.rules


def test_a_checkout_of_the_public_repository_is_read_from_its_parts(tmp_path: Path) -> None:
    parts = {
        "sentences/en/_common.yaml": "language: en\nskip_words: [please]\n",
        "sentences/en/HassTurnOn/floor_domain.yaml": (
            "language: en\ndata:\n  - sentences: ['<turn> on the lights on the {floor}']\n    inferred_domain: light\n"
            "  - sentences: ['<turn> on {name}']\n    name_domains: [light]\n"
        ),
        "rules/en/verbs.yaml": "language: en\nexpansion_rules: {turn: (turn|switch)}\n",
        "lists/common.yaml": "lists: {floor: {values: [attic]}}\n",
        "sentences/de/HassTurnOn/name_only.yaml": "language: de\ndata:\n  - sentences: ['mach {name} an']\n",
    }
    for name, text in parts.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    read = load_sentences([tmp_path], "en")
    assert read.intents == ("HassTurnOn",)
    assert [dict(block.slots) for block in read.blocks] == [{"domain": "light"}, {}]
    assert [dict(block.requires) for block in read.blocks] == [{}, {"domain": ["light"]}]
    assert read.skipped == ("please",)
    found = book_of(read).find(("please", "switch", "on", "the", "lights", "on", "the", "attic"), SENSES, {})
    assert dict(found[0].slots) == {"domain": "light", "floor": "attic"}
    assert found[0].likeness == 1.0


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("language: en\nintents: {A: {data: [{sentences: ['turn (on']}]}}\n", "does not parse"),
        ("language: en\nintents: {A: {data: [{sentences: ['<turn> on']}]}}\n", "no expansion rule <turn>"),
        ("language: en\nintents: {A: {data: [{sentences: ['make it {colour}']}]}}\n", "no list {colour}"),
        ("language: en\nintents: {A: {data: [{sentences: ['[please]']}]}}\n", "match silence"),
        ("language: en\nintents: {A: {data: [{slots: {}}]}}\n", "sentences: this key is missing"),
        ("intents: {}\n", "which language"),
    ],
)
def test_a_fault_is_told_with_the_file(tmp_path: Path, text: str, complaint: str) -> None:
    path = tmp_path / "broken.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(IntentsError, match=r"broken\.yaml") as error:
        book_of(load_sentences([path]))
    assert complaint in str(error.value)
