"""Whatever happens, in whatever order: nothing breaks, nothing is lost in saving, and it always waits for something."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rehearsal import Rehearsal

from assistant import config
from assistant.dialogue import COMMANDS, Library, initial
from assistant.events import (
    DeviceBack,
    DeviceLost,
    Expectation,
    Failed,
    Hypothesis,
    Meaning,
    PartialHeard,
    PlaybackFinished,
    ReminderDue,
    Silence,
    SpeechStarted,
    StopRequested,
    TimerFired,
    Utterance,
    UtteranceHeard,
    VoiceActivity,
    WakeHeard,
)

LIBRARY = Library.load([config.shipped("intents") / "en"])
SLOTS = (
    {},
    {"rating": 4},
    {"rating": 40},
    {"duration_s": 60},
    {"duration_s": 1e9},
    {"yes_no": True},
    {"yes_no": False},
    {"names": ["Ana"]},
    {"names": ["Ana", "Ben"]},
    {"names": ["A", "B", "C", "D", "E"]},
    {"choice": "breathing"},
    {"choice": "nothing"},
    {"word": "tired"},
    {"minutes": 3, "way": "silence"},
    {"choice": "later"},
    {"when": {"text": "at nine", "at": "today 21:00", "summary": "once today 21:00"}, "said": {"times": ["21:00"]}},
    {"ritual": "gratitude"},
    {"what": "call my mother", "change": True},
)
intents = st.sampled_from([*COMMANDS, *LIBRARY.starter_ids, "start_nothing", "faq"])
requests = st.sampled_from(["schedule_reminder", "list_reminders", "cancel_reminder", "delete_last_entry"])
MEMORY = {
    "reminders": {
        "reminders": [
            {"id": 1, "ritual": "gratitude", "what": None, "summary": "daily 22:00", "days_ahead": 0},
            {"id": 2, "ritual": "nothing", "what": None, "summary": "weekly SUN 18:00", "days_ahead": 3},
            {"id": 3, "ritual": None, "what": "call my mother", "summary": "once +30min", "days_ahead": 0},
            {"id": 4, "ritual": None, "what": "tea", "summary": "every 2 months -1FRI 12:00", "days_ahead": 40},
        ]
    }
}
meanings = st.one_of(
    st.builds(lambda intent: Meaning(intent, intent=intent), intents),
    st.builds(lambda intent, slots: Meaning(intent, intent=intent, slots=slots), requests, st.sampled_from(SLOTS)),
    st.builds(
        lambda text, slots: Meaning(text, None, slots),
        st.sampled_from(["", "soup", "that's all"]),
        st.sampled_from(SLOTS),
    ),
)
acts = st.one_of(
    st.tuples(st.just("meaning"), meanings),
    st.tuples(st.just("meaning"), meanings),
    st.tuples(
        st.sampled_from(
            ["wake", "listen", "wait", "silence", "time", "restart", "lost", "back", "noise", "stray", "reminder"]
        ),
        st.integers(0, 400),
    ),
)


def never(text: str, expectation: Expectation) -> Meaning:
    raise AssertionError("nobody speaks here in words")


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(acts, max_size=40), st.sampled_from([(), ("Ana",), ("Ana", "Ben")]), st.integers(0, 50))
def test_it_never_breaks_and_is_never_deaf(
    happenings: list[tuple[str, object]], people: tuple[str, ...], seed: int
) -> None:
    evening = Rehearsal(LIBRARY, initial(people, seed), never, COMMANDS, prepares=True, memory=MEMORY)
    evening.start()
    for what, value in happenings:
        _happen(evening, what, value)
    evening.dispatch(StopRequested(evening.now_s))
    assert evening.ended


def _happen(evening: Rehearsal, what: str, value: object) -> None:
    now_s = evening.now_s
    match what:
        case "meaning":
            assert isinstance(value, Meaning)
            evening.dispatch(UtteranceHeard(now_s, Utterance((Hypothesis(value.text),)), value))
        case "wake":
            evening.dispatch(WakeHeard(now_s, "hey evensong"))
        case "listen":
            evening.listen_out()
        case "wait":
            evening.wait()
        case "silence":
            evening.dispatch(Silence(now_s, 8.0))
        case "time":
            assert isinstance(value, int)
            evening.pass_seconds(value)
        case "restart":
            evening.restart()
        case "lost":
            evening.queue.clear()
            evening.dispatch(DeviceLost(now_s, "unplugged"))
            evening.dispatch(DeviceBack(now_s))
        case "back":
            evening.dispatch(DeviceBack(now_s))
        case "reminder":
            assert isinstance(value, int)
            evening.dispatch(
                ReminderDue(now_s, 1, "21:00", ("gratitude", "nothing", None)[value % 3], "tea", value % 4)
            )
        case "noise":
            for event in (
                SpeechStarted(now_s),
                PartialHeard(now_s, "so"),
                VoiceActivity(now_s, True, -20.0),
                Failed(now_s, "speaking", "no voice"),
            ):
                evening.dispatch(event)
        case _:
            evening.dispatch(PlaybackFinished(now_s))
            evening.dispatch(PlaybackFinished(now_s, "And something else."))
            evening.dispatch(PlaybackFinished(now_s))
            for name in ("quiet", "breath", "pause", "evening", "other"):
                evening.dispatch(TimerFired(now_s, name))
