"""Who speaks is told from prints; strangers stay strangers; poor recordings are not remembered."""

import numpy as np
import pytest

from assistant.errors import HearingError
from assistant.events import SAMPLE_RATE_HZ
from assistant.hearing.speakers.enrolment import Enrolled, Refused, enrol
from assistant.hearing.speakers.voice_prints import VoicePrints

SECOND = SAMPLE_RATE_HZ


def unit(*at: int) -> np.ndarray:
    values = np.zeros(256, np.float32)
    values[list(at)] = 1.0
    return values / np.linalg.norm(values)


ANA, BEN = unit(0, 1, 2, 3), unit(3, 4, 5, 6)
PRINTS = VoicePrints({"Ana": ANA, "Ben": BEN})


def test_a_voice_is_that_of_the_nearest_print() -> None:
    assert PRINTS.who(ANA, 1.0) == "Ana"
    assert PRINTS.who(unit(3, 4, 5), 1.0) == "Ben"


def test_a_voice_far_from_all_prints_is_nobodys() -> None:
    assert PRINTS.who(unit(9, 10), 1.0) is None
    assert VoicePrints({}).who(ANA, 1.0) is None


def test_less_speech_tells_less() -> None:
    def ana_at(cosine: float, seconds: float) -> float:
        heard = cosine * ANA + np.sqrt(1 - cosine**2) * unit(9)
        return float(PRINTS.log_odds(heard.astype(np.float32), seconds)[0])

    short, long = (ana_at(0.70, seconds) - ana_at(0.66, seconds) for seconds in (0.5, 3.0))
    assert 0 < short < long


def test_no_window_is_sure_beyond_all_doubt() -> None:
    assert abs(PRINTS.log_odds(ANA, 3.0)).max() <= 6.0


def test_prints_come_back_from_the_journal_as_plain_numbers() -> None:
    kept = tuple(float(value) for value in ANA)
    assert VoicePrints({"Ana": kept}).who(ANA, 1.0) == "Ana"


def test_who_sounds_like_somebody_known_is_told() -> None:
    def at(cosine: float) -> np.ndarray:
        return (cosine * BEN + np.sqrt(1 - cosine**2) * unit(9)).astype(np.float32)

    assert PRINTS.much_like(at(0.85)) == ("Ben",)
    assert PRINTS.much_like(at(0.7)) == ()  # as far apart as most people are
    assert VoicePrints({}).much_like(ANA) == ()


@pytest.mark.parametrize("values", [np.zeros(256), np.ones(255), np.full(256, np.nan)])
def test_a_damaged_print_is_named(values: np.ndarray) -> None:
    with pytest.raises(HearingError, match="print of Ana is damaged"):
        VoicePrints({"Ana": values})


# --- remembering a voice -------------------------------------------------------------------------------


class Loudness:
    """A detector for made sound: what is louder than a murmur is speech."""

    def __call__(self, block: np.ndarray) -> float:
        return float(np.abs(block).max() > 30)

    def reset(self) -> None:
        pass


class Pitch:
    """An encoder for made sound: the loudest band is the voice."""

    def prints(self, windows: np.ndarray) -> np.ndarray:
        return np.stack([unit(int(window.sum(axis=0).argmax())) for window in windows])


def tone(hz: float, seconds: float, amplitude: float = 5000.0) -> np.ndarray:
    t = np.arange(round(seconds * SECOND)) / SECOND
    return (amplitude * np.sin(2 * np.pi * hz * t)).astype(np.int16)


def outcome(*parts: np.ndarray) -> Enrolled | Refused:
    return enrol(np.concatenate(parts), Pitch(), Loudness())  # type: ignore[arg-type]


def reason(*parts: np.ndarray) -> str:
    found = outcome(*parts)
    assert isinstance(found, Refused)
    return found.reason


SILENCE = np.zeros(2 * SECOND, np.int16)


def test_ten_seconds_of_one_voice_are_remembered_as_256_numbers() -> None:
    found = outcome(tone(440, 5), SILENCE, tone(440, 5))
    assert isinstance(found, Enrolled)
    assert found.values.shape == (256,)
    assert np.linalg.norm(found.values) == pytest.approx(1.0, abs=1e-5)
    assert found.speech_s == pytest.approx(10.0, abs=0.2)


def test_silence_does_not_count_as_speech() -> None:
    assert reason(tone(440, 5), *[SILENCE] * 5) == "too_short"
    assert reason(SILENCE) == "too_short"
    assert outcome(np.zeros(0, np.int16)) == Refused("too_short", 0.0)


def test_a_murmur_from_the_next_room_is_too_quiet() -> None:
    assert reason(tone(440, 10, amplitude=50)) == "too_quiet"


def test_a_microphone_that_clips_is_too_loud() -> None:
    loud = np.clip(tone(440, 10).astype(np.int32) * 20, -32_768, 32_767).astype(np.int16)
    assert reason(loud) == "too_loud"


def test_speech_that_hardly_rises_above_the_noise_is_refused() -> None:
    rng = np.random.default_rng(1)
    hum = np.clip(rng.normal(0, 9, 10 * SECOND), -29, 29).astype(np.int16)
    murmur = np.clip(rng.normal(0, 9, 3 * SECOND), -29, 29).astype(np.int16)
    barely = (hum + tone(440, 10, amplitude=80)).astype(np.int16)
    assert reason(murmur, (barely // 2).astype(np.int16), murmur) in {"too_noisy", "too_quiet"}


def test_two_people_taking_turns_are_not_one_voice() -> None:
    assert reason(tone(440, 5), tone(2000, 5)) == "not_one_voice"


def test_one_odd_word_among_many_is_let_pass() -> None:
    assert isinstance(outcome(tone(440, 14), tone(2000, 1)), Enrolled)
