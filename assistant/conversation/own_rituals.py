"""Rituals of one's own: files in the household's folder, written when one is made by voice."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml

from assistant import config
from assistant.audio.writing import write_whole
from assistant.dialogue import Library
from assistant.errors import EvensongError, IntentsError
from assistant.events import KeepRitual, MadeStep
from assistant.loading.phrases import language_folder, load_library
from assistant.loading.second_opinion import LateOpinion
from assistant.understanding import Understanding

_HEADER = "# Made by voice. It is an ordinary ritual file: docs/writing-rituals.md says all that may stand in it.\n"


class OwnRituals:
    """The folder of ``settings`` for rituals of one's own."""

    def __init__(self, settings: config.Settings) -> None:
        self._settings = settings
        self._folder = settings.own_rituals_path

    def keep(self, made: KeepRitual) -> None:
        """Write ``made`` as a ritual file, once it has been read back and found good. Raises IntentsError."""
        data = as_data(made)
        path = self._folder / f"{data['id']}.yaml"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            if path.exists():
                raise IntentsError(f"There is a ritual of that name in {path}; choose another name.")
            text = _HEADER + yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=110)
            write_whole(path, text.encode())
            self._check(path)
        except OSError as error:
            raise IntentsError(f"{path} cannot be written ({error.strerror}); mend the folder or the disk.") from None

    def drop(self, ritual_id: str) -> None:
        """Remove the file of a ritual that `find` gave. Raises IntentsError."""
        try:
            (self._folder / f"{ritual_id}.yaml").unlink()
        except OSError as error:
            raise IntentsError(f"The ritual {ritual_id} cannot be removed ({error.strerror}).") from None

    def find(self, name: str, library: Library) -> dict[str, str] | None:
        """``id`` and ``title`` of the household's own ritual called ``name``."""
        wanted = ritual_id(name)
        for one, ritual in library.rituals.items():
            if wanted in (one, ritual_id(ritual.title)) and (self._folder / f"{one}.yaml").is_file():
                return {"id": one, "title": ritual.title}
        return None

    def read(self) -> tuple[Library, Understanding]:
        """All phrases and rituals anew: a few seconds. Raises IntentsError."""
        return load_library(self._settings, second_opinion=LateOpinion)

    def _check(self, path: Path) -> None:
        try:
            Library.load([language_folder(self._settings), self._folder])
        except EvensongError:
            path.unlink()  # all others stay usable
            raise


def ritual_id(name: str) -> str:
    """ "Friday candles" -> ``friday_candles``."""
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:40] or "own"


def as_data(made: KeepRitual) -> dict[str, Any]:
    """What stands in the file of ``made``."""
    name = re.sub(r"[^\w' -]+", "", made.name.lower()).strip()
    steps = [_step(step, number) for number, step in enumerate(made.steps, start=1)]
    if made.each:
        steps = _in_turn(steps)
    return {
        "id": ritual_id(name),
        "title": name,
        "about": "Made by voice.",
        "minutes": max(1, round(sum(step.seconds or 45 for step in made.steps) / 60)),
        "people": {"min": 1, "max": 4},
        "starters": {
            "templates": [f"[<begin>] [(the|our|my)] {name} [<exercise>]", f"(time for|on to) [(the|our)] {name}"],
            "examples": [name, f"start {name}", f"let's do {name}"],
        },
        "steps": steps,
        "closings": ["That was it.", f"That was {name}.", "Thank you for that."],
    }


def _step(step: MadeStep, number: int) -> dict[str, Any]:
    text = step.text[:1].upper() + step.text[1:]
    if step.kind == "say":
        return {"kind": "say", "lines": [_ended(text, ".")], "pause_s": 1.0}
    if step.kind == "ask":
        return {"kind": "ask", "id": f"question_{number}", "prompts": [_ended(text, "?")]}
    return {"kind": "silence", "id": f"silence_{number}", "seconds": step.seconds}


def _ended(text: str, mark: str) -> str:
    text = text.replace("{", "").replace("}", "")
    return text if text[-1:] in ".?!" else text + mark


def _in_turn(steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Questions are asked of everybody, one after the other; all else happens once."""
    laid: list[dict[str, Any]] = []
    for step in steps:
        if step["kind"] != "ask":
            laid.append(step)
            continue
        question = step["prompts"][0]
        together = {"alone": [question], "together": ["{name}. " + question], "following": ["And you, {name}?"]}
        laid.append({"kind": "each", "over": "people", "steps": [{**step, "prompts": together}]})
    return laid
