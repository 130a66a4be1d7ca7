"""The shape of the program, enforced: who may import whom, and what the pure parts may not touch.

Read from the sources, not from what happens to be imported, so that a forbidden import inside a function counts too.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
WAY_OF_THE_SOUND = ("audio", "hearing", "understanding", "dialogue", "speaking")
# Beside the way of the sound: the journal and the models know nothing of the rest.
ALONE = ("memory", "models")
ANYBODY = {"events", "errors"}
# The audio clock is the only clock: these may not look at another one, nor wait.
TIMELESS = ("hearing", "understanding", "dialogue")
CLOCKS = {"time", "datetime", "threading", "asyncio", "secrets"}
# What unit tests must run without: sound hardware, speech engines, recognisers.
HEAVY = {"sounddevice", "pyttsx3", "piper", "vosk", "onnxruntime"}


def sources(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.py"))


def dotted(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path, *, at_once: bool = False) -> Iterator[tuple[str, int]]:
    """Every module that ``path`` imports, with its line; ``at_once``: only what importing ``path`` itself imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    lazy = {
        inner
        for outer in ast.walk(tree)
        if isinstance(outer, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) or _for_types_only(outer)
        for inner in ast.walk(outer)
    }
    for node in ast.walk(tree):
        if at_once and node in lazy:
            continue
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively; write the whole name"
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


def _for_types_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def allowed_for(package: str) -> set[str]:
    if package in WAY_OF_THE_SOUND:
        return ANYBODY | set(WAY_OF_THE_SOUND[: WAY_OF_THE_SOUND.index(package) + 1])
    return ANYBODY | {package}


def wrong_imports(assistant: Path) -> list[str]:
    """What breaks the order, as ``file:line imports module``."""
    found = []
    for package in (*WAY_OF_THE_SOUND, *ALONE):
        for path in sources(assistant / package):
            for module, line in imports(path):
                names = module.split(".")
                if names[0] == "assistant" and names[1:] and names[1] not in allowed_for(package):
                    found.append(f"{path.relative_to(assistant)}:{line} imports {module}")
    return found


def clock_uses(assistant: Path) -> list[str]:
    found = []
    for package in TIMELESS:
        for path in sources(assistant / package):
            for module, line in imports(path):
                seeded = module == "random" or module.startswith("random.Random")
                if module.split(".")[0] in CLOCKS or (module.startswith("random") and not seeded):
                    found.append(f"{path.relative_to(assistant)}:{line} imports {module}")
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Attribute)
                    and isinstance(node.value, ast.Name)
                    and node.value.id == "random"
                    and node.attr != "Random"
                ):
                    found.append(f"{path.relative_to(assistant)}:{node.lineno} uses random.{node.attr}")
    return found


def reached(start: Path, root: Path) -> dict[str, str]:
    """Third-party and standard packages that importing ``start`` imports, each with the file that does it."""
    ours = {dotted(path, root): path for path in sources(root / "assistant")}
    found: dict[str, str] = {}
    waiting, seen = [start], {start}
    while waiting:
        path = waiting.pop()
        for module, line in imports(path, at_once=True):
            parts = module.split(".")
            if parts[0] != "assistant":
                found.setdefault(parts[0], f"{path.relative_to(root)}:{line}")
            for length in range(1, len(parts) + 1):  # importing a.b.c runs a and a.b as well
                inside = ours.get(".".join(parts[:length]))
                if inside and inside not in seen:
                    seen.add(inside)
                    waiting.append(inside)
    return found


def test_audio_flows_one_way() -> None:
    assert wrong_imports(ROOT / "assistant") == []


def test_the_packages_that_the_rule_names_are_there() -> None:
    for package in (*WAY_OF_THE_SOUND, *ALONE):
        assert sources(ROOT / "assistant" / package), package


def test_hearing_understanding_and_dialogue_know_no_other_clock_and_no_unseeded_chance() -> None:
    assert clock_uses(ROOT / "assistant") == []


@pytest.mark.parametrize("path", sorted((ROOT / "tests" / "unit").glob("test_*.py")), ids=lambda path: path.stem)
def test_unit_tests_need_no_sound_library_and_no_engine(path: Path) -> None:
    heavy = {name: where for name, where in reached(path, ROOT).items() if name in HEAVY}
    assert heavy == {}


@pytest.mark.parametrize(
    ("package", "line", "wrong"),
    [
        ("hearing", "from assistant.audio import device", False),
        ("hearing", "from assistant import events", False),
        ("hearing", "from assistant.understanding import Meaning", True),
        ("hearing", "from assistant import dialogue", True),
        ("dialogue", "def f():\n    import assistant.app", True),
        ("dialogue", "import assistant.config", True),
        ("memory", "import assistant.dialogue", True),
        ("speaking", "import numpy", False),
    ],
)
def test_the_rule_itself_sees_a_wrong_import(tmp_path: Path, package: str, line: str, wrong: bool) -> None:
    (tmp_path / package).mkdir()
    (tmp_path / package / "part.py").write_text(line)
    assert bool(wrong_imports(tmp_path)) is wrong


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("import time", True),
        ("from datetime import datetime", True),
        ("import random\nrandom.choice([1])", True),
        ("from random import choice", True),
        ("import random\nrandom.Random(1).choice([1])", False),
        ("from random import Random", False),
    ],
)
def test_the_rule_itself_sees_a_clock(tmp_path: Path, line: str, wrong: bool) -> None:
    (tmp_path / "dialogue").mkdir()
    (tmp_path / "dialogue" / "part.py").write_text(line)
    assert bool(clock_uses(tmp_path)) is wrong


def test_the_rule_itself_sees_what_a_package_brings_along(tmp_path: Path) -> None:
    package = tmp_path / "assistant" / "hearing"
    package.mkdir(parents=True)
    (tmp_path / "assistant" / "__init__.py").write_text("")
    (package / "__init__.py").write_text("import vosk\n")
    (package / "endpoint.py").write_text("def f():\n    import piper\n")
    test = tmp_path / "test_endpoint.py"
    test.write_text("from assistant.hearing.endpoint import f\n")
    assert reached(test, tmp_path) == {"vosk": "assistant/hearing/__init__.py:1"}


def test_the_page_is_not_there_unless_somebody_asks_for_it() -> None:
    """Neither its server nor its code takes time or memory from an evening that nobody watches."""
    program = "import sys; import assistant.app, assistant.cli, assistant.commands.talk; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert not {"assistant.page", "assistant.commands.page", "starlette", "uvicorn", "asyncio"} & loaded


def test_only_its_commands_know_the_page() -> None:
    knowing = {
        str(path.relative_to(ROOT / "assistant"))
        for path in sources(ROOT / "assistant")
        if path.parent.name != "page" and "assistant.page" in path.read_text(encoding="utf-8")
        for module, _ in imports(path)
        if module.startswith("assistant.page")
    }
    assert knowing == {"commands/page.py", "commands/talk.py"}  # the latter only by type


def test_phrases_and_rituals_are_not_imported_before_it_listens() -> None:
    """Their import takes longer than that of all the rest: `listen` does it while it already waits to be woken."""
    program = "import sys; import assistant.app, assistant.commands.talk; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"assistant.dialogue", "assistant.understanding"} & set(done.stdout.split())


def test_whoever_listens_has_no_http_client() -> None:
    """Vosk's own module brings one along; only fetching a model may."""
    program = (
        "import sys; import assistant.app, assistant.commands.talk, assistant.conversation.conversation; "
        "import assistant.loading.second_opinion; "
        "from assistant.hearing.vosk_library import library; library(); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert not {"vosk", "requests", "urllib3", "urllib.request", "http.client", "ssl"} & set(done.stdout.split())
