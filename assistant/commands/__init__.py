"""What each command does, a module a group. Argument parsing is in cli*.py; heavy imports are inside functions,
so that `evensong --help` and shell completion answer at once."""
