"""What is written is whole or was never there, and what stood in its place is respected."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from assistant.audio.writing import check_place, why_not_written, write_whole


def test_a_file_is_replaced_whole_and_private(tmp_path: Path) -> None:
    path = tmp_path / "evening.md"
    path.write_text("the day before")
    write_whole(path, b"today")
    assert path.read_bytes() == b"today"
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_goes_on_pointing_where_it_points(tmp_path: Path) -> None:
    (tmp_path / "shelf").mkdir()
    path, target = tmp_path / "link.md", tmp_path / "shelf" / "evening.md"
    path.symlink_to(target)
    write_whole(path, b"today")
    assert path.is_symlink()
    assert target.read_bytes() == b"today"


def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(path.read_bytes()))
    reader.start()
    write_whole(path, b"today")
    reader.join(10)
    assert got == [b"today"]
    assert path.is_fifo()


def test_a_device_stays_a_device_and_a_full_one_is_told() -> None:
    full, nothing = Path("/dev/full"), Path("/dev/null")
    write_whole(nothing, b"today")
    check_place(full)
    with pytest.raises(OSError, match="No space") as caught:
        write_whole(full, b"today")
    assert why_not_written(full, caught.value).startswith("/dev/full was not written, the disk is full; ")
    assert full.is_char_device()
    assert nothing.is_char_device()


@pytest.mark.parametrize(
    ("place", "sentence"),
    [
        ("", "it is a folder; name a file."),
        ("no/evening.wav", "there is no folder"),
        ("file/evening.wav", "there is no folder"),
        ("x" * 300, "(File name too long); name another place."),
    ],
)
def test_a_place_that_cannot_be_written_is_told_and_left_alone(tmp_path: Path, place: str, sentence: str) -> None:
    (tmp_path / "file").touch()
    path = tmp_path / place
    with pytest.raises(OSError) as caught:  # noqa: PT011 - the sentence is what counts
        write_whole(path, b"today")
    assert sentence in why_not_written(path, caught.value)
    assert [found.name for found in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("place", ["", "no/evening.wav", "file/evening.wav"])
def test_a_bad_place_is_known_before_the_work(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    check_place(tmp_path / "evening.wav")
    with pytest.raises(OSError):  # noqa: PT011
        check_place(tmp_path / place)
    assert [found.name for found in tmp_path.iterdir()] == ["file"]
