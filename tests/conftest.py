"""What every kind of test shares: the shipped rituals, the installed speech model, and who may open sockets."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import config
from assistant.dialogue import Library
from assistant.errors import ModelError
from assistant.loading.phrases import load_library
from assistant.models import ModelStore, load_catalog
from assistant.understanding import Understanding


def pytest_itemcollected(item: pytest.Item) -> None:
    """Sockets are blocked in every test except those that install a model from somewhere."""
    if item.get_closest_marker("network"):
        item.add_marker(pytest.mark.enable_socket)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Where processes share the tests, those of a file stay together, and so do all that need the sound server."""
    for item in items:
        folder, name = item.path.parent.name, item.path.name
        item.add_marker(pytest.mark.xdist_group("devices" if folder == "devices" else name))


@pytest.fixture(scope="session")
def shipped() -> tuple[Library, Understanding]:
    """The rituals as they are shipped and what understands them, read once for all tests: neither changes."""
    return load_library(config.Settings())


@pytest.fixture(scope="session")
def model_path() -> Path:
    """The installed small English model. A missing one fails the test; it is never skipped."""
    store = ModelStore(config.Settings().models_path, load_catalog(config.shipped("models/catalog.toml")))
    try:
        return store.path("small-en-us")
    except ModelError as error:
        pytest.fail(f"{error} (`make setup` does it.)", pytrace=False)
