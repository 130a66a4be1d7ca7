"""What all commands share: which settings are in force, and the option --json."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from assistant import config

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")]


def settings(ctx: typer.Context) -> config.Settings:
    return config.load(ctx.find_root().params.get("config_file"))


def settings_file(ctx: typer.Context) -> Path:
    return ctx.find_root().params.get("config_file") or config.config_path()
