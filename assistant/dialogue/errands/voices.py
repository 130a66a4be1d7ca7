""" "Remember my voice", "forget my voice": three sentences are said after Evensong, and one print is kept of them."""

from __future__ import annotations

from assistant.dialogue.errand import Errand, ask, ask_again, current, done, drop, facts, go_on, yes_or_no
from assistant.dialogue.moment import Moment
from assistant.dialogue.wording import row
from assistant.events import ForgetVoice, HearVoice, Inquire, Learned, LearnVoice, Meaning

FORGETTING = "forget_voice"
WHOSE = "whose"  # whose voice is to be learned is being asked
SENTENCES = "sentences"
WHICH = "which"  # whose is to be forgotten
SURE = "sure"
ROUNDS = 2
MOST_SENTENCES = 5  # when three were too short


def is_about_voices(moment: Moment, meaning: Meaning) -> bool:
    """Whether somebody's voice is to be known, and not only their name."""
    return bool(set(meaning.text.lower().split()) & set(moment.prompts.voices.about))


def _begin(moment: Moment, meaning: Meaning) -> None:
    names = [str(name) for name in meaning.slots.get("names", ())]
    if meaning.intent == FORGETTING:
        go_on(moment, WHICH, name=names[0] if names else "", perhaps=str(meaning.slots.get("name", "")))
        moment.emit(Inquire("voices"))
        return
    people = moment.state.people
    name = names[0] if names else people[0] if len(people) == 1 else ""
    go_on(moment, WHOSE, name=name, rounds=0)
    moment.emit(HearVoice())


def _learned(moment: Moment, learned: Learned) -> None:
    known = learned.facts or {}
    if learned.topic == "voices":
        people = [str(name) for name in known.get("people", ())]
        perhaps = str(facts(moment)["perhaps"]).casefold().removesuffix("'s")
        _ask_to_forget(moment, people, next((name for name in people if name.casefold() == perhaps), ""))
    elif current(moment).stage == WHOSE:
        if not known.get("ready"):
            moment.say("voices.not_here")
            done(moment)
        elif facts(moment)["name"]:
            _begin_round(moment, "voices.three_sentences")
        else:
            ask(moment, "voices.ask_whose", "names")
    elif known.get("kept"):
        name = str(facts(moment)["name"])
        moment.change(known=tuple(dict.fromkeys((*moment.state.known, name))))
        moment.say("voices.kept", name=name)
        if alike := [str(other) for other in known.get("alike", ())]:
            moment.say("voices.alike", people=row(alike, moment.prompts.joiner))
        done(moment)
    else:
        _refused(moment, str(known.get("reason", "")))


def _begin_round(moment: Moment, key: str) -> None:
    moment.say(key)
    go_on(moment, SENTENCES, said=0, rounds=facts(moment)["rounds"] + 1)
    _ask_for_sentence(moment)


def _ask_for_sentence(moment: Moment) -> None:
    number = facts(moment)["said"] + (facts(moment)["rounds"] - 1)
    sentences = moment.prompts.voices.sentences
    ask(moment, "voices.say_after_me", "free", sentence=sentences[number % len(sentences)])


def _heard(moment: Moment, meaning: Meaning) -> None:
    names = [str(name) for name in meaning.slots.get("names", ())]
    match current(moment).stage:
        case "whose" if names:
            go_on(moment, name=names[0])
            _begin_round(moment, "voices.three_sentences")
        case "sentences":
            said = facts(moment)["said"] + 1
            go_on(moment, said=said)
            if said < 3:
                _ask_for_sentence(moment)
            else:
                moment.emit(LearnVoice(str(facts(moment)["name"])))
        case "which" if names:
            _ask_to_forget(moment, list(facts(moment)["people"]), names[0])
        case "sure" if yes_or_no(meaning) is True:
            moment.emit(ForgetVoice(str(facts(moment)["name"])))
            moment.say("voices.forgotten", name=str(facts(moment)["name"]))
            done(moment)
        case "sure" if yes_or_no(meaning) is False:
            drop(moment)
        case _:
            ask_again(moment)


def _refused(moment: Moment, reason: str) -> None:
    """Why, in plain words, and once more; it can be tried again at any time."""
    if reason == "too_short" and facts(moment)["said"] < MOST_SENTENCES:
        _ask_for_sentence(moment)
        return
    reasons = moment.prompts.voices.reasons
    why = reasons.get(reason, reasons["too_short"])
    if facts(moment)["rounds"] >= ROUNDS:
        moment.say("voices.another_day", why=why)
        done(moment)
    else:
        moment.say("voices.once_more", why=why)
        go_on(moment, WHOSE)
        moment.emit(HearVoice())


def _ask_to_forget(moment: Moment, people: list[str], name: str = "") -> None:
    name = name or str(facts(moment)["name"]) or (people[0] if len(people) == 1 else "")
    if not people:
        moment.say("voices.none")
        done(moment)
    elif name in people:
        go_on(moment, SURE, name=name)
        ask(moment, "voices.ask_forget", name=name)
    elif name:
        moment.say("voices.none_such", name=name)
        done(moment)
    else:
        go_on(moment, WHICH, people=people)
        ask(moment, "voices.ask_which", "names", people=row(people, moment.prompts.either))


VOICES = Errand(_begin, _heard, _learned)
