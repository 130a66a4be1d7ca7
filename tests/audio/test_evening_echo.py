"""An evening with a loudspeaker that its own microphone hears: Evensong does not answer itself."""

from __future__ import annotations

from pathlib import Path

from test_evening import held_in, the_journal_holds_what_was_said

from assistant import config
from assistant.events import CloseSession, UtteranceHeard
from assistant.room.acoustics import Acoustics

LOUD = Acoustics(echo_db=-15, echo_delay_s=0.12)


def test_an_evening_by_loudspeaker_is_the_same_evening(model_path: Path) -> None:
    settings = config.Settings.model_validate({"paths": {"models": str(model_path.parent)}})
    held = held_in(LOUD, settings)
    assert [what.outcome for what in held.notices if isinstance(what, CloseSession)] == ["finished"]
    assert set(held.sessions[0].people) == {"Ana", "Ben"}
    the_journal_holds_what_was_said(held)
    for heard in (what.utterance for what in held.notices if isinstance(what, UtteranceHeard)):
        during = [said for said in held.said if said.start_s < heard.end_s and said.end_s > heard.start_s - 0.5]
        assert during, f'nobody said "{heard.text}"'
