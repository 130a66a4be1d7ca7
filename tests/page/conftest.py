"""One browser, and one `evensong page` of the simulated household, for all of the page's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from browsing import Served, browser, home, served
from playwright.sync_api import Browser


@pytest.fixture(scope="package")
def chromium() -> Iterator[Browser]:
    """A missing browser fails the tests; they are never skipped."""
    try:
        with browser() as started:
            yield started
    except LookupError as error:
        pytest.fail(str(error), pytrace=False)


@pytest.fixture(scope="package")
def alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(home(tmp_path_factory.mktemp("alone"), weeks=2), "page") as made:
        yield made
