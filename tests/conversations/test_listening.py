"""Listening drills when voices can be told apart, and voices that are learned and forgotten: all but the sound."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from rehearsal import Rehearsal

from assistant.conversation.conversation import Conversation
from assistant.dialogue import COMMANDS, Library, initial
from assistant.events import (
    Effect,
    Expectation,
    FloorKept,
    FreeFloor,
    HearVoice,
    Hypothesis,
    Interrupted,
    KeepFloor,
    Learned,
    LearnVoice,
    Listen,
    ListenMode,
    Meaning,
    PlaybackFinished,
    Say,
    TellVoice,
    Utterance,
    UtteranceHeard,
    WakeHeard,
    Word,
)
from assistant.memory import Journal
from assistant.memory.listening import listened
from assistant.understanding import Understanding


@pytest.fixture
def evening(shipped: tuple[Library, Understanding]) -> Rehearsal:
    """Ana has the floor."""
    made = asked_who_begins(shipped)
    made.say("yes")
    made.listen_out()
    return made


def asked_who_begins(shipped: tuple[Library, Understanding], seed: int = 1) -> Rehearsal:
    library, understanding = shipped

    def understand(text: str, expectation: Expectation) -> Meaning:
        return understanding.understand((Hypothesis(text),), expectation)

    made = Rehearsal(library, initial(("Ana", "Ben"), seed), understand, COMMANDS)
    made.start()
    made.wake()
    made.say("listening drill for two minutes")
    made.listen_out()
    return made


def floor_of(evening: Rehearsal) -> KeepFloor:
    return [effect for effect in evening.effects if isinstance(effect, KeepFloor)][-1]


def kept(evening: Rehearsal, talk_s: dict[str, float], silence_s: float = 4.2, way: str = "voices") -> None:
    assert isinstance([e for e in evening.effects if isinstance(e, KeepFloor | FreeFloor)][-1], FreeFloor)
    evening.dispatch(FloorKept(evening.now_s, floor_of(evening).key, way, talk_s, silence_s))


def interrupts(evening: Rehearsal, who: str) -> None:
    evening.dispatch(Interrupted(evening.now_s, who, evening.now_s - 0.9))


@pytest.mark.parametrize("answer", ["no", "no ben", "let ben start", "ben starts", "not ana"])
def test_after_a_no_or_another_name_somebody_else_begins(shipped: tuple[Library, Understanding], answer: str) -> None:
    evening = asked_who_begins(shipped)
    assert "Ana" in evening.state.spoken
    evening.say(answer)
    evening.listen_out()
    assert floor_of(evening) == KeepFloor(floor_of(evening).key, "Ben", ("Ana",))
    assert evening.state.began == "Ben"  # so that Ana is proposed the next time


@pytest.mark.parametrize("answer", ["yes", "ana", "let ana begin"])
def test_after_a_yes_or_the_same_name_it_stays(shipped: tuple[Library, Understanding], answer: str) -> None:
    evening = asked_who_begins(shipped)
    evening.say(answer)
    evening.listen_out()
    assert floor_of(evening).holder == "Ana"


def test_two_names_at_once_are_asked_about(shipped: tuple[Library, Understanding]) -> None:
    evening = asked_who_begins(shipped)
    evening.say("ana not ben")
    assert not [effect for effect in evening.effects if isinstance(effect, KeepFloor)]
    evening.say("ana")
    evening.listen_out()
    assert floor_of(evening).holder == "Ana"


def test_an_interruption_brings_one_soft_tone_and_not_a_word(evening: Rehearsal) -> None:
    assert floor_of(evening) == KeepFloor(floor_of(evening).key, "Ana", ("Ben",))
    evening.say("my boss called me into the office")
    place = len(evening.transcript)
    interrupts(evening, "Ben")
    assert evening.sounds[-1] == "interruption"
    assert evening.said_since(place) == []


def test_what_the_interrupter_said_is_not_the_holders(evening: Rehearsal) -> None:
    evening.pass_seconds(10)
    interrupts(evening, "Ben")
    began_s = evening.now_s - 0.9
    words = tuple(
        Word(text, began_s + at_s, began_s + at_s + 0.3)
        for text, at_s in (("the", -1.2), ("garden", -0.8), ("nonsense", 0.3), ("dear", 0.8))
    )
    heard = Utterance((Hypothesis("the garden nonsense dear", words=words),), began_s - 1.2, began_s + 1.1)
    meaning = Meaning("the garden nonsense dear", score=1.0)
    evening.dispatch(UtteranceHeard(evening.now_s, heard, meaning))
    assert list(evening.state.words.values()) == ["the garden"]


def test_stopped_in_the_second_turn_the_first_ones_numbers_are_kept(evening: Rehearsal) -> None:
    evening.say("my boss called me into the office")
    interrupts(evening, "Ben")
    evening.pass_seconds(60)
    evening.say("pass the floor")
    kept(evening, {"Ana": 58.0, "Ben": 4.0})
    evening.say("your boss called you into the office")
    evening.say("yes")
    evening.listen_out()
    evening.pass_seconds(20)
    interrupts(evening, "Ana")
    evening.say("stop")
    assert evening.outcome == "stopped"
    numbers = {(one.key, one.person): one.number for one in evening.kept if one.number is not None}
    assert numbers[("talk_s", "Ana")] == 58
    assert numbers[("interruptions", "Ben")] == 1
    assert ("talk_s", "Ben") not in numbers
    assert ("interruptions", "Ana") not in numbers


def test_after_a_disclosure_not_even_a_number_is_kept(evening: Rehearsal) -> None:
    evening.say("my boss called me into the office")
    evening.pass_seconds(60)
    evening.say("pass the floor")
    kept(evening, {"Ana": 58.0, "Ben": 4.0})
    evening.say("he hit me and i am afraid of him")
    assert evening.outcome == "stopped"
    assert evening.kept == []


def test_the_report_tells_and_keeps_who_talked_and_who_came_in(evening: Rehearsal) -> None:
    evening.say("my boss called me into the office")
    interrupts(evening, "Ben")
    interrupts(evening, "Ben")
    evening.pass_seconds(60)
    evening.say("pass the floor")
    kept(evening, {"Ana": 58.0, "Ben": 4.0})
    evening.say("your boss called you into the office")
    evening.say("yes")
    evening.listen_out()
    evening.pass_seconds(130)
    kept(evening, {"Ben": 101.0})
    place = len(evening.transcript)
    evening.say("it was about the garden i think")
    evening.say("yes")
    evening.listen_out()
    told = " ".join(evening.said_since(place))
    assert "By your voices" in told
    assert "two" in told
    assert len([one for one in evening.kept if one.key == "interruptions"]) == 2
    numbers = {(one.key, one.person): one.number for one in evening.kept if one.number is not None}
    assert numbers[("talk_s", "Ana")] == 58
    assert numbers[("talk_s", "Ben")] == 101
    assert numbers[("interruptions", "Ben")] == 2
    assert numbers[("interruptions", "Ana")] == 0
    assert numbers[("held_silence_s", "Ana")] == 4.2


def test_thirty_seconds_before_the_end_there_is_one_quiet_tick(evening: Rehearsal) -> None:
    evening.pass_seconds(89)
    assert "tick" not in evening.sounds
    evening.pass_seconds(2)
    assert evening.sounds.count("tick") == 1
    evening.pass_seconds(28)
    assert "bell" not in evening.sounds
    evening.pass_seconds(2)
    assert evening.sounds[-1] == "bell"
    assert evening.sounds.count("tick") == 1


def test_more_time_puts_off_the_tick_and_the_end_by_a_minute(evening: Rehearsal) -> None:
    evening.pass_seconds(80)
    evening.say("more time")
    evening.pass_seconds(65)
    assert "tick" not in evening.sounds
    evening.pass_seconds(10)
    assert evening.sounds.count("tick") == 1
    assert "bell" not in evening.sounds
    evening.pass_seconds(30)
    assert evening.sounds[-1] == "bell"


def report_of(evening: Rehearsal, first_s: float, second_s: float, second_silence_s: float) -> str:
    """What is told at the end when Ana spoke for ``first_s``, and Ben for ``second_s``."""
    evening.say("my boss called me into the office")
    evening.say("pass the floor")
    kept(evening, {"Ana": first_s}, 4.2)
    evening.say("your boss called you")
    evening.say("yes")
    evening.listen_out()
    evening.pass_seconds(121)
    kept(evening, {"Ben": second_s}, second_silence_s)
    place = len(evening.transcript)
    evening.say("pass")
    evening.listen_out()
    return " ".join(evening.said_since(place))


def test_who_spoke_as_long_as_the_other_is_told_once(evening: Rehearsal) -> None:
    assert report_of(evening, 20.0, 30.0, 2.0).count("less than a minute") == 1


def test_a_turn_in_which_nobody_spoke_was_no_silence_that_was_held(evening: Rehearsal) -> None:
    told = report_of(evening, 20.0, 0.0, 120.0)
    assert "four seconds" in told
    assert told.count("less than a minute") == 2


@pytest.mark.parametrize("way", ["voices", "microphones", "words"])
@pytest.mark.parametrize("seed", range(1, 7))
def test_the_report_has_five_sentences_at_most(shipped: tuple[Library, Understanding], way: str, seed: int) -> None:
    evening = asked_who_begins(shipped, seed)
    evening.memory = {"listening": {"interruptions": 3.0}}
    evening.say("yes")
    evening.listen_out()
    for told, retold in (
        ("my boss called me into the office", "your boss called you"),
        ("my sister moves", "she moves"),
    ):
        evening.say(told)
        if way != "words":
            interrupts(evening, "Ben")
        evening.pass_seconds(60)
        evening.say("pass the floor")
        kept(evening, {"Ana": 58.0, "Ben": 58.0}, way=way)
        evening.say(retold)
        evening.listen_out()
        place = len(evening.transcript)
        evening.say("yes")
        evening.listen_out()
    told_aloud = evening.said_since(place)
    sentences = re.findall(r"[^.?!]+[.?!]", " ".join(told_aloud))
    goodbye = 2
    assert 3 <= len(sentences) - goodbye <= 5, told_aloud


def story_of(shipped: tuple[Library, Understanding], way: str, interruptions: int) -> str:
    """What is said about a story that was listened to in ``way``."""
    library, understanding = shipped

    def understand(text: str, expectation: Expectation) -> Meaning:
        return understanding.understand((Hypothesis(text),), expectation)

    told = Rehearsal(library, initial(("Ana",), 1), understand, COMMANDS)
    told.start()
    told.wake()
    told.say("listening story")
    told.say("the first one")
    while not any(isinstance(effect, KeepFloor) for effect in told.effects):
        told.dispatch(PlaybackFinished(told.now_s))
    for _ in range(interruptions):
        told.dispatch(Interrupted(told.now_s, "", told.now_s - 0.9))
    told.listen_out()
    told.dispatch(FloorKept(told.now_s, floor_of(told).key, way, {}, 0.0))
    place = len(told.transcript)
    told.say("something about a journey")
    told.listen_out()
    assert [one.number for one in told.kept if one.key == "interruptions"] == [interruptions]
    return " ".join(told.said_since(place))


@pytest.mark.parametrize("interruptions", [0, 2])
def test_where_only_the_pauses_of_a_story_could_be_heard_that_is_said(
    shipped: tuple[Library, Understanding], interruptions: int
) -> None:
    said = story_of(shipped, "pauses", interruptions)
    assert re.search("only listen in the pauses|hear nothing else|can not hear you", said)
    assert ("twice" in said) is (interruptions == 2)
    assert not re.search(
        "only listen in the pauses|hear nothing else|can not hear you", story_of(shipped, "own", interruptions)
    )


def test_who_is_stuck_while_mirroring_gets_the_beginning_of_a_sentence_after_eight_seconds(
    shipped: tuple[Library, Understanding],
) -> None:
    library, understanding = shipped

    def understand(text: str, expectation: Expectation) -> Meaning:
        return understanding.understand((Hypothesis(text),), expectation)

    made = Rehearsal(library, initial(("Ana", "Ben"), 1), understand, COMMANDS)
    made.start()
    made.wake()
    made.say("mirroring")
    made.say("i miss our walks in the evening")
    helped = {}
    for said in ("you miss our walks", "yes", "no", "it makes sense that you miss them", ""):
        made.listen_out()
        if made.ears.expectation.mode is ListenMode.ANSWER:
            key = made.state.used and made.transcript[-1].text
            helped[key] = made.ears.no_input_s
            place = len(made.transcript)
            made.keep_silent()
            assert re.search("hear|told|sense|stand|see how|felt|was for you", " ".join(made.said_since(place)))
        if said:
            made.say(said)
    assert list(helped.values()) == [8, 8, 8]


@pytest.mark.parametrize(("seconds_later", "counted"), [(0, 0), (3, 1)])
def test_a_command_is_no_interruption_and_takes_none_back_that_was_before_it(
    evening: Rehearsal, seconds_later: float, counted: int
) -> None:
    evening.dispatch(Interrupted(evening.now_s, "Ben", evening.now_s - 0.5))
    evening.pass_seconds(seconds_later)
    evening.say("how much time is left")
    session = evening.state.session
    assert session is not None
    assert [tally.broken for tally in session.tallies] == [counted]


def test_after_a_disclosure_nothing_is_kept_and_the_words_are_gone(evening: Rehearsal) -> None:
    evening.say("my boss called me into the office")
    evening.say("i am scared that he hits me again")
    evening.listen_out()
    assert evening.outcome == "stopped"
    assert evening.kept == []
    assert evening.state.words == {}
    assert any(isinstance(effect, FreeFloor) for effect in evening.effects)
    evening.dispatch(FloorKept(evening.now_s, floor_of(evening).key, "voices", {"Ana": 5.0}, 1.0))
    assert evening.kept == []


def test_what_came_back_is_told_in_whole_clauses_and_counted_without_a_grade(evening: Rehearsal) -> None:
    for said in (
        "he said they want to close our branch in the spring",
        "i did not know what to say and just nodded",
        "and then i sat in the car for half an hour",
    ):
        evening.say(said)
        evening.pass_seconds(5)
    evening.say("pass the floor")
    kept(evening, {"Ana": 40.0, "Ben": 0.0})
    place = len(evening.transcript)
    evening.say("they want to close the branch in spring")
    evening.listen_out()
    told = " ".join(evening.said_since(place))
    assert "He said they want to close our branch in the spring." in told
    assert "I sat in the car for half an hour." in told
    evening.say("yes")
    evening.listen_out()
    evening.say("pass the floor")
    kept(evening, {"Ben": 2.0})
    place = len(evening.transcript)
    evening.say("pass")
    evening.listen_out()
    told = " ".join(evening.said_since(place))
    assert re.search("Ben.* one point", told)
    assert not re.search("one of|of (two|three|four)", told)


def test_the_words_are_never_saved(evening: Rehearsal) -> None:
    evening.say("my boss called me into the office")
    assert evening.state.words
    evening.restart()
    assert evening.state.words == {}


# --- voices ----------------------------------------------------------------------------------------------


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with Journal.open(tmp_path / "journal.sqlite", lambda: datetime(2026, 11, 22, 22, 0, tzinfo=UTC)) as opened:
        yield opened


class Hearer:
    """Plays the ears and the voice encoder: what it is asked to learn goes as ``results`` say."""

    def __init__(self, conversation: Conversation, *results: dict[str, object]) -> None:
        self.conversation = conversation
        self.results = list(results)
        self.said: list[str] = []
        self.expectation = Expectation(ListenMode.OFF)
        self.perform(conversation.begin())
        self.perform(conversation.step(WakeHeard(0.0, "hey evensong")))

    def perform(self, effects: tuple[Effect, ...]) -> None:
        for effect in effects:
            match effect:
                case Say(text):
                    self.said.append(text)
                case Listen(expectation):
                    self.expectation = expectation
                case HearVoice():
                    self.perform(self.conversation.step(Learned(0.0, "voice", {"ready": True})))
                case TellVoice():
                    self.perform(self.conversation.step(Learned(0.0, "whose_voice", self.results.pop(0))))
                case LearnVoice(person):
                    result = self.results.pop(0)
                    if result["kept"]:
                        self.conversation.keep_voice(person, [1.0] * 256)
                    self.perform(self.conversation.step(Learned(0.0, "voice", result)))

    def say(self, text: str) -> None:
        self.perform(self.conversation.step(PlaybackFinished(0.0)))
        heard = UtteranceHeard(0.0, Utterance((Hypothesis(text),)))
        self.perform(self.conversation.step(self.conversation.understood(heard, self.expectation)))


@pytest.mark.parametrize("asked", ["forget my voice", "forget ana's voice", "please delete ana's voice print"])
def test_a_voice_is_learned_in_three_sentences_and_forgotten_in_one(
    shipped: tuple[Library, Understanding], journal: Journal, asked: str
) -> None:
    room = Hearer(Conversation(*shipped, journal, (), 1), {"kept": True})
    room.say("remember my voice")
    room.say("my name is ana")
    for _ in range(3):
        assert room.said[-1] != ""
        room.say("the kettle is on")
    assert list(journal.voices.all()) == ["Ana"]
    assert "Ana" in " ".join(room.said[-2:])
    room.say(asked)
    room.say("yes")
    assert journal.voices.all() == {}


@pytest.mark.parametrize(("alike", "told"), [(("Ben", "Cleo"), "Ben and Cleo"), ((), "")])
def test_who_sounds_like_somebody_else_is_told_once_what_would_help(
    shipped: tuple[Library, Understanding], journal: Journal, alike: tuple[str, ...], told: str
) -> None:
    room = Hearer(Conversation(*shipped, journal, ("Ana",), 1), {"kept": True, "alike": alike})
    room.say("remember my voice")
    for _ in range(3):
        room.say("the kettle is on")
    spoken = " ".join(room.said)
    assert ("microphone" in spoken) is bool(alike)
    assert told in spoken


def test_a_voice_that_was_not_heard_well_is_tried_again_and_then_left(
    shipped: tuple[Library, Understanding], journal: Journal
) -> None:
    refused: dict[str, object] = {"kept": False, "reason": "too_noisy"}
    room = Hearer(Conversation(*shipped, journal, ("Ana",), 1), refused, refused)
    room.say("remember my voice")
    for _ in range(6):
        room.say("the kettle is on")
    assert "noisy" in room.said[-1]
    assert journal.voices.all() == {}


@pytest.mark.parametrize(
    ("told", "says"),
    [
        ({"told": "known", "person": "Ana"}, "Ana"),
        ({"told": "stranger", "person": ""}, "voice"),
        ({"told": "unsure", "person": ""}, ""),
    ],
)
def test_who_is_speaking_is_told_by_the_voice_and_never_guessed(
    shipped: tuple[Library, Understanding], journal: Journal, told: dict[str, object], says: str
) -> None:
    room = Hearer(Conversation(*shipped, journal, ("Ana", "Ben"), 1), told)
    room.say("who is speaking")
    assert says in room.said[-1]
    assert "Ben" not in room.said[-1]
    assert ("Ana" in room.said[-1]) is (told["told"] == "known")
    assert room.expectation.mode is ListenMode.COMMAND


def test_how_listening_went_is_read_back_by_person(journal: Journal) -> None:
    journal.open_session("listening", ("Ana", "Ben"), 1)
    journal.record("talk_s", "Ana", number=58.0)
    journal.record("interruptions", "Ben", number=2.0)
    journal.record("points", "Ben", number=4.0)
    journal.record("points_back", "Ben", number=3.0)
    journal.close_session("finished")
    ana, ben = listened(journal.sessions())
    assert (ana.person, ana.talk_s, ana.interruptions) == ("Ana", 58.0, None)
    assert (ben.interruptions, ben.points, ben.points_back) == (2, 4, 3)


def test_how_is_my_listening_going_is_told_in_two_sentences(
    shipped: tuple[Library, Understanding], journal: Journal
) -> None:
    for count in (3.0, 1.0):
        journal.open_session("listening", ("Ana", "Ben"), 1)
        journal.record("interruptions", "Ana", number=count)
        journal.close_session("finished")
    room = Hearer(Conversation(*shipped, journal, ("Ana",), 1))
    room.say("how is my listening going")
    assert "interruptions" in room.said[0]
    assert len(room.said) == 2


@pytest.mark.parametrize(("counts", "told"), [((0.0,), "around zero"), ((1.0, 0.0), "around one half")])
def test_hardly_an_interruption_is_told_as_a_number(
    shipped: tuple[Library, Understanding], journal: Journal, counts: tuple[float, ...], told: str
) -> None:
    for count in counts:
        journal.open_session("solo_listening", ("Ana",), 1)
        journal.record("interruptions", "Ana", number=count)
        journal.close_session("finished")
    room = Hearer(Conversation(*shipped, journal, ("Ana",), 1))
    room.say("how is my listening going")
    assert told in room.said[0]


def test_where_interruptions_were_not_counted_it_is_told_what_came_back(
    shipped: tuple[Library, Understanding], journal: Journal
) -> None:
    journal.open_session("listening", ("Ana", "Ben"), 1)
    journal.record("points", "Ana", number=4.0)
    journal.record("points_back", "Ana", number=3.0)
    journal.close_session("finished")
    room = Hearer(Conversation(*shipped, journal, ("Ana",), 1))
    room.say("how is my listening going")
    assert len(room.said) == 2
    assert "interruptions" in room.said[0]
    assert "three points" in room.said[1]
    assert "four" not in " ".join(room.said)


def test_that_nothing_came_back_is_not_rubbed_in(shipped: tuple[Library, Understanding], journal: Journal) -> None:
    journal.open_session("solo_listening", ("Ana",), 1)
    journal.record("points", "Ana", number=6.0)
    journal.record("points_back", "Ana", number=0.0)
    journal.close_session("finished")
    room = Hearer(Conversation(*shipped, journal, ("Ana",), 1))
    room.say("how is my listening going")
    assert len(room.said) == 1
    assert "interruptions" in room.said[0]


def test_before_the_first_drill_it_is_told_how_to_begin(
    shipped: tuple[Library, Understanding], journal: Journal
) -> None:
    room = Hearer(Conversation(*shipped, journal, ("Ana",), 1))
    room.say("how is my listening going")
    assert "drill" in " ".join(room.said)
