"""`demo` and `replay`: evenings without a sound card, faster than real time."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from assistant import app, config
from assistant.audio.files import FileDevice, write_wav
from assistant.commands.keep import check_places, now, print_line, warn, write_text
from assistant.commands.play import play_samples
from assistant.conversation.conversation import Conversation
from assistant.errors import UsageError, install_command
from assistant.evening.observing import Notice, Observer
from assistant.events import SAMPLE_RATE_HZ, AudioChunk
from assistant.loading.ears import Ears, load_ears
from assistant.loading.phrases import load_library
from assistant.loading.second_opinion import load_opinion
from assistant.memory import Journal
from assistant.room.acoustics import Acoustics
from assistant.room.household import Household
from assistant.room.script import load_script
from assistant.room.voices import Voice, Voices
from assistant.view.log import JsonLog
from assistant.view.picture import Picture
from assistant.view.transcript import Entry, Transcript, clock

SEED = 7  # one seed, so that the same evening is told in the same words each time
TAIL_S = 4.0  # silence after a recording, so that its last utterance can end
NOTE = (
    "A simulated household: the people's voices are synthetic, their lines are written beforehand. Everything "
    "between their mouths and the answers is real: recognition, understanding, endpointing, speech, journal. "
    "“Decided” counts from the speaker's last sample to the decision, “answered” to the first sample of the answer."
)


def demo(
    settings: config.Settings,
    out: Path | None,
    transcript_path: Path | None,
    picture_path: Path | None = None,
    *,
    play: bool,
    script_path: Path | None,
    page: bool = False,
) -> None:
    """Run an evening of the simulated household and print it as it goes."""
    # The people of the script have their own names and say the usual wake phrase, whatever this household chose.
    settings = settings.model_copy(update={"wake": config.Wake(), "household": config.Household()})
    check_places(out, transcript_path, picture_path)
    if page:
        from assistant.commands.page import check_installed

        check_installed()
    if script_path is not None and not script_path.is_file():
        raise UsageError(f"{script_path} is not a file; name a script for the household, or leave --evening out.")
    script = load_script(script_path or Path(__file__).parent.parent / "room" / "evenings" / "gratitude.yaml")
    household = Household(script, Voices(people_engine()), Acoustics())
    console = Console(highlight=False, soft_wrap=True)
    transcript = Transcript(household.said, lambda entry: console.print(_shown(entry)))
    picture = Picture(settings.wake.phrase)
    calendar = EveningCalendar()
    ears = _ears(settings)
    with ExitStack() as stack:
        conversation, journal = stack.enter_context(scratch_conversation(settings, calendar))
        watch = None
        if page:
            from assistant.commands.page import beside

            watch = stack.enter_context(beside(settings, journal, calendar))
        shown: list[Observer] = [Pace(), watch] if watch is not None else []
        with app.evening(
            settings, household, conversation, [transcript, picture, calendar, *shown], ears=ears
        ) as evening:
            if watch is not None:
                watch.opens(evening)
            evening.run()
        evening.raise_if_interrupted()
        console.print("\n[bold]What the journal holds now[/bold] (of this simulated evening only)\n")
        console.print(escape(journal.export("md")))
        if watch is not None:
            watch.ended()
            console.print("The page stays open until Ctrl-C.")
            watch.serve()
    if out is not None:
        write_wav(out, household.recording, SAMPLE_RATE_HZ)
    if transcript_path is not None:
        write_text(transcript_path, transcript.markdown(script.title, NOTE))
    if picture_path is not None:
        write_text(picture_path, picture.svg())
    if play:
        play_samples(settings, household.recording, SAMPLE_RATE_HZ)


def replay(settings: config.Settings, file: Path, *, as_json: bool, chunk_ms: int, out: Path | None) -> None:
    """The whole pipeline on a recording; what it says is not played but can be written."""
    check_places(out)
    both_sides = bool(settings.audio.microphones)
    device = FileDevice(file, block_ms=chunk_ms, tail_s=TAIL_S, keep=out is not None, both_sides=both_sides)
    if device.warning:
        warn(device.warning)
    calendar = EveningCalendar()
    ears = _ears(settings)
    with scratch_conversation(settings, calendar) as (conversation, _):
        observer: Observer
        if as_json:
            observer = JsonLog(print_line)
        else:
            console = Console(highlight=False, soft_wrap=True)
            observer = Transcript((), lambda entry: console.print(_shown(entry)))
        with app.evening(settings, device, conversation, [observer, calendar], ears=ears) as evening:
            evening.run()
        evening.raise_if_interrupted()
    if out is not None:
        write_wav(out, device.recording, SAMPLE_RATE_HZ)


def _ears(settings: config.Settings) -> Future[Ears]:
    """Loaded before anything is learned: without a model nobody waits for that. Raises ModelError, HearingError."""
    ears = load_ears(settings)
    ears.result()
    return ears


class EveningCalendar:
    """The calendar of a simulated evening: it begins now and goes on by the audio clock. Watches the evening."""

    def __init__(self) -> None:
        self._began = now()
        self._at_s = 0.0

    def __call__(self) -> datetime:
        return self._began + timedelta(seconds=self._at_s)

    def notice(self, at_s: float, what: Notice) -> None:
        pass

    def chunk(self, chunk: AudioChunk) -> None:
        self._at_s = chunk.end_s


class Pace:
    """Lets a simulated evening pass as fast as a real one would. Watches the evening."""

    def __init__(self) -> None:
        self._began_s = time.monotonic()

    def notice(self, at_s: float, what: Notice) -> None:
        pass

    def chunk(self, chunk: AudioChunk) -> None:
        time.sleep(max(0.0, self._began_s + chunk.end_s - time.monotonic()))


@contextmanager
def scratch_conversation(
    settings: config.Settings, calendar: Callable[[], datetime] = now
) -> Iterator[tuple[Conversation, Journal]]:
    """A conversation whose journal lives only as long as the evening: a simulation is nobody's memory."""
    library, understanding = load_library(settings, second_opinion=load_opinion)
    with (
        tempfile.TemporaryDirectory(prefix="evensong-") as folder,
        Journal.open(Path(folder) / "journal.sqlite", calendar) as journal,
    ):
        yield Conversation(library, understanding, journal, settings.household.people, SEED), journal


def people_engine() -> Voice:
    try:
        from assistant.speaking.piper_engine import PiperEngine
    except ImportError:
        raise UsageError(
            f"The simulated people need the natural voice; install it with `{install_command('natural')}`."
        ) from None
    return PiperEngine()


def _shown(entry: Entry) -> str:
    when = f"[dim]{clock(entry.at_s):>7}[/dim]"
    if entry.who == "Evensong":
        return f"{when}  [cyan]{escape(entry.said)}[/cyan]"
    heard = f"[italic]{escape(entry.heard)}[/italic]"
    said = f" [dim](said: {escape(entry.said)})[/dim]" if entry.said else ""
    took = f", {entry.decided_ms:.0f} ms" if entry.decided_ms is not None else ""
    return f"{when}  [bold]{escape(entry.who)}[/bold]: {heard}{said} [dim]→ {escape(entry.meant)}{took}[/dim]"
