"""`listen` and `text`: a household talks with Evensong."""

from __future__ import annotations

import random
import select
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import ExitStack
from typing import TYPE_CHECKING

from rich.console import Console

from assistant import app, config
from assistant.audio.device import Device
from assistant.audio.sound_card import SoundCard
from assistant.commands.echoes import keep_echo_loss
from assistant.commands.keep import open_journal, print_line, warn
from assistant.errors import AudioError
from assistant.evening.evening import Evening
from assistant.evening.observing import Notice, Observer
from assistant.events import AudioChunk
from assistant.loading.ears import Ears
from assistant.memory import Journal
from assistant.view.log import PlainLog

LOOK_CHUNKS = 10  # five times a second is soon enough for a hand
LOADING_S = 1.5  # in which a second opinion that was learned before is read
LEARNING = "The first time I learn other ways of asking, half a minute or so. Until then, use plain words."
STILL_LEARNING = "One moment: what I have begun to learn is kept, so that the next start is quick."

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.conversation.conversation import Conversation
    from assistant.dialogue import Library
    from assistant.loading.second_opinion import LateOpinion
    from assistant.page.watch import Watch
    from assistant.understanding import Intent, Understanding


def listen(
    settings: config.Settings,
    ears: Future[Ears],
    microphone: str | None,
    loudspeaker: str | None,
    *,
    plain: bool,
    or_demo: bool,
    page: bool = False,
) -> None:
    """Open the sound card and run the loop until somebody ends it. ``ears`` are loading already."""
    try:
        card = SoundCard(
            microphone if microphone is not None else settings.audio.microphone,
            loudspeaker if loudspeaker is not None else settings.audio.loudspeaker,
            both_sides=bool(settings.audio.microphones),
        )
    except AudioError as error:
        if not or_demo:
            raise
        warn(f"{error} Until then, here is the demonstration evening.")
        from assistant.commands import simulate

        simulate.demo(settings, None, None, play=False, script_path=None, page=page)
        return
    with ExitStack() as stack:
        stack.callback(card.close)
        _listen_on(settings, ears, card, stack, plain=plain, page=page)


def _listen_on(
    settings: config.Settings, ears: Future[Ears], card: Device, stack: ExitStack, *, plain: bool, page: bool
) -> None:
    journal = stack.enter_context(open_journal(settings))
    conversation = loading(settings, ears, journal)
    hands: list[Hand | Watch] = [Hand()]
    if page:
        from assistant.commands.page import beside

        hands.append(stack.enter_context(beside(settings, journal)))
    observer: Observer
    if plain or not sys.stdout.isatty():
        observer = PlainLog(print_line)
    else:
        from assistant.view.live import LiveView

        observer = stack.enter_context(LiveView(Console(), settings.wake.phrase))
    if settings.wake.only_known_voices:
        from assistant.evening.wake_gate import why_open

        open_to_all = why_open(ears.result().voice_encoder, journal.voices.all())
        if open_to_all:
            warn(open_to_all)
    with app.evening(settings, card, conversation, [observer, *hands], ears=ears) as evening:
        for hand in hands:
            hand.opens(evening)
        if plain or not sys.stdout.isatty():
            print_line(f'listening; say "{settings.wake.phrase}"')
        try:
            evening.run()
        finally:
            keep_echo_loss(settings, evening.echo_loss_db)


class Hand:
    """Watches the keyboard during the evening: Enter opens ears that "mute" has closed."""

    def __init__(self) -> None:
        self._evening: Evening | None = None
        self._chunks = 0

    def opens(self, evening: Evening) -> None:
        self._evening = evening

    def notice(self, at_s: float, what: Notice) -> None:
        pass

    def chunk(self, chunk: AudioChunk) -> None:
        self._chunks += 1
        if self._evening is None or self._chunks % LOOK_CHUNKS or not sys.stdin.isatty():
            return
        if select.select([sys.stdin], [], [], 0.0)[0]:
            sys.stdin.readline()
            self._evening.unmute()


def loading(settings: config.Settings, ears: Future[Ears], journal: Journal) -> Callable[[], Conversation | None]:
    """Begin to read all phrases in the background; the function gives None until the conversation is there.

    Reading them takes longer than loading the recogniser, and nobody needs them before the wake phrase was heard.
    """
    executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="phrases")
    read = executor.submit(_read_phrases, settings, ears)
    executor.shutdown(wait=False)

    def loaded() -> Conversation | None:
        if not read.done():
            return None
        from assistant.conversation.conversation import Conversation
        from assistant.conversation.own_rituals import OwnRituals
        from assistant.conversation.reminding import quiet_hours

        quiet = quiet_hours(settings.household)
        return Conversation(
            *read.result(),
            journal,
            settings.household.people,
            _seed(),
            OwnRituals(settings),
            quiet,
            alone_is_private=settings.memory.alone == "private",
        )

    return loaded


def _read_phrases(settings: config.Settings, ears: Future[Ears]) -> tuple[Library, Understanding]:
    wait([ears])  # both would only get in each other's way
    from assistant.loading.phrases import load_library
    from assistant.loading.second_opinion import LateOpinion

    return load_library(settings, second_opinion=LateOpinion)


def text(settings: config.Settings) -> None:
    """Read lines from the keyboard (or a pipe) and answer in print."""
    from assistant.conversation.conversation import Conversation
    from assistant.conversation.own_rituals import OwnRituals
    from assistant.conversation.reminding import quiet_hours
    from assistant.conversation.typed import TypedEvening

    library, understanding, opinion = _read_for_text(settings)
    with open_journal(settings) as journal:
        people = settings.household.people
        quiet = quiet_hours(settings.household)
        conversation = Conversation(
            library,
            understanding,
            journal,
            people,
            _seed(),
            OwnRituals(settings),
            quiet,
            alone_is_private=settings.memory.alone == "private",
        )
        evening = TypedEvening(conversation, settings.wake.phrase, print_line)
        if sys.stdin.isatty():
            print_line('Type what you would say, for example "gratitude time". Ctrl-D ends.')
        if opinion is not None and not opinion.wait(LOADING_S):
            print_line(LEARNING)
        evening.run(_typed_lines())
    if opinion is not None and not opinion.wait(0.0):
        print_line(STILL_LEARNING)


def _read_for_text(settings: config.Settings) -> tuple[Library, Understanding, LateOpinion | None]:
    """All phrases; with somebody at the keyboard, the second opinion that is still being made ready.

    Lines from a pipe wait for it, so that each time the same is answered.
    """
    from assistant.loading.phrases import load_library
    from assistant.loading.second_opinion import LateOpinion, load_opinion

    if not sys.stdin.isatty():
        return *load_library(settings, second_opinion=load_opinion), None
    made: list[LateOpinion] = []

    def begun(intents: Sequence[Intent], folder: Path, kept: Path) -> LateOpinion:
        made.append(LateOpinion(intents, folder, kept))
        return made[-1]

    return *load_library(settings, second_opinion=begun), made[0]


def _typed_lines() -> Iterator[str]:
    asking = sys.stdin.isatty()
    while True:
        if asking:
            sys.stdout.write("> ")
            sys.stdout.flush()
        try:
            line = sys.stdin.readline()
        except KeyboardInterrupt:
            return
        if not line:
            return
        yield line


def _seed() -> int:
    """A new household's seed: which wordings it hears first. Kept in the journal from then on."""
    return random.SystemRandom().randrange(2**31)
