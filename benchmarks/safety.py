"""How many disclosures are heard, and how often ordinary talk pauses a ritual for nothing.

The sentences are those of tests/data/disclosures.yaml, written before the patterns: the first, third, fifth ... of each
list were there to develop with (``developed``), the second, fourth ... only for measuring. ``recall`` and
``false_pauses`` are over that measured half alone; ``misheard`` are disclosures as a recogniser might write them. One
author wrote sentences and patterns: other people's sentences will do worse.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import yaml

from assistant import config
from assistant.events import Hypothesis
from assistant.understanding.safety import Safety
from assistant.understanding.vocabulary import load_vocabulary
from benchmarks.setting import Options

SENTENCES = Path(__file__).parent.parent / "tests" / "data" / "disclosures.yaml"
Lists = dict[str, list[str]]


def run(options: Options) -> dict[str, Any]:
    english = config.shipped("intents") / "en"
    known = load_vocabulary((), english)
    safety = Safety(english, known.writing, known.sounds)
    data: dict[str, Lists] = yaml.safe_load(SENTENCES.read_text(encoding="utf-8"))

    def heard(sentence: str) -> bool:
        return safety.category([Hypothesis(sentence)]) is not None

    def share(lists: Lists, first: int) -> float:
        chosen = [sentence for sentences in lists.values() for sentence in sentences[first::2]]
        return round(sum(map(heard, chosen)) / len(chosen), 4)

    began = time.process_time()
    recall = share(data["disclosures"], 1)
    false_pauses = share(data["ordinary"], 1)
    count = sum(len(sentences[1::2]) for part in ("disclosures", "ordinary") for sentences in data[part].values())
    cpu_ms = (time.process_time() - began) / count * 1000
    return {
        "recall": recall,
        "false_pauses": false_pauses,
        "misheard_recall": share(data["misheard"], 1),
        "developed": {"recall": share(data["disclosures"], 0), "false_pauses": share(data["ordinary"], 0)},
        "by_category": {name: share({name: sentences}, 1) for name, sentences in data["disclosures"].items()},
        "sentences": count,
        "cpu_ms_a_sentence": round(cpu_ms, 3),
    }
