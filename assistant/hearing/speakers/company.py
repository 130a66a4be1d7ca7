"""Whether somebody unknown is about, as a television: heard alone in the pauses of those who are known."""

from __future__ import annotations

LEAST_S = 0.5  # of somebody unknown without a break; the first word of anybody may be taken for a stranger's
ENOUGH_S = 1.0  # beyond it, after which somebody certainly is
FORGET_S = 20.0  # a voice that was not heard for so long is gone
BREAK_S = 0.35


class Company:
    """Tell it every look; pure. ``sure``, 0..1, is how sure it is that somebody unknown is about."""

    def __init__(self) -> None:
        self.sure = 0.0
        self._since_s = self._last_s = float("-inf")
        self._heard: list[tuple[float, float]] = []  # when, and how long

    def hear(self, at_s: float, *, alone: bool) -> None:
        """``alone``: somebody unknown is heard at ``at_s``, and nobody else."""
        if alone:
            if at_s - self._last_s > BREAK_S:
                self._since_s = at_s
            elif at_s - self._since_s > LEAST_S:
                self._heard.append((at_s, at_s - self._last_s))
            self._last_s = at_s
        self._heard = [(when_s, length_s) for when_s, length_s in self._heard if at_s - when_s <= FORGET_S]
        self.sure = min(1.0, sum(length_s for _, length_s in self._heard) / ENOUGH_S)
