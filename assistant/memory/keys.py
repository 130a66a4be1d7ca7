"""The key of an encrypted journal: kept by the system's keyring where there is one, else in a file of one's own."""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from assistant.errors import JournalError

KEY_BYTES = 32
SERVICE = "evensong journal"
_PRIVATE = 0o600


def find(journal: Path, file: Path | None) -> list[tuple[str, bytes]]:
    """The keys that may open ``journal``, each with where it is kept: ``file``, the keyring, a new one half put to use.

    Raises JournalError when a file may be read by others, or holds no key.
    """
    found: list[tuple[str, bytes]] = []
    if file is not None and file.exists():
        found.append((str(file), _from_file(file)))
    kept = _from_keyring(journal)
    if kept is not None:
        found.append(("the keyring", _read(kept, "the keyring")))
    if file is not None and new_file(file).exists():
        found.append((str(new_file(file)), _from_file(new_file(file))))
    return found


def new_file(file: Path) -> Path:
    """Where a new key waits until the journal is written with it, so that no power cut leaves it without a key."""
    return file.with_name(file.name + ".new")


def _from_file(file: Path) -> bytes:
    if stat.S_IMODE(file.stat().st_mode) & 0o077:
        raise JournalError(f"Others may read the journal's key {file}; make it private with `chmod 600 {file}`.")
    return _read(file.read_text(encoding="ascii", errors="replace"), str(file))


def make() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def keep(journal: Path, key: bytes, file: Path) -> str:
    """Keep ``key`` in the keyring, or in ``file`` (mode 0600) where there is none; where it is now, in words."""
    if _to_keyring(journal, key.hex()):
        file.unlink(missing_ok=True)
        return "the system's keyring"
    write(key, file)
    return str(file)


def write(key: bytes, file: Path) -> None:
    """``key`` in ``file``, mode 0600, on the disk when this returns. Raises OSError."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _PRIVATE)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(f"{key.hex()}\n")
        out.flush()
        os.fsync(out.fileno())


def forget(journal: Path, file: Path) -> None:
    """Remove the key from wherever it is kept."""
    file.unlink(missing_ok=True)
    try:
        import keyring  # noqa: PLC0415 -- an extra, and slow to import
        from keyring.errors import KeyringError  # noqa: PLC0415
    except ImportError:
        return
    try:
        if keyring.get_password(SERVICE, str(journal)) is not None:
            keyring.delete_password(SERVICE, str(journal))
    except KeyringError:
        return  # there is no keyring, so nothing is in it


def _read(text: str, where: str) -> bytes:
    try:
        key = bytes.fromhex(text.strip())
    except ValueError:
        key = b""
    if len(key) != KEY_BYTES:
        raise JournalError(f"What {where} holds is no key of a journal; put the right one there.")
    return key


def _from_keyring(journal: Path) -> str | None:
    try:
        import keyring  # noqa: PLC0415
        from keyring.errors import KeyringError  # noqa: PLC0415
    except ImportError:
        return None
    try:
        return keyring.get_password(SERVICE, str(journal))
    except KeyringError:
        return None


def _to_keyring(journal: Path, text: str) -> bool:
    try:
        import keyring  # noqa: PLC0415
        from keyring.errors import KeyringError  # noqa: PLC0415
    except ImportError:
        return False
    try:
        keyring.set_password(SERVICE, str(journal), text)
    except KeyringError:
        return False
    return keyring.get_password(SERVICE, str(journal)) == text
