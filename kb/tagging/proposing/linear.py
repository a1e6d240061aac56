"""Small linear classifiers over named features: weights as JSON, softmax over a few answers, no library needed."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


@dataclass(frozen=True, slots=True)
class LinearModel:
    """`weights` gives each known feature one weight an answer; `bias` is added always."""

    answers: tuple[str, ...]
    bias: tuple[float, ...]
    weights: Mapping[str, tuple[float, ...]]

    def scores(self, features: Iterable[str]) -> list[float]:
        """Return the sum of weights of each answer, in their order; unknown features count for nothing."""
        rows = [self.bias, *(self.weights[feature] for feature in features if feature in self.weights)]
        return [sum(column) for column in zip(*rows, strict=True)]


def softmax(scores: Iterable[float]) -> list[float]:
    """Return scores as probabilities."""
    values = list(scores)
    highest = max(values)
    powers = [math.exp(value - highest) for value in values]
    total = sum(powers)
    return [power / total for power in powers]


@cache
def load_linear(name: str) -> LinearModel | None:
    """Return the model of this name that the product carries, or None where it carries none."""
    file = files("kb.models").joinpath(f"{name}.json")
    if not file.is_file():
        return None
    content = json.loads(file.read_text(encoding="utf-8"))
    return LinearModel(
        tuple(content["answers"]),
        tuple(content["bias"]),
        {feature: tuple(weights) for feature, weights in content["weights"].items()},
    )
