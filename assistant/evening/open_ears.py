"""What the ears are open for, and from when: dialogue asks, and hearing is opened when the time has come.

An answer is listened for once the question has been said; a command at any time, also over Evensong's own voice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.evening.over_voice import OverVoice
from assistant.events import Expectation, Listen, ListenMode
from assistant.hearing.hearing import Hearing
from assistant.hearing.listening_order import Order
from assistant.hearing.recogniser import Recogniser

if TYPE_CHECKING:  # `listen` reads its phrases while it already waits to be woken
    from assistant.conversation.conversation import Conversation

CLOSED = (ListenMode.WAKE, ListenMode.OFF)  # what is said before them cannot be talked over


class OpenEars:
    """Opens ``hearing`` with the grammar of a conversation, as far as ``recogniser`` knows its words."""

    def __init__(self, hearing: Hearing, recogniser: Recogniser, over_voice: OverVoice) -> None:
        self._hearing = hearing
        self._recogniser = recogniser
        self._over_voice = over_voice
        self._expecting = Expectation(ListenMode.OFF)
        self._asked: Listen | None = None

    @property
    def expecting(self) -> Expectation:
        """What they are open for now."""
        return self._expecting

    def ask(self, listen: Listen) -> None:
        """Keep ``listen`` until `open_as_asked`."""
        self._asked = listen

    def open_as_asked(self, conversation: Conversation) -> None:
        """For what was asked for last; once."""
        if self._asked is not None:
            asked, self._asked = self._asked, None
            self._expect(asked.expectation, asked, conversation)

    def open_over_voice(self, conversation: Conversation) -> None:
        """Commands at any time. Answers wait for the question's end: what rings in the room must not answer it."""
        sleeping = self._asked is not None and self._asked.expectation.mode in CLOSED
        mode = ListenMode.OFF if sleeping else ListenMode.BARGE_IN
        expectation = Expectation(mode, self._over_voice.commands(conversation.commands))
        if self._expecting != expectation:
            self._expect(expectation, Listen(expectation), conversation)

    def _expect(self, expectation: Expectation, listen: Listen, conversation: Conversation) -> None:
        self._expecting = expectation
        knows = self._recogniser.knows
        self._hearing.open(
            Order(
                mode=expectation.mode,
                grammar=conversation.grammar(expectation, knows),
                endpoint=listen.endpoint,
                no_input_s=listen.no_input_s,
                or_words=expectation.or_words,
                is_complete=lambda text: conversation.is_complete(text, expectation),
                is_understood=lambda heard: conversation.is_understood(heard, expectation),
                closed_grammar=lambda first: conversation.closed_grammar(first, expectation, knows),
                is_command=lambda text: conversation.is_complete(text, expectation, may_go_on=True),
            )
        )
