"""Templates and the lists that they name, as models: what may be said for a slot, and what it means."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

Template = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class RangeValues(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    first: int = Field(alias="from")
    last: int = Field(alias="to")
    step: int = Field(1, ge=1)


class ListValue(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)
    said: Template = Field(alias="in")
    value: str | int | float | bool = Field(alias="out")


class SlotList(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    values: tuple[str | ListValue, ...] = ()
    range: RangeValues | None = None
    wildcard: bool = False  # any words, at least one
    mark: Literal["when", "day", "ritual"] | None = None  # what reads the words in this place
