"""``python -m benchmarks NAME``: run one measurement, print it, and write it as JSON where asked."""

from __future__ import annotations

import argparse
import importlib
import json
import sys
from pathlib import Path

from assistant.errors import EvensongError
from benchmarks.setting import SNRS, Options, machine, versions, wall_clock

NAMES = (
    "barge_in",
    "interruptions",
    "latency",
    "listening",
    "meaning",
    "memory",
    "pipeline",
    "reflection",
    "rituals",
    "safety",
    "speech_to_intent",
    "understanding",
    "voices",
    "waiting",
    "wake",
)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--data", type=Path, help="a folder of recordings with labels.json, where the figure takes one")
    parser.add_argument("--noise", type=Path, help="a recording of noise, where the figure takes one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--lot", type=int, default=0, metavar="N", help="rituals: so many; barge_in: so many commands")
    parser.add_argument("--only", nargs="+", default=(), metavar="ID", help="rituals, barge_in: these alone")
    parser.add_argument("--transcripts", type=Path, metavar="DIR", help="rituals: also write each evening's transcript")
    parser.add_argument("--json", type=Path, dest="json_file", help="also write the result to this file")
    parser.add_argument("--snr", nargs="+", default=SNRS, help="signal-to-noise ratios in dB, or clean")
    parser.add_argument("--sentences", type=Path, help="a checkout of Home Assistant's intents, for understanding")
    parser.add_argument("--plot", type=Path, help="draw the figure to this file (SVG), where there is one")
    parser.add_argument("--phrase", nargs="+", default=(), help="wake: the phrase, or several")
    parser.add_argument(
        "--background", nargs="+", type=Path, default=(), help="wake, listening: other talk, folders or recordings"
    )
    parser.add_argument("--hours", type=float, default=0.0, help="wake: with made talk; barge_in: of its own alone")
    parser.add_argument("--parts", type=Path, metavar="DIR", help="wake: keep what each part gave; go on from there")
    parser.add_argument("--calls", type=int, default=150, help="wake: so many made voices, where DIR has no recordings")
    parser.add_argument("--minutes", type=float, default=5.0, help="waiting, listening: so many of each sound")
    parser.add_argument("--no-peers", action="store_true", help="wake: without PocketSphinx and pymicro-wakeword")
    parser.add_argument("--rounds", type=int, default=1, help="barge_in: so many times the commands")
    parser.add_argument(
        "--spoken", type=int, default=0, metavar="N", help="meaning: also N sentences of each kind, spoken"
    )
    arguments = parser.parse_args()
    options = Options(
        data=arguments.data,
        noise=arguments.noise,
        seed=arguments.seed,
        snr=tuple(arguments.snr),
        only=tuple(arguments.only),
        lot=arguments.lot,
        transcripts=arguments.transcripts,
        sentences=arguments.sentences,
        plot=arguments.plot,
        phrases=tuple(" ".join(phrase.lower().split()) for phrase in arguments.phrase),
        background=tuple(arguments.background),
        hours=arguments.hours,
        parts=arguments.parts,
        calls=arguments.calls,
        peers=not arguments.no_peers,
        minutes=arguments.minutes,
        rounds=arguments.rounds,
        spoken=arguments.spoken,
    )
    module = importlib.import_module(f"benchmarks.{arguments.name}")
    elapsed = wall_clock()
    try:
        result = module.run(options)
    except EvensongError as error:
        sys.stderr.write(f"benchmarks: {error}\n")
        return error.exit_code
    result |= {"machine": machine(), "versions": versions(), "seed": options.seed, "seconds": round(elapsed(), 1)}
    text = json.dumps(result, indent=2)
    sys.stdout.write(text + "\n")
    if arguments.json_file:
        arguments.json_file.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
