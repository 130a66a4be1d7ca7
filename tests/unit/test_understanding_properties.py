"""What must hold for every template and every input."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from assistant.events import Expectation, Hypothesis, ListenMode, SlotKind
from assistant.understanding import Intent, Understanding, load_commands

ENGLISH = Path(__file__).parents[2] / "intents" / "en"
COMMANDS = load_commands(ENGLISH)
english = Understanding(COMMANDS, ENGLISH)
EVERYTHING = english.expectation_for("all")
SLOTS: tuple[SlotKind | None, ...] = (None, "free", "rating", "number", "yes_no", "names", "word", "duration")

word = st.sampled_from(["lamp", "river", "purple", "seven", "garden", "violin", "never", "the", "to", "bicycle", "not"])
words = st.lists(word, min_size=1, max_size=4).map(" ".join)


@st.composite
def template(draw: st.DrawFn) -> str:
    parts = []
    for _ in range(draw(st.integers(1, 3))):
        kind = draw(st.sampled_from(["plain", "choice", "option", "permutation"]))
        one, other = draw(words), draw(words)
        parts.append(
            {
                "plain": one,
                "choice": f"({one}|{other})",
                "option": f"{one} [{other}]",
                "permutation": f"({one};{other})",
            }[kind]
        )
    return " ".join(parts)


@settings(max_examples=10, deadline=None)
@given(template(), st.data())
def test_a_template_matches_all_that_it_stands_for(text: str, data: st.DataObject) -> None:
    understanding = Understanding((Intent("it", (text,)),), ENGLISH)
    phrases = [phrase for phrase in understanding.phrases if phrase.sense == ("intent", "it")]
    phrase = data.draw(st.sampled_from(phrases))
    meaning = understanding.understand([Hypothesis(" ".join(phrase.words))], understanding.expectation_for("all"))
    assert (meaning.intent, meaning.score) == ("it", 1.0)


def test_every_shipped_sentence_is_understood_as_its_intent() -> None:
    for phrase in list(english.phrases)[::60]:
        if phrase.sense[0] == "intent":
            meaning = english.understand([Hypothesis(" ".join(phrase.words))], EVERYTHING)
            assert (meaning.intent, meaning.score) == (phrase.sense[1], 1.0), phrase


@settings(max_examples=4, deadline=None)
@given(template(), st.randoms(use_true_random=False))
def test_adding_a_template_never_changes_a_perfect_match_of_another(text: str, random: object) -> None:
    base = (Intent("skip", ("(pass|skip this one)",)), Intent("stop", ("stop [it] now",)))
    more = (*base, Intent("added", (text,)))
    for said, intent in (("pass", "skip"), ("skip this one", "skip"), ("stop it now", "stop")):
        for intents in (base, more):
            understanding = Understanding(intents, ENGLISH)
            assert understanding.understand([Hypothesis(said)], understanding.expectation_for("all")).intent == intent


def test_the_order_of_files_decides_nothing() -> None:
    backwards = Understanding(tuple(reversed(COMMANDS)), ENGLISH)
    everything = backwards.expectation_for("all")
    for intent in COMMANDS:
        for sentence in (*intent.examples[::3], *(f"well {text} somehow" for text in intent.examples[::3])):
            one = english.understand([Hypothesis(sentence)], EVERYTHING)
            other = backwards.understand([Hypothesis(sentence)], everything)
            assert (one.intent, one.score, one.template) == (other.intent, other.score, other.template), sentence


ODD = [
    "",
    " ",
    "\x00\x1b[31m\u202e",
    "停止 остановись توقف 😀 ﷽",
    "a" * 100_000,
    "stop " * 10_000,
    "' ' ''' -- ... 1/0 ١٢٣ ²³ 999999999999999999999 1e309",
    "seven out of " * 40,
    "and " * 150,
    "i am " * 100,
    "1" * 5_000,
    "he hit me and " * 3_000,
    " ".join(
        f"{chr(97 + number % 26)}{chr(97 + number // 26 % 26)}{chr(97 + number // 676)}o" for number in range(9_000)
    ),
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.text(max_size=200), min_size=1, max_size=10), st.sampled_from(SLOTS), st.sampled_from(ListenMode))
@example([""], None, ListenMode.COMMAND)
def test_no_input_raises(texts: list[str], slot: SlotKind | None, mode: ListenMode) -> None:
    expectation = Expectation(mode, EVERYTHING.intents, slot)
    heard = [Hypothesis(text, float("nan") if number == 3 else -number) for number, text in enumerate(texts)]
    meaning = english.understand(heard, expectation)
    assert 0.0 <= meaning.score <= 1.0
    assert 0.0 <= meaning.margin <= 1.0
    english.is_complete(texts[0], expectation)
    english.explain(heard, expectation)


@pytest.mark.parametrize("slot", SLOTS)
def test_no_input_takes_long(slot: SlotKind | None) -> None:
    expectation = Expectation(ListenMode.CHOICE, EVERYTHING.intents, slot)
    for text in ODD:
        heard = [Hypothesis(text, -number) for number in range(10)]
        english.understand(heard, expectation)  # the first call fills caches of words
        # Processor time: the machine that tests run on may be busy with other things.
        best_s = min(_spent_s(heard, expectation) for _ in range(3))
        assert best_s < 0.05, (text[:20], best_s)


def _spent_s(heard: list[Hypothesis], expectation: Expectation) -> float:
    start_s = time.process_time()
    english.understand(heard, expectation)
    return time.process_time() - start_s


def test_no_hypotheses_mean_nothing() -> None:
    assert english.understand([], EVERYTHING).intent is None
