"""The speech queue: order, pauses, and what is left unsaid when it is cut."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest

from assistant.audio.device import FromDevice
from assistant.errors import SpeakingError
from assistant.events import AudioClip
from assistant.speaking.speech_queue import SpeechQueue


class RecordingDevice:
    """A device that keeps what it is asked to play."""

    def __init__(self, *, live: bool = False) -> None:
        self.live = live
        self.played: list[AudioClip] = []
        self.stopped = 0

    def chunks(self) -> Iterator[FromDevice]:
        return iter(())

    def play(self, clip: AudioClip) -> None:
        self.played.append(clip)

    def stop(self) -> float:
        self.stopped += 1
        return 0.0

    def close(self) -> None:
        pass


class ReadySpeaker:
    """A simulated voice: a second of sound a sentence, ready unless it is told to be slow or to fail."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.kept: list[str] = []
        self.slow = False
        self.broken = False

    def begin(self, text: str, rate: float = 1.0, keep: bool = False) -> None:
        self.begun.append(text)
        if keep:
            self.kept.append(text)

    def take(self, text: str, rate: float = 1.0, timeout_s: float = 0.0) -> AudioClip | None:
        if self.broken:
            raise SpeakingError("The voice does not answer; see `evensong doctor`.")
        return None if self.slow else AudioClip(np.full(16_000, 8000, np.int16), 16_000, text)


@pytest.fixture
def device() -> RecordingDevice:
    return RecordingDevice()


@pytest.fixture
def speaker() -> ReadySpeaker:
    return ReadySpeaker()


@pytest.fixture
def queue(device: RecordingDevice, speaker: ReadySpeaker) -> SpeechQueue:
    return SpeechQueue(speaker, device, volume=1.0, rate=1.0, started=lambda at_s, text: None)


def test_sentences_are_rendered_ahead_and_played_in_order(
    queue: SpeechQueue, device: RecordingDevice, speaker: ReadySpeaker
) -> None:
    queue.say("Good evening. Who is here?", 0.0)
    assert speaker.begun == ["Good evening.", "Who is here?"]
    assert not queue.pump(0.0)
    assert [clip.text for clip in device.played] == ["Good evening."]
    queue.clip_finished(1.0)
    assert not queue.pump(1.1)  # the pause between sentences
    assert not queue.pump(1.3)
    assert [clip.text for clip in device.played] == ["Good evening.", "Who is here?"]
    queue.clip_finished(2.3)
    assert queue.pump(2.32)
    assert not queue.busy


def test_the_pause_after_a_prompt_belongs_to_it(queue: SpeechQueue) -> None:
    queue.say("Breathe in.", 4.0)
    queue.pump(0.0)
    queue.clip_finished(1.0)
    assert queue.busy
    assert not queue.pump(4.9)
    assert queue.pump(5.0)


def test_what_was_cut_begins_with_the_cut_sentence(queue: SpeechQueue, device: RecordingDevice) -> None:
    queue.say("One. Two. Three.", 0.0)
    queue.pump(0.0)
    queue.clip_finished(1.0)
    queue.pump(1.5)
    assert queue.cut(2.0) == "Two. Three."
    assert device.stopped == 1
    assert not queue.busy


def test_a_cut_when_nothing_sounds_leaves_nothing(queue: SpeechQueue, device: RecordingDevice) -> None:
    assert queue.cut(2.0) == ""
    assert device.stopped == 0


def test_a_live_device_is_not_kept_waiting_for_a_slow_voice(device: RecordingDevice, speaker: ReadySpeaker) -> None:
    device.live = True
    queue = SpeechQueue(speaker, device, volume=1.0, rate=1.0, started=lambda at_s, text: None)
    speaker.slow = True
    queue.say("Hello.", 0.0)
    assert not queue.pump(0.0)
    assert not device.played
    speaker.slow = False
    queue.pump(0.02)
    assert device.played


def test_a_voice_that_fails_drops_the_sentence_and_goes_on(queue: SpeechQueue, speaker: ReadySpeaker) -> None:
    speaker.broken = True
    queue.say("Hello.", 0.0)
    with pytest.raises(SpeakingError):
        queue.pump(0.0)
    assert queue.pump(0.02)  # the ritual hears that all was said, and does not wait for ever
    assert not queue.busy


def test_louder_and_slower_stay_in_range(queue: SpeechQueue) -> None:
    queue.adjust(20, -20)
    assert queue.volume == 1.0
    assert queue.rate == 0.5


def test_quieter_is_softer(queue: SpeechQueue, device: RecordingDevice) -> None:
    queue.adjust(-2, 0)
    queue.say("Hello.", 0.0)
    queue.pump(0.0)
    assert 0 < np.abs(device.played[0].samples).max() < 8000


def test_only_wording_that_names_nobody_is_kept_on_the_disk(device: RecordingDevice, speaker: ReadySpeaker) -> None:
    queue = SpeechQueue(
        speaker,
        device,
        volume=1.0,
        rate=1.0,
        started=lambda at_s, text: None,
        may_be_kept=lambda text: "Ana" not in text,
    )
    queue.say("Thank you, Ana.", 0.0)
    queue.say("Breathe in.", 0.0)
    queue.prepare("Good night, Ana.")
    assert speaker.kept == ["Breathe in."]


def test_nobody_need_wait_for_an_earcon(queue: SpeechQueue) -> None:
    queue.earcon(AudioClip(np.full(1600, 1000, np.int16), 16_000))
    assert queue.busy
    assert queue.wordless
    queue.say("Hello.", 0.0)
    assert not queue.wordless


def test_a_tone_sounds_at_once_and_the_sentence_it_cut_is_said_again(
    queue: SpeechQueue, device: RecordingDevice
) -> None:
    tone = AudioClip(np.zeros(4_000, np.int16), 16_000)
    queue.say("One. Two.", 0.0)
    queue.pump(0.0)
    queue.interject(tone, 0.5)
    queue.pump(0.5)
    assert device.stopped == 1
    assert [clip.text for clip in device.played] == ["One.", ""]
    queue.clip_finished(0.75)
    queue.pump(2.0)
    assert [clip.text for clip in device.played] == ["One.", "", "One."]


def test_a_tone_in_a_pause_leaves_the_rest_of_the_pause(queue: SpeechQueue, device: RecordingDevice) -> None:
    queue.say("One.", 4.0)
    queue.pump(0.0)
    queue.clip_finished(1.0)
    queue.interject(AudioClip(np.zeros(4_000, np.int16), 16_000), 2.0)
    assert not queue.pump(2.0)
    assert [clip.text for clip in device.played] == ["One.", ""]
    queue.clip_finished(2.25)
    assert not queue.pump(5.0)
    assert queue.pump(5.3)


def test_after_a_tone_alone_nobody_is_kept_from_speaking(queue: SpeechQueue) -> None:
    queue.interject(AudioClip(np.zeros(4_000, np.int16), 16_000), 2.0)
    queue.pump(2.0)
    assert queue.wordless
    queue.clip_finished(2.25)
    assert queue.wordless


def test_an_answer_that_lets_itself_be_waited_for_is_announced_once(speaker: ReadySpeaker) -> None:
    device = RecordingDevice(live=True)
    thinking = AudioClip(np.full(1600, 99, np.int16), 16_000)
    queue = SpeechQueue(speaker, device, volume=1.0, rate=1.0, started=lambda at_s, text: None, thinking=thinking)
    speaker.slow = True
    queue.say("This voice takes its time.", 0.0)
    for chunk in range(25):
        queue.pump(chunk * 0.02)
    assert not device.played
    for chunk in range(25, 300):
        queue.pump(chunk * 0.02)
        queue.clip_finished(chunk * 0.02)
    assert [len(clip.samples) for clip in device.played] == [1600]
    speaker.slow = False
    queue.pump(6.5)
    assert device.played[-1].text == "This voice takes its time."


def test_in_quiet_hours_it_is_softer_and_slower(device: RecordingDevice) -> None:
    class RateSpeaker(ReadySpeaker):
        rates: tuple[float, ...] = ()

        def begin(self, text: str, rate: float = 1.0, keep: bool = False) -> None:
            self.rates = (*self.rates, rate)

    speaker = RateSpeaker()
    queue = SpeechQueue(speaker, device, volume=1.0, rate=1.0, started=lambda at_s, text: None)
    queue.say("By day.", 0.0)
    queue.pump(0.0)
    queue.clip_finished(1.0)
    queue.calm(0.7, 0.9)
    queue.say("By night.", 0.0)
    queue.pump(2.0)
    by_day, by_night = device.played
    assert speaker.rates == (1.0, 0.9)
    assert np.abs(by_night.samples).max() < 0.6 * np.abs(by_day.samples).max()
