"""What a message says to install goes into the Python that runs Evensong, and comes from where Evensong came."""

from __future__ import annotations

import json
import sys

import pytest

from assistant.errors import install_command


@pytest.mark.parametrize(
    ("origin", "wanted"),
    [
        ({"url": "file:///home/ana/evensong", "dir_info": {"editable": True}}, "-e '/home/ana/evensong[page]'"),
        ({"url": "file:///home/ana/my%20things/evensong", "dir_info": {}}, "'/home/ana/my things/evensong[page]'"),
        ({"url": "file:///tmp/evensong-0.1.0.whl", "archive_info": {}}, "'/tmp/evensong-0.1.0.whl[page]'"),
    ],
)
def test_an_extra_comes_from_where_evensong_came(origin: dict[str, object], wanted: str) -> None:
    assert install_command("page", json.dumps(origin)) == f"{sys.executable} -m pip install {wanted}"


def test_as_it_is_installed_here_it_names_this_python_and_the_extra() -> None:
    said = install_command("plots")
    assert said.startswith(f"{sys.executable} -m pip install ")
    assert said.endswith("[plots]'")
