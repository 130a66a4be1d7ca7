"""What is not for an exercise is told from what only sounds like it, and none of its words go on from there.

The sentences of tests/data/disclosures.yaml were written before the patterns (see its head).
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import ascii_lowercase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.dialogue import Library
from assistant.errors import IntentsError
from assistant.events import Choice, Expectation, Hypothesis, ListenMode, SlotKind
from assistant.understanding import Understanding, load_commands
from assistant.understanding.data_file import load_yaml
from assistant.understanding.disclosures.disclosures import Safety
from assistant.understanding.disclosures.told_words import LONG_CHARACTERS, MOST_CHARACTERS, MOST_WORDS, shortened
from assistant.understanding.semantic.second_opinion import Suspicion
from assistant.understanding.vocabulary import Vocabulary, load_vocabulary

ENGLISH = Path(__file__).parents[2] / "intents" / "en"
SENTENCES = load_yaml(Path(__file__).parents[1] / "data" / "disclosures.yaml").data
ALL = ("stop", "pause", "resume", "help", "skip", "yes", "no", "finished")


def all_of(part: str) -> list[str]:
    return [sentence for sentences in SENTENCES[part].values() for sentence in sentences]


@pytest.fixture(scope="module")
def english() -> Understanding:
    return Understanding((*load_commands(ENGLISH), *Library.load([ENGLISH]).starters), ENGLISH)


@cache
def vocabulary() -> Vocabulary:
    return load_vocabulary((), ENGLISH)


@pytest.fixture(scope="module")
def safety() -> Safety:
    known = vocabulary()
    return Safety(ENGLISH, known.writing, known.sounds)


def test_the_set_is_large_enough() -> None:
    assert len(all_of("disclosures")) >= 200
    assert len(all_of("ordinary")) >= 400


@pytest.mark.parametrize(("part", "least"), [("disclosures", 0.95), ("misheard", 0.9)])
def test_disclosures_are_heard(safety: Safety, part: str, least: float) -> None:
    sentences = all_of(part)
    missed = [sentence for sentence in sentences if safety.category([Hypothesis(sentence)]) is None]
    assert 1 - len(missed) / len(sentences) >= least, missed


def test_what_only_sounds_alarming_does_not_pause(safety: Safety) -> None:
    sentences = all_of("ordinary")
    paused = [sentence for sentence in sentences if safety.category([Hypothesis(sentence)]) is not None]
    assert len(paused) / len(sentences) <= 0.05, paused


def natural_talk() -> list[str]:
    talk = load_yaml(Path(__file__).parents[1] / "data" / "natural_talk.yaml").data
    return [*talk["background"], *talk["later_background"], *talk["third_background"]]


def test_natural_talk_at_home_does_not_pause(safety: Safety) -> None:
    assert [one for one in natural_talk() if safety.category([Hypothesis(one)])] == []


@pytest.mark.parametrize(
    ("mode", "slot"),
    [
        (ListenMode.COMMAND, None),
        (ListenMode.BARGE_IN, None),
        (ListenMode.ANSWER, "free"),
        (ListenMode.ANSWER, "names"),
        (ListenMode.ANSWER, "word"),
        (ListenMode.CHOICE, "yes_no"),
        (ListenMode.CHOICE, "rating"),
        (ListenMode.CHOICE, "number"),
        (ListenMode.CHOICE, "duration"),
        (ListenMode.CHOICE, "choice"),
    ],
)
def test_in_every_mode_nothing_but_the_category_goes_on(
    english: Understanding, mode: ListenMode, slot: SlotKind | None
) -> None:
    choices = (Choice("short", ("short",)), Choice("long", ("long",))) if slot == "choice" else ()
    expectation = Expectation(mode, ALL, slot, choices)
    meaning = english.understand([Hypothesis("he hit me last night")], expectation)
    assert (meaning.safety, meaning.intent, meaning.text, dict(meaning.slots)) == ("violence", None, "", {})
    assert (meaning.template, meaning.runner_up) == (None, None)


def test_it_is_heard_in_any_hypothesis(english: Understanding) -> None:
    heard = [Hypothesis("he hit the tree", 9.0), Hypothesis("he hit me", 8.0)]
    assert english.understand(heard, english.expectation_for("answer")).safety == "violence"


def test_it_is_heard_in_the_middle_of_a_long_answer(safety: Safety) -> None:
    before = "we had soup and the sun came out and then we walked along the river for a while " * 30
    assert safety.category([Hypothesis(f"{before} and then he hit me {before}")]) == "violence"
    assert safety.category([Hypothesis(before * 2)]) is None


@pytest.mark.parametrize("text", ["stop", "i want to stop", "i don't want to go on", "please just stop", "pause"])
def test_commands_that_were_said_exactly_go_first(english: Understanding, text: str) -> None:
    meaning = english.understand([Hypothesis(text)], english.expectation_for("all"))
    assert meaning.intent in ("stop", "pause")
    assert meaning.safety is None


@pytest.mark.parametrize(
    ("told", "ordinary"),
    [
        ("help me he is killing me", "he is killing me with these jokes"),
        ("he is going to kill me", "he is going to kill me when he sees the car"),
        ("he hits me", "he never hits me"),
        ("i am scared when you come home late", "i am scared when you come home late and don't call"),
        ("i am scared of you when you come home late and don't call", "i am scared when you are out and don't answer"),
        ("i am frightened when you come home", "i am scared when you come home late that something happened to you"),
        ("i want to die", "i don't want to die"),
        ("i'm afraid of my husband", "i'm not afraid of my husband"),
        ("she threatened to kill me", "she threatened to sing"),
        ("he hit me", "he hit me with a snowball"),
        ("i keep hurting myself", "i keep hurting my back"),
        ("he strangled her", "in the film he strangled her"),
        ("he won't let me see my friends", "he won't let me win at chess"),
        ("i don't want to be here anymore", "i don't want to be here when the builders come"),
        ("everyone would be better off without me", "we would be better off without a car"),
        ("i'm going to jump off the bridge", "i'm just going to jump in the shower"),
        ("i'm going to jump in front of a train", "i'm going to jump on the next train"),
        ("i want to jump onto the train tracks", "i'm going to jump on the train home"),
        ("i want to jump", "i want to jump into bed"),
        ("i took too many pills", "i took too many photos"),
        ("i took too many", "i took too many biscuits from the tin"),
        ("she overdosed last night", "i overdosed on chocolate last night"),
        ("i don't want to wake up", "i don't want to wake up at six again"),
        ("i don't want to wake up any more", "i don't want to wake up the baby"),
        ("my son is cutting himself", "my son cut himself shaving"),
        ("he hit me with a belt", "he hit me with a great idea"),
        ("he locked me in the bedroom", "he locked me out by mistake"),
        ("my heart races when he comes home", "my heart races when he smiles at me"),
        ("he came at me with a knife", "he came at me with open arms"),
        ("i want everything to stop for good", "i want everything to stop for one minute"),
        ("i lock myself in the bathroom when he drinks", "i locked myself in the bathroom to read in peace"),
    ],
)
def test_the_same_words_meant_otherwise(safety: Safety, told: str, ordinary: str) -> None:
    assert safety.category([Hypothesis(told)]) is not None
    assert safety.category([Hypothesis(ordinary)]) is None


@pytest.mark.parametrize("text", ["", "   ", "he", "hits", "\u2019\u2019", "0", "he " * 2000, "[unk] [unk]"])
def test_nothing_is_made_of_nothing(safety: Safety, text: str) -> None:
    assert safety.category([Hypothesis(text)]) is None


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        (("says: [he hits me]", "says: ['(he hits me']"), r"safety.yaml:7: .*brackets do not match"),
        (("says: [he hits me]", "says: [<who> hits me]"), r"safety.yaml:7: .*no expansion rule <who>"),
        (("category: violence", "category: harm"), r"safety.yaml:6: harm: there is no such category"),
        (("says: [he hits me]", "unless: [film]\n    says: [he hits me]"), r"safety.yaml:7: film: .*no such setting"),
        (("barriers:", "barrier:"), r"safety.yaml:4: .*did you mean barriers"),
    ],
)
def test_a_broken_file_is_named_with_its_line(tmp_path: Path, wrong: tuple[str, str], complaint: str) -> None:
    good = (
        "\nlanguage: en\ncategories: {violence: done}\nbarriers: [not]\n"
        "disclosures:\n  - category: violence\n    says: [he hits me]\n"
    )
    (tmp_path / "safety.yaml").write_text(good.replace(*wrong))
    known = vocabulary()
    with pytest.raises(IntentsError, match=complaint):
        Safety(tmp_path, known.writing, known.sounds)


# --- with a second opinion ---


@pytest.mark.parametrize(
    ("told", "ordinary"),
    [
        ("ben hits me", "ben hits the ball over the fence"),
        ("i am scared of tom when he drinks", "i am worried about tom"),
        ("anna threatens to leave me with nothing", "anna said i should sleep in"),
        ("peter locked me in the bathroom", "peter locked the door for me"),
        ("i want to take all my pills", "remind me to take my pills"),
    ],
)
def test_whoever_is_called_by_name_is_somebody(safety: Safety, told: str, ordinary: str) -> None:
    assert safety.category([Hypothesis(told)]) is not None
    assert safety.category([Hypothesis(ordinary)]) is None


@pytest.mark.parametrize("before", [300, 1_500, 2_000])
def test_in_the_middle_of_a_very_long_line_it_is_heard(safety: Safety, before: int) -> None:
    talk = " ".join(f"{word} {number}" for number, word in enumerate(["we went to the market and bought apples"] * 240))
    words = talk.split()
    line = " ".join((*words[:before], "and then my husband hit me in the kitchen", *words[before:]))
    assert len(line) > 6_000
    assert safety.category([Hypothesis(line)]) == "violence"
    assert safety.category([Hypothesis(talk)]) is None


def weighing(likeness: float) -> Safety:
    """The patterns, with a second opinion that finds everything so likely."""
    known = vocabulary()
    return Safety(ENGLISH, known.writing, known.sounds, lambda text: Suspicion(likeness, "danger"))


def test_the_second_opinion_hears_what_no_pattern_has() -> None:
    assert weighing(0.9).category([Hypothesis("the house is quiet when he is away")]) == "danger"
    assert weighing(0.5).category([Hypothesis("the house is quiet when he is away")]) is None


def test_the_second_opinion_may_find_a_pattern_mistaken_but_not_in_doubt() -> None:
    assert weighing(0.05).category([Hypothesis("he hit me")]) is None
    assert weighing(0.3).category([Hypothesis("he hit me")]) == "violence"
    in_another = [Hypothesis("he hit the tree", 9.0), Hypothesis("he hit me", 8.0)]
    assert weighing(0.05).category(in_another) == "violence"


def test_of_what_nobody_says_at_a_stretch_the_patterns_alone_decide() -> None:
    talk = " ".join(f"then we went to shop{letter} and bought apples" for letter in ascii_lowercase * 8)
    assert len(talk) > LONG_CHARACTERS
    assert weighing(0.9).category([Hypothesis(talk)]) is None
    assert weighing(0.05).category([Hypothesis(f"{talk} he hit me")]) == "violence"


def test_the_second_opinion_does_not_judge_what_was_misheard() -> None:
    """To it, "hymn" has nothing to do with him."""
    assert weighing(0.05).category([Hypothesis("i am afraid of hymn")]) == "fear_of_partner"


def test_without_an_opinion_patterns_decide() -> None:
    known = vocabulary()
    silent = Safety(ENGLISH, known.writing, known.sounds, lambda text: None)
    assert silent.category([Hypothesis("he hit me")]) == "violence"


def test_no_example_is_a_sentence_to_measure_on() -> None:
    examples = load_yaml(ENGLISH / "safety_examples.yaml").data
    learned = {text for texts in examples["told"].values() for text in texts} | set(examples["ordinary"])
    parts = (*(SENTENCES[part] for part in ("disclosures", "misheard", "ordinary")), *SENTENCES["fresh"].values())
    measured = {text for part in parts for texts in part.values() for text in texts}
    assert learned & measured == set()
    assert set(examples["told"]) <= set(load_yaml(ENGLISH / "safety.yaml").data["categories"])


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=40), st.text(max_size=4), st.integers(1, 3_000))
def test_however_long_what_is_looked_through_is_bounded(text: str, between: str, times: int) -> None:
    looked_through = shortened((text + between) * times)
    assert len(looked_through) <= max(LONG_CHARACTERS, MOST_CHARACTERS + MOST_WORDS)
    assert len(looked_through.split()) <= max(LONG_CHARACTERS / 2, MOST_WORDS)


@pytest.mark.parametrize("before", [0, 700, 1_500])
def test_in_ten_minutes_of_talk_it_is_heard_wherever_it_was_told(safety: Safety, before: int) -> None:
    talk = " ".join(natural_talk() * 2).split()[:1_600]
    assert safety.category([Hypothesis(" ".join(talk))]) is None
    told = [*talk[:before], "and", "he", "hit", "me", "again", *talk[before:]]
    assert safety.category([Hypothesis(" ".join(told))]) == "violence"


@pytest.mark.parametrize("before", range(388, 402, 2))
def test_a_long_answer_is_read_in_pieces_that_part_no_sentence(safety: Safety, before: int) -> None:
    talk = " ".join(natural_talk() * 2).split()[:800]
    assert safety.category([Hypothesis(" ".join(talk))]) is None
    told = [*talk[:before], *["and", "then", "i", "was", "afraid", "that", "he", "would", "hit", "me"], *talk[before:]]
    assert safety.category([Hypothesis(" ".join(told))]) is not None


def test_of_a_long_answer_the_second_opinion_must_be_surer() -> None:
    """Of its several pieces one may be mistaken."""
    short, long = "the house is quiet when he is away", " ".join(["the house is quiet when he is away"] * 12)
    assert weighing(0.7).category([Hypothesis(short)]) == "danger"
    assert weighing(0.7).category([Hypothesis(long)]) is None
    assert weighing(0.9).category([Hypothesis(long)]) == "danger"
