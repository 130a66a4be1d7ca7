"""Reminders in conversation: set, told, moved, cancelled, and given when their time has come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from assistant.conversation.conversation import Conversation
from assistant.dialogue import Library
from assistant.events import (
    Effect,
    Expectation,
    Hypothesis,
    Listen,
    ListenMode,
    Play,
    PlaybackFinished,
    Say,
    Silence,
    StopRequested,
    Utterance,
    UtteranceHeard,
    WakeHeard,
)
from assistant.memory import Journal, QuietHours
from assistant.understanding import Understanding

Shipped = tuple[Library, Understanding]
BERLIN = ZoneInfo("Europe/Berlin")
QUIET = QuietHours(time(23), time(6, 30))


@dataclass
class Calendar:
    moment: datetime = datetime(2026, 11, 22, 20, 0, tzinfo=BERLIN)  # a Sunday

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def journal(tmp_path: Path, calendar: Calendar) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.sqlite", calendar.now) as opened:
        yield opened


@dataclass
class Home:
    """A household whose Evensong is heard out whenever it speaks; ``seed`` chooses its words."""

    shipped: Shipped
    journal: Journal
    calendar: Calendar
    people: tuple[str, ...] = ("Ana", "Ben")
    seed: int = 1
    said: list[str] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    ears: Expectation = field(default_factory=lambda: Expectation(ListenMode.OFF))

    def __post_init__(self) -> None:
        self.begin()

    def begin(self) -> None:
        """The program starts, perhaps again."""
        self.conversation = Conversation(*self.shipped, self.journal, self.people, self.seed, None, QUIET)
        self._take(self.conversation.begin())

    def ask(self, text: str) -> str:
        """Wake it, and say this."""
        if self.ears.mode is ListenMode.WAKE:
            self._take(self.conversation.step(WakeHeard(0.0, "hey evensong")))
        return self.say(text)

    def say(self, text: str) -> str:
        assert self.ears.mode is not ListenMode.WAKE, "it sleeps"
        heard = UtteranceHeard(0.0, Utterance((Hypothesis(text),)))
        return self._answer(self.conversation.step(self.conversation.understood(heard, self.ears)))

    def keep_silent(self) -> str:
        return self._answer(self.conversation.step(Silence(0.0, 10.0)))

    def later(self, **span: float) -> str:
        """Time goes by, and the calendar is looked at."""
        self.calendar.moment = (self.calendar.moment.astimezone(UTC) + timedelta(**span)).astimezone(BERLIN)
        reminder = self.conversation.due_reminder(0.0)
        return self._answer(self.conversation.step(reminder)) if reminder else ""

    def kept(self) -> list[tuple[str | None, str]]:
        return [(one.ritual or one.what, one.summary) for one in self.journal.reminders.all()]

    def _answer(self, effects: tuple[Effect, ...]) -> str:
        before = len(self.said)
        self._take(effects)
        return " ".join(self.said[before:])

    def _take(self, effects: tuple[Effect, ...]) -> None:
        self.effects += effects
        for effect in effects:
            if isinstance(effect, Say):
                self.said.append(effect.text)
            if isinstance(effect, Listen):
                self.ears = effect.expectation
        if any(isinstance(effect, Say | Play) for effect in effects):
            self._take(self.conversation.step(PlaybackFinished(0.0)))


@pytest.fixture
def home(shipped: Shipped, journal: Journal, calendar: Calendar) -> Home:
    return Home(shipped, journal, calendar)


def set_up(home: Home, *requests: str) -> None:
    for request in requests:
        home.ask(request)
        home.say("yes")
    home.say("stop listening")


# --- setting -----------------------------------------------------------------------------------------


def test_another_day_may_be_said_where_the_hour_is_asked_for(home: Home) -> None:
    home.ask("remind me tomorrow to call the clinic")
    home.say("no, saturday")
    assert "Saturday" in home.say("at nine in the morning")
    home.say("yes")
    assert home.kept() == [("call the clinic", "once SAT 09:00")]


@pytest.mark.parametrize("seed", [1, 2, 3])  # each with other words
def test_it_is_read_back_and_kept_after_a_yes(
    shipped: Shipped, journal: Journal, calendar: Calendar, seed: int
) -> None:
    home = Home(shipped, journal, calendar, seed=seed)
    asked = home.ask("remind us every night at ten to do gratitude")
    assert asked.startswith("Every night at ten")
    assert "gratitude" in asked
    assert home.kept() == []
    assert home.say("yes that's right")
    assert home.kept() == [("gratitude", "daily 22:00")]
    assert home.ears.mode is ListenMode.COMMAND


@pytest.mark.parametrize(
    ("correction", "summary"),
    [
        ("no at nine", "daily 21:00"),
        ("nine", "daily 21:00"),
        ("no on sundays", "weekly SUN 22:00"),
        ("no half past", "daily 22:30"),
        ("every evening at eight", "daily 20:00"),
    ],
)
def test_what_was_misunderstood_is_put_right_and_read_back_again(home: Home, correction: str, summary: str) -> None:
    home.ask("remind us every night at ten to do gratitude")
    assert "gratitude" in home.say(correction)
    assert home.kept() == []
    home.say("yes")
    assert home.kept() == [("gratitude", summary)]


def test_another_ritual_may_be_meant(home: Home) -> None:
    home.ask("remind us every night at ten to do gratitude")
    assert "check-in" in home.say("no the check in")
    home.say("yes")
    assert home.kept() == [("checkin", "daily 22:00")]


@pytest.mark.parametrize("what", ["to take my pills", "to go to bed"])
def test_everyday_things_can_be_reminded_of(home: Home, what: str) -> None:
    home.ask("remind me at nine")
    home.say(what)
    home.say("yes")
    assert home.kept() == [(what.removeprefix("to "), "once today 21:00")]


def test_never_mind_is_nothing_to_be_reminded_of(home: Home) -> None:
    home.ask("remind us every night at ten")
    home.say("never mind")
    assert home.kept() == []
    assert home.say("what reminders do we have")


def test_what_could_only_be_put_off_into_quiet_hours_is_left_and_nothing_is_promised(home: Home) -> None:
    home.ask("remind us at quarter to eleven to do gratitude")
    home.say("yes")
    home.keep_silent()
    home.later(hours=2, minutes=45)
    assert home.say("later") in left_for_today(home)
    assert home.later(minutes=15) == ""


def left_for_today(home: Home) -> set[str]:
    return {str(line) for line in home.shipped[0].prompts.reminders.left}


def test_a_no_asks_for_the_time_again(home: Home) -> None:
    home.ask("remind us every night at ten to do gratitude")
    assert home.say("no").endswith("?")
    assert home.say("every evening at half past nine").startswith("Every evening at half past nine")
    home.say("yes")
    assert home.kept() == [("gratitude", "daily 21:30")]


def test_the_time_is_asked_for_when_it_is_missing(home: Home) -> None:
    assert home.ask("set a reminder for the check-in").endswith("?")
    home.say("on sundays at six")
    home.say("yes")
    assert home.kept() == [("checkin", "weekly SUN 18:00")]


def test_only_the_hour_is_asked_for_when_the_day_was_said(home: Home) -> None:
    assert home.ask("remind us about gratitude every evening").endswith("?")
    assert home.say("nine").startswith("Every evening at nine")
    home.say("yes")
    assert home.kept() == [("gratitude", "daily 21:00")]


@pytest.mark.parametrize(
    ("answer", "of"),
    [("gratitude", "gratitude"), ("to do the check in", "checkin"), ("to call my mother", "call my mother")],
)
def test_what_it_is_of_is_asked_for_when_it_is_missing(home: Home, answer: str, of: str) -> None:
    assert home.ask("remind us tomorrow evening at eight").endswith("?")
    home.say(answer)
    home.say("yes")
    assert home.kept() == [(of, "once tomorrow 20:00")]


def test_what_is_no_ritual_is_said_back_from_its_side(home: Home) -> None:
    asked = home.ask("remind me tomorrow at five to call my mother")
    assert "call your mother" in asked
    home.say("yes")
    assert home.kept() == [("call my mother", "once tomorrow 17:00")]


def test_a_time_that_is_over_today_is_tomorrow_s(home: Home) -> None:
    home.calendar.moment = home.calendar.moment.replace(hour=21, minute=30)
    assert home.ask("remind us at nine to do gratitude").startswith("Tomorrow evening at nine")
    home.say("yes")
    assert home.kept() == [("gratitude", "once tomorrow 21:00")]
    assert home.journal.reminders.all()[0].at == "2026-11-23T21:00"


@pytest.mark.parametrize("answer", ["stop", "never mind", "skip"])
def test_it_can_be_left(home: Home, answer: str) -> None:
    home.ask("remind us every night at ten to do gratitude")
    assert home.say(answer)
    assert home.kept() == []


def test_nothing_that_helps_is_asked_for_twice_and_then_left(home: Home) -> None:
    asked = home.ask("remind us to do gratitude")
    assert home.say("the cat is on the sofa") == asked
    assert home.keep_silent() not in ("", asked)
    assert home.ears.mode is ListenMode.COMMAND
    assert home.kept() == []


# --- telling -----------------------------------------------------------------------------------------


def test_they_are_told_the_next_one_first_three_at_most(home: Home) -> None:
    assert home.ask("what reminders do we have")
    set_up(
        home,
        "remind us on sundays at six about the check in",
        "remind us every night at ten to do gratitude",
        "in half an hour remind me to breathe",
        "weekdays at quarter to seven remind us of the morning minute",
        "remind us on the first of every month at eight about our dreams",
    )
    told = home.ask("what reminders do we have")
    assert "five" in told
    order = ["In half an hour", "Every night at ten", "On weekdays at quarter to seven in the morning", "two"]
    assert [told.index(one) for one in order] == sorted(told.index(one) for one in order)
    assert "Sundays" not in told


def test_one_can_be_asked_about(home: Home) -> None:
    set_up(home, "remind us on sundays at six about the check in", "remind us every night at ten to do gratitude")
    told = home.ask("is there a reminder on sunday")
    assert "On Sundays at six in the evening" in told
    assert "gratitude" not in told


# --- cancelling and moving -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("request_", "left"),
    [
        ("cancel the sunday one", "gratitude"),
        ("cancel the six o'clock reminder", "gratitude"),
        ("cancel the weekly reminder", "gratitude"),
        ("cancel the check-in reminder", "gratitude"),
        ("delete the reminder at ten", "checkin"),
        ("stop reminding us about gratitude", "checkin"),
        ("cancel the nightly one", "checkin"),
        ("cancel the second one", "gratitude"),
        ("please delete the first reminder", "checkin"),
    ],
)
def test_one_is_cancelled_by_its_day_its_time_or_what_it_is_of(home: Home, request_: str, left: str) -> None:
    set_up(home, "remind us on sundays at six about the check in", "remind us every night at ten to do gratitude")
    assert home.ask(request_).endswith("?")
    assert len(home.kept()) == 2
    home.say("yes")
    assert [of for of, _ in home.kept()] == [left]


def test_which_one_is_asked_when_several_may_be_meant(home: Home) -> None:
    set_up(home, "remind us on sundays at six about the check in", "remind us every night at ten to do gratitude")
    assert home.ask("cancel the reminder").endswith("?")
    assert "gratitude" in home.say("the one at ten")
    home.say("yes")
    assert [of for of, _ in home.kept()] == ["checkin"]


@pytest.mark.parametrize(("answer", "left"), [("the second one", "gratitude"), ("the first", "checkin")])
def test_which_one_may_be_counted(home: Home, answer: str, left: str) -> None:
    set_up(home, "remind us on sundays at six about the check in", "remind us every night at ten to do gratitude")
    home.ask("cancel the reminder")
    home.say(answer)
    home.say("yes")
    assert [of for of, _ in home.kept()] == [left]


@pytest.mark.parametrize("answer", ["what reminders do we have", "cancel the sunday one"])
def test_a_request_is_no_answer_to_what_it_is_of(home: Home, answer: str) -> None:
    set_up(home, "remind us on sundays at six about the check in")
    assert home.ask("remind us tomorrow evening at eight").endswith("?")
    assert "Sundays" in home.say(answer)
    home.say("yes")
    assert not any(summary == "once tomorrow 20:00" for _, summary in home.kept())


@pytest.mark.parametrize(
    ("heard", "kept"),
    [
        ("remind me at a to take the pills", ("take the pills", "once today 20:00")),
        ("remind us every night at tend to do gratitude", ("gratitude", "daily 22:00")),
    ],
)
def test_an_hour_that_was_heard_as_another_word_is_that_hour(home: Home, heard: str, kept: tuple[str, str]) -> None:
    home.calendar.moment = home.calendar.moment.replace(hour=12)
    home.ask(heard)
    home.say("yes")
    assert home.kept() == [kept]


def test_there_is_an_answer_to_whether_there_is_one_for_something(home: Home) -> None:
    set_up(home, "remind us on friday at five of the dentist")
    assert "dentist" in home.ask("do we have a reminder for the dentist")


@pytest.mark.parametrize("talk", ["tell me about the meeting at nine", "tell us about the check-in tomorrow"])
def test_what_asks_to_be_told_now_is_no_reminder(shipped: Shipped, talk: str) -> None:
    understanding = shipped[1]
    meant = understanding.understand((Hypothesis(talk),), understanding.expectation_for("idle"))
    assert meant.intent != "schedule_reminder"


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ("tell me to call my mother at nine", "call my mother"),
        ("at six tell us that the cake is ready", "the cake is ready"),
    ],
)
def test_what_is_told_at_its_time_is_a_reminder(home: Home, words: str, what: str) -> None:
    home.ask(words)
    home.say("yes")
    assert what in home.kept()[0][0]


def test_all_are_cancelled_after_a_yes(home: Home) -> None:
    set_up(home, "remind us on sundays at six about the check in", "remind us every night at ten to do gratitude")
    assert "two" in home.ask("cancel all reminders")
    home.say("no")
    assert len(home.kept()) == 2
    home.ask("cancel all reminders")
    home.say("yes")
    assert home.kept() == []


def test_none_and_none_like_that_are_said(home: Home) -> None:
    assert home.ask("cancel all reminders")
    set_up(home, "remind us every night at ten to do gratitude")
    assert home.ask("cancel the sunday one")
    assert home.ears.mode is ListenMode.COMMAND
    assert len(home.kept()) == 1


@pytest.mark.parametrize(
    ("request_", "summary"),
    [
        ("move it to nine", "daily 21:00"),
        ("make it half nine", "daily 21:30"),
        ("no make it half nine", "daily 21:30"),
        ("move the gratitude reminder to eight in the morning", "daily 08:00"),
        ("move it to sundays at six", "weekly SUN 18:00"),
        ("move it to sunday", "weekly SUN 22:00"),
    ],
)
def test_one_is_moved_and_keeps_what_was_not_said(home: Home, request_: str, summary: str) -> None:
    set_up(home, "remind us every night at ten to do gratitude")
    assert home.ask(request_).endswith("?")
    home.say("yes")
    assert home.kept() == [("gratitude", summary)]


@pytest.mark.parametrize(
    ("request_", "of", "summary"),
    [
        ("move the first one to nine", "gratitude", "daily 21:00"),
        ("move the second one to seven", "checkin", "weekly SUN 19:00"),
        ("change the second reminder to mondays", "checkin", "weekly MON 18:00"),
        ("move the sunday one to monday", "checkin", "weekly MON 18:00"),
        ("move the sunday reminder to quarter to six", "checkin", "weekly SUN 17:45"),
        ("move the ten o'clock one to nine", "gratitude", "daily 21:00"),
        ("move the reminder at ten to ten to nine", "gratitude", "daily 20:50"),
        ("can you change the reminder from six to seven please", "checkin", "weekly SUN 19:00"),
    ],
)
def test_the_one_that_is_named_is_moved(home: Home, request_: str, of: str, summary: str) -> None:
    set_up(home, "remind us every night at ten to do gratitude", "remind us on sundays at six about the check in")
    before = dict(home.kept())
    assert home.ask(request_).endswith("?")
    home.say("yes")
    assert dict(home.kept()) == before | {of: summary}


@pytest.mark.parametrize("request_", ["move the third one to nine", "move the friday one to monday"])
def test_one_that_is_not_there_is_not_moved(home: Home, request_: str) -> None:
    set_up(home, "remind us every night at ten to do gratitude", "remind us on sundays at six about the check in")
    before = home.kept()
    assert not home.ask(request_).endswith("right?")
    assert home.kept() == before


def test_moved_to_nine_a_morning_stays_a_morning(home: Home) -> None:
    set_up(home, "weekdays at quarter to seven remind us of the morning minute")
    assert "morning" in home.ask("move it to seven")
    home.say("yes")
    assert home.kept() == [("morning", "weekdays 07:00")]


# --- giving ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_when_its_time_has_come_it_asks_softly_after_a_sound_and_a_yes_begins(
    shipped: Shipped, journal: Journal, calendar: Calendar, seed: int
) -> None:
    home = Home(shipped, journal, calendar, seed=seed)
    set_up(home, "remind us every night at ten to do gratitude")
    assert home.later(minutes=119) == ""
    before = len(home.effects)
    asked = home.later(minutes=1)
    assert "ten" in asked
    assert "gratitude" in asked
    given = home.effects[before:]
    assert given[0] == Play("reminder")
    assert all(effect.softly for effect in given if isinstance(effect, Say))
    home.say("yes please")
    assert home.journal.sessions()[0].ritual == "gratitude"
    assert home.later(minutes=1) == ""


@pytest.mark.parametrize("answer", ["not tonight", "no thanks", "not now", "stop"])
def test_not_tonight_leaves_it_for_today(home: Home, answer: str) -> None:
    set_up(home, "remind us every night at ten to do gratitude")
    home.later(hours=2)
    assert home.say(answer)
    assert home.ears.mode is ListenMode.WAKE
    assert home.later(minutes=20) == ""
    assert home.later(hours=23, minutes=40) != ""


def test_silence_leaves_it_for_today_without_a_word(home: Home) -> None:
    set_up(home, "remind us every night at ten to do gratitude")
    home.later(hours=2)
    assert home.keep_silent() == ""
    assert home.ears.mode is ListenMode.WAKE
    assert home.later(minutes=20) == ""


@pytest.mark.parametrize("answer", ["later", "not yet", "in ten minutes", "remind us again later"])
def test_later_comes_back_in_a_quarter_of_an_hour_twice_at_most(home: Home, answer: str) -> None:
    set_up(home, "remind us every evening at nine to do gratitude")
    assert home.later(hours=1) != ""
    for _ in range(2):
        home.say(answer)
        assert home.ears.mode is ListenMode.WAKE
        assert home.later(minutes=14) == ""
        assert "gratitude" in home.later(minutes=1)
    home.say(answer)
    assert home.later(minutes=15) == ""
    assert home.later(hours=23, minutes=15) != ""


def test_talk_that_is_no_answer_is_asked_about_once(home: Home) -> None:
    set_up(home, "remind us every night at ten to do gratitude")
    home.later(hours=2)
    assert home.say("did you feed the cat") != ""
    assert home.say("she was on the sofa") == ""
    assert home.ears.mode is ListenMode.WAKE


def test_what_is_no_ritual_is_told_and_needs_no_answer(home: Home) -> None:
    set_up(home, "remind me at nine to call my mother")
    told = home.later(hours=1)
    assert "call your mother" in told
    assert home.say("thank you")
    assert home.later(minutes=1) == ""
    assert home.kept() == []


def test_it_waits_until_a_ritual_is_over(home: Home) -> None:
    set_up(home, "remind us at nine to do gratitude")
    home.ask("five quiet minutes")
    assert home.later(minutes=60) == ""
    assert home.later(minutes=40) == ""
    home.say("stop")
    assert "gratitude" in home.later(seconds=10)


def test_nothing_is_said_in_quiet_hours(home: Home) -> None:
    set_up(home, "remind us every night at ten to do gratitude")
    home.journal.reminders.given(1, datetime(2026, 11, 22, 22, 0))
    home.calendar.moment = datetime(2026, 11, 23, 21, 59, tzinfo=BERLIN)
    assert home.later(minutes=70) == ""


def test_killed_while_it_is_given_it_is_given_again(home: Home) -> None:
    set_up(home, "remind us every night at ten to do gratitude")
    assert home.later(hours=2) != ""
    home.conversation.step(StopRequested(0.0))
    home.begin()
    assert home.ears.mode is ListenMode.WAKE
    assert "gratitude" in home.later(minutes=5)
    home.say("not tonight")
    home.begin()
    assert home.later(minutes=5) == ""


def test_started_again_soon_after_its_time_it_says_that_it_is_late(home: Home) -> None:
    set_up(home, "remind us every night at ten to do gratitude")
    home.calendar.moment = datetime(2026, 11, 22, 22, 20, tzinfo=BERLIN)
    home.begin()
    late = home.later(seconds=10)
    assert "ten" in late
    assert "It is ten" not in late


def test_with_everything_deleted_nothing_is_left_to_remind_of(home: Home) -> None:
    set_up(home, "remind us every night at ten to do gratitude")
    home.journal.delete_everything()
    assert home.later(hours=2) == ""
