"""The random-effects model against results that metafor prints, and what must hold for any data.

Data and figures: metadat (data-raw/dat.colditz1994.txt, dat.linde2005.txt) and metafor's own tests
(tests/testthat: test_misc_rma_uni.r, test_analysis_example_viechtbauer2005.r, _viechtbauer2007b.r, _normand1999.r),
which hold metafor to the published articles.
"""

from __future__ import annotations

from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.pooling.random_effects import fit

# BCG vaccine against tuberculosis: cases and others, vaccinated and not.
BCG = (
    (4, 119, 11, 128), (6, 300, 29, 274), (3, 228, 11, 209), (62, 13536, 248, 12619), (33, 5036, 47, 5761),
    (180, 1361, 372, 1079), (8, 2537, 10, 619), (505, 87886, 499, 87892), (29, 7470, 45, 7232),
    (17, 1699, 65, 1600), (186, 50448, 141, 27197), (5, 2493, 3, 2338), (27, 16886, 29, 17825),
)  # fmt: skip
# Hypericum for depression, the 17 trials of Viechtbauer (2007): responders and patients, treated and not.
LINDE = (
    (20, 25, 11, 25), (14, 20, 9, 20), (4, 25, 2, 25), (20, 32, 6, 33), (28, 50, 13, 55), (34, 48, 25, 49),
    (35, 53, 12, 54), (24, 49, 16, 49), (45, 80, 12, 79), (67, 106, 22, 47), (34, 60, 17, 59), (46, 70, 34, 70),
    (55, 123, 57, 124), (23, 37, 15, 35), (26, 98, 19, 102), (46, 113, 56, 116), (98, 186, 80, 189),
)  # fmt: skip
EXAMPLES_2005 = (
    (
        (-0.581, 0.530, 0.771, 1.031, 0.553, 0.295, 0.078, 0.573, -0.176, -0.232),
        (0.023, 0.052, 0.060, 0.115, 0.095, 0.203, 0.200, 0.211, 0.051, 0.040),
        {"dersimonian_laird": (0.277, 80.44), "paule_mandel": (0.192, 74.05)},
    ),
    (
        (0.100, -0.162, -0.090, -0.049, -0.046, -0.010, -0.431, -0.261, 0.134, 0.019, 0.175, 0.056, 0.045, 0.103,
         0.121, -0.482, 0.290, 0.342),
        (0.016, 0.015, 0.050, 0.050, 0.032, 0.052, 0.036, 0.024, 0.034, 0.033, 0.031, 0.034, 0.039, 0.167,
         0.134, 0.096, 0.016, 0.035),
        {"dersimonian_laird": (0.013, 27.53), "paule_mandel": (0.010, 23.72)},
    ),
)  # fmt: skip


def log_risk_ratio(events: int, patients: int, other_events: int, others: int) -> tuple[float, float]:
    effect = log(events / patients) - log(other_events / others)
    return effect, 1 / events - 1 / patients + 1 / other_events - 1 / others


def test_bcg_trials_as_metafor() -> None:
    rows = [log_risk_ratio(a, a + b, c, c + d) for a, b, c, d in BCG]
    # escalc(measure="RR") on the first trial.
    assert rows[0] == pytest.approx((-0.8893, 0.3256), abs=5e-5)
    model = fit([y for y, _ in rows], [v for _, v in rows])
    assert model.q == pytest.approx(152.2330, abs=5e-5)
    assert model.tau2 == pytest.approx(0.3181, abs=5e-5)  # the iterated estimate
    assert model.studies == 13


def test_hypericum_trials_as_metafor_with_prediction_interval() -> None:
    rows = [log_risk_ratio(*row) for row in LINDE]
    model = fit([y for y, _ in rows], [v for _, v in rows], estimator="dersimonian_laird", normal=True)
    found = (model.estimate, model.low, model.high, model.predicted_low, model.predicted_high)
    assert [exp(x) for x in found] == pytest.approx([1.5722, 1.3103, 1.8864, 0.8488, 2.9120], abs=5e-5)
    assert model.q == pytest.approx(51.5454, abs=5e-5)
    assert model.tau2 == pytest.approx(0.0903, abs=5e-5)


@pytest.mark.parametrize("estimator", ["dersimonian_laird", "paule_mandel"])
@pytest.mark.parametrize(("effects", "variances", "expected"), EXAMPLES_2005)
def test_heterogeneity_as_metafor(
    effects: tuple[float, ...],
    variances: tuple[float, ...],
    expected: dict[str, tuple[float, float]],
    estimator: str,
) -> None:
    model = fit(effects, variances, estimator=estimator)  # type: ignore[arg-type]
    tau2, i2 = expected[estimator]
    assert round(model.tau2, 3) == tau2
    assert round(model.i2, 2) == i2


def test_mean_differences_as_metafor() -> None:
    effects = (-20, -2, -55, -71, -4, 1, 11, -10, 7)
    variances = (40.59, 2.05, 15.28, 150.22, 20.19, 1.22, 95.38, 8.03, 20.69)
    model = fit(effects, variances, estimator="dersimonian_laird", normal=True)
    # The variances are printed with two decimals only.
    assert (model.estimate, model.low, model.high) == pytest.approx((-14.10, -24.45, -3.75), abs=0.02)
    assert model.tau2 == pytest.approx(218.72, rel=0.005)


EFFECTS = st.lists(st.tuples(st.floats(-3, 3), st.floats(0.01, 2)), min_size=2, max_size=12)


@given(EFFECTS)
def test_what_holds_for_any_data(rows: list[tuple[float, float]]) -> None:
    effects, variances = [y for y, _ in rows], [v for _, v in rows]
    model = fit(effects, variances)
    assert min(effects) - 1e-6 <= model.estimate <= max(effects) + 1e-6
    assert model.predicted_low <= model.low <= model.estimate <= model.high <= model.predicted_high
    assert (model.tau2 > 0) == (model.q > model.studies - 1)
    assert 0 <= model.i2 < 100
    plain = fit(effects, variances, normal=True)
    assert plain.standard_error <= model.standard_error
    assert plain.estimate == pytest.approx(model.estimate)


@given(EFFECTS, st.floats(-2, 2))
def test_a_shift_of_all_effects_shifts_the_estimate_alone(rows: list[tuple[float, float]], by: float) -> None:
    variances = [v for _, v in rows]
    model = fit([y for y, _ in rows], variances)
    moved = fit([y + by for y, _ in rows], variances)
    assert moved.estimate == pytest.approx(model.estimate + by, abs=1e-4)
    assert moved.tau2 == pytest.approx(model.tau2, abs=1e-4)


@pytest.mark.parametrize(
    ("effects", "variances"), [([1.0], [1.0]), ([1.0, 2.0], [1.0, 0.0]), ([1.0, 2.0], [1.0])]
)
def test_what_is_no_data_is_refused(effects: list[float], variances: list[float]) -> None:
    with pytest.raises(ValueError, match="two studies"):
        fit(effects, variances)
