"""``python -m assistant`` is `evensong`."""

from assistant.cli import main

main()
