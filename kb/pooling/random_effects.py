"""A random-effects model over the results of several studies (statsmodels), with heterogeneity and prediction.

References
----------
Between-study variance: Paule and Mandel, as `statsmodels.stats.meta_analysis.combine_effects` finds it.
Interval: Hartung and Knapp with the t distribution, never narrower than the plain standard error gives (the
modification that PMC4647507 recommends for few studies). Prediction interval: the same t distribution over
between-study variance and standard error together. I2 follows metafor: the share of the between-study variance
in the total at the typical sampling variance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Any, Literal

from numpy import asarray, errstate
from scipy.stats import norm, t
from statsmodels.stats.meta_analysis import combine_effects

METHOD = (
    "random-effects model (Paule-Mandel between-study variance; interval by Hartung and Knapp, never narrower"
    " than the plain one)"
)
# The library's iteration falls back to 0 where rounding takes it past the solution; a wider tolerance then stops before.
_TOLERANCES = (1e-9, 1e-7, 1e-5, 1e-3)


@dataclass(frozen=True, slots=True)
class Model:
    """A fitted model on the scale of its effects. `i2` is a percentage."""

    studies: int
    estimate: float
    standard_error: float
    low: float
    high: float
    predicted_low: float
    predicted_high: float
    tau2: float
    i2: float
    q: float


def fit(
    effects: Sequence[float],
    variances: Sequence[float],
    *,
    estimator: Literal["paule_mandel", "dersimonian_laird"] = "paule_mandel",
    normal: bool = False,
) -> Model:
    """Fit a random-effects model to effects with known sampling variances.

    Parameters
    ----------
    normal
        Plain standard error and normal quantiles instead of Hartung and Knapp's: what metafor gives unasked.

    Raises
    ------
    ValueError
        Fewer than two studies, or a variance that is not positive.
    """
    if len(effects) < 2 or len(effects) != len(variances) or min(variances) <= 0:
        raise ValueError("a model needs two studies at least, each with a positive variance")
    # The library divides by Q for figures that are not used here; Q is 0, or next to it, where effects are equal.
    with errstate(all="ignore"):
        tau2, q = _between(asarray(effects, float), asarray(variances, float), estimator)
    weights = [1 / (variance + tau2) for variance in variances]
    estimate = sum(w * y for w, y in zip(weights, effects, strict=True)) / sum(weights)
    plain = sqrt(1 / sum(weights))
    spread = sum(w * (y - estimate) ** 2 for w, y in zip(weights, effects, strict=True))
    degrees = len(effects) - 1
    error = plain if normal else max(plain, plain * sqrt(spread / degrees))
    quantile = float(norm.ppf(0.975) if normal else t.ppf(0.975, degrees))
    predicted = quantile * sqrt(tau2 + error**2)
    return Model(
        studies=len(effects),
        estimate=estimate,
        standard_error=error,
        low=estimate - quantile * error,
        high=estimate + quantile * error,
        predicted_low=estimate - predicted,
        predicted_high=estimate + predicted,
        tau2=tau2,
        i2=_i2(tau2, variances),
        q=q,
    )


def _between(effects: Any, variances: Any, estimator: str) -> tuple[float, float]:
    """Between-study variance and Cochran's Q."""
    if estimator == "dersimonian_laird":
        fitted = combine_effects(effects, variances, method_re="chi2")
        return max(0.0, float(fitted.tau2)), float(fitted.q)
    for tolerance in _TOLERANCES:
        fitted = combine_effects(effects, variances, method_re="iterated", maxiter=500, atol=tolerance)
        if fitted.tau2 > 0 or fitted.q <= len(effects) - 1:
            break
    return float(fitted.tau2), float(fitted.q)


def _i2(tau2: float, variances: Sequence[float]) -> float:
    weights = [1 / variance for variance in variances]
    total = sum(weights)
    typical = (len(variances) - 1) * total / (total**2 - sum(weight**2 for weight in weights))
    return 100 * tau2 / (tau2 + typical)
