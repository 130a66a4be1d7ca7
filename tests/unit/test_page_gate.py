"""The page lets nobody in who does not know its address, and no page of somebody else's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from page_browser import ADDRESS, ORIGIN, Page, page_of

from assistant.page.address import Address

SECRET = "marigold"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with page_of(tmp_path_factory.mktemp("page") / "journal.sqlite", weeks=1) as made:
        yield made


def is_well(page: Page) -> bool:
    return page.client.get("/the-token/").status_code == 200


@pytest.mark.parametrize("token", ["", "the-toke", "the-token2", "THE-TOKEN", "%00", "..", "th%C3%A9-token"])
def test_without_the_token_there_is_nothing(page: Page, token: str) -> None:
    for path in ("", "/", "/api/journal", "/static/page.js"):
        answer = page.client.get(f"/{token}{path}")
        assert answer.status_code == 403
        assert "journal" not in answer.text
    assert is_well(page)


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8427",
        "127.0.0.1",
        "127.0.0.1:80",
        "127.0.0.1.evil.example:8427",
        "10.0.0.1:8427",
        "",
    ],
)
def test_under_another_name_there_is_nothing(page: Page, host: str) -> None:
    """A foreign page that makes its own name point here (DNS rebinding) gets no answer."""
    assert page.client.get("/the-token/", headers={"host": host}).status_code == 403
    assert page.client.get("/the-token/", headers={"host": "localhost:8427"}).status_code == 200


@pytest.mark.parametrize(
    "origin", [None, "null", "http://evil.example", "http://127.0.0.1:80", "https://127.0.0.1:8427"]
)
def test_another_page_changes_nothing(page: Page, origin: str | None) -> None:
    entry = page.entries()[0]["id"]
    headers = {} if origin is None else {"origin": origin}
    for method, path in (("DELETE", f"api/entries/{entry}"), ("POST", "api/match"), ("POST", "api/doctor")):
        assert page.client.request(method, f"/the-token/{path}", headers=headers).status_code == 403
    assert page.entries()[0]["id"] == entry


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_what_a_browser_says_comes_from_another_page_is_refused(page: Page, site: str) -> None:
    assert page.client.get("/the-token/api/journal", headers={"sec-fetch-site": site}).status_code == 403


def test_only_json_is_taken(page: Page) -> None:
    """A form of another page can send no JSON without asking first; even with our own Origin no other type is taken."""
    for media in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        headers = {**ORIGIN, "content-type": media}
        answer = page.client.post("/the-token/api/match", content=b'{"text": "stop"}', headers=headers)
        assert answer.status_code == 409


@pytest.mark.parametrize(
    "path",
    [
        "static/../../config.py",
        "static/%2e%2e/%2e%2e/config.py",
        "static/..%2f..%2fconfig.py",
        "static//etc/passwd",
        "static/page.js/..",
        "static/",
        "api/export/../../x",
        "api/entries/1e9",
        "api/sessions/-1",
        "api/sessions/99999999999999999999999999",
    ],
)
def test_tricks_with_paths_lead_nowhere(page: Page, path: str) -> None:
    answer = page.client.get(f"/the-token/{path}")
    assert answer.status_code in (403, 404, 405)
    assert "import" not in answer.text


@pytest.mark.parametrize("method", ["PUT", "PATCH", "OPTIONS", "TRACE", "BREW"])
def test_other_methods_are_refused(page: Page, method: str) -> None:
    assert page.client.request(method, "/the-token/", headers=ORIGIN).status_code == 405


def test_ten_megabytes_are_refused_before_they_are_read(page: Page) -> None:
    answer = page.client.post("/the-token/api/match", content=b"x" * 10_000_000, headers=ORIGIN)
    assert answer.status_code == 413
    without_length = page.client.post(
        "/the-token/api/match", content=(b"x" * 100_000 for _ in range(100)), headers=ORIGIN
    )
    assert without_length.status_code == 413
    assert is_well(page)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'{"text": 3}',
        b'{"text": "a", "more": 1}',
        b'{"text": "' + b"a" * 5000 + b'"}',
        b'{"text": "\xff"}',
    ],
)
def test_a_body_that_is_wrong_is_refused_in_a_sentence(page: Page, body: bytes) -> None:
    headers = {**ORIGIN, "content-type": "application/json"}
    answer = page.client.post("/the-token/api/match", content=body, headers=headers)
    assert answer.status_code == 409
    assert answer.json()["message"].endswith(".")


def test_every_answer_forbids_what_the_page_does_not_need(page: Page) -> None:
    for path in ("/the-token/", "/the-token/api/journal", "/the-token/static/page.js", "/the-token/nothing", "/wrong/"):
        headers = page.client.get(path).headers
        policy = dict(part.strip().split(" ", 1) for part in headers["content-security-policy"].split(";"))
        assert policy["default-src"] == "'none'"
        assert policy["script-src"] == policy["style-src"] == "'self'"
        assert policy["frame-ancestors"] == "'none'"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cache-control"] == "no-store"
        assert "server" not in headers


def test_refusals_are_told_without_what_was_asked_and_a_flood_is_told_seldom(page: Page) -> None:
    page.told.clear()
    for number in range(120):
        page.client.get(f"/{SECRET}{number}/api/journal?words={SECRET}")
        page.client.get(f"/the-token/{SECRET}{number}")
    assert 0 < len(page.told) <= 8
    assert not [line for line in page.told if SECRET in line or "token/" in line]


def test_the_files_ask_nobody_else(page: Page) -> None:
    """No address of anybody else's stands in any file, and no style or script within the HTML."""
    folder = Path(__file__).resolve().parents[2] / "assistant" / "page" / "static"
    for file in folder.iterdir():
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "http:" not in text
        assert "https:" not in text
        assert "innerHTML" not in text
    html = (folder / "index.html").read_text(encoding="utf-8")
    assert "<style" not in html
    assert "style=" not in html


def test_a_token_is_never_the_same_and_long_enough() -> None:
    tokens = {Address("127.0.0.1", 1).token for _ in range(50)}
    assert len(tokens) == 50
    assert min(map(len, tokens)) >= 32


def test_a_page_for_the_network_is_asked_by_number_or_its_own_name_only() -> None:
    everywhere = Address("0.0.0.0", 8427)
    assert everywhere.is_asked_by("192.168.1.20:8427")
    assert not everywhere.is_asked_by("evil.example:8427")
    assert Address("home.lan", 8427).is_asked_by("home.lan:8427")
    assert Address("::1", 8427).url.startswith("http://[::1]:8427/")
    assert not everywhere.is_loopback
    assert ADDRESS.is_loopback
