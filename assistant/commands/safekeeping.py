"""`evensong journal backup`, `restore`, `encrypt` and `decrypt`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from assistant import config
from assistant.audio.writing import why_not_written
from assistant.commands.keep import agreed, check_places, key_file, open_journal, print_line, read_journal
from assistant.errors import EvensongError, UsageError, install_command
from assistant.memory import keys
from assistant.memory.backups import folder_of, restore_checked
from assistant.memory.engine import HAS_CIPHER


def backup(settings: config.Settings, out: Path | None) -> None:
    if out is None:
        with open_journal(settings) as journal:
            made = journal.backups.daily()
        where = folder_of(settings.journal_path)
        print_line(f"Copied to {made}." if made else f"Today's copy is in {where} already.")
        return
    if out.exists():
        raise UsageError(f"{out} exists already; name another file, so that no copy is lost.")
    check_places(out)
    with read_journal(settings) as journal:
        journal.backups.write(out.absolute())
    print_line(f"Copied to {out}, and checked.")


def import_json(settings: config.Settings, file: Path) -> None:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UsageError(
            f"{file} cannot be read as text; name a file of `evensong journal export --format json`."
        ) from None
    with open_journal(settings) as journal:
        added = journal.import_json(text)
    print_line(f"{added} sessions were added; what was here already stays as it was.")


def restore(settings: config.Settings, file: Path, is_meant: Callable[[], bool]) -> None:
    path = settings.journal_path
    if not agreed(is_meant, "changed"):
        print_line("Nothing was changed.")
        sys.exit(1)
    restore_checked(file.absolute(), path, key_file())
    print_line(f"{file} is the journal now.")


def encrypt(settings: config.Settings) -> None:
    if not HAS_CIPHER:
        raise UsageError(f"Encrypting needs SQLCipher; install it with `{install_command('encrypted')}`.")
    path, file, key = settings.journal_path, key_file(), keys.make()
    with open_journal(settings) as journal:
        try:
            keys.write(key, keys.new_file(file))
        except OSError as error:
            raise EvensongError(why_not_written(keys.new_file(file), error)) from None
        journal.encrypt(key)
    where = keys.keep(path, key, file)
    keys.new_file(file).unlink()
    print_line(f"The journal is encrypted. Its key is in {where}; without it nobody can read it, so keep a copy.")


def decrypt(settings: config.Settings) -> None:
    with open_journal(settings) as journal:
        journal.encrypt(None)
    keys.forget(settings.journal_path, key_file())
    print_line("The journal is not encrypted any more.")
