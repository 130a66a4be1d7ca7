"""What was played lies beside its echo: two streams with starts, blocks, latencies and clocks of their own."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest

from assistant.audio.reference import Reference
from assistant.events import SAMPLE_RATE_HZ, Samples

STEP_S = 0.005
BLOCK_S = 0.02
INPUT_LATENCY_S = 0.05


@dataclass
class Card:
    """A simulated sound card. Every sample that is played is a number of its own, so its echo can be found.

    The loudspeaker asks for ``bunch`` blocks at a time, starts ``starts_s`` late and runs ``faster`` than the
    microphone; a sample sounds ``latency_s`` after it was given.
    """

    latency_s: float = 0.1
    bunch: int = 1
    starts_s: float = 0.0
    faster: float = 0.0
    rate_hz: int = SAMPLE_RATE_HZ

    def leads_s(self, seconds: float, reopened_s: float | None = None) -> list[tuple[float, float]]:
        """How much earlier than its echo each chunk's reference lies, after so many seconds of sound."""
        reference = Reference()
        reference.opened(self.latency_s)
        echo_at_s: list[float] = []  # when sample n is delivered by the microphone
        leads = []
        given_blocks = heard_blocks = 0
        begun_s = self.starts_s
        for step in range(int(seconds / STEP_S)):
            now_s = step * STEP_S
            if reopened_s is not None and now_s >= reopened_s:
                reference.opened(self.latency_s)
                begun_s, given_blocks, reopened_s = now_s + 0.1, 0, None
            while now_s >= begun_s + given_blocks * BLOCK_S / (1 + self.faster):
                for _ in range(self.bunch):
                    count = round(BLOCK_S * self.rate_hz)
                    first = len(echo_at_s)
                    sounds_s = begun_s + given_blocks * BLOCK_S / (1 + self.faster) + self.latency_s
                    echo_at_s += [sounds_s + INPUT_LATENCY_S + i / self.rate_hz for i in range(count)]
                    reference.give(((np.arange(first, first + count) % 30_000) + 1).astype(np.int16), self.rate_hz)
                    given_blocks += 1
            while now_s >= (heard_blocks + 1) * BLOCK_S:
                heard_blocks += 1
                reference.look(heard_blocks * BLOCK_S, reference.given_s)
                start_s = (heard_blocks - 1) * BLOCK_S
                beside = reference.beside(start_s, 320)
                if beside is not None and beside[0] and self.rate_hz == SAMPLE_RATE_HZ:
                    leads.append((start_s, self._echo_s(beside, echo_at_s, now_s) - start_s))
        return leads

    def _echo_s(self, beside: Samples, echo_at_s: list[float], now_s: float) -> float:
        found = int(beside[0]) - 1
        candidates = echo_at_s[found::30_000]
        return min(candidates, key=lambda at_s: abs(at_s - now_s))


@pytest.mark.parametrize(("bunch", "latency_s"), [(1, 0.03), (1, 0.1), (4, 0.1), (1, 0.4), (4, 0.4)])
@pytest.mark.parametrize("starts_s", [0.0, 0.013, 1.9])
def test_a_reference_is_a_little_earlier_than_its_echo(bunch: int, latency_s: float, starts_s: float) -> None:
    leads = Card(latency_s, bunch, starts_s).leads_s(4.0)
    assert len(leads) > 80
    assert all(0 <= lead_s <= 0.2 for at_s, lead_s in leads if at_s > starts_s + 0.6)


def test_the_two_stand_still_against_each_other_when_their_clocks_agree() -> None:
    leads = [lead_s for at_s, lead_s in Card(bunch=2).leads_s(6.0) if at_s > 0.6]
    assert max(leads) - min(leads) < 0.001


def test_clocks_that_drift_apart_are_followed() -> None:
    """At 3 %, far beyond any hardware, so that ten seconds are enough: 0.3 s of drift."""
    leads = Card(faster=0.03).leads_s(10.0)
    assert all(0 <= lead_s <= 0.2 for _, lead_s in leads)
    assert len(leads) > 450


@pytest.mark.parametrize("ppm", [200, -200])
def test_two_clocks_do_not_lose_the_reference_in_an_evening(ppm: int) -> None:
    """At -200 ppm it was not given yet when it was asked for, from two and a half minutes on.

    Where it is laid anew a few milliseconds are left empty.
    """
    reference, latency_s, given, missing = Reference(), 0.05, 0, 0
    reference.opened(latency_s)
    for chunk in range(round(400 / BLOCK_S)):
        now_s = (chunk + 1) * BLOCK_S
        due = round((now_s * (1 + ppm * 1e-6) + latency_s) * SAMPLE_RATE_HZ) - given
        reference.give(np.ones(due, np.int16) * 100, SAMPLE_RATE_HZ)
        given += due
        reference.look(now_s, reference.given_s)
        beside = reference.beside(now_s - BLOCK_S, 320)
        missing += now_s > 0.5 and (beside is None or not beside.all())
    assert missing <= 10


def test_a_loudspeaker_that_was_opened_anew_is_lined_up_anew() -> None:
    leads = Card(bunch=2).leads_s(5.0, reopened_s=2.0)
    assert all(0 <= lead_s <= 0.2 for at_s, lead_s in leads if not 1.8 < at_s < 2.3)
    assert any(at_s > 4.0 for at_s, _ in leads)


@pytest.mark.parametrize("rate_hz", [SAMPLE_RATE_HZ, 44_100, 48_000])
def test_silence_is_no_reference(rate_hz: int) -> None:
    """Also where it comes from a resampler, which dithers it: all that hears beside it would never rest."""
    reference = Reference()
    reference.opened(0.1)
    for place in range(100):
        reference.give(np.zeros(rate_hz // 50, np.int16), rate_hz)
        reference.look((place + 1) * BLOCK_S, reference.given_s)
        assert reference.beside(place * BLOCK_S, 320) is None


def test_a_loudspeaker_of_another_rate_comes_at_the_ears_rate() -> None:
    reference = Reference()
    reference.opened(0.1)
    tone = (8000 * np.sin(2 * np.pi * 500 * np.arange(48_000 * 2) / 48_000)).astype(np.int16)
    beside = []
    for place in range(100):
        reference.give(tone[place * 960 : (place + 1) * 960], 48_000)
        reference.look((place + 1) * BLOCK_S, reference.given_s)
        beside.append(reference.beside(place * BLOCK_S, 320))
    sounding = np.concatenate([block for block in beside if block is not None])[1600:-1600]
    spectrum = np.abs(np.fft.rfft(sounding))
    assert spectrum.argmax() * SAMPLE_RATE_HZ / len(sounding) == pytest.approx(500, abs=2)


def test_what_nobody_takes_does_not_grow_for_ever() -> None:
    reference = Reference()
    for _ in range(2000):
        reference.give(np.ones(320, np.int16), SAMPLE_RATE_HZ)
    assert reference.given_s == pytest.approx(40.0)
    reference.look(40.0, reference.given_s)
    reference.beside(40.0, 320)
