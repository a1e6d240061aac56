"""Training of the linear models: (features, answer) in, weights out. Softmax regression with a ridge, no chance in it."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from kb.tagging.proposing.linear import LinearModel

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

_STEPS = 400
_MOMENTUM = 0.9

TrainingExample = tuple["Sequence[str]", str]


def train_linear(
    examples: Sequence[TrainingExample], answers: tuple[str, ...], *, ridge: float, least_count: int = 2
) -> LinearModel:
    """Fit a model by accelerated gradient descent; features seen less than `least_count` times are left out."""
    counts = Counter(feature for features, _ in examples for feature in set(features))
    known = sorted(feature for feature, count in counts.items() if count >= least_count)
    index = {feature: place for place, feature in enumerate(known)}
    inputs = np.zeros((len(examples), len(index) + 1), dtype=np.float32)
    inputs[:, -1] = 1
    for row, (features, _) in enumerate(examples):
        inputs[row, [index[feature] for feature in set(features) if feature in index]] = 1
    wanted = np.eye(len(answers), dtype=np.float32)[[answers.index(answer) for _, answer in examples]]
    weights = _descend(inputs, wanted, ridge)
    rounded = {feature: tuple(round(float(w), 4) for w in weights[place]) for feature, place in index.items()}
    return LinearModel(answers, tuple(round(float(w), 4) for w in weights[-1]), rounded)


def _descend(inputs: NDArray[np.float32], wanted: NDArray[np.float32], ridge: float) -> NDArray[np.float32]:
    weights = np.zeros((inputs.shape[1], wanted.shape[1]), dtype=np.float32)
    speed = np.zeros_like(weights)
    rate = 2 / (0.25 * float(np.linalg.norm(inputs, 2)) ** 2 + ridge)
    for _ in range(_STEPS):
        ahead = weights + _MOMENTUM * speed
        chances = inputs @ ahead
        chances = np.exp(chances - chances.max(axis=1, keepdims=True))
        chances /= chances.sum(axis=1, keepdims=True)
        slope = inputs.T @ (chances - wanted) + ridge * ahead
        speed = _MOMENTUM * speed - rate * slope
        weights = weights + speed
    return weights


def save_linear(model: LinearModel, path: Path) -> None:
    """Write a model as JSON, small weights left out."""
    kept = {f: list(w) for f, w in sorted(model.weights.items()) if max(map(abs, w)) >= 0.01}
    content = {"answers": model.answers, "bias": model.bias, "weights": kept}
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
