"""What `evensong doctor` says of a microphone each, by the channels that the input has."""

from __future__ import annotations

import pytest

from assistant.commands.doctor import sides


@pytest.mark.parametrize(
    ("channels", "verdict", "says"), [(1, "warn", "choose a stereo input"), (2, "ok", "Ana is heard on the left")]
)
def test_a_microphone_each_needs_two_channels(channels: int, verdict: str, says: str) -> None:
    line = sides("Desk microphone", channels, ("Ana", "Ben"))
    assert (line.verdict, says in line.text) == (verdict, True)
    assert ("Desk microphone" in line.text) == (verdict == "warn"), "what is wrong has a name"
