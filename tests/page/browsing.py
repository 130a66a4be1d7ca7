"""A real browser, and the real command beside it: what the page's tests share, and what draws its pictures."""

from __future__ import annotations

import os
import re
import selectors
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from page_household import Calendar, keep_household
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
STARTED_S = 180.0
PATIENCE_MS = 60_000  # only against hanging: the machine may be busy
DESKTOP, PHONE = {"width": 1100, "height": 820}, {"width": 360, "height": 740}
ADDRESS = re.compile(rb"the page: (http://\S+)")

expect.set_options(timeout=PATIENCE_MS)


@contextmanager
def browser() -> Iterator[Browser]:
    """The system's own Chromium, without a window. Raises LookupError where there is none."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        raise LookupError(f"There is no browser: install one of {', '.join(BROWSERS)} (`make test` does).")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        try:
            yield started
        finally:
            started.close()


class Served:
    """A running `evensong ...` that serves the page at ``url``; ``told`` is what it has written to standard error."""

    def __init__(self, process: subprocess.Popen[bytes], url: str, errors: Path) -> None:
        self.process, self.url, self._errors = process, url, errors

    @property
    def told(self) -> str:
        return self._errors.read_text(encoding="utf-8")


@contextmanager
def served(folder: Path, *words: str) -> Iterator[Served]:
    """The command with these words, with a home in ``folder``, until it is interrupted. It must have ended cleanly."""
    errors = folder / "errors.txt"
    environment = os.environ | {
        "EVENSONG_HOME": str(folder),
        "PULSE_SERVER": f"unix:{folder}/nobody",
        "PYTHONUTF8": "1",
    }
    with errors.open("wb") as file:
        process = subprocess.Popen(
            [sys.executable, "-m", "assistant", *words],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=file,
            env=environment,
        )
    try:
        made = Served(process, _address(process, errors), errors)
        yield made
        process.send_signal(signal.SIGINT)
        assert process.wait(STARTED_S) in (0, 128 + signal.SIGINT), made.told  # the latter of an evening that is cut
        assert "Traceback" not in made.told
    finally:
        process.kill()
        process.communicate()


def _address(process: subprocess.Popen[bytes], errors: Path) -> str:
    """What it prints when the page answers."""
    assert process.stdout is not None
    printed, deadline_s = b"", time.monotonic() + STARTED_S
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while time.monotonic() < deadline_s and process.poll() is None:
            if selector.select(1.0):
                printed += os.read(process.stdout.fileno(), 4096)
            found = ADDRESS.search(printed)
            if found:
                return found[1].decode()
    raise AssertionError(f"no page: {printed!r} {errors.read_text(encoding='utf-8')}")


def home(folder: Path, weeks: int = 16) -> Path:
    """``folder`` as the home of the simulated household, on a port of its own."""
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "config").mkdir(exist_ok=True)
    (folder / "config" / "config.toml").write_text("[page]\nport = 0\n")
    if weeks:
        keep_household(folder / "data" / "journal.sqlite", Calendar(), weeks)
    return folder


def window(of: Browser, *, dark: bool = False, phone: bool = False) -> BrowserContext:
    context = of.new_context(
        viewport=PHONE if phone else DESKTOP, color_scheme="dark" if dark else "light", reduced_motion="reduce"
    )
    context.set_default_timeout(PATIENCE_MS)
    return context


def shows(page: Page, url: str, view: str) -> None:
    """Open a view, and wait until all of it is there."""
    page.goto(f"{url}#{view}")
    page.wait_for_selector(f"main[data-shown={view}]")
    page.evaluate("Promise.all([...document.images].map((one) => one.decode()))")
