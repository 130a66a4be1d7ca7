"""A running evening in a real browser: a demonstration at its real pace, begun, watched and corrected on the page."""

from __future__ import annotations

import re
from pathlib import Path

from browsing import home, served, shows, window
from playwright.sync_api import Browser, expect

SCRIPT = Path(__file__).with_name("evening.yaml")


def test_an_evening_is_begun_watched_and_corrected_on_the_page(chromium: Browser, tmp_path: Path) -> None:
    with (
        served(home(tmp_path, weeks=0), "demo", "--page", "--evening", str(SCRIPT)) as demo,
        window(chromium) as context,
    ):
        page = context.new_page()
        shows(page, demo.url, "live")
        expect(page.get_by_role("status").first).to_have_text("Asleep")
        shows(page, demo.url, "rituals")
        page.get_by_role("button", name="Begin The mood check").click()
        log = page.get_by_role("log")
        expect(log).to_contain_text("mood check")
        expect(log).to_contain_text("Welcome, Ana and Ben.")  # so Ben was heard
        expect(page.get_by_text(re.compile(r"step \d+ of \d+"))).to_be_visible()
        expect(page.get_by_role("meter")).to_have_attribute("aria-valuenow", re.compile(r"-\d+"))
        level = page.get_by_role("meter").get_attribute("aria-valuenow")
        expect(page.get_by_role("meter")).not_to_have_attribute("aria-valuenow", str(level))
        expect(log).to_contain_text("seven")

        second = context.new_page()  # a window that is opened in the middle shows the same
        shows(second, demo.url, "live")
        expect(second.get_by_role("log")).to_contain_text("Welcome, Ana and Ben.")

        shows(page, demo.url, "journal")
        answer = page.locator(".entries .what", has_text="mood: 7")
        expect(answer).to_be_visible()
        page.get_by_role("button", name='Delete "mood: 7"').click()
        page.get_by_role("button", name="Delete it").click()
        expect(answer).to_have_count(0)
        assert "Ana" not in demo.told
