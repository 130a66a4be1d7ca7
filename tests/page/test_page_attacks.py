"""The real server under attack: it refuses, says so without a word of what was sent, and goes on serving."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from browsing import Served, home

SECRET = b"marigold"
FLOOD = 500

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def connect(alone: Served) -> socket.socket:
    parts = urlsplit(alone.url)
    return socket.create_connection((parts.hostname, parts.port), timeout=10)


def asked(alone: Served, head: bytes, body: bytes = b"") -> bytes:
    """The first line of what it answers to these bytes; b"" when it hangs up."""
    with connect(alone) as connection:
        try:
            connection.sendall(head + body)
            return connection.recv(200).split(b"\r\n")[0]
        except (BrokenPipeError, ConnectionResetError):
            return b""


def is_well(alone: Served) -> bool:
    with urllib.request.urlopen(f"{alone.url}api/journal", timeout=20) as answer:
        return answer.status == 200


def test_five_hundred_open_streams_leave_room_for_the_household(alone: Served) -> None:
    parts = urlsplit(alone.url)
    request = f"GET {parts.path}api/live HTTP/1.1\r\nHost: {parts.netloc}\r\n\r\n".encode()
    streams = []
    for _ in range(FLOOD):
        stream = connect(alone)
        stream.sendall(request)
        streams.append(stream)
    began_s = time.monotonic()
    assert is_well(alone)
    assert time.monotonic() - began_s < 10
    answers = [stream.recv(20).split(b" ")[1] for stream in streams]
    assert answers.count(b"200") <= 8
    assert answers.count(b"503") >= FLOOD - 8
    for stream in streams:
        stream.close()
    assert is_well(alone)


def test_what_is_no_request_is_refused(alone: Served) -> None:
    parts = urlsplit(alone.url)
    host = f"Host: {parts.netloc}\r\n".encode()
    path = parts.path.encode()
    origin = f"Origin: http://{parts.netloc}\r\n".encode()
    for head in (
        b"GET /" + SECRET + b"/ HTTP/1.1\r\n" + host + b"\r\n",
        b"GET " + path + b" HTTP/1.1\r\nHost: " + SECRET + b".example\r\n\r\n",
        b"GET " + path + b"../../etc/passwd HTTP/1.1\r\n" + host + b"\r\n",
        b"GET " + path + b" HTTP/1.1\r\n" + host + b"X: " + SECRET * 20_000 + b"\r\n\r\n",
        b"POST " + path + b"api/match HTTP/1.1\r\n" + host + b"Origin: http://evil.example\r\n\r\n",
        b"POST " + path + b"api/match HTTP/1.1\r\n" + host + origin + b"Content-Length: 10000000\r\n\r\n",
        SECRET + b"\r\n\r\n",
    ):
        line = asked(alone, head)
        assert line == b"" or line.split(b" ")[1] in (b"400", b"403", b"404", b"413", b"431"), (head[:80], line)
    chunked = b"POST " + path + b"api/match HTTP/1.1\r\n" + host + origin + b"Transfer-Encoding: chunked\r\n\r\n"
    assert asked(alone, chunked, b"100000\r\n" + b"x" * 0x100000 + b"\r\n0\r\n\r\n").split(b" ")[1:2] in ([b"413"], [])
    assert is_well(alone)
    assert SECRET.decode() not in alone.told
    assert parts.path.strip("/") not in alone.told
    assert "refused" in alone.told


def test_a_second_page_at_the_same_place_says_so_in_one_sentence(alone: Served, tmp_path: Path) -> None:
    port = urlsplit(alone.url).port
    (home(tmp_path, weeks=0) / "config" / "config.toml").write_text(f"[page]\nport = {port}\n")
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "page"],
        env=os.environ | {"EVENSONG_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.startswith(f"evensong: The page cannot be at 127.0.0.1, port {port} (")
    assert len(done.stderr.splitlines()) == 1
