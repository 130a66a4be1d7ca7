"""The settings: defaults, one file, and messages that name file, key and remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import config
from assistant.errors import ConfigError


def written(folder: Path, text: str) -> Path:
    file = folder / "config.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_what_init_writes_reads_back_as_the_defaults(tmp_path: Path) -> None:
    assert config.load(written(tmp_path, config.as_toml(config.Settings()))) == config.Settings()


def test_every_setting_is_described() -> None:
    text = config.as_toml(config.Settings())
    for section in config.Settings.model_fields:
        fields = type(getattr(config.Settings(), section)).model_fields
        for key, field in fields.items():
            assert field.description, f"{section}.{key} has no description"
            assert f"# {field.description}\n{key} = " in text


def test_odd_text_survives_the_file(tmp_path: Path) -> None:
    settings = config.Settings.model_validate(
        {"audio": {"microphone": 'the "blue" one \\ back'}, "household": {"people": ["Ana", "Zoë"]}}
    )
    assert config.load(written(tmp_path, config.as_toml(settings))) == settings


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("[wake]\nphrase = \n", ["config.toml", "line 2"]),
        ("[wake]\nfrase = 'hi'\n", ["config.toml", "no setting named wake.frase; allowed here: phrase, ", "Mend that"]),
        ("[speech]\nengine = 'robot'\n", ["config.toml", "speech.engine = 'robot'", "piper"]),
        ("[speech]\nrate = 9\n", ["config.toml", "speech.rate = 9", "less than or equal to 2"]),
        ("[household]\ncountry = 'Narnia'\n", ["household.country = 'Narnia' is not right: write it like 'GB'"]),
        ("[household]\nquiet_hours = 'at night'\n", ["household.quiet_hours", "write it like '23:00-06:30'"]),
        ("[household]\npeople = ['a','b','c','d','e']\n", ["config.toml", "household.people", "at most 4"]),
        ("[audio]\nmicrophones = ['Ana']\n", ["config.toml", "audio.microphones", "right: name two different people"]),
    ],
)
def test_a_broken_file_is_one_sentence_with_file_and_key(tmp_path: Path, text: str, names: list[str]) -> None:
    with pytest.raises(ConfigError) as caught:
        config.load(written(tmp_path, text))
    message = str(caught.value)
    assert "\n" not in message
    for name in names:
        assert name in message


def test_a_file_that_was_asked_for_must_be_there(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="config init"):
        config.load(tmp_path / "none.toml")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="is not UTF-8 text"):
        config.load(file)


def test_what_ships_is_found() -> None:
    assert (config.shipped("intents") / "en").is_dir()
    assert config.shipped("models/catalog.toml").is_file()
