"""Finding sound devices through PortAudio.

`sounddevice` is imported when the first device is asked for, so that everything without hardware works where
the sound library is not installed.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import os
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import Any

from assistant.audio.device import DeviceInfo
from assistant.audio.line import Found, Kind, Line
from assistant.errors import AudioError
from assistant.events import Samples

RATES_HZ = (16_000, 48_000, 44_100, 32_000, 96_000, 22_050, 8_000)
UNAVAILABLE = -9985  # paDeviceUnavailable of portaudio.h: what ALSA makes of EBUSY

_ROLE = {"input": "microphone", "output": "loudspeaker"}


def library() -> Any:
    """The module `sounddevice`. Raises AudioError when PortAudio is not installed."""
    try:
        _silence_alsa()
        return importlib.import_module("sounddevice")
    except OSError:
        raise AudioError(
            "The sound library PortAudio is missing; install it with"
            " `sudo apt install libportaudio2 libasound2-plugins` and start again."
        ) from None


def find(kind: Kind, name: str) -> Found:
    """The device that is called ``name``, or whose name has it as a part; "" is the system's default.

    Raises AudioError when there is none.
    """
    sounddevice = library()
    listed = [device for device in _listed() if device[f"max_{kind}_channels"] > 0]
    if not listed:
        raise AudioError(
            f"No {_ROLE[kind]} was found; connect one, or close the program that holds it, then `evensong devices`"
            " should list it."
        )
    if name:
        wanted = name.casefold()
        matching = [device for device in listed if wanted in device["name"].casefold()]
        # Exactly this name before a longer one that has it as a part.
        matching.sort(key=lambda device: device["name"].casefold() != wanted)
    else:
        default = sounddevice.default.device[kind]
        matching = [device for device in listed if device["index"] == default] or listed
    if not matching:
        raise AudioError(
            f'No {_ROLE[kind]} has "{name}" in its name; `evensong devices` lists those there are, without any that'
            " another program holds."
        )
    device = matching[0]
    return Found(device["index"], device["name"], device[f"max_{kind}_channels"], round(device["default_samplerate"]))


def open_line(
    kind: Kind,
    found: Found,
    rates_hz: Sequence[int],
    move: Callable[[Samples], None],
    latency_s: float | None = None,
    *,
    both_sides: bool = False,
) -> Line:
    """Open ``found`` at the first of ``rates_hz`` that it takes, with one channel or else two.

    ``move`` and ``latency_s`` as in `Line`. With ``both_sides``, two channels wherever there are two.

    Raises AudioError when it takes none.
    """
    sounddevice = library()
    told = ""
    with quiet():
        for rate_hz in rates_hz:
            for channels in (2,) if both_sides and found.channels > 1 else range(1, min(2, found.channels) + 1):
                try:
                    return Line(sounddevice, kind, found, rate_hz, channels, move, latency_s)
                except sounddevice.PortAudioError as error:
                    told = str(error)
                    if UNAVAILABLE in error.args:  # at any rate; each more would take PortAudio another second
                        raise AudioError(held(kind, found.name)) from None
    raise AudioError(
        f'The {_ROLE[kind]} "{found.name}" opens at none of {", ".join(map(str, rates_hz))} Hz ({told}); choose another'
        " from `evensong devices`."
    )


def held(kind: Kind, name: str) -> str:
    """What is told of a device that is there and is not to be had."""
    return (
        f'The {_ROLE[kind]} "{name}" is held by another program; close that one, or choose another from'
        " `evensong devices`."
    )


def devices() -> tuple[DeviceInfo, ...]:
    """All devices, with the rates at which each opens now (none while another program holds it)."""
    sounddevice = library()
    defaults = sounddevice.default.device
    apis = sounddevice.query_hostapis()
    with quiet():
        return tuple(
            DeviceInfo(
                name=device["name"],
                host_api=apis[device["hostapi"]]["name"],
                input_channels=device["max_input_channels"],
                output_channels=device["max_output_channels"],
                default_rate_hz=round(device["default_samplerate"]),
                input_rates_hz=_rates("input", device),
                output_rates_hz=_rates("output", device),
                default_input=device["index"] == defaults["input"],
                default_output=device["index"] == defaults["output"],
            )
            for device in _listed()
        )


def look_again() -> None:
    """Make PortAudio list the devices anew. Every open stream of this process must be closed before."""
    sounddevice = library()
    with quiet(), contextlib.suppress(sounddevice.PortAudioError):
        sounddevice._terminate()  # there is no public way; PortAudio lists devices only when it is initialised
    with contextlib.suppress(sounddevice.PortAudioError):
        sounddevice._initialize()


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """Keep off the screen what libasound and PortAudio write for every rate that a device refuses."""
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)


@cache
def _silence_alsa() -> Any:
    """libasound tells of every underrun on standard error, amid the terminal view; we count them instead."""
    handler = ctypes.CFUNCTYPE(None)(lambda: None)  # the arguments it is called with do not matter
    with contextlib.suppress(OSError, AttributeError):  # no ALSA on this system
        ctypes.CDLL("libasound.so.2").snd_lib_error_set_handler(handler)
    return handler  # the cache keeps it alive for as long as libasound may call it


def _listed() -> list[dict[str, Any]]:
    return list(library().query_devices())


def _rates(kind: Kind, device: dict[str, Any]) -> tuple[int, ...]:
    channels = device[f"max_{kind}_channels"]
    return tuple(
        rate_hz for rate_hz in sorted(RATES_HZ) if channels and _opens(kind, device["index"], rate_hz, channels)
    )


def _opens(kind: Kind, index: int, rate_hz: int, channels: int) -> bool:
    sounddevice = library()
    check = sounddevice.check_input_settings if kind == "input" else sounddevice.check_output_settings
    for count in range(1, min(2, channels) + 1):
        with contextlib.suppress(sounddevice.PortAudioError):
            check(device=index, channels=count, dtype="int16", samplerate=rate_hz)
            return True
    return False
