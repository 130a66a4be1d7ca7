"""The little that must be changed in a text before an engine reads it aloud."""

from __future__ import annotations

import re

_CHANGES = (
    (re.compile(r"(?<=\d)\s*[-–—]\s*(?=\d)"), " to "),  # "1-10"
    (re.compile(r"\s*[–—]\s*|\s+-+\s+"), ", "),
    (re.compile(r"\s*&\s*"), " and "),
    (re.compile(r"[‘’]"), "'"),
    (re.compile(r"[“”\"*_#`<>|~^{}\\\[\]]"), " "),  # marks that are spelled out, or are commands to an engine
    (re.compile(r"…|\.\.\.+"), ", "),
    (re.compile(r"[\x00-\x1f\x7f\ufffe\uffff\ud800-\udfff]"), " "),
    (re.compile(r"\s+(?=[,.!?;:])"), ""),
    (re.compile(r"(?:,\s*)+(?=[,.!?;:]|$)"), ""),
)


def speakable(text: str) -> str:
    """``text`` as it should be read: ranges in words, dashes as pauses, marks removed; "" when nothing can be said.

    It always ends with a mark, because Piper swallows the last sound of a sentence that has none.
    """
    for pattern, replacement in _CHANGES:
        text = pattern.sub(replacement, text)
    text = " ".join(text.split()).lstrip(",.;: ")
    if not any(character.isalnum() for character in text):
        return ""
    return text if text[-1] in ".!?,;:" else text + "."
