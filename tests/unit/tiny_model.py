"""A tiny archive in the shape of a real speech model, a catalogue that lists it, and a source that hands it out."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

from assistant.models import Catalog, Model, ModelStore, Progress

STOCK = "--beam=10.0\n--endpoint.silence-phones=1:2:3\n--endpoint.rule2.min-trailing-silence=0.5\n"
FILES = {
    "am/final.mdl": b"acoustics" * 1000,
    "conf/model.conf": STOCK.encode(),
    "conf/mfcc.conf": b"--num-ceps=40\n",
    "graph/Gr.fst": b"words",
}
OTHER_SHA256 = "0" * 64


def zipped(files: Mapping[str, bytes], folder: str = "pack/model") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("pack/__init__.py", "raise SystemExit('code of the archive was run')")
        for name, content in files.items():
            archive.writestr(f"{folder}/{name}", content)
    return target.getvalue()


GOOD = zipped(FILES)


def catalog(sha256: str | None = hashlib.sha256(GOOD).hexdigest(), unpacked_mb: float = 0.1) -> Catalog:
    tiny = {
        "title": "Tiny",
        "languages": ["en-US"],
        "licence": "Apache-2.0",
        "about": "For tests.",
        "source": {"kind": "address", "url": "https://models.example/tiny.zip"},
        "sha256": sha256,
        "folder": "pack/model",
        "download_mb": 0.1,
        "unpacked_mb": unpacked_mb,
        "decoder": {"beam": 13.0, "max-active": 7000},
    }
    return Catalog.model_validate(
        {"decoder": {"endpoint.rule2.min-trailing-silence": 1.5}, "features": {"dither": 0}, "models": {"tiny": tiny}}
    )


class Source:
    """Hands out one archive, counting how often it is asked."""

    def __init__(self, content: bytes = GOOD) -> None:
        self.content = content
        self.asked = 0

    def __call__(self, model: Model, sha256: str, into: Path, progress: Progress) -> Path:
        self.asked += 1
        progress(len(self.content), len(self.content))
        (into / "archive.zip").write_bytes(self.content)
        return into / "archive.zip"


def leftovers(store: ModelStore) -> list[str]:
    return sorted(path.name for path in store.folder.iterdir() if path.name not in {"tiny", ".lock"})
