"""The catalogue names every model in full, and a broken one says where."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import config
from assistant.errors import ModelError
from assistant.models import Catalog, load_catalog
from assistant.models.catalog import AddressSource

MODEL = """
[models.tiny]
title = "Tiny"
languages = ["en-US"]
licence = "Apache-2.0"
about = "For tests."
source = { kind = "package", requirement = "tiny==1.0" }
folder = "tiny/model"
download_mb = 1
unpacked_mb = 2
"""


@pytest.fixture(scope="module")
def shipped() -> Catalog:
    return load_catalog(config.shipped("models/catalog.toml"))


def test_the_model_that_evensong_uses_is_listed_with_its_hash(shipped: Catalog) -> None:
    name = config.Settings().hearing.model
    assert shipped.model(name).sha256
    assert shipped.model(name).languages == ("en-US",)


def test_every_model_states_licence_languages_and_sizes(shipped: Catalog) -> None:
    for model in shipped.models.values():
        assert model.licence in {"Apache-2.0", "MIT"}
        assert model.languages
        # Of a network's package only its weights are kept.
        assert model.unpacked_mb > model.download_mb or model.kind != "recogniser"


def test_larger_models_come_from_their_official_addresses(shipped: Catalog) -> None:
    addresses = [model.source.url for model in shipped.models.values() if isinstance(model.source, AddressSource)]
    assert len(addresses) >= 4
    assert all(address.startswith("https://alphacephei.com/vosk/models/") for address in addresses)


def test_a_models_own_decoder_settings_come_before_those_of_all(shipped: Catalog) -> None:
    settings = shipped.tuning("small-en-us")["conf/model.conf"]
    assert (settings["beam"], settings["lattice-beam"], settings["max-active"]) == (13.0, 6.0, 3000)
    assert settings["endpoint.rule2.min-trailing-silence"] >= 1.0
    own = Catalog.model_validate({**shipped.model_dump(), "decoder": {"beam": 5}})
    assert own.tuning("small-en-us")["conf/model.conf"]["beam"] == 13.0


def test_the_same_sound_gives_the_same_features(shipped: Catalog) -> None:
    assert shipped.tuning("small-en-us")["conf/mfcc.conf"] == {"dither": 0}


def test_an_unknown_name_is_answered_with_the_known_ones(shipped: Catalog) -> None:
    with pytest.raises(ModelError, match=r"no model named 'tiny'.*small-en-us"):
        shipped.model("tiny")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (MODEL + "[[", "not valid TOML"),
        (MODEL.replace("licence", "lizenz"), "models.tiny.licence"),
        (MODEL + 'sha256 = "abc"', "models.tiny.sha256"),
        (MODEL.replace("tiny/model", "../model"), "models.tiny.folder"),
        (MODEL.replace("tiny/model", "/model"), "models.tiny.folder"),
        (MODEL.replace("tiny==1.0", "tiny==1.0 --index-url=http://else.where"), "requirement"),
        (MODEL.replace('"package", requirement = "tiny==1.0"', '"address", url = "http://plain.example/x.zip"'), "url"),
        (MODEL.replace("[models.tiny]", '[models."../tiny"]'), "models"),
        (MODEL + "[models.tiny.decoder]\n'beam=1\\n--other' = 2", "models.tiny.decoder"),
    ],
)
def test_a_broken_catalogue_says_where(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "catalog.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ModelError, match=says) as raised:
        load_catalog(path)
    assert str(path) in str(raised.value)


def test_a_missing_catalogue_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="reinstall evensong"):
        load_catalog(tmp_path / "none.toml")
