"""Settings: one TOML file, every key documented here, read into frozen models.

`evensong config init` writes the file with every key, its default and its description, so this module is
the only place where a setting is described.
"""

from __future__ import annotations

import os
import tomllib
from importlib import resources
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from assistant.errors import ConfigError, EvensongError
from assistant.hearing.wake.measured import measured


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Wake(_Section):
    """How Evensong is called."""

    phrase: str = Field("hey evensong", description="What wakes it; every word must be known to the recogniser.")
    sensitivity: float = Field(
        0.5,
        ge=0,
        le=1,
        description=f"More wakes it more easily, also by mistake. {measured().in_short()} `evensong wake test` tries a "
        "phrase of your own.",
    )
    only_known_voices: bool = Field(
        False,
        description="Only voices that it was asked to remember wake it; while there are none, everybody does.",
    )
    follow_up_s: float = Field(
        8.0,
        ge=2,
        le=60,
        description="After waking, and after each answer, seconds in which a command may begin before it sleeps again.",
    )
    mute_min: int = Field(
        60, ge=1, le=720, description='Minutes for which "mute" closes its ears, when no time is said with it.'
    )


class Audio(_Section):
    """Microphone and loudspeaker. Devices are chosen by (part of) their name; see `evensong devices`."""

    microphone: str = Field("", description="Part of the microphone's name; empty: the system's default.")
    loudspeaker: str = Field("", description="Part of the loudspeaker's name; empty: the system's default.")
    microphones: tuple[str, ...] = Field(
        (),
        max_length=2,
        description="Where two people have a microphone each, on one stereo input: who has the left and who the right,"
        ' for example ["Ana", "Ben"]; empty: one microphone for all.',
    )
    echo_cancelling: bool = Field(
        True, description="Takes Evensong's own voice out of what it hears; false only with headphones."
    )
    earcons: bool = Field(True, description="Short sounds when it wakes, hears and ends.")

    @field_validator("microphones")
    @classmethod
    def _of_two(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        if len(names) == 1 or len(set(names)) < len(names):
            raise ValueError("name two different people, left and right, or nobody")
        return names


class Speech(_Section):
    """How Evensong speaks."""

    engine: Literal["auto", "pyttsx3", "piper"] = Field(
        "auto", description="auto takes piper where evensong[natural] is installed, else pyttsx3 (espeak-ng)."
    )
    voice: str = Field("", description="A voice of the engine (see `evensong doctor`); empty: its calmest English one.")
    rate: float = Field(1.0, ge=0.5, le=2.0, description="Speaking rate; 1.0 is the engine's calm default.")
    volume: float = Field(0.8, ge=0.0, le=1.0, description="Loudness; 1.0 is full.")
    night_volume: float = Field(
        0.7, ge=0.2, le=1.0, description="The share of that loudness in the household's quiet hours; 1.0: as by day."
    )
    night_rate: float = Field(0.9, ge=0.5, le=1.0, description="The share of the rate in the quiet hours.")


class Hearing(_Section):
    """How Evensong listens."""

    model: str = Field("small-en-us", description="A model of models/catalog.toml; see `evensong models list`.")
    patience: float = Field(
        1.0, ge=0.5, le=3.0, description="Stretches every pause it allows before taking an answer as ended."
    )


class Household(_Section):
    """Who lives here."""

    language: str = Field(
        "en",
        pattern="^[a-z]{2}$",
        examples=["en"],
        description="Folder under intents/ and language of the voice.",
    )
    country: str = Field(
        "",
        pattern="^([A-Z]{2})?$",
        examples=["GB"],
        description='Whose help lines are given when somebody asks for help, for example "GB"; empty: none.',
    )
    people: tuple[str, ...] = Field(
        (), max_length=4, description='Names used without asking, for example ["Ana", "Ben"]; empty: it asks.'
    )
    quiet_hours: str = Field(
        "23:00-06:30",
        pattern="^(([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9])?$",
        examples=["23:00-06:30"],
        description="From the first time to the second it speaks softer and slower, and no reminder comes but one that "
        "was set for a time within; empty: none.",
    )


class Memory(_Section):
    """What the journal gives back."""

    alone: Literal["private", "shared"] = Field(
        "private", description="What one person said alone: read aloud only after their passphrase, or to everybody."
    )


class Page(_Section):
    """The page in the browser (`evensong page`, `evensong listen --page`)."""

    host: str = Field(
        "127.0.0.1",
        min_length=1,
        description="The address it is bound to; any other lets your network see what passes, which is not encrypted.",
    )
    port: int = Field(8427, ge=0, le=65535, description="Its port; 0: any that is free.")


class Paths(_Section):
    """Where things are kept; empty means the usual place (`evensong config path` prints it)."""

    journal: str = Field("", description="The journal file.")
    models: str = Field("", description="The folder that holds speech models.")
    rituals: str = Field("", description="A folder with ritual files of your own.")


class Settings(_Section):
    wake: Wake = Wake()
    audio: Audio = Audio()
    speech: Speech = Speech()
    hearing: Hearing = Hearing()
    household: Household = Household()
    memory: Memory = Memory()
    page: Page = Page()
    paths: Paths = Paths()

    @property
    def journal_path(self) -> Path:
        return _chosen(self.paths.journal) or data_home() / "journal.sqlite"

    @property
    def models_path(self) -> Path:
        return _chosen(self.paths.models) or _default_models_path()

    @property
    def own_rituals_path(self) -> Path:
        return _chosen(self.paths.rituals) or data_home() / "rituals"

    @property
    def cache_path(self) -> Path:
        return _home("cache", platformdirs.user_cache_path("evensong"))


def _chosen(text: str) -> Path | None:
    return Path(text).expanduser() if text else None


def _home(part: str, usual: Path) -> Path:
    """Everything lives below $EVENSONG_HOME when it is set (tests, and people who want one folder)."""
    home = os.environ.get("EVENSONG_HOME")
    return Path(home).expanduser() / part if home else usual


def config_path() -> Path:
    return _home("config", platformdirs.user_config_path("evensong")) / "config.toml"


def data_home() -> Path:
    return _home("data", platformdirs.user_data_path("evensong"))


def _checkout() -> Path | None:
    """The repository's root when running from a checkout, else None (installed from a wheel)."""
    root = Path(__file__).resolve().parent.parent
    return root if (root / "intents").is_dir() and (root / "models" / "catalog.toml").is_file() else None


def _default_models_path() -> Path:
    checkout = _checkout()
    return checkout / "models" if checkout else platformdirs.user_data_path("evensong") / "models"


def shipped(name: str) -> Path:
    """A file or folder that travels with Evensong: ``intents`` or ``models/catalog.toml``."""
    checkout = _checkout()
    path = checkout / name if checkout else Path(str(resources.files("assistant"))) / "data" / name
    if not path.exists():
        raise EvensongError(f"{path} is missing from this installation; reinstall evensong.")
    return path


def load(path: Path | None = None) -> Settings:
    """Read the settings from ``path`` (default: the usual place; a missing default file means all defaults).

    Raises ConfigError naming the file, the key or line, and what would be right.
    """
    chosen = path or config_path()
    try:
        text = chosen.read_text(encoding="utf-8")
    except FileNotFoundError:
        if path is not None:
            raise ConfigError(f"{path} does not exist; write it with `evensong config init --file {path}`.") from None
        return Settings()
    except UnicodeDecodeError:
        raise ConfigError(f"{chosen} is not UTF-8 text; save it as that, or remove it.") from None
    except OSError as error:
        raise ConfigError(f"{chosen} cannot be read ({error.strerror}); mend or remove it.") from None
    try:
        return Settings.model_validate(tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{chosen} is not valid TOML: {error}. Mend that line, or remove the file.") from None
    except ValidationError as error:
        raise ConfigError(f"{chosen}: {_first_problem(error)} Mend that line, or remove it.") from None


def _first_problem(error: ValidationError) -> str:
    problem = error.errors()[0]
    key = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        *sections, _ = (str(part) for part in problem["loc"])
        allowed = Settings.model_fields[sections[0]].annotation if sections else Settings
        assert isinstance(allowed, type)
        assert issubclass(allowed, BaseModel)
        return f"there is no setting named {key}; allowed here: {', '.join(allowed.model_fields)}."
    if problem["type"] == "string_pattern_mismatch":
        section, name = (str(part) for part in problem["loc"])
        like = getattr(Settings(), section).__class__.model_fields[name].examples
        return f"{key} = {problem['input']!r} is not right: write it like {like[0]!r}."
    why = problem["msg"].removeprefix("Value error, ").rstrip(".")
    return f"{key} = {problem['input']!r} is not right: {why}."


def as_toml(settings: Settings) -> str:
    """The settings as a documented TOML file that `load` reads back to the same settings."""
    lines = ["# Evensong's settings. Every key is optional; what stands here is in force.", ""]
    for name in type(settings).model_fields:
        section: BaseModel = getattr(settings, name)
        lines += [f"# {(type(section).__doc__ or '').strip()}", f"[{name}]"]
        for key, about in type(section).model_fields.items():
            lines += [f"# {about.description}", f"{key} = {_toml_value(getattr(section, key))}"]
        lines.append("")
    return "\n".join(lines)


def _toml_value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml_value(item) for item in value) + "]"
    return str(value)
