"""What of a story came back in a retelling."""

from __future__ import annotations

import json
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant import config
from assistant.commands.keep import print_line
from assistant.errors import UsageError
from assistant.loading.phrases import language_folder
from assistant.loading.second_opinion import load_encoder
from assistant.understanding.retelling.reflection import Reflection
from assistant.understanding.retelling.reflection import reflect as compare
from assistant.understanding.retelling.telling import load_telling


class Pair(BaseModel):
    """One line of standard input."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)
    story: str
    retelling: str


def reflect(settings: config.Settings, pairs: Iterable[Pair], *, as_json: bool) -> None:
    telling = load_telling(language_folder(settings))
    encoder = load_encoder(settings.models_path / "meaning")
    for pair in pairs:
        reflection = compare(pair.story, pair.retelling, telling, encoder)
        print_line(json.dumps(_shape(reflection), ensure_ascii=False) if as_json else _readable(reflection))


def pairs_of(lines: Iterable[str]) -> Iterable[Pair]:
    """One pair a line, empty lines left out. Raises UsageError naming the line that is none."""
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield Pair.model_validate_json(line)
            except ValidationError:
                raise UsageError(
                    f'Line {number} is not {{"story": "...", "retelling": "..."}}; give one such JSON object a line.'
                ) from None


def _shape(reflection: Reflection) -> dict[str, object]:
    return {
        "points": len(reflection.touched),
        "reflected": reflection.reflected,
        "missed": list(reflection.missed),
    }


def _readable(reflection: Reflection) -> str:
    count = len(reflection.touched)
    if not count:
        return "No points were found in that story."
    lines = [f"{reflection.reflected:.0%} of {count} point{'' if count == 1 else 's'} came back."]
    lines += [f"  not: {text}" for text in reflection.missed]
    return "\n".join(lines)
