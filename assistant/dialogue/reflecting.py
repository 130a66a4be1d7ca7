"""What came back of what was told, and the report at the end of a listening drill: numbers, never a grade."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from assistant.dialogue.floor import note, story_at
from assistant.dialogue.moment import Moment
from assistant.dialogue.plan import latest
from assistant.dialogue.ritual import walk
from assistant.dialogue.state import Given, Tally
from assistant.dialogue.steps import ReflectStep, ReportStep, TellStep
from assistant.events import Inquire, Learned, Record, Say, Scratch

SPOKEN = 2  # points of each kind; nobody remembers more
HELD_S = 3.0  # a shorter silence is none
TOLD_APART = ("microphones", "voices")
HEARD = (*TOLD_APART, "own", "pauses")  # ways in which interruptions can be counted


def is_compared(moment: Moment) -> bool:
    """Whether the answer to the present question is to be compared with what was told."""
    steps = walk(moment.ritual.steps)
    return any(isinstance(step, ReflectStep) and step.retelling == moment.stop.key for step in steps)


def compare(moment: Moment) -> bool:
    """Ask what came back; False when there is nothing to compare, as when somebody passed."""
    step = moment.stop.step
    assert isinstance(step, ReflectStep)
    told = latest(moment.stops, moment.session, step.story)
    given_back = latest(moment.stops, moment.session, step.retelling)
    if told is None or given_back is None or given_back < told:
        return False
    retelling = moment.state.words.get(str(given_back), "")
    about: dict[str, Any] = {"retelling": retelling}
    if isinstance(moment.stops[told].step, TellStep):
        story = story_at(moment, told)
        about |= {"story": story.text, "points": list(story.points)}
    else:
        about["story"] = moment.state.words.get(str(told), "")
    if not retelling or not about["story"]:
        return False
    moment.emit(Inquire("reflection", about))
    return True


def tell_what_came_back(moment: Moment, learned: Learned) -> bool:
    """In the teller's own words; False when there were no points."""
    stop = moment.stop
    step = stop.step
    assert isinstance(step, ReflectStep)
    facts = learned.facts or {}
    touched, missed = _of(facts, "touched"), _of(facts, "missed")
    if not touched and not missed:
        return False
    told = latest(moment.stops, moment.session, step.story)
    assert told is not None
    note(moment, told, points=len(touched) + len(missed), back=len(touched))
    said = []
    if touched and missed:
        said.append(moment.say_lines(f"{stop.key}.touched", step.touched, stop, 0.6, points=_sentences(touched)))
        said.append(moment.say_lines(f"{stop.key}.missed", step.missed, stop, 0.6, points=_sentences(missed)))
    elif touched:
        said.append(moment.say_lines(f"{stop.key}.all_back", step.all_back, stop, 0.6, points=_sentences(touched)))
    else:
        said.append(moment.say_lines(f"{stop.key}.none_back", step.none_back, stop, 0.6, points=_sentences(missed)))
    moment.change(spoken=" ".join(said), then="next")
    return True


def _of(facts: Mapping[str, Any], key: str) -> list[str]:
    return [str(text) for text in facts.get(key, ())]


def _sentences(points: Sequence[str]) -> str:
    """The fullest of ``points``, in their order, each as a sentence of its own."""
    fullest = sorted(points, key=lambda point: -len(point.split()))[:SPOKEN]
    return " ".join(_sentence(point) for point in points if point in fullest)


def _sentence(point: str) -> str:
    text = point.rstrip(" .,;:!?")
    return f"{text[:1].upper()}{text[1:]}."


# --- the report ----------------------------------------------------------------------------------------


def report(moment: Moment) -> None:
    """Keep the numbers, and ask for those of the last time."""
    tallies = _tallies(moment)
    records = [record for tally in tallies for record in _records(moment, tally)]
    if moment.state.off_record:
        records = []
    given = tuple(Given(moment.session.at, item, kept=True) for item in range(len(records)))
    before = [one for one in moment.session.given if one.stop == moment.session.at]  # it was left in the middle of this
    earlier = tuple(one for one in moment.session.given if one not in before)
    moment.change_session(given=(*earlier, *given))
    moment.emit(*(Scratch() for one in before if one.kept), *records)
    moment.emit(Inquire("listening", {"ritual": moment.session.ritual, "people": list(moment.session.people)}))


def keep_counts(moment: Moment) -> bool:
    """It is stopped before its report: keep the numbers of the turns that are over, none of one that was broken off."""
    at = moment.session.at
    if moment.state.off_record or not any(isinstance(stop.step, ReportStep) for stop in moment.stops[at + 1 :]):
        return False
    records = [record for tally in _tallies(moment) if tally.stop < at for record in _records(moment, tally)]
    moment.emit(*records)
    return bool(records)


def tell_report(moment: Moment, learned: Learned) -> bool:
    """At most five sentences; False when there is nothing to tell."""
    tallies = _tallies(moment)
    before = len(moment.effects)
    if len(tallies) == 1:
        _tell_of_one(moment, tallies[0])
    elif tallies:
        _tell_talk(moment, tallies)
        _tell_interruptions(moment, tallies)
        _tell_silence(moment, tallies)
        _tell_points(moment, tallies)
    if tallies and any(tally.way in HEARD for tally in tallies):
        _tell_last_time(moment, learned.facts or {})
    if not moment.effects[before:]:
        return False
    said = [effect.text for effect in moment.effects[before:] if isinstance(effect, Say)]
    moment.change(spoken=" ".join(said), then="next")
    return True


def _tallies(moment: Moment) -> list[Tally]:
    return sorted(moment.session.tallies, key=lambda tally: tally.stop)


def _holder(moment: Moment, tally: Tally) -> str | None:
    return moment.stops[tally.stop].person


def _listener(moment: Moment, tally: Tally) -> str | None:
    stop = moment.stops[tally.stop]
    if isinstance(stop.step, TellStep):
        return stop.person
    return stop.other


def _spoke_s(tally: Tally) -> float:
    return tally.talk_s if tally.way else tally.held_s


def _records(moment: Moment, tally: Tally) -> list[Record]:
    holder, listener = _holder(moment, tally), _listener(moment, tally)
    told_by_evensong = isinstance(moment.stops[tally.stop].step, TellStep)
    found = []
    if not told_by_evensong:
        found.append(Record("talk_s", holder, number=float(round(_spoke_s(tally)))))
    if tally.way in HEARD:
        found.append(Record("interruptions", listener, number=float(tally.broken)))
    if tally.way and not told_by_evensong:
        found.append(Record("held_silence_s", holder, number=round(tally.silence_s, 1)))
    if tally.points:
        found.append(Record("points", listener, number=float(tally.points)))
        found.append(Record("points_back", listener, number=float(tally.back)))
    if tally.way:
        found.append(Record("told_apart_by", listener, text=tally.way))
    return found


def _tell_of_one(moment: Moment, tally: Tally) -> None:
    if tally.way == "pauses":
        key = "kept_pauses" if not tally.broken else "into_pauses"
        moment.say(f"report.{key}", times=_times(moment, tally.broken))
    elif tally.way in HEARD:
        moment.say("report.into_story" if tally.broken else "report.kept_still", times=_times(moment, tally.broken))
    else:
        moment.say("report.not_heard")
    if tally.back:  # that nothing came back was said already; counted it would be a grade
        moment.say("report.points_back", back=_points(moment, tally.back))


def _tell_talk(moment: Moment, tallies: Sequence[Tally]) -> None:
    spoke = [(_holder(moment, tally), _spoke_s(tally)) for tally in tallies[:2]]
    if all(seconds < 1 for _, seconds in spoke) or any(name is None for name, _ in spoke):
        return
    (name, one_s), (other, other_s) = spoke
    assert name is not None
    assert other is not None
    length, other_length = _length(moment, one_s), _length(moment, other_s)
    if length == other_length and min(one_s, other_s) >= 1:
        moment.say("report.talk_alike", length=length)
    else:
        moment.say("report.talk", name=name, other=other, length=length, other_length=other_length)


def _tell_interruptions(moment: Moment, tallies: Sequence[Tally]) -> None:
    way = next((tally.way for tally in tallies if tally.way in TOLD_APART), None)
    if way is None:
        moment.say("report.by_words")
        return
    report_words = moment.prompts.report
    by = report_words.by_microphones if way == "microphones" else report_words.by_voices
    first, second = tallies[:2]
    if not first.broken and not second.broken:
        moment.say("report.no_interruptions", by=by)
        return
    moment.say(
        "report.interruptions",
        by=by,
        name=str(_listener(moment, first)),
        count=_count(moment, first.broken),
        other=str(_listener(moment, second)),
        other_count=_count(moment, second.broken),
    )


def _tell_silence(moment: Moment, tallies: Sequence[Tally]) -> None:
    longest_s = max((tally.silence_s for tally in tallies if tally.talk_s >= 1), default=0.0)  # an empty turn is none
    if longest_s >= HELD_S:
        moment.say("report.silence", seconds=moment.in_words(round(longest_s)))


def _tell_points(moment: Moment, tallies: Sequence[Tally]) -> None:
    """How many came back, and never of how many: that would be a grade."""
    told = [(str(_listener(moment, tally)), _points(moment, tally.back)) for tally in tallies if tally.back]
    if len(told) >= 2:
        (name, back), (other, other_back) = told[:2]
        moment.say("report.points_of_both", name=name, back=back, other=other, other_back=other_back)
    elif told:
        (name, back) = told[0]
        moment.say("report.points_of_one", name=name, back=back)


def _tell_last_time(moment: Moment, facts: Mapping[str, Any]) -> None:
    last = facts.get("interruptions")
    if isinstance(last, int | float):
        moment.say("report.last_time", count=_interruptions(moment, round(last)))


def _length(moment: Moment, seconds: float) -> str:
    words = moment.prompts.report
    minutes = round(seconds / 60)
    if seconds < 50:
        return words.under_a_minute
    return words.one_minute if minutes <= 1 else words.minutes.format(number=moment.in_words(minutes))


def _count(moment: Moment, number: int) -> str:
    return moment.in_words(number) if number else moment.prompts.report.none


def _points(moment: Moment, number: int) -> str:
    words = moment.prompts.report
    return words.one_point if number == 1 else words.some_points.format(number=_count(moment, number))


def _interruptions(moment: Moment, number: int) -> str:
    words = moment.prompts.report
    return words.one_interruption if number == 1 else words.some_interruptions.format(number=_count(moment, number))


def _times(moment: Moment, number: int) -> str:
    often = moment.prompts.report.times
    return often[number] if number < len(often) else often[-1]
