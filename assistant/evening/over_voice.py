"""What can be said while Evensong itself speaks, and whether a person said it."""

from __future__ import annotations

from assistant.events import UtteranceHeard
from assistant.hearing.echo.own_words import OwnWords
from assistant.hearing.hearing import Hearing

# What must be possible, in few words, also where its echo cannot be cancelled, or not yet.
ABOVE_AN_ECHO = ("stop", "pause", "stop_listening", "quieter")
ECHO_FAILS = (
    "its own voice comes back too loud or too late to be cancelled; while it speaks only stop, pause, quieter and"
    " stop listening are heard. `evensong doctor` says more."
)


class OverVoice:
    """Goes by how well ``hearing`` cancels the echo, and by what is being said: ``own_words``."""

    def __init__(self, hearing: Hearing, own_words: OwnWords) -> None:
        self._hearing = hearing
        self._own_words = own_words
        self._told = False

    def commands(self, all_commands: tuple[str, ...]) -> tuple[str, ...]:
        """Those that are listened for now."""
        if not self._hearing.echo_fails and not self._hearing.learns_room:
            return all_commands
        return tuple(command for command in all_commands if command in ABOVE_AN_ECHO)

    def take_failure(self) -> str:
        """What is to be told when cancelling turns out to be no use, once; else ""."""
        if self._told or not self._hearing.echo_fails:
            return ""
        self._told = True
        return ECHO_FAILS

    def is_wished(self, event: UtteranceHeard) -> bool:
        """Whether somebody wants something: not in words that Evensong is saying itself just then."""
        meaning, heard = event.meaning, event.utterance
        if meaning is None or meaning.intent is None:
            return False
        return not self._own_words.says(meaning.text, heard.start_s, heard.end_s)
