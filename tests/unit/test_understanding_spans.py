"""Patterns found in what was heard: gaps, what they may not pass, and words that were misheard."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.understanding.disclosures.pattern_graph import GAPS, PatternGraph
from assistant.understanding.disclosures.spans import Patterns, Row
from assistant.understanding.templates.templates import TemplateError

RULES = {"who": "(he|she|<kin>)", "kin": "(dad|my uncle)", "me": "(me|us)"}


def found(template: str, text: str, *others: str) -> list[str]:
    """The stretches of ``text`` in which ``template`` was found, where ``others`` are looked for, too."""
    graph = PatternGraph(RULES)
    for each in (template, *others):
        graph.add(each)
    words = text.split()
    lattice: list[Row] = [[(label, 1, 0.0) for label in graph.labels(word)] for word in words]
    spans = Patterns(graph, {"not", "never"}).find(lattice, words)
    return [" ".join(words[span.start : span.end]) for span in spans if span.pattern == 0]


def patterns_of(template: str) -> Patterns:
    graph = PatternGraph(RULES)
    graph.add(template)
    return Patterns(graph, set())


@pytest.mark.parametrize(
    ("template", "text", "where"),
    [
        ("hits me", "he hits me", ["hits me"]),
        ("<who> hits <me>", "my uncle hits us", ["my uncle hits us"]),
        ("<who> .. hits <me>", "dad is drunk and hits me", ["dad is drunk and hits me"]),
        ("<who> .. hits <me>", "dad is drunk and then hits me", []),
        ("<who> ... hits <me>", "dad is drunk and then hits me", ["dad is drunk and then hits me"]),
        ("<who> .. hits <me>", "he never hits me", []),
        ("he never hits me", "he never hits me", ["he never hits me"]),
        ("^ stop (it|that) [now] $", "stop that now", ["stop that now"]),
        ("^ stop (it|that) [now] $", "do stop that now", []),
        ("^ stop (it|that) [now] $", "stop that now please", []),
        ("(a b|a) c", "a b c a c", ["a b c", "a c"]),
        ("<who> hits .. me", "she hits she hits me", ["she hits me"]),
    ],
)
def test_where_a_pattern_is_found(template: str, text: str, where: list[str]) -> None:
    assert found(template, text) == where


def test_what_may_have_been_misheard_costs_and_too_much_of_it_is_refused() -> None:
    patterns = patterns_of("she hurts me badly")
    words = ["she", "herds", "mean", "badly"]
    near: list[Row] = [[("she", 1, 0.0)], [("hurts", 1, 0.15)], [("me", 1, 0.15)], [("badly", 1, 0.0)]]
    [span] = patterns.find(near, words)
    assert (span.start, span.end, span.cost) == (0, 4, pytest.approx(0.3))
    far: list[Row] = [[("she", 1, 0.0)], [("hurts", 1, 0.2)], [("me", 1, 0.2)], [("badly", 1, 0.0)]]
    assert patterns.find(far, words) == []


def test_two_heard_words_may_be_one_that_was_meant() -> None:
    patterns = patterns_of("i hurt myself")
    lattice: list[Row] = [[("i", 1, 0.0)], [("hurt", 1, 0.0)], [("myself", 2, 0.2)], []]
    [span] = patterns.find(lattice, ["i", "hurt", "my", "self"])
    assert (span.start, span.end) == (0, 4)


def test_a_short_pattern_must_be_heard_as_it_stands() -> None:
    patterns = patterns_of("hits me")
    assert patterns.find([[("hits", 1, 0.1)], [("me", 1, 0.0)]], ["heads", "me"]) == []


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["he", "hits", "me", "and", "..", "...", "(he|me)", "[and]"]), min_size=1, max_size=7),
    st.lists(st.sampled_from(["he", "hits", "me", "and", "so", "day"]), min_size=1, max_size=70),
    st.lists(st.sampled_from(["he so day", "me ... day", "he hits", "and so ... me ... day"]), max_size=3),
)
def test_whatever_is_looked_for_besides_a_pattern_is_found_where_its_words_are(
    parts: list[str], words: list[str], others: list[str]
) -> None:
    parts = ["he", *parts, "me"]
    gaps = {gap: rf"(\w+ ){{0,{most}}}" for gap, most in GAPS.items()} | {"(he|me)": "(he|me) ", "[and]": "(and )?"}
    written = re.compile("".join(gaps.get(part, f"{part} ") for part in parts))
    ends = {
        end
        for end in range(1, len(words) + 1)
        if any(written.fullmatch(" ".join(words[start:end]) + " ") for start in range(max(0, end - 60), end))
    }
    assert len(found(" ".join(parts), " ".join(words), *others)) == len(ends)


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("(he|she hits me", "brackets do not match"),
        ("he hits me)", "brackets do not match"),
        ("<nobody> hits me", "there is no expansion rule <nobody>"),
        ("[he]", "it would match silence"),
        ("he (|she) hits", "one of its choices is empty"),
        ("he {name} <hits", "only words"),
    ],
)
def test_a_pattern_that_cannot_be_used_says_why(template: str, complaint: str) -> None:
    with pytest.raises(TemplateError, match=complaint):
        PatternGraph(RULES).add(template)


def test_rules_that_contain_each_other_are_refused() -> None:
    with pytest.raises(TemplateError, match="contain each other"):
        PatternGraph({"a": "x <b>", "b": "y <a>"}).add("<a>")
