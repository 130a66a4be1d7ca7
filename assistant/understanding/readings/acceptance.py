"""Whether a reading is near enough, and alone enough, to be what was meant."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.events import Expectation, ListenMode
from assistant.understanding.readings.reading import Reading

# Measured on tests/data/natural_talk.yaml and by `evensong check`; see docs/understanding.md.
ACCEPT = 0.77  # a command, where commands are awaited
ACCEPT_CAREFUL = 0.88  # the same, when it would be bad to do it by mistake
ACCEPT_IN_ANSWER = 0.93  # a command inside a free answer: the whole utterance must be one
ACCEPT_CHOICE = 0.66  # one of the few answers of a closed question
MARGIN = 0.05
PERFECT = 0.9  # an exact sentence with nothing but forgiven words around it needs no margin
ANSWER_FIRST = 0.06  # answers of the question go before commands that fit equally


def runner_up(best: Reading, readings: Sequence[Reading]) -> Reading | None:
    """The best of ``readings``, which are in order, that means something else."""
    return next((reading for reading in readings if reading.sense != best.sense), None)


def runner_up_score(best: Reading, readings: Sequence[Reading]) -> float:
    second = runner_up(best, readings)
    return second.score if second else 0.0


def command_accepted(
    command: Reading,
    commands: Sequence[Reading],
    expectation: Expectation,
    *,
    careful: bool,
    answer_score: float | None,
) -> bool:
    """Whether ``command``, the best of ``commands``, is done.

    ``careful``: it would be bad to do it by mistake. ``answer_score`` is that of an answer of the question that the
    same words may be, if any.
    """
    margin = command.score - runner_up_score(command, commands)
    perfect = command.likeness >= 1.0 and command.score >= PERFECT
    if expectation.mode is ListenMode.ANSWER:
        return command.score >= ACCEPT_IN_ANSWER and (perfect or margin >= MARGIN)
    if answer_score is not None and expectation.slot != "free" and command.score < answer_score + ANSWER_FIRST:
        return False
    if perfect:
        return True
    return command.score >= (ACCEPT_CAREFUL if careful else ACCEPT) and margin >= MARGIN


def choice_accepted(best: Reading, readings: Sequence[Reading]) -> bool:
    """Whether ``best`` of ``readings``, the answers of a closed question, is the answer."""
    if best.likeness >= 1.0:
        return True
    return best.score >= ACCEPT_CHOICE and best.score - runner_up_score(best, readings) >= MARGIN


def starter_accepted(readings: Sequence[Reading]) -> bool:
    """Whether the first of ``readings`` is what words name in passing ("remind us to say what we are grateful for")."""
    if not readings:
        return False
    best = readings[0]
    return best.score >= ACCEPT and best.score - runner_up_score(best, readings) >= MARGIN
