"""The speaker with a real child process that misbehaves on demand."""

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.errors import SpeakingError
from assistant.speaking import Speaker

FAKE = Path(__file__).with_name("speaking_fake_engine.py")
LONG_S = 20.0


class Bench:
    """A speaker on the fake engine, and what that engine saw."""

    def __init__(self, folder: Path) -> None:
        self.log = folder / "log"
        self.disk = folder / "cache"
        self._opened: list[Speaker] = []

    def speaker(self, *options: str, render_limit_s: float = LONG_S, disk: bool = False) -> Speaker:
        speaker = Speaker(
            "pyttsx3",
            cache_folder=self.disk if disk else None,
            command=(sys.executable, str(FAKE), str(self.log), *options),
            render_limit_s=render_limit_s,
        )
        self._opened.append(speaker)
        return speaker

    def said(self) -> list[str]:
        return [line for line in self.log.read_text().splitlines() if not line.startswith("start")]

    def pids(self) -> list[int]:
        return [int(line.split()[1]) for line in self.log.read_text().splitlines() if line.startswith("start")]

    def close(self) -> None:
        for speaker in self._opened:
            speaker.close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


def gone(pid: int) -> bool:
    """Whether no process has this number, not even a zombie."""
    return not Path(f"/proc/{pid}").exists()


def eventually(condition: object, limit_s: float = LONG_S) -> bool:
    assert callable(condition)
    ends = time.monotonic() + limit_s
    while time.monotonic() < ends:
        if condition():
            return True
        time.sleep(0.01)
    return bool(condition())


def test_a_clip_is_what_the_engine_made(bench: Bench) -> None:
    clip = bench.speaker().take("hello", timeout_s=LONG_S)
    assert clip is not None
    assert (clip.text, clip.rate_hz, clip.samples.tolist()) == ("hello", 16_000, [0x0201] * 5)


def test_nothing_is_started_before_it_is_needed(bench: Bench) -> None:
    speaker = bench.speaker()
    assert speaker.worker_pid is None
    speaker.warm()
    assert eventually(lambda: speaker.worker_pid is not None)


def test_text_without_words_is_an_empty_clip_without_any_engine(bench: Bench) -> None:
    speaker = bench.speaker()
    clip = speaker.take(" ... ")
    assert clip is not None
    assert len(clip.samples) == 0
    assert speaker.worker_pid is None


def test_take_does_not_wait_longer_than_it_may(bench: Bench) -> None:
    speaker = bench.speaker()
    before = time.monotonic()
    assert speaker.take("slow words") is None
    assert time.monotonic() - before < 0.2
    assert eventually(lambda: speaker.take("slow words") is not None)


def test_what_was_begun_is_rendered_once_and_then_at_hand(bench: Bench) -> None:
    speaker = bench.speaker()
    for _ in range(3):
        speaker.begin("good night")
    assert speaker.take("good night", timeout_s=LONG_S) is not None
    before = time.perf_counter()
    for _ in range(100):
        speaker.begin("good night")
        assert speaker.take("good night") is not None
    assert (time.perf_counter() - before) / 100 < 0.005
    assert bench.said() == ["good night"]


def test_another_rate_is_another_clip_and_rates_out_of_range_are_the_nearest(bench: Bench) -> None:
    speaker = bench.speaker()
    for rate in (1.0, 1.5, 2.0, 7.0):
        assert speaker.take("hello", rate, timeout_s=LONG_S) is not None
    assert bench.said() == ["hello"] * 3


def test_what_is_taken_now_goes_before_what_was_begun_earlier(bench: Bench) -> None:
    speaker = bench.speaker()
    for text in ("slow one", "two", "three"):
        speaker.begin(text)
    assert eventually(lambda: bench.log.exists() and "slow one" in bench.said())
    assert speaker.take("three", timeout_s=LONG_S) is not None
    assert speaker.take("two", timeout_s=LONG_S) is not None
    assert bench.said() == ["slow one", "three", "two"]


def test_a_hang_is_killed_and_tried_once_more(bench: Bench) -> None:
    speaker = bench.speaker(render_limit_s=0.5)
    assert speaker.take("hang once", timeout_s=LONG_S) is not None
    first, second = bench.pids()
    assert gone(first)
    assert speaker.worker_pid == second


def test_a_second_hang_is_an_error_and_the_next_text_is_spoken(bench: Bench) -> None:
    speaker = bench.speaker(render_limit_s=0.3)
    with pytest.raises(SpeakingError, match=r"failed twice .*did not answer in time.*evensong doctor"):
        speaker.take("hang always", timeout_s=LONG_S)
    assert all(gone(pid) for pid in bench.pids())
    assert speaker.take("hello", timeout_s=LONG_S) is not None
    assert len(bench.pids()) == 3


@pytest.mark.parametrize("fault", ["crash", "nonsense"])
def test_a_crash_or_nonsense_is_tried_once_more(bench: Bench, fault: str) -> None:
    speaker = bench.speaker()
    assert speaker.take(f"{fault} once", timeout_s=LONG_S) is not None
    with pytest.raises(SpeakingError, match="failed twice"):
        speaker.take(f"{fault} again", timeout_s=LONG_S)


def test_the_last_words_of_a_crash_are_told(bench: Bench) -> None:
    with pytest.raises(SpeakingError, match="the fake voice fell over"):
        bench.speaker().take("crash", timeout_s=LONG_S)


def test_what_the_engine_itself_refuses_is_not_tried_again(bench: Bench) -> None:
    speaker = bench.speaker()
    with pytest.raises(SpeakingError, match=r"^The fake voice will not say this\.$"):
        speaker.take("refuse this", timeout_s=LONG_S)
    assert bench.said() == ["refuse this"]
    assert speaker.take("hello", timeout_s=LONG_S) is not None
    assert len(bench.pids()) == 1


def test_an_engine_that_does_not_load_says_why(bench: Bench) -> None:
    speaker = bench.speaker("broken")
    with pytest.raises(SpeakingError, match=r"^The fake voice is not installed; install it\.$"):
        speaker.take("hello", timeout_s=LONG_S)
    assert all(gone(pid) for pid in bench.pids())


def test_a_failure_ahead_of_time_is_told_when_the_text_is_taken(bench: Bench) -> None:
    speaker = bench.speaker()
    speaker.begin("refuse ahead")
    assert speaker.take("hello", timeout_s=LONG_S) is not None
    with pytest.raises(SpeakingError, match="will not say"):
        speaker.take("refuse ahead", timeout_s=LONG_S)


def test_a_command_that_does_not_exist_is_one_sentence(tmp_path: Path) -> None:
    with (
        Speaker("pyttsx3", command=(str(tmp_path / "missing"),)) as speaker,
        pytest.raises(SpeakingError, match="cannot be started"),
    ):
        speaker.take("hello", timeout_s=LONG_S)


def test_close_ends_everything_at_once_even_amid_a_hang(bench: Bench) -> None:
    speaker = bench.speaker()
    speaker.begin("hang")
    assert eventually(lambda: bench.log.exists() and "hang" in bench.said())
    before = time.monotonic()
    speaker.close()
    speaker.close()
    assert time.monotonic() - before < 1.0
    assert all(gone(pid) for pid in bench.pids())
    assert not [thread for thread in threading.enumerate() if thread.name == "speaking"]
    speaker.begin("after the end")
    assert speaker.take("after the end", timeout_s=0.1) is None


def test_ctrl_c_in_the_terminal_does_not_reach_it(bench: Bench) -> None:
    speaker = bench.speaker()
    assert speaker.take("hello", timeout_s=LONG_S) is not None
    pid = speaker.worker_pid
    assert pid is not None
    assert os.getpgid(pid) != os.getpgrp()


def test_an_idle_worker_that_was_killed_is_replaced(bench: Bench) -> None:
    speaker = bench.speaker()
    assert speaker.take("hello", timeout_s=LONG_S) is not None
    assert speaker.worker_pid is not None
    os.kill(speaker.worker_pid, signal.SIGKILL)
    assert speaker.take("and again", timeout_s=LONG_S) is not None
    assert len(bench.pids()) == 2


def test_only_what_may_be_kept_goes_to_disk_and_needs_no_engine_next_time(bench: Bench) -> None:
    with bench.speaker(disk=True) as first:
        first.begin("a fixed prompt", keep=True)
        first.begin("thank you Ana")
        assert first.take("a fixed prompt", timeout_s=LONG_S) is not None
        assert first.take("thank you Ana", timeout_s=LONG_S) is not None
    assert len(list(bench.disk.iterdir())) == 1
    second = bench.speaker(disk=True)
    assert second.take("a fixed prompt", timeout_s=0.0) is not None  # at once, whatever the voice is busy with
    assert second.worker_pid is None


def test_a_clip_that_is_at_hand_can_still_be_kept(bench: Bench) -> None:
    speaker = bench.speaker(disk=True)
    assert speaker.take("a fixed prompt", timeout_s=LONG_S) is not None
    speaker.begin("a fixed prompt", keep=True)
    assert eventually(lambda: bench.disk.exists() and len(list(bench.disk.iterdir())) == 1)
    assert bench.said() == ["a fixed prompt"]


def test_a_damaged_clip_on_disk_is_made_afresh(bench: Bench) -> None:
    with bench.speaker(disk=True) as first:
        first.begin("a fixed prompt", keep=True)
        assert first.take("a fixed prompt", timeout_s=LONG_S) is not None
    (kept,) = bench.disk.iterdir()
    kept.write_bytes(kept.read_bytes()[:-2])
    second = bench.speaker(disk=True)
    clip = second.take("a fixed prompt", timeout_s=LONG_S)
    assert clip is not None
    assert len(clip.samples) == len("a fixed prompt")
    assert bench.said() == ["a fixed prompt"] * 2


def test_many_threads_may_ask_at_once(bench: Bench) -> None:
    speaker = bench.speaker()
    texts = [f"text {number}" for number in range(20)]
    found: dict[str, int] = {}

    def ask(text: str) -> None:
        clip = speaker.take(text, timeout_s=LONG_S)
        found[text] = len(clip.samples) if clip else -1

    threads = [threading.Thread(target=ask, args=(text,)) for text in texts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {text: len(text) for text in texts}
    assert sorted(bench.said()) == sorted(texts)


@pytest.mark.parametrize("engine", ["flite", "piper"])
def test_an_engine_that_cannot_be_is_refused_at_once(engine: str) -> None:
    with pytest.raises(SpeakingError):
        Speaker(engine, voice="no such voice")
