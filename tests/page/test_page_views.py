"""Every view in a real browser: it is all there, everybody can use it, and it asks nobody else for anything."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import DESKTOP, PHONE, Served, shows, window
from page_household import ALONE, PASSPHRASE
from playwright.sync_api import Browser, Page, expect

VIEWS = ("live", "rituals", "journal", "people", "pictures", "try", "checks")
REFUSED = "the server responded with a status of 409"  # told to the person, too
TRICK = "<img src=x onerror=document.title='tricked'>"


@pytest.fixture
def page(chromium: Browser, alone: Served) -> Iterator[Page]:
    """A window in which nothing may go wrong unseen, and nothing is asked of anybody else."""
    wrong: list[str] = []
    with window(chromium) as context:
        made = context.new_page()
        made.on("console", lambda one: None if REFUSED in one.text or one.type == "info" else wrong.append(one.text))
        made.on("pageerror", lambda error: wrong.append(str(error)))
        made.on("request", lambda one: None if one.url.startswith(alone.url) else wrong.append(one.url))
        yield made
    assert wrong == []


def violations(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {one['nodes'][0]['html']}" for one in found]


@pytest.mark.parametrize("view", VIEWS)
def test_everybody_can_use_it_by_day_and_night_on_a_desk_and_a_phone(page: Page, alone: Served, view: str) -> None:
    shows(page, alone.url, view)
    if view == "try":
        page.get_by_label("A sentence").fill("lets do gratitude")
        page.get_by_role("button", name="Try it").click()
        expect(page.locator("pre")).to_contain_text("start_gratitude")
    if view == "checks":
        page.get_by_role("button", name="Run the checks").click()
        expect(page.get_by_role("row", name="Python")).to_be_visible()
    for scheme, size in (("light", DESKTOP), ("dark", PHONE)):
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        page.set_viewport_size(size)
        assert violations(page) == [], (scheme, size)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (scheme, size)
    assert page.title().endswith("· Evensong")
    assert page.locator("nav [aria-current=page]").count() == page.locator("h1").count() == 1


def test_the_keyboard_alone_finds_corrects_and_deletes(page: Page, alone: Served) -> None:
    shows(page, alone.url, "live")
    keys = page.keyboard
    keys.press("Tab")
    expect(page.locator(":focus")).to_have_text("To the content")
    for _ in range(3):
        keys.press("Tab")
    keys.press("Enter")
    page.wait_for_selector("main[data-shown=journal]")
    expect(page.locator(":focus")).to_have_id("view")
    keys.press("Tab")
    keys.type("toothpaste")
    keys.press("Enter")
    expect(page.locator(".entries .what").first).to_have_text("you had bought the toothpaste")
    answers = page.locator(".entries > li").count()
    _tab_to(page, 'Correct "you had bought the toothpaste"')
    keys.press("Enter")
    expect(page.get_by_label("What was really said")).to_be_focused()
    keys.press("Escape")
    expect(page.locator(":focus")).to_have_accessible_name('Correct "you had bought the toothpaste"')
    keys.press("Enter")
    keys.press("ControlOrMeta+a")
    keys.type("you had bought the toothpaste and tea")
    keys.press("Tab")
    keys.press("Enter")
    expect(page.locator(".entries .what", has_text="and tea")).to_have_count(1)
    expect(page.locator(":focus")).to_have_accessible_name('Correct "you had bought the toothpaste and tea"')
    _tab_to(page, 'Delete "you had bought the toothpaste and tea"')
    keys.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("for good?")
    keys.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    keys.press("Enter")
    keys.press("Enter")  # the first button of the question: delete it
    expect(page.locator(".entries > li")).to_have_count(answers - 1)


def _tab_to(page: Page, name: str) -> None:
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.getAttribute('aria-label')") == name:
            return
    raise AssertionError(f"no way to {name} with the keyboard")


def test_what_was_said_alone_needs_the_passphrase_in_this_window(page: Page, alone: Served) -> None:
    shows(page, alone.url, "journal")
    assert ALONE not in page.inner_text("main")
    page.get_by_text("What was said alone is not shown").click()
    page.get_by_label("Your passphrase").fill("something else")
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_role("status")).to_contain_text("nobody's passphrase")
    page.get_by_label("Your passphrase").fill(PASSPHRASE)
    page.get_by_role("button", name="Show it").click()
    expect(page.get_by_text(ALONE)).to_be_visible()
    page.reload()
    page.wait_for_selector("main[data-shown=journal]")
    assert ALONE not in page.inner_text("main")


def test_a_script_in_an_answer_stays_text(page: Page, alone: Served) -> None:
    shows(page, alone.url, "journal")
    page.get_by_role("button", name="Correct").first.click()
    page.get_by_label("What was really said").fill(TRICK)
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".what", has_text=TRICK)).to_be_visible()
    assert page.locator("main img").count() == 0
    assert page.title() == "Journal · Evensong"


def test_an_export_is_saved_and_a_reminder_cancelled(page: Page, alone: Served) -> None:
    shows(page, alone.url, "journal")
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Markdown").click()
    assert waiting.value.suggested_filename == "evensong-journal.md"
    shows(page, alone.url, "people")
    page.get_by_role("button", name="Cancel Call Mia").click()
    page.get_by_role("button", name="Cancel it").click()
    expect(page.get_by_text("Call Mia")).to_have_count(0)


def test_no_other_page_can_frame_it_and_no_script_runs_in_it(chromium: Browser, alone: Served) -> None:
    with window(chromium) as context:
        page = context.new_page()
        page.goto(alone.url)
        for way in ("body.innerHTML = '<img src=x onerror=\"ran = 1\">'", "body.setAttribute('onclick', 'ran = 1')"):
            tried = f"try {{ document.{way} }} catch (error) {{ error.name }}"
            assert page.evaluate(tried) == "TypeError"
        assert page.evaluate("window.ran") is None
        other = context.new_page()
        other.set_content(f"<iframe src='{alone.url}'></iframe>")
        assert other.frames[-1].locator("nav").count() == 0
