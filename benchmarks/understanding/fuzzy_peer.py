"""hassil with its fuzzy matcher, as Home Assistant used it: the strict matcher first, the n-gram one where that fails.

The fuzzy matcher was taken out of hassil in version 3.10, and its models out of home-assistant-intents in June 2026. So
the last versions that had both are installed in a folder of their own and run in a process of their own, with the
templates that they came with, in the same home as all others. ``python fuzzy_peer.py`` is that process: a JSON line
in, a JSON line out.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

VERSIONS = ("hassil==3.8.1", "home-assistant-intents==2026.6.1")
INSTALL_LIMIT_S = 300


class HassilFuzzy:
    """The engine, in its own process. Raises OSError where it cannot be installed or started."""

    def __init__(self, folder: Path) -> None:
        _install(folder)
        # Its own hassil goes before the one that is installed here; what both need comes from here.
        environment = {**os.environ, "PYTHONPATH": str(folder)}
        command = [sys.executable, str(Path(__file__))]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment
        )
        self._home: Any = None
        self._area: str | None = None
        if self._ask({"ready": True}).get("ready") is not True:
            raise OSError("hassil's fuzzy matcher did not start")

    def prepare(self, home: Any, area: str | None) -> None:
        self._area = area
        if home is not self._home:
            self._home = home
            names = [[name, dict(context)] for name, context in home.entities]
            self._ask({"areas": home.areas, "floors": home.floors, "names": names})

    def answer(self, text: str) -> tuple[str | None, dict[str, Any]]:
        told = self._ask({"text": text, "area": self._area})
        return told["intent"], told["slots"]

    def took_us(self) -> float:
        """Of the last answer, without the way between the processes."""
        return float(self._ask({"took": True})["us"])

    def close(self) -> None:
        if self._process.stdin:
            self._process.stdin.close()
        self._process.wait(timeout=10)

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        if self._process.stdin is None or self._process.stdout is None:
            raise OSError("hassil's fuzzy matcher is not running")
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise OSError("hassil's fuzzy matcher ended by itself")
        told: dict[str, Any] = json.loads(line)
        return told


def _install(folder: Path) -> None:
    done = folder / "installed"
    if done.is_file() and done.read_text(encoding="utf-8") == " ".join(VERSIONS):
        return
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--upgrade", "--target", str(folder)]
    finished = subprocess.run(
        [*command, *VERSIONS], capture_output=True, text=True, timeout=INSTALL_LIMIT_S, check=False
    )
    if finished.returncode:
        raise OSError(f"pip could not install {' and '.join(VERSIONS)}")
    done.write_text(" ".join(VERSIONS), encoding="utf-8")


# --- in the other process, with the other hassil --------------------------------------------------------------------


class _Matcher:
    def __init__(self) -> None:
        import home_assistant_intents  # noqa: PLC0415
        from hassil import Intents  # noqa: PLC0415

        self._package: Any = home_assistant_intents
        self._intents: Any = Intents.from_dict(self._package.get_intents("en"))
        self._fuzzy: Any = None
        self._took_us = 0.0

    def live_in(self, areas: list[str], floors: list[str], names: list[tuple[str, dict[str, Any]]]) -> None:
        from hassil import TextSlotList  # noqa: PLC0415
        from hassil.fuzzy import FuzzyNgramMatcher, SlotCombinationInfo  # noqa: PLC0415
        from hassil.ngram import Sqlite3NgramModel  # noqa: PLC0415

        lists = self._intents.slot_lists
        lists["area"] = TextSlotList.from_strings(areas, name="area")
        lists["floor"] = TextSlotList.from_strings(floors, name="floor")
        lists["name"] = TextSlotList.from_tuples([(name, name, context) for name, context in names], name="name")
        shared, own = self._package.get_fuzzy_config(), self._package.get_fuzzy_language("en")
        self._fuzzy = FuzzyNgramMatcher(
            intents=self._intents,
            intent_models={
                name: Sqlite3NgramModel(
                    order=model.order,
                    words={word: str(number) for word, number in model.words.items()},
                    database_path=model.database_path,
                )
                for name, model in own.ngram_models.items()
            },
            intent_slot_list_names=shared.slot_list_names,
            slot_combinations={
                intent: {
                    key: SlotCombinationInfo(context_area=info.context_area, name_domains=info.name_domains or None)
                    for key, info in combinations.items()
                }
                for intent, combinations in shared.slot_combinations.items()
            },
            domain_keywords=own.domain_keywords,
            stop_words=own.stop_words,
        )

    def answer(self, text: str, area: str | None) -> dict[str, Any]:
        from hassil import recognize_best  # noqa: PLC0415

        before = time.perf_counter()
        context = {"area": area} if area else {}
        strict = recognize_best(text, self._intents, intent_context=context, language="en", best_slot_name="name")
        found: dict[str, Any] = {"intent": None, "slots": {}}
        if strict is not None:
            found = {"intent": strict.intent.name, "slots": {e.name: e.value for e in strict.entities.values()}}
        else:
            near = self._fuzzy.match(text, context_area=area)
            if near is not None:
                found = {"intent": near.intent_name, "slots": {name: slot.value for name, slot in near.slots.items()}}
        self._took_us = (time.perf_counter() - before) * 1e6
        return found

    def reply(self, question: dict[str, Any]) -> dict[str, Any]:
        if "names" in question:
            self.live_in(question["areas"], question["floors"], [(name, told) for name, told in question["names"]])
            return {"ready": True}
        if "text" in question:
            return self.answer(question["text"], question["area"])
        return {"ready": True, "us": self._took_us}


def _serve() -> None:
    matcher = _Matcher()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(matcher.reply(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    _serve()
