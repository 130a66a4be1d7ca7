"""Text in, clips out: renders ahead in a process of its own and keeps what it made."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

import numpy as np

from assistant.errors import SpeakingError
from assistant.events import AudioClip
from assistant.speaking.cache import MEMORY_BYTES, DiskCache, Key, MemoryCache
from assistant.speaking.choice import EngineName, choose, voice_identity
from assistant.speaking.process import Worker, WorkerDied, worker_command
from assistant.speaking.wording import speakable

MIN_RATE, MAX_RATE = 0.5, 2.0
TRIES = 2
START_LIMIT_S = 60.0
RENDER_LIMIT_S = 10.0  # for a sentence of up to 100 characters; longer texts get more in proportion

_CLOSE_LIMIT_S = 3.0


class Speaker:
    """Owns the speaking process, one thread that talks to it, and the cache.

    Nothing is started before the first `begin`, `take` or `warm`. All methods may be called from any thread and
    none but `take` and `close` waits.
    """

    def __init__(
        self,
        engine: str = "auto",
        voice: str = "",
        cache_folder: Path | None = None,
        *,
        command: Sequence[str] | None = None,
        start_limit_s: float = START_LIMIT_S,
        render_limit_s: float = RENDER_LIMIT_S,
        memory_bytes: int = MEMORY_BYTES,
    ) -> None:
        """``cache_folder``: where clips begun with ``keep`` survive the program. ``command`` starts another worker.

        Raises SpeakingError when ``engine`` is named but not installed.
        """
        self.engine: EngineName = choose(engine, voice)
        self._voice = voice_identity(self.engine, voice)
        self._command = tuple(command) if command else worker_command(self.engine, voice)
        self._start_limit_s = start_limit_s
        self._render_limit_s = render_limit_s
        self._memory = MemoryCache(memory_bytes)
        self._disk = DiskCache(cache_folder) if cache_folder else None
        self._changed = threading.Condition()
        # Guarded by _changed:
        self._queue: OrderedDict[Key, bool] = OrderedDict()  # -> whether it may be kept on disk
        self._rendering: Key | None = None
        self._failures: dict[Key, str] = {}
        self._on_disk: set[Key] = set()
        self._worker: Worker | None = None
        self._warm = False
        self._closed = False
        self._thread: threading.Thread | None = None

    @property
    def worker_pid(self) -> int | None:
        """The number of the speaking process; None while there is none."""
        with self._changed:
            return self._worker.pid if self._worker else None

    def warm(self) -> None:
        """Have the voice loaded in the background, so that the first sentence need not wait for it."""
        with self._changed:
            self._warm = True
            self._wake()

    def begin(self, text: str, rate: float = 1.0, keep: bool = False) -> None:
        """Have ``text`` rendered after what was begun before it; does nothing when it is made or waiting already.

        ``rate`` is 0.5..2.0 times the calm default. ``keep`` allows the clip on disk: only for wording of our
        own, never for anything that repeats what people said or are called.
        """
        key = self._key(text, rate)
        with self._changed:
            self._failures.pop(key, None)
            keep = keep and self._disk is not None and key not in self._on_disk
            if keep or key not in self._memory:
                self._ask(key, keep)

    def take(self, text: str, rate: float = 1.0, timeout_s: float = 0.0) -> AudioClip | None:
        """The clip of ``text``, rendered before all that is waiting; None when it is not ready after ``timeout_s``.

        Text without words gives an empty clip. Raises SpeakingError when it failed twice; a later `take` tries
        again.
        """
        if not speakable(text):
            return AudioClip(np.zeros(0, np.int16), 22_050, text)
        key = self._key(text, rate)
        ends = time.monotonic() + timeout_s
        self._fetch(key)
        with self._changed:
            while not self._closed:
                clip = self._memory.get(key)
                if clip is not None:
                    return clip
                failure = self._failures.pop(key, None)
                if failure is not None:
                    raise SpeakingError(failure)
                self._ask(key, keep=False, first=True)
                left_s = ends - time.monotonic()
                if left_s <= 0 or not self._changed.wait(left_s):
                    return self._memory.get(key)
        return None

    def _fetch(self, key: Key) -> None:
        """Bring a clip from the disk at once: the thread may be busy with a voice that is still loading."""
        if self._disk is None or key in self._memory:
            return
        clip = self._disk.get(key)
        if clip is not None:
            with self._changed:
                self._memory.put(key, clip)
                self._on_disk.add(key)

    def close(self) -> None:
        """End the speaking process and the thread, whatever they are doing; nothing of them is left. Repeatable."""
        with self._changed:
            self._closed = True
            self._queue.clear()
            if self._worker is not None:
                self._worker.interrupt()
            self._changed.notify_all()
            thread = self._thread
        if thread is not None and thread is not threading.current_thread():
            thread.join(_CLOSE_LIMIT_S)

    def __enter__(self) -> Speaker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _key(self, text: str, rate: float) -> Key:
        return Key(text, round(min(MAX_RATE, max(MIN_RATE, rate)), 2), self._voice)

    def _ask(self, key: Key, keep: bool, first: bool = False) -> None:
        """Put ``key`` into the queue; the caller holds the lock."""
        if key != self._rendering or keep:
            self._queue[key] = keep or self._queue.get(key, False)
            if first:
                self._queue.move_to_end(key, last=False)
        self._wake()

    def _wake(self) -> None:
        if self._thread is None and not self._closed:
            # A daemon, so that a program that forgets to close does not hang at its end.
            self._thread = threading.Thread(target=self._run, name="speaking", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    # --- what follows runs in the speaking thread -----------------------------------------------------

    def _run(self) -> None:
        try:
            while self._one():
                pass
        finally:
            with self._changed:
                self._closed = True
                self._changed.notify_all()
            self._end_worker()

    def _one(self) -> bool:
        """Make the next clip; False when closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._queue or (self._warm and self._worker is None))
            if self._closed:
                return False
            self._warm = False
            key, keep = self._queue.popitem(last=False) if self._queue else (None, False)
            self._rendering = key
            clip = self._memory.get(key) if key else None
        failure = ""
        try:
            if key is None:
                self._started_worker()
            else:
                clip = self._made(key, clip, keep)
        except SpeakingError as error:
            failure = str(error)
        with self._changed:
            self._rendering = None
            if key is not None and clip is not None:
                self._memory.put(key, clip)
            elif key is not None and not self._closed:
                self._failures[key] = failure
            self._changed.notify_all()
            return not self._closed

    def _made(self, key: Key, clip: AudioClip | None, keep: bool) -> AudioClip:
        """The clip from memory, disk or the worker; put on disk when it may be."""
        found = self._disk.get(key) if self._disk and clip is None else None
        clip = clip or found or self._rendered(key)
        if self._disk and keep and found is None:
            self._disk.put(key, clip)
        if keep or found is not None:
            with self._changed:
                self._on_disk.add(key)
        return clip

    def _rendered(self, key: Key) -> AudioClip:
        limit_s = self._render_limit_s * max(1.0, len(key.text) / 100)
        reason = ""
        for _ in range(TRIES):
            worker = self._started_worker()
            try:
                return worker.render(key.text, key.rate, self._start_limit_s, limit_s)
            except WorkerDied as error:
                reason = str(error)
                self._end_worker()
            except SpeakingError:
                if not worker.ready:
                    self._end_worker()
                raise
        raise SpeakingError(
            f"Speech failed twice with the engine {self.engine} ({reason}); "
            "see `evensong doctor`, or set another speech.engine."
        )

    def _started_worker(self) -> Worker:
        with self._changed:
            if self._closed:
                raise SpeakingError("Evensong has stopped speaking because it is being closed.")
            if self._worker is None:
                self._worker = Worker(self._command)
            return self._worker

    def _end_worker(self) -> None:
        with self._changed:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.kill()
