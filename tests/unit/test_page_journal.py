"""The journal on the page: found, corrected, deleted, exported; and what one person said alone stays theirs."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from page_browser import ORIGIN, Page, page_of
from page_household import ALONE, PASSPHRASE, Calendar

from assistant import config
from assistant.memory import Journal

TRICK = "<img src=x onerror=alert(1)>\"'</script>"


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    with page_of(tmp_path / "journal.sqlite") as made:
        yield made


def texts(page: Page, **params: str) -> list[str]:
    return [one["text"] for one in page.entries(**params) if one["text"]]


def test_the_latest_evenings_come_first_and_earlier_ones_when_asked_for(tmp_path: Path) -> None:
    with page_of(tmp_path / "journal.sqlite", weeks=9) as page:
        first = page.get("api/journal")
        second = page.get("api/journal", before=first["older"])
    began = [one["began"] for one in (*first["sessions"], *second["sessions"])]
    assert len(first["sessions"]) == 20
    assert began == sorted(began, reverse=True)
    seen = [one["id"] for one in (*first["sessions"], *second["sessions"])]
    assert len(set(seen)) == len(seen)


def test_words_are_found_also_when_they_are_spelled_nearly_so(page: Page) -> None:
    wanted = texts(page)[0]
    longest = max(wanted.split(), key=len)
    for words in (wanted, longest, longest[:-1] + "q", f"{longest} xylophone"):
        assert wanted in texts(page, words=words)
    assert texts(page, words="xylophone") == []
    assert {one["person"] for one in page.entries(words=wanted, person="Ana")} <= {"Ana"}


def test_a_misheard_answer_is_corrected_and_its_words_are_gone(page: Page) -> None:
    entry = next(one for one in page.entries() if one["text"])
    page.change("POST", f"api/entries/{entry['id']}", {"text": "zebrafinch"})  # so that nothing else has the words
    assert page.change("POST", f"api/entries/{entry['id']}", {"text": "the heron by the river"}) == (200, {})
    assert texts(page, words="heron") == ["the heron by the river"]
    assert texts(page, words="zebrafinch") == []
    for file in page.path.parent.iterdir():
        assert not file.is_file() or b"zebrafinch" not in file.read_bytes(), file


def test_an_answer_does_not_become_empty_and_a_number_no_words(page: Page) -> None:
    said = next(one for one in page.entries() if one["text"])
    code, found = page.change("POST", f"api/entries/{said['id']}", {"text": " \n"})
    assert (code, found["message"]) == (409, "An answer cannot become empty; delete it instead.")
    number = next(one for one in page.entries() if one["text"] is None)
    assert page.change("POST", f"api/entries/{number['id']}", {"text": "nine"})[0] == 409


def test_an_answer_and_an_evening_are_deleted(page: Page) -> None:
    session = page.get("api/journal")["sessions"][0]
    gone = session["entries"][0]["id"]
    assert page.change("DELETE", f"api/entries/{gone}") == (200, {})
    assert gone not in [one["id"] for one in page.entries()]
    assert page.change("DELETE", f"api/entries/{gone}")[0] == 409
    assert page.change("DELETE", f"api/sessions/{session['id']}") == (200, {})
    assert session["id"] not in [one["id"] for one in page.get("api/journal")["sessions"]]


def test_an_evening_that_is_not_over_is_not_deleted(page: Page) -> None:
    with Journal.open(page.path, page.calendar) as journal:
        running = journal.open_session("gratitude", ("Ana", "Ben"), 1)
    code, found = page.change("DELETE", f"api/sessions/{running}")
    assert (code, "stop" in found["message"]) == (409, True)


def test_while_somebody_else_writes_the_page_says_so_and_still_reads(page: Page) -> None:
    entry = next(one for one in page.entries() if one["text"])
    with Journal.open(page.path, Calendar()):
        code, found = page.change("POST", f"api/entries/{entry['id']}", {"text": "else"})
        assert code == 409
        assert found["message"].startswith("Another Evensong is writing the journal")
        assert entry in page.entries()
    assert page.change("POST", f"api/entries/{entry['id']}", {"text": "else"})[0] == 200


def test_a_script_in_a_name_or_an_answer_is_only_text(page: Page) -> None:
    """The page hands it over as JSON, which no browser takes for markup; the browser's test looks at the rest."""
    with Journal.open(page.path, page.calendar) as journal:
        journal.open_session("mood", (TRICK, "Ben"), 1)
        journal.record("mood", TRICK, TRICK, 4)
        journal.close_session("finished")
    answer = page.client.get("/the-token/api/journal")
    assert answer.headers["content-type"] == "application/json"
    assert TRICK in [one["text"] for one in page.entries()]
    picture = page.client.get("/the-token/api/pictures/mood.svg").text
    assert "<img" not in picture


# --- what was said alone ---------------------------------------------------------------------------------


def everything(page: Page, **key: str) -> str:
    """All that the page tells of the journal."""
    asked = ("api/journal", "api/people", "api/pictures", "api/export/json", "api/export/md", "api/export/csv")
    found = [page.client.get(f"/the-token/{path}", params=key).text for path in asked]
    return "".join((*found, page.client.get("/the-token/api/journal", params={"words": "letter", **key}).text))


def test_what_was_said_alone_is_shown_only_after_the_passphrase(page: Page) -> None:
    assert ALONE not in everything(page)
    code, given = page.change("POST", "api/passphrase", {"words": "Copper kettle, morning!"})
    assert (code, given["person"]) == (200, "Ana")
    assert ALONE in texts(page, words="letter", key=given["key"])
    assert ALONE in everything(page, key=given["key"])
    assert ALONE not in everything(page)  # another window knows nothing of it
    page.change("DELETE", f"api/passphrase?key={given['key']}")
    assert ALONE not in everything(page, key=given["key"])


def test_what_is_not_shown_cannot_be_changed_either(page: Page) -> None:
    key = page.change("POST", "api/passphrase", {"words": PASSPHRASE})[1]["key"]
    (secret,) = page.entries(words="letter", key=key)
    (session,) = page.get("api/journal", words="letter", key=key)["sessions"]
    assert page.change("POST", f"api/entries/{secret['id']}", {"text": "x"})[0] == 409
    assert page.change("DELETE", f"api/entries/{secret['id']}")[0] == 409
    assert page.change("DELETE", f"api/sessions/{session['id']}")[0] == 409
    assert page.change("DELETE", f"api/entries/{secret['id']}?key={key}")[0] == 200


def test_passphrases_cannot_be_guessed_quickly(page: Page) -> None:
    for number in range(5):
        assert page.change("POST", "api/passphrase", {"words": f"copper kettle {number}"})[0] == 409
    code, found = page.change("POST", "api/passphrase", {"words": PASSPHRASE})
    assert (code, "wait" in found["message"]) == (409, True)


def test_where_nothing_is_private_everything_is_shown(tmp_path: Path) -> None:
    shared = config.Settings(memory=config.Memory(alone="shared"))
    with page_of(tmp_path / "journal.sqlite", shared) as page:
        assert ALONE in everything(page)


# --- the rest --------------------------------------------------------------------------------------------


def test_exports_are_those_of_the_command_line(page: Page) -> None:
    exported = json.loads(page.client.get("/the-token/api/export/json").text)
    assert exported["format"] == "evensong-journal"
    table = page.client.get("/the-token/api/export/csv")
    assert "attachment" in table.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(table.text)))
    assert len(rows) == sum(len(session["entries"]) for session in exported["sessions"])
    assert page.client.get("/the-token/api/export/exe").status_code == 409


def test_people_and_reminders_are_listed_and_cancelled(page: Page) -> None:
    people = page.get("api/people")["people"]
    assert [one["name"] for one in people] == ["Ana", "Ben"]
    assert people[0]["evenings"] == people[1]["evenings"]  # the one that Ana had alone is not counted
    before = page.get("api/reminders")["reminders"]
    assert [one["what"] for one in before] == ["call Mia", "gratitude"]
    assert all(one["when"] and one["next"] for one in before)
    assert page.change("DELETE", f"api/reminders/{before[0]['id']}") == (200, {})
    assert page.get("api/reminders")["reminders"] == before[1:]


def test_no_evening_runs_here_and_the_page_says_so(page: Page) -> None:
    found = page.get("api/rituals")
    assert not found["live"]
    assert {"gratitude", "mood"} <= {one["id"] for one in found["rituals"]}
    code, refused = page.change("POST", "api/rituals/gratitude/begin")
    assert (code, "evensong listen --page" in refused["message"]) == (409, True)


def test_a_page_that_has_no_journal_yet_is_empty(tmp_path: Path) -> None:
    page = Page(tmp_path / "journal.sqlite", config.Settings())
    assert page.get("api/journal")["sessions"] == []
    assert page.get("api/people")["people"] == []
    assert all(one["words"] is None for one in page.get("api/pictures")["pictures"])
    assert page.client.get("/the-token/api/pictures/mood.svg", headers=ORIGIN).status_code == 409
    assert list(tmp_path.iterdir()) == []
    page.desk.close()
    page.owner.close()
