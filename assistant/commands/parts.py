"""One part at a time: transcribe, say, match, rituals, check, devices."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from rich.table import Table

from assistant import config
from assistant.commands.keep import check_places, model_store, print_line, warn, wide_console
from assistant.dialogue import Library
from assistant.errors import UsageError, install_command
from assistant.loading.phrases import language_folder, load_library
from assistant.understanding import MatchContext, load_sentences


def transcribe(settings: config.Settings, files: list[Path], *, as_json: bool) -> None:
    from assistant.audio.files import load_recording
    from assistant.hearing.recogniser import Recogniser

    recordings = [(file, load_recording(file)) for file in files]
    decoder = Recogniser(model_store(settings).verify(settings.hearing.model).path).free()
    for file, recording in recordings:
        if recording.warning:
            warn(recording.warning)
        decoder.reset()
        decoder.accept(recording.samples)
        hypotheses = decoder.finish()
        heard = hypotheses[0].text if hypotheses else ""
        print_line(json.dumps({"file": str(file), "text": heard}) if as_json else f"{file}: {heard}")


def say_earcons(settings: config.Settings, out: Path | None) -> None:
    """All earcons, in the order in which they are named on the terminal, a second of silence after each."""
    from typing import get_args

    import numpy as np

    from assistant.audio.earcons import earcon
    from assistant.audio.files import write_wav
    from assistant.commands.play import play_samples
    from assistant.events import SAMPLE_RATE_HZ, Earcon

    if out is not None:
        check_places(out)
    pieces = []
    at_s = 0.0
    for name in get_args(Earcon):
        clip = earcon(name)
        print_line(f"{at_s:5.1f} s  {name}")
        pieces += [clip.samples, np.zeros(SAMPLE_RATE_HZ, np.int16)]
        at_s += clip.duration_s + 1.0
    samples = np.concatenate(pieces)
    if out is not None:
        write_wav(out, samples, SAMPLE_RATE_HZ)
    else:
        play_samples(settings, samples, SAMPLE_RATE_HZ)


def say(settings: config.Settings, text: str, out: Path | None) -> None:
    import numpy as np

    from assistant.audio.files import write_wav
    from assistant.audio.playback import at_rate
    from assistant.commands.play import play_samples
    from assistant.events import SAMPLE_RATE_HZ
    from assistant.speaking import Speaker, sentences
    from assistant.speaking.speech_queue import BETWEEN_SENTENCES_S, RENDER_LIMIT_S

    text = _readable(text)
    if out is not None:
        check_places(out)
    speaker = Speaker(settings.speech.engine, settings.speech.voice)
    try:
        parts = sentences(text)
        for part in parts:
            speaker.begin(part, settings.speech.rate)
        clips = [speaker.take(part, settings.speech.rate, timeout_s=RENDER_LIMIT_S) for part in parts]
    finally:
        speaker.close()
    made = [clip for clip in clips if clip is not None]
    rate_hz = made[0].rate_hz if made else SAMPLE_RATE_HZ
    pause = np.zeros(round(BETWEEN_SENTENCES_S * rate_hz), np.int16)
    pieces = [piece for clip in made for piece in (at_rate(clip, rate_hz).samples, pause)]
    samples = np.concatenate(pieces) if pieces else np.zeros(0, np.int16)
    if not any(len(clip.samples) for clip in made):
        raise UsageError("There is nothing in that text that could be said; give it some words.")
    if out is None:
        play_samples(settings, samples, rate_hz)
    else:
        write_wav(out, samples, rate_hz)


def match(
    settings: config.Settings,
    lines: Iterable[str],
    context: MatchContext,
    home_assistant: Path | None = None,
    *,
    as_json: bool,
    explain: bool,
) -> None:
    from assistant.events import Hypothesis
    from assistant.loading.second_opinion import load_opinion
    from assistant.view.log import as_json as plain

    more = load_sentences([home_assistant], settings.household.language) if home_assistant else None
    _, understanding = load_library(settings, more, load_opinion)
    expectation = understanding.expectation_for(context)
    told = False
    for line in lines:
        text = _readable(line.strip())
        if not text and not as_json:
            continue
        told = True
        meaning = understanding.understand((Hypothesis(text),), expectation)
        if as_json:
            shape = plain(meaning)
            print_line(json.dumps(shape | {"text": text, "slots": shape["slots"] if meaning.intent else {}}))
        else:
            slots = ", ".join(f"{name}={value}" for name, value in meaning.slots.items()) if meaning.intent else ""
            print_line(
                f"{meaning.intent or '-':20} {meaning.score:.2f}  +{meaning.margin:.2f}  {text}  {slots}".rstrip()
            )
        if explain:
            print_line(str(understanding.explain((Hypothesis(text),), expectation)))
    if not told and not as_json:
        raise UsageError('There was no sentence to match; give one, as in `evensong match "gratitude time"`.')


def _readable(text: str) -> str:
    """``text`` as it came from the command line, where bytes that are no text hide in it, without these."""
    return text.encode("utf-8", "replace").decode()


def rituals(settings: config.Settings, *, as_json: bool) -> None:
    library, _ = load_library(settings)
    table = Table(box=None, pad_edge=False)
    for heading in ("id", "title", "people", "minutes", "file"):
        table.add_column(heading, overflow="fold")
    for ritual in library.rituals.values():
        low, high = ritual.people.min, ritual.people.max
        source = library.sources[ritual.id].rpartition(":")[0]
        if as_json:
            row = {
                "id": ritual.id,
                "title": ritual.title,
                "people_min": low,
                "people_max": high,
                "minutes": ritual.minutes,
                "source": source,
            }
            print_line(json.dumps(row, ensure_ascii=False))
        else:
            people = str(low) if low == high else f"{low}-{high}"
            table.add_row(ritual.id, ritual.title, people, f"{ritual.minutes:g}", source)
    if not as_json:
        wide_console().print(table)


def schema(of: Literal["ritual", "deck"]) -> None:
    from assistant.dialogue import deck_schema, ritual_schema

    made = ritual_schema() if of == "ritual" else deck_schema()
    print_line(json.dumps(made, ensure_ascii=False, indent=2))


def check(settings: config.Settings, folder: Path | None) -> None:
    from assistant.dialogue import remarks, remarks_on_prompts
    from assistant.dialogue.library import START
    from assistant.understanding import check as check_intents
    from assistant.understanding import load_commands

    chosen = folder or language_folder(settings)
    library = Library.load([chosen] if folder else [chosen, settings.own_rituals_path])
    if sys.stderr.isatty():
        warn("Each example is matched against all intents: a minute the first time, a few seconds from then on.")
    own_folder = settings.own_rituals_path
    own = {START + one for one, place in library.sources.items() if Path(place).is_relative_to(own_folder)}
    intents = [*load_commands(chosen), *library.intents]
    report = check_intents(intents, chosen, settings.models_path / "phrases", own if folder is None else set())
    table = Table(box=None, pad_edge=False, title="Every example against all intents", title_justify="left")
    for heading in ("example", "of", "understood as", "score", "margin", "next nearest"):
        table.add_column(heading, overflow="fold")
    for row in report.rows:
        understood = row.understood or "-"
        style = "" if row.understood == row.intent else "bold red"
        shown = (row.sentence, row.intent, understood, f"{row.score:.2f}", f"{row.margin:.2f}", row.runner_up or "")
        table.add_row(*shown, style=style)
    wide_console().print(table)
    # How an own ritual is worded is its writer's business; the remarks are advice.
    advice = (*remarks_on_prompts(library.prompts, chosen / "prompts.yaml"), *remarks(library))
    to_mend = [text for path, text in advice if folder or not path.is_relative_to(own_folder)]
    problems = (*report.failures, *to_mend)
    for line in (*report.failures, *(text for _, text in advice)):
        print_line(line)
    easy = _say_how_easy(library)
    nearest = min((row.margin for row in report.rows), default=0.0)
    print_line(
        f"{len(library.rituals)} rituals and {len(report.rows)} examples; the narrowest margin is {nearest:.2f}; "
        f"{len(problems) or 'no'} problem{'' if len(problems) == 1 else 's'}."
    )
    if problems or not easy:
        sys.exit(1)


def _say_how_easy(library: Library) -> bool:
    """Whether what is said is easy enough to understand; true where that cannot be counted."""
    from assistant.commands.ease import LEAST, reading_ease
    from assistant.dialogue import measure

    measured = measure(library)
    ease = reading_ease(measured.prompts)
    counted = f"is counted with the extra writing only: {install_command('writing')}"
    if ease is not None:
        counted = f"is {ease:.0f} on average" + (f"; use shorter words, {LEAST:.0f} is wanted" if ease < LEAST else "")
    print_line(
        f"{len(measured.prompts)} prompts: the longest sentence has {measured.longest_sentence_words} words, the "
        f"longest stretch without a pause takes {measured.longest_stretch_s:.0f} s; reading ease (Flesch) {counted}."
    )
    return ease is None or ease >= LEAST


def devices(*, as_json: bool) -> None:
    from assistant.audio.portaudio import devices as list_devices
    from assistant.view.log import as_json as plain

    found = list_devices()
    if as_json:
        for device in found:
            print_line(json.dumps(plain(device), ensure_ascii=False))
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("name", "through", "microphone", "loudspeaker", "default"):
        table.add_column(heading, overflow="fold")
    for device in found:
        inputs = f"{device.input_channels} ch, {_rates(device.input_rates_hz)}" if device.input_channels else ""
        outputs = f"{device.output_channels} ch, {_rates(device.output_rates_hz)}" if device.output_channels else ""
        default = " ".join(
            word for word, is_default in (("in", device.default_input), ("out", device.default_output)) if is_default
        )
        table.add_row(device.name, device.host_api, inputs, outputs, default)
    wide_console().print(table)
    if not found:
        print_line("No sound devices were found; plug one in, or start your sound server, and look again.")


def _rates(rates_hz: tuple[int, ...]) -> str:
    return "/".join(f"{rate / 1000:g}" for rate in rates_hz) + " kHz" if rates_hz else "no usable rate"
