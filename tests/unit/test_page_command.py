"""`evensong page` where its extra is missing: one sentence that says what to do, and nothing is begun."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.errors import install_command

WITHOUT = """
import sys
sys.modules["{missing}"] = None  # as where it is not installed
sys.argv[1:] = {words!r}
from assistant.cli import main
main()
"""


@pytest.mark.parametrize(
    ("missing", "words"),
    [("uvicorn", ["page"]), ("starlette", ["listen", "--page"]), ("starlette", ["demo", "--page"])],
)
def test_without_its_extra_one_sentence_says_what_to_install(tmp_path: Path, missing: str, words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT.format(missing=missing, words=words)],
        env=os.environ | {"EVENSONG_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr == (
        f"evensong: The page needs starlette and uvicorn; install them with `{install_command('page')}`.\n"
    )
    assert done.stdout == ""
    assert list(tmp_path.iterdir()) == []
