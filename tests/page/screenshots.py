"""Draws the page for the README: `make screenshots`. Everybody in it is simulated, and so is what they said."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from browsing import browser, home, served, shows, window
from playwright.sync_api import Browser

LIMIT_MS = 180_000
STILL = ("rituals", "journal", "people", "pictures", "try")
BY_NIGHT = ("live", "pictures")


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="evensong-") as scratch, browser() as of:
        _still_views(of, Path(scratch) / "alone", folder)
        _live(of, Path(scratch) / "evening", folder)


def _still_views(of: Browser, scratch: Path, folder: Path) -> None:
    with served(home(scratch), "page") as alone:
        for view in STILL:
            with window(of, dark=view in BY_NIGHT) as context:
                page = context.new_page()
                shows(page, alone.url, view)
                if view == "try":
                    page.get_by_label("A sentence").fill("could we do the gratitude thing")
                    page.keyboard.press("Enter")
                    page.wait_for_selector("pre", timeout=LIMIT_MS)
                page.screenshot(path=folder / f"{view}.png")
        with window(of, dark=True, phone=True) as context:
            page = context.new_page()
            shows(page, alone.url, "journal")
            page.screenshot(path=folder / "journal-on-a-phone.png")


def _live(of: Browser, scratch: Path, folder: Path) -> None:
    """In the middle of the demonstration: Ana has told her first good thing, and is telling the second."""
    with served(home(scratch, weeks=0), "demo", "--page") as demo, window(of, dark=True) as context:
        page = context.new_page()
        shows(page, demo.url, "live")
        page.get_by_text("walking to work").wait_for(timeout=LIMIT_MS)
        page.get_by_text("Hearing you").wait_for(timeout=LIMIT_MS)
        page.wait_for_timeout(900)
        page.screenshot(path=folder / "live.png")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
