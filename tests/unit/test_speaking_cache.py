"""Clips kept in memory and on disk."""

import os
import stat
from pathlib import Path

import numpy as np

from assistant.events import AudioClip
from assistant.speaking.cache import DiskCache, Key, MemoryCache


def key(text: str, rate: float = 1.0, voice: str = "v") -> Key:
    return Key(text, rate, voice)


def clip(text: str, samples: int = 1_000) -> AudioClip:
    return AudioClip(np.arange(samples, dtype=np.int16), 22_050, text)


def only_file(folder: Path) -> Path:
    (found,) = folder.iterdir()
    return found


def test_memory_drops_what_was_not_used_for_longest() -> None:
    cache = MemoryCache(limit_bytes=5_000)
    for text in ("one", "two"):
        cache.put(key(text), clip(text))
    assert cache.get(key("one")) is not None
    cache.put(key("three"), clip("three"))
    assert key("one") in cache
    assert key("two") not in cache
    cache.put(key("long"), clip("long", 100_000))
    assert key("long") in cache
    assert key("one") not in cache


def test_what_was_kept_on_disk_comes_back(tmp_path: Path) -> None:
    DiskCache(tmp_path / "a" / "speech").put(key("good night"), clip("good night"))
    found = DiskCache(tmp_path / "a" / "speech").get(key("good night"))
    assert found is not None
    assert found.rate_hz == 22_050
    assert found.text == "good night"
    assert np.array_equal(found.samples, clip("good night").samples)


def test_another_rate_voice_or_text_is_another_clip(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path)
    cache.put(key("good night"), clip("good night"))
    assert cache.get(key("good night", rate=1.1)) is None
    assert cache.get(key("good night", voice="w")) is None
    assert cache.get(key("Good night")) is None


def test_only_the_owner_can_read_it_and_the_words_are_not_in_it(tmp_path: Path) -> None:
    folder = tmp_path / "speech"
    DiskCache(folder).put(key("a private thing"), clip("a private thing"))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(only_file(folder).stat().st_mode) == 0o600
    assert b"private" not in only_file(folder).read_bytes()
    assert "private" not in only_file(folder).name


def test_a_damaged_file_counts_as_missing_and_is_removed(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path)
    for damage in (
        lambda whole: whole[:-1],
        lambda whole: whole[:40] + b"x" + whole[41:],
        lambda _: b"",
        lambda _: b"?" * 99,
    ):
        cache.put(key("good night"), clip("good night"))
        file = only_file(tmp_path)
        file.write_bytes(damage(file.read_bytes()))
        assert cache.get(key("good night")) is None
        assert list(tmp_path.iterdir()) == []


def test_the_oldest_go_when_there_is_no_room(tmp_path: Path) -> None:
    cache = DiskCache(tmp_path, limit_bytes=10_000)
    for number in range(4):
        cache.put(key(str(number)), clip(str(number)))
    for age_s, file in enumerate(sorted(tmp_path.iterdir())):
        os.utime(file, (1_000_000 - age_s, 1_000_000 - age_s))
    used = cache.get(key("0"))
    assert used is not None
    cache.put(key("4"), clip("4"))  # 10,120 bytes with it
    assert cache.get(key("0")) is not None  # used just now, though written first
    assert cache.get(key("4")) is not None
    for number in range(5, 20):
        cache.put(key(str(number)), clip(str(number)))
        assert sum(file.stat().st_size for file in tmp_path.iterdir()) <= 10_000
    assert cache.get(key("19")) is not None


def test_a_folder_that_cannot_be_written_only_means_nothing_is_kept(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    cache = DiskCache(in_the_way / "speech")
    cache.put(key("good night"), clip("good night"))
    assert cache.get(key("good night")) is None


def test_a_full_disk_only_means_nothing_is_kept(tmp_path: Path) -> None:
    """/dev/full fails every write as a full disk does; here it stands in for the file's folder."""
    cache = DiskCache(Path("/dev/full"))
    cache.put(key("good night"), clip("good night"))
    assert cache.get(key("good night")) is None
