"""How well interruptions are noticed: ``python -m benchmarks interruptions --data DIR``, DIR/speaker/*.flac.

Two voices a session on a seeded timeline in a simulated room, made by synthesis where there is no ``--data``
(made_speakers.py): a monologue with pauses, interruptions of 1 to 5 s in pauses and over speech, listening sounds of
0.2 to 0.75 s, something like laughter, Evensong's own tone, kitchen noise at 20 and 12 dB (``--noise FILE``).
``stereo``: a microphone each. ``one_microphone`` (interruptions in pauses) and ``over_speech``: one microphone and
voices remembered from 10 s. Baselines on the same timelines: ``vad_only`` (whatever is said after half a second of
silence interrupts) and ``nearest_print`` (the nearest voice of each second).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from assistant import config
from assistant.audio.files import load_recording
from assistant.commands.keep import model_store
from assistant.errors import ModelError
from assistant.events import CHUNK_SAMPLES, Samples
from assistant.hearing.speakers.enrolment import print_of, speech_frames
from assistant.hearing.speakers.floor import APART, BY_SEGMENTATION, BY_VOICE, Floor, Interruption, Least
from assistant.hearing.speakers.running_prints import RunningPrints
from assistant.hearing.speakers.segmentation import Segmentation, load_segmentation
from assistant.hearing.speakers.speech_runs import SpeechRuns
from assistant.hearing.speakers.turns import HOP_FRAMES, HOP_S, Moment, Turns
from assistant.hearing.speakers.two_microphones import TwoMicrophones
from assistant.hearing.speakers.voice_encoder import VoiceEncoder, load_voice_encoder
from assistant.hearing.speakers.voice_features import FRAMES_A_SECOND, Mels, mels
from assistant.hearing.speakers.voice_prints import VoicePrints
from assistant.hearing.voice_activity import VoiceActivityDetector
from benchmarks.floor_timeline import Timeline, timeline
from benchmarks.setting import Options
from benchmarks.voices import kitchen, speakers

EVENTS = 224
EVENTS_A_SESSION = 14
SNRS_DB = (20.0, 12.0)
ENROLMENT_S = 10.0
HOLDER, LISTENER = "holder", "listener"
IN_TIME_S = 3.0  # an interruption noticed later than this after it began was not noticed
EARLY_S = 0.3
PAUSE_S = 0.425  # of silence, after which the baseline of voice activity takes what is said for an interruption


@dataclass
class Score:
    """What one way of hearing made of all timelines, for one kind of interruption."""

    true: int = 0
    found: int = 0
    false: int = 0
    delays_s: list[float] = field(default_factory=list)
    apart_s: list[float] = field(default_factory=list)  # when it was thought to have begun, and when it did

    def figures(self, minutes: float) -> dict[str, float | None]:
        precision = self.found / (self.found + self.false) if self.found + self.false else 0.0
        recall = self.found / self.true if self.true else 0.0
        both = precision + recall
        return {
            "precision": round(precision, 3),
            "recall": round(recall, 3),
            "f1": round(2 * precision * recall / both, 3) if both else 0.0,
            "delay_s": round(float(np.median(self.delays_s)), 2) if self.delays_s else None,
            "began_within_0.3_s": round(float(np.mean(np.array(self.apart_s) <= 0.3)), 3) if self.apart_s else None,
            "false_per_ten_minutes": round(self.false / minutes * 10, 2),
        }


def run(options: Options) -> dict[str, Any]:
    return measure(options, EVENTS)


def measure(options: Options, events: int) -> dict[str, Any]:
    store = model_store(config.load())
    encoder = load_voice_encoder(store.verify("voices").path)
    try:
        segmentation = load_segmentation(store.verify("overlaps").path)
    except ModelError:
        segmentation = None
    people, kind = speakers(options)
    rng = np.random.default_rng(options.seed)
    noise = load_recording(options.noise).samples if options.noise else kitchen(rng)
    tally = Tally(segmentation)
    for session in range(max(2, events // EVENTS_A_SESSION)):
        holder, listener = (str(name) for name in rng.permutation(sorted(people))[:2])
        snr_db = SNRS_DB[session % 2]
        prints, rest = {}, {}
        for role, who in ((HOLDER, holder), (LISTENER, listener)):
            prints[role], rest[role] = _enrolled(people[who], encoder)
        seed = options.seed * 1000 + session
        told = timeline(rest[HOLDER], rest[LISTENER], noise, snr_db, EVENTS_A_SESSION, seed)
        tally.session(told, VoicePrints(prints), encoder, f"{snr_db:g}")
    return {**tally.result(), "recordings": kind}


def _enrolled(recordings: Sequence[Samples], encoder: VoiceEncoder) -> tuple[Any, list[Samples]]:
    """The print of the first 10 s of speech, and the recordings after them."""
    needed = round(ENROLMENT_S * FRAMES_A_SECOND)
    frames: list[Mels] = []
    while sum(map(len, frames)) < needed and len(frames) < len(recordings) - 1:
        samples = recordings[len(frames)]
        mask = speech_frames(samples, VoiceActivityDetector())
        frames.append(mels(samples)[: len(mask)][mask])
    return print_of(np.concatenate(frames)[:needed], encoder), list(recordings[len(frames) :])


class Tally:
    """All sessions together. ``segmentation`` hears two at once, where it is installed."""

    def __init__(self, segmentation: Segmentation | None = None) -> None:
        self._segmentation = segmentation
        self.scores: dict[tuple[str, str, str], Score] = {}
        self.minutes: dict[str, float] = {}
        self.murmurs = self.murmurs_marked = 0
        self.stereo_murmurs_marked = 0
        self.talk_error_s: dict[str, float] = {}
        self.talk_s = 0.0

    def session(self, told: Timeline, prints: VoicePrints, encoder: VoiceEncoder, snr: str) -> None:
        self.minutes[snr] = self.minutes.get(snr, 0.0) + len(told.one) / 16_000 / 60
        turns = Turns(encoder, prints, VoiceActivityDetector(), HOLDER, self._segmentation)
        least = BY_VOICE if self._segmentation is None else BY_SEGMENTATION
        two = TwoMicrophones((HOLDER, LISTENER), (VoiceActivityDetector(), VoiceActivityDetector()))
        one_floor, one = _floor([moment for chunk in _chunks(told.one) for moment in turns.hear(chunk)], least)
        two_floor, stereo = _floor([moment for chunk in _chunks(told.two) for moment in two.hear(chunk)], APART)
        nearest, alone = _baselines(told.one, prints, encoder)
        truth = _speaking(told)
        self.talk_s += sum(truth.values())
        for name, floor in (("one_microphone", one_floor), ("stereo", two_floor)):
            error = sum(abs(floor.talk_s.get(who, 0.0) - seconds) for who, seconds in truth.items())
            self.talk_error_s[name] = self.talk_error_s.get(name, 0.0) + error
        self.murmurs += sum(each.kind == "backchannel" for each in told.happenings)
        self.murmurs_marked += self._count("one", one, told, snr)
        self.stereo_murmurs_marked += self._count("stereo", stereo, told, snr)
        self._count("nearest_print", nearest, told, snr)
        self._count("vad_only", alone, told, snr)

    def _count(self, way: str, found: Sequence[Interruption], told: Timeline, snr: str) -> int:
        """Match what was found with what happened; gives how many listening sounds were marked."""
        left = list(found)
        for each in told.happenings:
            if each.kind not in {"in_pause", "over_speech"}:
                continue
            score = self.scores.setdefault((way, each.kind, snr), Score())
            score.true += 1
            match = next((f for f in left if -EARLY_S <= f.noticed_s - each.begin_s <= IN_TIME_S), None)
            if match is not None:
                left.remove(match)
                score.found += 1
                score.delays_s.append(match.noticed_s - each.begin_s)
                score.apart_s.append(abs(match.began_s - each.begin_s))
        marked = 0
        for each in told.happenings:
            if each.kind == "backchannel":
                marked += any(each.begin_s <= f.noticed_s <= each.end_s + 1.0 for f in left)
        interruptions = [each for each in told.happenings if each.kind in {"in_pause", "over_speech"}]
        for extra in left:
            if any(each.begin_s <= extra.noticed_s <= each.end_s + 0.5 for each in interruptions):
                continue  # the same interruption, told again after a breath
            spoken = told.holder[max(0, round((extra.noticed_s - 0.8) * 16_000)) : round(extra.noticed_s * 16_000)]
            kind = "over_speech" if np.mean(np.abs(spoken) > 1) > 0.5 else "in_pause"
            self.scores.setdefault((way, kind, snr), Score()).false += 1
        return marked

    def result(self) -> dict[str, Any]:
        minutes = sum(self.minutes.values())

        def of(way: str, *kinds: str, snr: str | None = None) -> dict[str, float | None]:
            total = Score()
            for (name, kind, at), score in self.scores.items():
                if name == way and kind in kinds and snr in (None, at):
                    total.true, total.found = total.true + score.true, total.found + score.found
                    total.false += score.false
                    total.delays_s += score.delays_s
                    total.apart_s += score.apart_s
            return total.figures(self.minutes[snr] if snr else minutes)

        both = ("in_pause", "over_speech")
        return {
            "stereo": of("stereo", *both),
            "one_microphone": of("one", "in_pause"),
            "over_speech": of("one", "over_speech"),
            "vad_only": of("vad_only", *both),
            "nearest_print": of("nearest_print", *both),
            "by_snr": {
                snr: {
                    "stereo": of("stereo", *both, snr=snr),
                    "one_microphone": of("one", "in_pause", snr=snr),
                    "over_speech": of("one", "over_speech", snr=snr),
                }
                for snr in self.minutes
            },
            "talk_time_error": {name: round(error / self.talk_s, 3) for name, error in self.talk_error_s.items()},
            "backchannels_marked": round(self.murmurs_marked / max(1, self.murmurs), 3),
            "backchannels_marked_stereo": round(self.stereo_murmurs_marked / max(1, self.murmurs), 3),
            "backchannels": self.murmurs,
            "minutes": round(minutes, 1),
            "two_at_once_heard_by": "prints" if self._segmentation is None else "segmentation",
        }


def _chunks(samples: Samples) -> list[Samples]:
    return [samples[at : at + CHUNK_SAMPLES] for at in range(0, len(samples), CHUNK_SAMPLES)]


def _floor(moments: Sequence[Moment], least: Least) -> tuple[Floor, list[Interruption]]:
    floor = Floor(HOLDER, least)
    found = [floor.hear(moment) for moment in moments]
    return floor, [each for each in found if each is not None]


def _speaking(told: Timeline) -> dict[str, float]:
    """Seconds of each voice, as the same detector hears it alone."""
    voices = ((HOLDER, told.holder), (LISTENER, told.listener))
    return {
        who: float(speech_frames(voice.astype(np.int16), VoiceActivityDetector()).sum()) / FRAMES_A_SECOND
        for who, voice in voices
    }


def _baselines(samples: Samples, prints: VoicePrints, encoder: VoiceEncoder) -> tuple[list[Interruption], ...]:
    """Nearest print of each second of speech; and voice activity alone."""
    runs, running = SpeechRuns(VoiceActivityDetector()), RunningPrints(encoder)
    nearest, alone = Floor(HOLDER), Floor(HOLDER)
    found: tuple[list[Interruption], list[Interruption]] = ([], [])
    silent, spoken, since_s, interrupting = 0, 0, 0.0, False
    for chunk in _chunks(samples):
        for frame in runs.hear(chunk):
            if frame.sound is None:
                silent += 1
                if silent % HOP_FRAMES == 0:
                    moment = Moment(frame.at_s, None, frame.at_s, {})
                    nearest.hear(moment), alone.hear(moment)
                continue
            if frame.begins:
                running.begin()
                spoken, since_s, interrupting = 0, frame.at_s, silent >= PAUSE_S * FRAMES_A_SECOND
            silent = 0
            running.hear(frame.sound[None])
            spoken += 1
            latest = running.latest(1.0) if spoken % HOP_FRAMES == 0 else None
            if latest is None:
                continue
            who = prints.who_is_known[int(prints.cosines(latest[0]).argmax())]
            for floor, speaker, kept in (
                (nearest, who, found[0]),
                (alone, LISTENER if interrupting else HOLDER, found[1]),
            ):
                moment = Moment(frame.at_s, frozenset({speaker}), frame.at_s - HOP_S, {speaker: 1.0})
                if speaker == LISTENER and floor is alone:
                    moment = Moment(frame.at_s, frozenset({speaker}), since_s, {speaker: 1.0})
                told = floor.hear(moment)
                if told is not None:
                    kept.append(told)
    return found
