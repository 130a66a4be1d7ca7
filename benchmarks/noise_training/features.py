"""What Vosk's network is given for each frame: MFCC as Kaldi makes them, and the i-vector of the voice and the room.

Checked against kaldi-native-fbank: the MFCC differ by less than 0.005 of values around 50. The i-vector is that of
Kaldi's online extractor as Vosk sets it (5 Gaussians a frame, posteriors times 0.1, the prior counted as at least 100
frames), solved exactly instead of by 15 conjugate gradients.
"""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import torch  # type: ignore[import-not-found]

from assistant.events import SAMPLE_RATE_HZ

FRAME_SAMPLES = 400
STEP_SAMPLES = 160
COEFFICIENTS = 40
BLOCK_FRAMES = 20  # Vosk reads sound by fifths of a second, and asks for the i-vector as often

_FFT = 512
_LOW_HZ, _HIGH_HZ = 20.0, 7600.0
_LIFTER = 22.0
_SPLICED = 3
_GAUSSIANS = 5
_LEAST_POSTERIOR = 0.025
_POSTERIOR_SCALE = 0.1
_PRIOR_FRAMES = 100.0
_MEAN_OVER, _MEAN_FROM_ALL = 600, 200  # frames of the running mean, and how many of the training's stand in for it


def _tensor(values: object) -> torch.Tensor:
    return torch.tensor(np.asarray(values, dtype=np.float32))


def _mel_filters() -> torch.Tensor:
    def mel(hz: object) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
        return 1127 * np.log(1 + np.asarray(hz, dtype=np.float64) / 700)

    edges = np.linspace(mel(_LOW_HZ), mel(_HIGH_HZ), COEFFICIENTS + 2)
    places = mel(np.arange(_FFT // 2) * SAMPLE_RATE_HZ / _FFT)
    filters = np.zeros((COEFFICIENTS, _FFT // 2 + 1))
    for row, (left, centre, right) in enumerate(zip(edges, edges[1:], edges[2:], strict=False)):
        rising, falling = (places - left) / (centre - left), (right - places) / (right - centre)
        filters[row, :-1] = np.maximum(0, np.minimum(rising, falling))
    return _tensor(filters)


def _cosines() -> torch.Tensor:
    order, place = np.arange(COEFFICIENTS)[:, None], np.arange(COEFFICIENTS)[None]
    rows = np.sqrt(2 / COEFFICIENTS) * np.cos(np.pi / COEFFICIENTS * (place + 0.5) * order)
    rows[0] = np.sqrt(1 / COEFFICIENTS)
    return _tensor(rows * (1 + _LIFTER / 2 * np.sin(np.pi * order / _LIFTER)))


_MEL, _DCT = _mel_filters(), _cosines()
_WINDOW = _tensor((0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FRAME_SAMPLES) / (FRAME_SAMPLES - 1))) ** 0.85)


def mfcc(sound: torch.Tensor) -> torch.Tensor:
    """``sound`` (..., samples) in steps of 16 bits -> (..., frames, 40)."""
    frames = sound.unfold(-1, FRAME_SAMPLES, STEP_SAMPLES)
    frames = frames - frames.mean(-1, keepdim=True)
    raised = torch.cat([frames[..., :1] * 0.03, frames[..., 1:] - 0.97 * frames[..., :-1]], -1) * _WINDOW
    spectrum = torch.fft.rfft(raised, _FFT)
    power = spectrum.real**2 + spectrum.imag**2
    return torch.log(torch.clamp(power @ _MEL.T, min=float(np.finfo(np.float32).eps))) @ _DCT.T


class IvectorExtractor:
    """The extractor in the folder ivector/ of a Vosk model."""

    def __init__(self, folder: Path) -> None:
        transform, _ = _matrix((folder / "final.mat").read_bytes(), 2)
        self._turn, self._shift = _tensor(transform[:, :-1].T), _tensor(transform[:, -1])
        gaussians = (folder / "final.dubm").read_bytes()
        self._constants = _tensor(_vector(gaussians, gaussians.index(b"<GCONSTS> ") + 10)[0])
        self._means = _tensor(_matrix(gaussians, gaussians.index(b"<MEANS_INVVARS> ") + 16)[0])
        self._precisions = _tensor(_matrix(gaussians, gaussians.index(b"<INV_VARS> ") + 11)[0])
        text = (folder / "global_cmvn.stats").read_text(encoding="ascii")
        sums = [float(value) for value in text.split("[")[1].splitlines()[1].split()]
        self._usual_mean = torch.tensor(sums[:COEFFICIENTS], dtype=torch.float64) / sums[COEFFICIENTS]
        self._read_extractor((folder / "final.ie").read_bytes())

    def _read_extractor(self, content: bytes) -> None:
        place = content.index(b"<M> ") + 4
        (count,) = struct.unpack_from("<xi", content, place)
        place += 5
        loadings = []
        for _ in range(count):
            values, place = _matrix(content, place)
            loadings.append(values)
        place = content.index(b"<SigmaInv> ", place) + 11
        precisions = []
        for _ in range(count):
            values, place = _packed(content, place)
            precisions.append(values)
        (self._offset,) = struct.unpack_from("<xd", content, content.index(b"<IvectorOffset> ", place) + 16)
        stacked = np.stack(loadings)
        weighted = np.einsum("gab,gbk->gak", np.stack(precisions), stacked)
        self.size = stacked.shape[2]
        self._linear = _tensor(weighted.reshape(-1, self.size))
        self._quadratic = _tensor(np.einsum("gak,gal->gkl", stacked, weighted).reshape(count, -1))

    def __call__(self, features: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
        """``features`` (frames, 40), ``weights`` (frames,) 0..1 -> (frames, size): for each frame the i-vector that is
        known at the end of its block of `BLOCK_FRAMES`, less the prior's mean."""
        frames = len(features)
        raw = self._transformed(features)
        normal = self._transformed(features - self._running_mean(features))
        likely = self._constants + normal @ self._means.T - 0.5 * (normal * normal) @ self._precisions.T
        values, chosen = likely.topk(_GAUSSIANS, -1)
        posteriors = torch.softmax(values, -1)
        posteriors = torch.where(posteriors < _LEAST_POSTERIOR, 0.0, posteriors)
        posteriors = posteriors / posteriors.sum(-1, keepdim=True) * _POSTERIOR_SCALE * weights[:, None]
        blocks = -(-frames // BLOCK_FRAMES)
        counts = torch.zeros(blocks * BLOCK_FRAMES, len(self._constants))
        counts[:frames].scatter_(1, chosen, posteriors)
        counts = counts.reshape(blocks, BLOCK_FRAMES, -1)
        padded = torch.cat([raw, torch.zeros(blocks * BLOCK_FRAMES - frames, raw.shape[1])])
        sums = torch.bmm(counts.transpose(1, 2), padded.reshape(blocks, BLOCK_FRAMES, -1)).reshape(blocks, -1)
        gathered = counts.sum(1)
        prior = gathered.sum(1).cumsum(0).clamp(min=_PRIOR_FRAMES) / _PRIOR_FRAMES
        linear = (sums @ self._linear).cumsum(0)
        linear[:, 0] += self._offset * prior
        quadratic = (gathered @ self._quadratic).reshape(blocks, self.size, self.size).cumsum(0)
        quadratic = quadratic + torch.eye(self.size) * prior[:, None, None]
        found = torch.linalg.solve(quadratic, linear)
        found[:, 0] -= self._offset
        return found.repeat_interleave(BLOCK_FRAMES, 0)[:frames]

    def _transformed(self, features: torch.Tensor) -> torch.Tensor:
        places = torch.arange(len(features))[:, None] + torch.arange(-_SPLICED, _SPLICED + 1)[None]
        spliced = features[places.clamp(0, len(features) - 1)].reshape(len(features), -1)
        return spliced @ self._turn + self._shift

    def _running_mean(self, features: torch.Tensor) -> torch.Tensor:
        sums = torch.cumsum(features.double(), 0)
        recent = sums.clone()
        recent[_MEAN_OVER:] -= sums[:-_MEAN_OVER]
        seen = torch.arange(1, len(features) + 1, dtype=torch.float64).clamp(max=_MEAN_OVER)
        lent = (_MEAN_OVER - seen).clamp(max=_MEAN_FROM_ALL)
        return ((recent + lent[:, None] * self._usual_mean) / (seen + lent)[:, None]).float()


def _matrix(content: bytes, place: int) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float64]], int]:
    kind = "<f4" if content[place : place + 1] == b"F" else "<f8"
    rows, columns = struct.unpack_from("<xixi", content, place + 3)
    values = np.frombuffer(content, kind, rows * columns, place + 13)
    return values.reshape(rows, columns).astype(np.float64), place + 13 + values.nbytes


def _vector(content: bytes, place: int) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float64]], int]:
    kind = "<f4" if content[place : place + 1] == b"F" else "<f8"
    (length,) = struct.unpack_from("<xi", content, place + 3)
    values = np.frombuffer(content, kind, length, place + 8)
    return values.astype(np.float64), place + 8 + values.nbytes


def _packed(content: bytes, place: int) -> tuple[np.ndarray[tuple[int, ...], np.dtype[np.float64]], int]:
    """A symmetric matrix, of which the file holds the lower triangle."""
    (rows,) = struct.unpack_from("<xi", content, place + 3)
    values = np.frombuffer(content, "<f8", rows * (rows + 1) // 2, place + 8)
    whole = np.zeros((rows, rows))
    whole[np.tril_indices(rows)] = values
    return whole + np.tril(whole, -1).T, place + 8 + values.nbytes
