"""What people say over Evensong's voice in `barge_in`: commands, and sounds that are none."""

from __future__ import annotations

import numpy as np

from assistant.commands.simulate import people_engine
from assistant.events import SAMPLE_RATE_HZ, Samples
from assistant.room.script import Line, Person
from assistant.room.voices import Voices, at_level
from benchmarks.echo_room import Cry

SAID: dict[str, tuple[str, ...]] = {
    "stop": ("Stop.", "Please stop.", "That's enough for now.", "Stop talking."),
    "pause": ("Pause.", "Hold on a second.", "Wait a minute.", "Pause please."),
    "repeat": ("Say that again.", "Repeat that please."),
    "skip": ("Skip this one.", "Next question please."),
    "help": ("Help.", "What can I say?"),
    "louder": ("Louder please.", "Speak up a little."),
    "quieter": ("Quieter please.", "Not so loud."),
    "slower": ("Slow down please.",),
    "stop_listening": ("Stop listening.", "Go to sleep."),
    "time_left": ("How much time is left?",),
}
OTHER = ("Mm-hm.", "Yeah.", "Oh.", "Uh huh.")
TELEVISION = (
    "And now over to Marion with the weather for the weekend.",
    "Police say that the two men left the station around midnight.",
    "A second goal just before half time, and the visitors are in front.",
    "Simmer the onions until they are soft, then add the rice.",
)
LEVELS_DB = (0, 0, 0, 0, 0, 0, 0, 0, -15, -10, -5, 5, 10, 15)  # mostly as loud as the echo
USUAL = 7  # commands of a stretch, as many levels drawn
PEOPLE = ((1.16, 1.0), (0.94, 1.0), (1.3, 1.05), (1.06, 0.92))  # pitch and rate


class Criers:
    """Four people; what each of them has said once is kept for the next time."""

    def __init__(self) -> None:
        self._voices = Voices(people_engine())
        self._cries: dict[tuple[str, int], Samples] = {}

    def stretch(self, seed: int, count: int = 0) -> list[Cry]:
        """What is cried in one stretch, with a sound that is no command after every second one.

        ``count``: so many commands, all at the echo's own level; 0: `USUAL`, at levels drawn out of `LEVELS_DB`.
        """
        rng = np.random.default_rng(seed)
        cries: list[Cry] = []
        for place, level_db in enumerate([0] * count if count else rng.permutation(LEVELS_DB)[:USUAL]):
            intent = str(rng.choice(list(SAID)))
            text = str(rng.choice(SAID[intent]))
            person = int(rng.integers(len(PEOPLE)))
            after_s = float(rng.uniform(2.5, 4.5)) + (4.0 if not cries else 0.0)
            cries.append(Cry(self._spoken(text, person), text, intent, float(level_db), after_s))
            if place % 2:
                after_s = float(rng.uniform(2.5, 4.0))
                cries.append(self._other(place // 2, after_s, rng))
        return cries

    def _other(self, place: int, after_s: float, rng: np.random.Generator) -> Cry:
        if place % 3 == 0:
            return Cry(cough(rng), "(cough)", None, 3.0, after_s)
        if place % 3 == 1:
            text = str(rng.choice(OTHER))
            return Cry(self._spoken(text, int(rng.integers(len(PEOPLE)))), text, None, 0.0, after_s)
        text = str(rng.choice(TELEVISION))
        return Cry(self._spoken(text, 1), text, None, -8.0, after_s)

    def _spoken(self, text: str, person: int) -> Samples:
        if (text, person) not in self._cries:
            pitch, rate = PEOPLE[person]
            spoken = self._voices.speak(Person(pitch=pitch, rate=rate), Line(who="", says=text))
            self._cries[text, person] = spoken.samples
        return self._cries[text, person]


def cough(rng: np.random.Generator) -> Samples:
    """Two bursts of dark noise, falling off quickly: int16, 16 kHz, as loud as the voices."""
    count = round(0.28 * SAMPLE_RATE_HZ)
    falling = np.exp(-np.arange(count) / (0.06 * SAMPLE_RATE_HZ))
    bursts = [np.convolve(rng.standard_normal(count), np.ones(5) / 5, mode="same") * falling for _ in range(2)]
    return at_level((np.concatenate(bursts) * 8_000).astype(np.int16), -23.0)
