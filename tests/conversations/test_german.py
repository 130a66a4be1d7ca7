"""A language is files: a small German (tests/data/languages/de), led by the same engine, with no word of code for it.

What its prompts lack, because no conversation here comes to it, is taken from English.
"""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assistant.conversation.conversation import Conversation
from assistant.conversation.typed import TypedEvening
from assistant.dialogue import Library
from assistant.events import Expectation, Hypothesis, ListenMode, Meaning, SlotKind
from assistant.memory import Journal
from assistant.understanding import Understanding, load_commands
from assistant.understanding.data_file import load_yaml

ROOT = Path(__file__).parents[2]
GERMAN = ROOT / "tests" / "data" / "languages" / "de"
ENGLISH = ROOT / "intents" / "en"


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> tuple[Library, Understanding]:
    folder = tmp_path_factory.mktemp("intents") / "de"
    shutil.copytree(GERMAN, folder)
    shutil.copy(ENGLISH / "times.yaml", folder)
    prompts = load_yaml(ENGLISH / "prompts.yaml").data
    for section, lines in load_yaml(GERMAN / "prompts.yaml").data.items():
        prompts[section] |= lines
    (folder / "prompts.yaml").write_text(json.dumps(prompts), encoding="utf-8")
    library = Library.load([folder])
    return library, Understanding([*load_commands(folder), *library.intents], folder)


Kept = list[tuple[str | None, str, str | float | None]]


def evening(german: tuple[Library, Understanding], tmp_path: Path, *lines: str) -> tuple[str, Kept]:
    """All that is said, and what is kept of it: who, under which key, what."""
    said: list[str] = []
    with Journal.open(tmp_path / "journal.sqlite", lambda: datetime(2026, 11, 22, 20, 0, tzinfo=UTC)) as journal:
        TypedEvening(Conversation(*german, journal, ("Ana", "Ben"), 1), "hey evensong", said.append).run(lines)
        kept = [
            (entry.person, entry.key, entry.number if entry.number is not None else entry.text)
            for session in journal.sessions()
            for entry in session.entries
        ]
    return " ".join(said), kept


def meant(german: tuple[Library, Understanding], text: str) -> Meaning:
    understanding = german[1]
    return understanding.understand((Hypothesis(text),), understanding.expectation_for("all"))


def test_a_ritual_is_held_in_german(german: tuple[Library, Understanding], tmp_path: Path) -> None:
    said, kept = evening(
        german, tmp_path, "starte bitte die stimmung", "ja", "ungefähr sieben", "eher müde", "acht von zehn", "froh"
    )
    assert "von eins bis zehn" in said
    assert [value for _, _, value in kept] == [7, "müde", 8, "froh"]


def test_commands_and_free_answers_are_told_apart(german: tuple[Library, Understanding], tmp_path: Path) -> None:
    _, kept = evening(
        german,
        tmp_path,
        "wofür sind wir dankbar",
        "ja",
        "was war die frage",
        "wir haben am see angehalten und lange geschaut",
        "mir fällt nichts ein",
    )
    assert [value for _, _, value in kept] == ["wir haben am see angehalten und lange geschaut"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("könntest du bitte etwas lauter sprechen", "louder"),
        ("ähm stopp", "stop"),
        ("kannst du mal kurz warten", "pause"),
        ("was kann ich sagen", "help"),
        ("mach die dankbarkeit", "start_dankbarkeit"),
        ("wo ist das brot", None),
        ("der bus hält hier nicht mehr", None),
    ],
)
def test_what_is_said_is_understood_or_not(
    german: tuple[Library, Understanding], text: str, intent: str | None
) -> None:
    assert meant(german, text).intent == intent


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("erinnere uns jeden abend um zehn", "daily 22:00"),
        ("erinnere uns bitte morgen abend um halb neun", "once tomorrow 20:30"),
        ("erinnere mich in zwanzig minuten", "once +20min"),
        ("erinnere uns jeden sonntag um achtzehn uhr an die stimmung", "weekly SUN 18:00"),
        ("erinnere uns montags um viertel nach sieben", "weekly MON 19:15"),
    ],
)
def test_times_are_read_in_german(german: tuple[Library, Understanding], text: str, when: str) -> None:
    meaning = meant(german, text)
    assert meaning.intent == "schedule_reminder"
    assert meaning.slots["when"]["summary"] == when


@pytest.mark.parametrize(
    ("slot", "text", "slots"),
    [
        ("rating", "sieben oder acht", {"rating": 7}),
        ("duration", "eine halbe stunde", {"duration_s": 1800}),
        ("duration", "einundzwanzig minuten", {"duration_s": 1260}),
        ("names", "ana und ben", {"names": ["Ana", "Ben"]}),
        ("yes_no", "ja gerne", {"yes_no": True}),
        ("yes_no", "lieber nicht", {"yes_no": False}),
        ("number", "wir sind vier", {"number": 4}),
    ],
)
def test_answers_are_read_in_german(
    german: tuple[Library, Understanding], slot: SlotKind, text: str, slots: dict[str, object]
) -> None:
    understanding = german[1]
    commands = understanding.expectation_for("ritual").intents
    assert understanding.understand((Hypothesis(text),), Expectation(ListenMode.CHOICE, commands, slot)).slots == slots


def test_a_disclosure_is_heard_in_german(german: tuple[Library, Understanding]) -> None:
    assert meant(german, "er hat mich geschlagen").safety == "violence"
