"""Who understands home commands best when words are misheard: Evensong, hassil, its fuzzy matcher, and plain matchers.

``--sentences CHECKOUT`` takes the test sentences of a checkout of Home Assistant's public repository; without it,
sentences are sampled from the templates of the package home-assistant-intents. Each sentence is asked as it is, with
one and with two simulated recognition errors (mishearing.py); lines of other talk are asked too. ``--plot FILE`` draws
the time that a sentence takes against the number of phrases, as SVG. Last, how long the oddest input takes (odd.py).
"""

from __future__ import annotations

from benchmarks.setting import Options
from benchmarks.understanding.comparison import Result, compare
from benchmarks.understanding.material import load_material
from benchmarks.understanding.odd import measure_odd
from benchmarks.understanding.scaling import measure_scaling, plot


def run(options: Options) -> Result:
    material = load_material(options.sentences, options.seed)
    result = compare(material, options.seed)
    scaling = measure_scaling(material, options.seed)
    if options.plot is not None:
        plot(scaling, options.plot)
    return {**result, "scaling": scaling, "odd_input": measure_odd(options.seed)}
