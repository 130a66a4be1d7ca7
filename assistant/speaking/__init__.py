"""From text to sound: engines, the worker process, the cache."""
