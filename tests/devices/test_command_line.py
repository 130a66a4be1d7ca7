"""Bad input as a person meets it: one clear sentence with the remedy, the right exit code, nothing half-written.

Here is what needs neither a speech model nor sound; see test_command_line_sound.py for the rest.
"""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from command_line import LIMIT_S, Home

RITUAL = """\
id: walk
title: the walk
about: Ten minutes side by side.
people: {min: 1, max: 2}
minuts: 3
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


# --- settings and rituals ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"[audio\nmicrophone = 1\n", "not valid TOML: Expected ']' at the end of a table declaration (at line 1"),
        (b'[audio]\nmicrofone = "USB"\n', "there is no setting named audio.microfone; allowed here: "),
        (b"[speech]\nrate = 9\n", "speech.rate = 9 is not right: Input should be less than or equal to 2."),
        (b'[wake]\nphrase = "\xff"\n', "is not UTF-8 text; save it as that, or remove it."),
    ],
)
def test_broken_settings(home: Home, text: bytes, told: str) -> None:
    path = home.folder / "mine.toml"
    path.write_bytes(text)
    sentence = home.run("--config", path, "config", "show").refusal(2)
    assert sentence.startswith(str(path))
    assert told in sentence


def test_settings_that_are_not_there_or_say_what_cannot_be(home: Home) -> None:
    nowhere = home.folder / "nowhere.toml"
    told = home.run("--config", nowhere, "config", "show").refusal(2)
    assert told == f"{nowhere} does not exist; write it with `evensong config init --file {nowhere}`."
    assert "Is a directory" in home.run("--config", home.folder, "config", "show").refusal(2)
    home.settings('[household]\nlanguage = "xx"\n')
    assert "does not speak it; choose one of: en." in home.run("rituals").refusal(2)
    home.settings(f'[paths]\nrituals = "{home.folder}/nowhere"\n')
    assert "paths.rituals: there is no folder" in home.run("rituals").refusal(2)


def test_a_broken_ritual_of_ones_own_is_named_with_its_line(home: Home) -> None:
    own = home.folder / "home" / "data" / "rituals" / "walk.yaml"
    own.parent.mkdir(parents=True)
    own.write_text(RITUAL)
    told = f"{own}:5: minuts: there is no such key; did you mean minutes?"
    assert home.run("rituals").refusal(1) == told
    own.write_text(RITUAL + "steps: [\n")
    assert home.run("text").refusal(1).startswith(f"{own}:7: not valid YAML")
    assert not (home.folder / "home" / "data" / "journal.sqlite").exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nosuch",), "No such command 'nosuch'; see `evensong --help`."),
        (("journal", "plot", "sleep"), "Invalid value for 'measure': 'sleep' is not one of"),
        (("rituals", "--nosuch"), "No such option: --nosuch; see `evensong rituals --help`."),
        (("replay", "x.wav", "--chunk-ms", "0"), "Invalid value for '--chunk-ms': "),
        (("replay", "x.wav", "--chunk-ms", "twenty"), "Invalid value for '--chunk-ms': "),
        (("journal", "show", "last"), "Invalid value for 'session': "),
        (("journal", "delete"), "name one session, or --everything; see `evensong journal delete --help`."),
        (("match", ""), "There was no sentence to match; give one"),
        (("match", "--context", "bed", "stop"), "Invalid value for '--context': "),
    ],
)
def test_wrong_usage_says_where_the_help_is(home: Home, words: tuple[str, ...], told: str) -> None:
    done = home.run(*words)
    assert told in done.refusal(2)
    assert done.out == ""


def test_an_unknown_model_is_told_the_known_ones(home: Home) -> None:
    for command in ("install", "verify", "remove"):
        done = home.run("models", command, "nothere")
        assert "There is no model named 'nothere' in the catalogue; choose one of: " in done.refusal(1)
        assert done.out == ""


# --- places that cannot be written ---------------------------------------------------------------------


def test_settings_are_written_whole_or_not_at_all(home: Home) -> None:
    (home.folder / "file").touch()
    init = ("config", "init", "--file")
    assert "the disk is full; free some space" in home.run(*init, "/dev/full", "--force").refusal(1)
    assert Path("/dev/full").is_char_device()
    assert "it is a folder; name a file." in home.run(*init, home.folder, "--force").refusal(1)
    assert "there is no folder" in home.run(*init, home.folder / "file" / "mine.toml").refusal(1)
    assert "exists already; use --force" in home.run(*init, home.folder / "file").refusal(2)
    # A place where nobody may make a file, not even root.
    assert "was not written" in home.run(*init, "/sys/kernel/evensong.toml").refusal(1)
    assert home.files() == {"file"}


def test_a_bad_place_is_refused_before_the_work(home: Home) -> None:
    nowhere = home.folder / "nowhere" / "evening"
    made = f"there is no folder {nowhere.parent}; make it first."
    assert "it is a folder; name a file." in home.run("say", "Good night.", "--out", home.folder).refusal(1)
    assert "it is a folder; name a file." in home.run("demo", "--out", home.folder).refusal(1)
    assert made in home.run("demo", "--out", home.folder / "evening.wav", "--transcript", nowhere).refusal(1)
    assert made in home.run("replay", "evening.wav", "--out", nowhere).refusal(1)
    assert home.files() == set()


def test_a_full_disk_behind_the_output(home: Home) -> None:
    command = ["-c", 'exec "$@" > /dev/full', "sh", *home.start_words("rituals")]
    done = subprocess.run(["sh", *command], env=home.environment, capture_output=True, text=True, check=False)
    assert done.stderr == "evensong: the output cannot be written (No space left on device); send it elsewhere.\n"
    assert done.returncode == 1


# --- the journal ---------------------------------------------------------------------------------------


def test_no_journal_yet(home: Home) -> None:
    for words in (("list",), ("show", "1"), ("export",), ("delete", "1", "--yes")):
        assert "There is no journal yet" in home.run("journal", *words).refusal(1)
    assert not (home.folder / "home" / "data").exists()


@pytest.mark.parametrize(
    ("command", "place", "told"),
    [
        ("text", "", "is a folder; set paths.journal to a file in it"),
        ("journal list", "/dev/full", "is not an ordinary file; set paths.journal to another place."),
        ("text", "/sys/kernel/journal.sqlite", "cannot be"),
        ("text", "file/journal.sqlite", "a part of its path is a file; set paths.journal to another place."),
        ("journal list", "file", "is not a journal, or is damaged"),
    ],
)
def test_a_journal_that_cannot_be_kept(home: Home, command: str, place: str, told: str) -> None:
    (home.folder / "file").write_text("My dear diary, " * 100)
    home.settings(f'[paths]\njournal = "{home.folder / place}"\n')
    assert told in home.run(*command.split(), given=b"gratitude time\n").refusal(1)
    assert home.files() == {"file"}


def test_a_journal_in_use_can_be_read_but_has_one_writer(home: Home) -> None:
    first = home.start("text")
    try:
        assert first.stdin is not None
        first.stdin.write(b"gratitude time\nAna\n")
        first.stdin.flush()
        home.wait_for_session()
        assert "Another Evensong is writing the journal" in home.run("text").refusal(1)
        assert "Another Evensong is writing" in home.run("journal", "delete", "1", "--yes").refusal(1)
        listed = [json.loads(line) for line in home.run("journal", "list", "--json").out.splitlines()]
        assert [(row["id"], row["people"]) for row in listed] == [(1, ["Ana"])]
    finally:
        first.communicate(timeout=LIMIT_S)
    assert first.returncode == 0
    assert home.run("journal", "show", "999").refusal(1).startswith("The journal holds no session 999; see ")
    assert "holds no session 999" in home.run("journal", "delete", "999", "--yes").refusal(1)
    unasked = home.run("journal", "delete", "1")
    assert unasked.code == 2
    assert "add --yes where nobody can be asked." in unasked.err
    refused = home.run("journal", "delete", "1", given=b"n\n")
    assert (refused.code, refused.err) == (1, "")
    assert "it is a folder; name a file." in home.run("journal", "export", "--out", home.folder).refusal(1)
    assert "the disk is full" in home.run("journal", "export", "--out", "/dev/full").refusal(1)
    assert home.run("journal", "delete", "1", "--yes").out == "Deleted.\n"


# --- what comes in and goes out ------------------------------------------------------------------------


def test_bytes_that_are_no_text_nul_and_very_long_lines_are_only_lines(home: Home) -> None:
    given = b"stop \xff\xfe\n\0\0stop\n" + b"stop the music " * 3_333 + b"\n\nstop"
    done = home.run("match", "--json", given=given, environment={"PYTHONIOENCODING": "utf-8:strict"})
    assert (done.code, done.err) == (0, "")
    rows = [json.loads(line) for line in done.out.splitlines()]
    assert [row["intent"] for row in rows] == ["stop", "stop", None, None, "stop"]
    assert rows[0]["text"] == "stop \ufffd\ufffd"
    spoken = home.run("text", given=b"\xff\n\0\ngratitude \xff time\n")
    assert (spoken.code, spoken.err) == (0, "")


def test_a_reader_that_goes_away_and_closed_streams_are_no_trouble(home: Home) -> None:
    given = home.folder / "given"
    given.write_text("stop\n" * 20_000)
    match = " ".join(home.start_words("match", "--json"))
    for line in (f"{match} < {given} | head -1", f"{match} <&- >&-"):
        done = subprocess.run(["sh", "-c", line], env=home.environment, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr) == (0, ""), line
