"""Adapt the acoustic model to noise: the installed model in, a copy of its folder with new weights out.

A learner begins as the model itself and hears the same speech in noise, in the place of which the model hears it
without. It learns to give the values that the model gives, on frames where something is said; where nothing is, it
learns to stay as it was, for a model that knows noise to be silence loses the quiet ends of words. What is written is
the running mean of its weights: one step makes it better and the next worse, their mean is better than both.
"""

from __future__ import annotations

import argparse
import shutil
from collections import deque
from pathlib import Path

import numpy as np
import torch  # type: ignore[import-not-found]
from torch.nn import functional  # type: ignore[import-not-found]

from assistant.events import SAMPLE_RATE_HZ
from assistant.models.learned import written
from benchmarks.noise_training.acoustic_model import load_acoustic_model
from benchmarks.noise_training.degrading import Corpus, load_corpus
from benchmarks.noise_training.features import FRAME_SAMPLES, STEP_SAMPLES, IvectorExtractor, mfcc
from benchmarks.noise_training.network import Network

STRETCH_SAMPLES = round(4.2 * SAMPLE_RATE_HZ)
AT_ONCE = 16
SHARPENED = 3.0  # this model's values lie close together: sharpened, only the likely states count
SILENT_STATES = (0, 42, 249)  # what the model gives in quiet, of its 2,192
_SILENCE = 1e-3  # of the loudest frame's energy
_WARM_UP = 15
_LONGEST_STEP = 5.0
_AGAIN = 12  # stretches made lately are learned from again at every second step: making them takes as long as learning
_MEAN_FROM = 40
_MEAN_SHARE = 0.03  # of each step in the mean


class Lesson:
    """What the teacher and the learner hear, and what the learner should say."""

    def __init__(self, teacher: Network, extractor: IvectorExtractor, corpus: Corpus) -> None:
        self._teacher, self._extractor, self._corpus = teacher, extractor, corpus

    @torch.no_grad()  # type: ignore[untyped-decorator,unused-ignore]
    def __call__(self, rng: np.random.Generator) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Features, i-vectors and the values to learn, each with `AT_ONCE` rows."""
        pairs = [self._corpus.degraded(rng, STRETCH_SAMPLES) for _ in range(AT_ONCE)]
        clean = torch.tensor(np.stack([pair.clean for pair in pairs]).astype(np.float32))
        noisy = torch.tensor(np.stack([pair.noisy for pair in pairs]).astype(np.float32))
        energy = clean.unfold(-1, FRAME_SAMPLES, STEP_SAMPLES).pow(2).mean(-1)
        spoken = (energy > energy.amax(-1, keepdim=True) * _SILENCE).float().clamp(min=_SILENCE)
        heard = self._heard(noisy, spoken)
        said = self._teacher(*self._heard(clean, spoken))
        silent = torch.isin(said.argmax(-1), torch.tensor(SILENT_STATES))
        return *heard, torch.where(silent[..., None], self._teacher(*heard), said)

    def _heard(self, sounds: torch.Tensor, spoken: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        features = mfcc(sounds)
        rows = [self._extractor(row, weights) for row, weights in zip(features, spoken, strict=True)]
        return features, torch.stack(rows)


def difference(found: torch.Tensor, wanted: torch.Tensor) -> torch.Tensor:
    """Kullback-Leibler divergence of the sharpened values, and the squares of what is off beside their mean."""
    apart = functional.log_softmax(SHARPENED * wanted, -1) - functional.log_softmax(SHARPENED * found, -1)
    divergence = (functional.softmax(SHARPENED * wanted, -1) * apart).sum(-1).mean()
    off = found - wanted
    return divergence + (off - off.mean(-1, keepdim=True)).pow(2).mean()


def learn(learner: Network, lesson: Lesson, steps: int, rate: float, seed: int) -> None:
    """Change the weights of ``learner`` to the mean of what they go through; ``rate`` is the largest, falling to a
    twentieth by half a cosine."""
    rng = np.random.default_rng(seed)
    weights = [values.requires_grad_() for values in learner.weights.values()]
    optimiser = torch.optim.Adam(weights, lr=rate, betas=(0.9, 0.98))
    lately: deque[tuple[torch.Tensor, torch.Tensor, torch.Tensor]] = deque(maxlen=_AGAIN)
    mean: list[torch.Tensor] = []
    for step in range(steps):
        falling = 0.05 + 0.95 * 0.5 * (1 + np.cos(np.pi * step / steps))
        for group in optimiser.param_groups:
            group["lr"] = rate * falling * min(1.0, (step + 1) / _WARM_UP)
        if step % 2 == 0 or len(lately) < _AGAIN:
            lately.append(lesson(rng))
            features, ivectors, wanted = lately[-1]
        else:
            features, ivectors, wanted = lately[int(rng.integers(len(lately)))]
        with torch.autocast("cpu", dtype=torch.bfloat16):
            found = learner(features, ivectors)
        loss = difference(found.float(), wanted)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, _LONGEST_STEP)
        optimiser.step()
        now = [values.detach() for values in weights]
        if step == min(_MEAN_FROM, steps - 1):
            mean = [values.clone() for values in now]
        for kept, values in zip(mean, now, strict=False):
            kept.lerp_(values, _MEAN_SHARE)
        if step % 10 == 0:
            print(f"step {step}: {loss.item():.4f}", flush=True)
    with torch.no_grad():
        for values, kept in zip(weights, mean, strict=True):
            values.copy_(kept)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.noise_training", description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="the folder of an installed Vosk model")
    parser.add_argument("--speech", type=Path, action="append", required=True, help="a folder of recordings of people")
    parser.add_argument("--noise", type=Path, action="append", required=True, help="a folder of recordings of noise")
    parser.add_argument("--out", type=Path, required=True, help="the new model's folder; must not be there yet")
    parser.add_argument(
        "--difference", type=Path, help="write there what changed, to be given out with Evensong (.npz)"
    )
    parser.add_argument("--steps", type=int, default=300, help=f"of {AT_ONCE} stretches each")
    parser.add_argument("--rate", type=float, default=1.5e-4)
    parser.add_argument("--share", type=float, default=1.0, help="of what was learned; the rest stays as it was")
    parser.add_argument("--louder", type=float, default=1.0, help="factor of all values that the network gives")
    parser.add_argument("--less-silence", type=float, default=0.0, help="taken off the values of silence")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    torch.manual_seed(given.seed)
    torch.set_num_threads(1)
    model = load_acoustic_model(given.model / "am" / "final.mdl")
    teacher, learner = Network(model), Network(model)
    lesson = Lesson(teacher, IvectorExtractor(given.model / "ivector"), load_corpus(given.speech, given.noise))
    learn(learner, lesson, given.steps, given.rate, given.seed)
    before, after = teacher.values(), learner.values()
    changed = {name: values + np.float32(given.share) * (after[name] - values) for name, values in before.items()}
    for token in ("LinearParams", "BiasParams"):
        changed["output.affine", token] = changed["output.affine", token] * np.float32(given.louder)
    changed["output.affine", "BiasParams"][list(SILENT_STATES)] -= np.float32(given.less_silence)
    shutil.copytree(given.model, given.out)
    model.written(changed, given.out / "am" / "final.mdl")
    if given.difference:
        apart = {name: values - before[name] for name, values in changed.items()}
        written(
            given.difference,
            [(model.places[name], values.reshape(-1, values.shape[-1])) for name, values in apart.items()],
        )
    print(f"written to {given.out}")


if __name__ == "__main__":
    main()
