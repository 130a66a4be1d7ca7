"""A speaking process for tests: speaks the protocol, and misbehaves on the words it is told to.

python speaking_fake_engine.py LOG: every text is appended to LOG. A text is answered with as many samples as it has
letters. "hang", "crash", "refuse" and "nonsense" in a text do what they say; "once" in it, only in the first process.
"""

import json
import os
import sys
import time
from pathlib import Path


def exactly(count: int) -> bytes:
    got = b""
    while len(got) < count:
        part = os.read(0, count - len(got))
        if not part:
            sys.exit(0)
        got += part
    return got


def send(header: dict, pcm: bytes = b"") -> None:
    encoded = json.dumps({**header, "bytes": len(pcm)}).encode()
    os.write(1, len(encoded).to_bytes(4, "big") + encoded + pcm)


def main() -> None:
    log = Path(sys.argv[1])
    earlier = log.read_text().count("start") if log.exists() else 0
    with log.open("a") as file:
        file.write(f"start {os.getpid()}\n")
    if "broken" in sys.argv:
        send({"failed": "The fake voice is not installed; install it."})
        return
    send({"ready": True})
    while True:
        text = json.loads(exactly(int.from_bytes(exactly(4), "big")))["text"]
        with log.open("a") as file:
            file.write(f"{text}\n")
        if "once" not in text or earlier == 0:
            if "hang" in text:
                time.sleep(60)
            if "crash" in text:
                sys.exit("the fake voice fell over")
            if "refuse" in text:
                send({"failed": "The fake voice will not say this."})
                continue
            if "nonsense" in text:
                os.write(1, b"\xff" * 64)
                continue
        if "slow" in text:
            time.sleep(0.3)
        send({"rate_hz": 16_000}, b"\x01\x02" * len(text))


main()
