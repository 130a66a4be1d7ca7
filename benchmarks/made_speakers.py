"""People made by synthesis who are told by their voices, where ``voices`` and ``interruptions`` get no recordings.

They differ more than people do, and speak more evenly: figures with them show that all parts work together, and not how
well real people are told apart.
"""

from __future__ import annotations

import numpy as np

from assistant.events import SAMPLE_RATE_HZ, Samples
from benchmarks.background import load_texts
from benchmarks.made_voices import MadeVoices, Speaker, piper

RECORDINGS = 10  # of each speaker
LINES = 2  # read aloud in each recording, some six seconds together
BETWEEN_LINES_S = 0.3
# Those whose engine is installed are there; espeak-ng always is.
SPEAKERS = {
    "piper low": Speaker("piper", "", 0.88, 1.0),
    "piper high": Speaker("piper", "", 1.2, 1.05),
    "flite awb": Speaker("flite", "awb", 1.0, 1.0),
    "flite rms": Speaker("flite", "rms", 1.0, 1.0),
    "flite slt": Speaker("flite", "slt", 1.0, 1.0),
    "espeak m3": Speaker("espeak", "en-us+m3", 0.9, 1.0),
    "espeak f2": Speaker("espeak", "en-gb-x-rp+f2", 1.15, 1.0),
}


def made_speakers(seed: int) -> dict[str, list[Samples]]:
    """RECORDINGS of each, as the recordings in a folder a speaker would be: int16 at 16 kHz."""
    voices, texts = MadeVoices(piper()), load_texts()
    rng = np.random.default_rng(seed)
    pause = np.zeros(round(BETWEEN_LINES_S * SAMPLE_RATE_HZ), np.int16)

    def recording(speaker: Speaker) -> Samples:
        return np.concatenate([part for _ in range(LINES) for part in (voices.say(speaker, texts.line(rng)), pause)])

    return {
        name: [recording(speaker) for _ in range(RECORDINGS)]
        for name, speaker in SPEAKERS.items()
        if speaker.engine in voices.engines
    }
