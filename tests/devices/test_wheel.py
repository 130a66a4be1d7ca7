"""What people install is what is tested: the wheel, in an empty environment, talks.

The environment is new and holds nothing but the wheel. Its dependencies are those of the environment that runs the
tests, named to it by a path file: they are pinned and installed already, and fetching them again would need the network
and test nothing of ours. A path file adds a folder without running the path files inside it, so the checkout, which is
installed there as editable, stays out of reach.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUN_AT_MOST_S = 400  # only against hanging: how long anything takes is no matter of a test


@dataclass(frozen=True)
class Wheel:
    """The wheel installed in an environment of its own, with a home folder of its own."""

    file: Path
    environment: Path
    home: Path

    def run(self, *arguments: str, typed: str = "") -> str:
        """What `evensong ARGUMENTS` prints, run far from the checkout."""
        clean = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "EVENSONG"))}
        done = subprocess.run(
            [self.environment / "bin" / "evensong", *arguments],
            input=typed,
            capture_output=True,
            text=True,
            timeout=RUN_AT_MOST_S,
            cwd=self.home,
            env={**clean, "EVENSONG_HOME": str(self.home)},
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout

    def lines(self, *arguments: str, typed: str = "") -> list[dict[str, object]]:
        return [json.loads(line) for line in self.run(*arguments, typed=typed).splitlines()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Wheel:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    # The build tools of requirements/build.txt are in this environment; without isolation nothing is fetched.
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", str(folder), str(ROOT)]
    subprocess.run(build, check=True, timeout=RUN_AT_MOST_S)
    (file,) = folder.glob("evensong-*.whl")

    environment = folder / "environment"
    venv.create(environment, with_pip=False)
    install = [*pip, "--python", str(environment / "bin" / "python"), "install", "--no-deps", "--no-index", str(file)]
    subprocess.run(install, check=True, timeout=RUN_AT_MOST_S)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    own_packages = environment / "lib" / version / "site-packages"
    (own_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    home = folder / "home"
    home.mkdir()
    return Wheel(file, environment, home)


def test_the_wheel_carries_its_data_and_nothing_of_the_workshop(wheel: Wheel) -> None:
    names = zipfile.ZipFile(wheel.file).namelist()
    assert "assistant/data/models/catalog.toml" in names
    assert "assistant/data/intents/en/commands.yaml" in names
    shipped = {name.removeprefix("assistant/data/") for name in names if "/intents/" in name}
    assert shipped == {str(path.relative_to(ROOT)) for path in (ROOT / "intents").rglob("*") if path.is_file()}
    static = {str(path.relative_to(ROOT)) for path in (ROOT / "assistant" / "page" / "static").iterdir()}
    assert static <= set(names)
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"assistant"}


def test_it_is_the_wheel_that_runs(wheel: Wheel) -> None:
    (gratitude,) = [each for each in wheel.lines("rituals", "--json") if each["id"] == "gratitude"]
    assert str(gratitude["source"]).startswith(str(wheel.environment))
    assert wheel.run("config", "path").count(str(wheel.home)) >= 1


def test_it_knows_its_rituals(wheel: Wheel) -> None:
    rituals = {each["id"]: each for each in wheel.lines("rituals", "--json")}
    assert {"gratitude", "checkin", "mood", "stillness"} <= rituals.keys()
    for each in rituals.values():
        assert {"id", "title", "people_min", "people_max", "minutes", "source"} <= each.keys()


def test_it_understands_a_sentence_a_line(wheel: Wheel) -> None:
    found = wheel.lines("match", "--json", typed="gratitude time\nplease pause\nthe soup was a little salty\n")
    assert [each["intent"] for each in found] == ["start_gratitude", "pause", None]
    keys = {"text", "intent", "slots", "score", "margin", "runner_up", "template", "proposed", "safety"}
    assert all(keys <= each.keys() for each in found)


def test_its_data_passes_its_own_check(wheel: Wheel) -> None:
    wheel.run("check")


def test_it_leads_through_an_evening_of_gratitude_and_keeps_it(wheel: Wheel) -> None:
    typed = (
        "gratitude time",
        "just me",
        "anna",
        "the walk by the river",
        "soup on the table",
        "the phone call with my sister",
        "pass",  # why it mattered
    )
    said = wheel.run("text", typed="\n".join(typed) + "\n")
    assert "Anna" in said  # the wording varies from evening to evening
    (session,) = json.loads(wheel.run("journal", "export", "--format", "json"))["sessions"]
    assert (session["ritual"], session["people"], session["outcome"]) == ("gratitude", ["Anna"], "finished")
    assert [entry["text"] for entry in session["entries"]] == list(typed[3:6])
