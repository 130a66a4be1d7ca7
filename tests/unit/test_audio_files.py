"""Recordings of every kind become the same sound; broken ones say what is wrong; writing is all or nothing."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.audio.files import FileDevice, load_recording, read_recording, write_wav
from assistant.errors import AudioError
from assistant.events import AudioChunk, AudioClip, PlaybackFinished, Samples


def tone(seconds: float, rate_hz: int = 16_000, hz: float = 440) -> Samples:
    times_s = np.arange(round(seconds * rate_hz)) / rate_hz
    return (np.sin(2 * np.pi * hz * times_s) * 8000).astype(np.int16)


# --- reading ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["wav", "flac"])
def test_16_khz_mono_is_read_as_it_is(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"sound.{kind}"
    sound = (np.random.default_rng(1).standard_normal(20_000) * 8000).astype(np.int16)
    soundfile.write(path, sound, 16_000)
    recording = load_recording(path)
    assert recording.samples.tolist() == sound.tolist()
    assert recording.warning == ""


@pytest.mark.parametrize("rate_hz", [8_000, 11_025, 44_100, 48_000, 96_000])
@pytest.mark.parametrize("depth", ["PCM_U8", "PCM_16", "PCM_24", "FLOAT", "DOUBLE", "ULAW"])
def test_every_rate_depth_and_side_becomes_the_same_sound(tmp_path: Path, rate_hz: int, depth: str) -> None:
    path = tmp_path / "sound.wav"
    side = tone(1.5, rate_hz) / 32768
    soundfile.write(path, np.stack([side, side * 0.5], axis=1), rate_hz, subtype=depth)
    sound = read_recording(path)
    assert sound.dtype == np.int16
    assert len(sound) == pytest.approx(24_000, abs=2)
    expected = tone(1.5)[: len(sound)] * 0.75
    middle = slice(400, 23_600)  # resampling rings at the edges
    assert np.corrcoef(sound[middle], expected[middle])[0, 1] > 0.999
    assert np.std(sound[middle]) == pytest.approx(np.std(expected[middle]), rel=0.03)


@pytest.mark.parametrize("rate_hz", [16_000, 44_100])
def test_a_stereo_recording_gives_both_sides_where_they_are_wanted(tmp_path: Path, rate_hz: int) -> None:
    path, one = tmp_path / "two.flac", tmp_path / "one.flac"
    left, right = tone(1.0, rate_hz), tone(1.0, rate_hz) // 4
    soundfile.write(path, np.stack([left, right], axis=1), rate_hz)
    soundfile.write(one, left, rate_hz)
    chunks = [c for c in FileDevice(path, tail_s=0.1, both_sides=True).chunks() if isinstance(c, AudioChunk)]
    sides = np.concatenate([chunk.sides for chunk in chunks if chunk.sides is not None])
    assert len(sides) == 320 * len(chunks)
    assert np.std(sides[400:15_600, 0]) == pytest.approx(4 * np.std(sides[400:15_600, 1]), rel=0.03)
    for device in (FileDevice(path, tail_s=0.1), FileDevice(one, tail_s=0.1, both_sides=True)):
        assert all(chunk.sides is None for chunk in device.chunks() if isinstance(chunk, AudioChunk))


def test_a_float_recording_beyond_full_scale_is_clipped(tmp_path: Path) -> None:
    path = tmp_path / "loud.wav"
    soundfile.write(path, np.array([0.0, 3.0, -3.0] * 100), 16_000, subtype="FLOAT")
    sound = read_recording(path)
    assert set(sound.tolist()) == {0, 32_767, -32_768}


@pytest.mark.parametrize("kind", ["wav", "flac"])
def test_a_recording_that_breaks_off_is_used_as_far_as_it_goes_and_says_so(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"cut.{kind}"
    sound = (np.random.default_rng(1).standard_normal(64_000) * 8000).astype(np.int16)
    soundfile.write(path, sound, 16_000)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    recording = load_recording(path)
    assert 1.4 < recording.duration_s < 2.1
    assert recording.samples.tolist() == sound[: len(recording.samples)].tolist()
    assert recording.warning.startswith(f"{path} breaks off: its last ")
    assert f"{4 - recording.duration_s:.1f} s" in recording.warning
    assert FileDevice(path).warning == recording.warning


@pytest.mark.parametrize("promise", [0xFFFF_FFFF, 0x7FFF_FFFF])
def test_a_recording_written_into_a_pipe_is_whole(tmp_path: Path, promise: int) -> None:
    path = tmp_path / "piped.wav"
    write_wav(path, tone(1.0))
    data = bytearray(path.read_bytes())
    data[40:44] = promise.to_bytes(4, "little")
    path.write_bytes(data)
    recording = load_recording(path)
    assert recording.duration_s == pytest.approx(1.0)
    assert recording.warning == ""


def broken(folder: Path, kind: str) -> Path:
    path = folder / "broken.wav"
    if kind == "empty":
        path.touch()
    elif kind == "no sound":
        write_wav(path, np.zeros(0, np.int16))
    elif kind == "text":
        path.write_text("My dear diary,\n" * 100)
    elif kind == "header only":
        write_wav(path, tone(1.0))
        path.write_bytes(path.read_bytes()[:44])
    elif kind == "half a header":
        write_wav(path, tone(1.0))
        path.write_bytes(path.read_bytes()[:20])
    elif kind == "folder":
        path.mkdir()
    elif kind == "too slow":
        write_wav(path, tone(1.0), rate_hz=1_000)
    elif kind == "inside a file":
        path.touch()
        path = path / "more.wav"
    return path


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        ("missing", "does not exist; check the name."),
        ("empty", "is empty (0 bytes); record it again."),
        ("no sound", "holds no sound; record it again."),
        ("header only", "holds no sound; record it again."),
        ("half a header", "is not audio that can be read; give a WAV or FLAC file."),
        ("text", "is not audio that can be read; give a WAV or FLAC file."),
        ("folder", "is a folder; name an audio file in it."),
        ("inside a file", "cannot be read (Not a directory); check the disk it is on."),
        ("too slow", "has only 1000 samples a second; speech needs at least 4000: record it at 16000."),
    ],
)
def test_what_cannot_be_used_says_why_in_one_sentence(tmp_path: Path, kind: str, sentence: str) -> None:
    path = broken(tmp_path, kind)
    with pytest.raises(AudioError) as told:
        read_recording(path)
    assert str(told.value) == f"{path} {sentence}"
    with pytest.raises(AudioError):
        FileDevice(path)


def test_a_file_that_may_not_be_read_says_so(tmp_path: Path) -> None:
    path = tmp_path / "private.wav"
    write_wav(path, tone(0.1))
    path.chmod(0)
    # As somebody else where we are root, who may read everything.
    code = (
        "import os, sys; from pathlib import Path; from assistant.audio.files import read_recording\n"
        "from assistant.errors import AudioError\n"
        "if os.getuid() == 0: os.setuid(65534)\n"
        "try: read_recording(Path(sys.argv[1]))\n"
        "except AudioError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert done.stdout == f"{path} may not be read by you; change its permissions (chmod u+r).\n"


def test_nothing_of_this_needs_a_sound_library() -> None:
    code = (
        "import sys, assistant.audio.files, assistant.audio.earcons, assistant.audio.level, assistant.audio.sound_card"
    )
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; print('sounddevice' in sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"


# --- the recording as a device ------------------------------------------------------------------------


def items(device: FileDevice) -> list[tuple[float, list[int]]]:
    return [(item.start_s, item.samples.tolist()) for item in device.chunks() if isinstance(item, AudioChunk)]


def test_blocks_of_any_size_give_the_same_chunks() -> None:
    sound = tone(1.234)
    first = items(FileDevice(sound, block_ms=20, tail_s=0.5))
    assert first == items(FileDevice(sound, block_ms=10, tail_s=0.5))
    assert first == items(FileDevice(sound, block_ms=50, tail_s=0.5))
    assert all(len(samples) == 320 for _, samples in first)
    assert [start_s for start_s, _ in first] == pytest.approx([number * 0.02 for number in range(len(first))])


def test_the_recording_is_followed_by_its_tail_of_silence() -> None:
    sound = tone(1.01)
    whole = np.concatenate([samples for _, samples in items(FileDevice(sound, tail_s=2.0))])
    assert whole[: len(sound)].tolist() == sound.tolist()
    assert not whole[len(sound) :].any()
    assert len(whole) / 16_000 == pytest.approx(3.01, abs=0.02)


def test_a_clip_takes_its_length_on_the_audio_clock_and_is_kept() -> None:
    device = FileDevice(tone(1.0), tail_s=1.0)
    said = tone(0.5, 22_050, hz=880)
    ended: list[PlaybackFinished] = []
    for item in device.chunks():
        if isinstance(item, PlaybackFinished):
            ended.append(item)
        elif isinstance(item, AudioChunk) and round(item.start_s, 3) == 0.2:
            device.play(AudioClip(said, 22_050))
    assert [finished.at_s for finished in ended] == [pytest.approx(0.22 + 0.5)]
    heard, played = device.recording[:, 0], device.recording[:, 1]
    assert heard[:16_000].tolist() == tone(1.0).tolist()
    assert not played[: round(0.22 * 16_000)].any()
    assert np.abs(played[round(0.22 * 16_000) : round(0.72 * 16_000)]).max() > 7_000
    assert not played[round(0.72 * 16_000) + 1 :].any()


def test_a_cut_clip_counts_what_was_heard_and_tells_no_end() -> None:
    device = FileDevice(tone(1.0), tail_s=0.0)
    heard_s = -1.0
    for item in device.chunks():
        assert isinstance(item, AudioChunk)
        if round(item.start_s, 3) == 0.1:
            device.play(AudioClip(tone(0.8), 16_000))
            device.play(AudioClip(tone(0.8), 16_000))
        if round(item.start_s, 3) == 0.4:
            heard_s = device.stop()
    assert heard_s == pytest.approx(0.3)


def test_a_clip_begun_in_the_moment_the_last_one_ended_is_not_reported_as_over() -> None:
    device = FileDevice(tone(0.2), tail_s=0.0)
    ended = []
    for item in device.chunks():
        if isinstance(item, PlaybackFinished):
            ended.append(item.at_s)
        elif isinstance(item, AudioChunk) and round(item.start_s, 3) in (0.0, 0.02):
            device.play(AudioClip(tone(0.02), 16_000))
    assert ended == [pytest.approx(0.06)]


def test_closing_ends_the_chunks() -> None:
    device = FileDevice(tone(1.0))
    count = 0
    for _ in device.chunks():
        count += 1
        if count == 3:
            device.close()
    device.close()
    assert count == 3
    assert not device.live


def test_an_unused_device_has_nothing_recorded() -> None:
    assert FileDevice(tone(1.0)).recording.shape == (0, 2)


# --- writing ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("channels", [1, 2])
def test_what_is_written_is_read_back(tmp_path: Path, channels: int) -> None:
    path = tmp_path / "evening.wav"
    sound = tone(0.5) if channels == 1 else np.stack([tone(0.5), tone(0.5, hz=300)], axis=1)
    write_wav(path, sound, 22_050)
    back, rate_hz = soundfile.read(path, dtype="int16")
    assert rate_hz == 22_050
    assert back.tolist() == sound.tolist()
    assert path.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_writing_over_a_recording_replaces_it(tmp_path: Path) -> None:
    path = tmp_path / "evening.wav"
    write_wav(path, tone(1.0))
    write_wav(path, tone(0.25))
    assert load_recording(path).duration_s == pytest.approx(0.25)


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ("nowhere/evening.wav", "there is no folder"),
        ("folder", "it is a folder; name a file."),
        ("file/evening.wav", "there is no folder"),
    ],
)
def test_a_place_that_cannot_be_written_says_so(tmp_path: Path, where: str, sentence: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(AudioError, match=f"evening.wav was not written, {sentence}|folder was not written, {sentence}"):
        write_wav(tmp_path / where, tone(0.1))
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["file", "folder"]


def test_a_place_where_nobody_may_write_says_so() -> None:
    with pytest.raises(AudioError, match=r"/proc/evening.wav was not written, .*; (name another place|make it first)."):
        write_wav(Path("/proc/evening.wav"), tone(0.1))


def test_when_the_disk_takes_no_more_the_old_recording_stays_and_nothing_half_written(tmp_path: Path) -> None:
    path = tmp_path / "evening.wav"
    write_wav(path, tone(0.1))
    before = path.read_bytes()

    def small_disk() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))

    code = (
        "import signal, sys; from pathlib import Path; import numpy as np\n"
        "from assistant.audio.files import write_wav; from assistant.errors import AudioError\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "try: write_wav(Path(sys.argv[1]), np.ones(16000, np.int16))\n"
        "except AudioError as error: print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True, preexec_fn=small_disk
    )
    assert done.stdout == f"{path} was not written (File too large); name another place.\n"
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]
