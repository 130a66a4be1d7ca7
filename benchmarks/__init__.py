"""Measurements of Evensong, a module a figure: ``python -m benchmarks NAME [--json FILE]``.

They count CPU seconds per audio second, audio milliseconds, or ratios against a peer in the same run, so that
they mean the same on a busy machine. No test depends on them.
"""
