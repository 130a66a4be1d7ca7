"""Impulse responses of plain rooms, and a loudspeaker that is not perfect."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.events import SAMPLE_RATE_HZ

SPEED_OF_SOUND = 343.0  # metres a second
SINC_TAPS = 32
LOWEST_HZ = 100.0

Floats = NDArray[np.float64]
Place = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Shoebox:
    """A room with four walls, floor and ceiling; lengths in metres. ``reflected``: of the pressure, at each of them."""

    name: str
    size: Place
    reflected: float
    microphone: Place
    loudspeaker: Place
    person: Place
    seconds: float


ROOMS = (
    Shoebox("bedroom", (3.4, 3.9, 2.5), 0.72, (0.6, 0.8, 0.7), (0.9, 0.8, 0.7), (2.2, 2.4, 0.9), 0.25),
    Shoebox("kitchen", (4.6, 3.1, 2.5), 0.8, (4.1, 0.5, 1.0), (3.8, 0.6, 1.0), (2.1, 1.9, 1.5), 0.4),
    Shoebox("living room", (6.8, 5.2, 2.7), 0.82, (0.8, 2.6, 0.8), (0.8, 3.0, 0.8), (3.9, 3.3, 1.2), 0.5),
)


def response(room: Shoebox, source: Place) -> Floats:
    """From ``source`` to the microphone, direct sound first and of energy 1: shape (n,), 16 kHz.

    By the images of the source in the walls: Allen and Berkley, "Image method for efficiently simulating small-room
    acoustics" (J. Acoust. Soc. Am. 65(4), 1979), with the same share reflected by all six.
    """
    reach = [int(np.ceil(SPEED_OF_SOUND * room.seconds / (2 * length))) for length in room.size]
    away: list[Floats] = []
    bounces: list[NDArray[np.int_]] = []
    for length, place, ear, count in zip(room.size, source, room.microphone, reach, strict=True):
        number = np.arange(-count, count + 1)
        away.append(np.concatenate([2 * number * length + place - ear, 2 * number * length - place - ear]))
        bounces.append(np.concatenate([2 * np.abs(number), np.abs(number - 1) + np.abs(number)]))
    distance = np.sqrt(away[0][:, None, None] ** 2 + away[1][None, :, None] ** 2 + away[2][None, None, :] ** 2).ravel()
    met = (bounces[0][:, None, None] + bounces[1][None, :, None] + bounces[2][None, None, :]).ravel()
    late = np.rint((distance - distance.min()) / SPEED_OF_SOUND * SAMPLE_RATE_HZ).astype(np.int_)
    near = late < round(room.seconds * SAMPLE_RATE_HZ)
    found = np.zeros(round(room.seconds * SAMPLE_RATE_HZ))
    np.add.at(found, late[near], room.reflected ** met[near] / distance[near])
    # Images all of one sign pile up below what any loudspeaker or voice makes.
    pole = np.exp(-2 * np.pi * LOWEST_HZ / SAMPLE_RATE_HZ)
    kept = -(1 - pole) * pole ** np.arange(len(found))
    kept[0] += 1.0
    found = np.convolve(found, np.convolve(kept, kept)[: len(found)])[: len(found)]
    scaled: Floats = found / np.sqrt(np.sum(found**2))
    return scaled


def between(sound: Floats, places: Floats) -> Floats:
    """``sound`` at ``places`` between its samples (windowed sinc); silence where it has none."""
    whole = np.floor(places).astype(np.int_)
    offsets = np.arange(1 - SINC_TAPS // 2, SINC_TAPS // 2 + 1)
    apart = (places - whole)[:, None] - offsets[None, :]
    weights = np.sinc(apart) * (0.5 + 0.5 * np.cos(2 * np.pi * apart / SINC_TAPS))
    at = whole[:, None] + offsets[None, :]
    there = (at >= 0) & (at < len(sound))
    values = np.where(there, sound[np.clip(at, 0, len(sound) - 1)], 0.0)
    found: Floats = np.sum(values * weights, axis=1)
    return found
