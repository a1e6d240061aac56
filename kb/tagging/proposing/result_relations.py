"""Relations in a result sentence: which arm and which outcome each measured value belongs to.

`pair_features` describes an (arm or outcome, value) pair in words; a small linear model weighs them where its
weights are present, else order and nearness alone decide (`relate_by_order`).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.tagging.proposing.linear import LinearModel, load_linear, softmax

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kb.tagging.proposing.trained import TextSpan

Relation = tuple[int, int, str]
ARM_1, ARM_2, OUTCOME = "A1_RES", "A2_RES", "OC_RES"
NONE = "none"
MODEL = "result_relations"
# Nearly every value of a result sentence has an arm and an outcome; only a clear no leaves it without.
_LEAST_ARM, _LEAST_OUTCOME = 0.15, 0.15
_WORDS = re.compile(r"[A-Za-z]+|[;,()\[\]/]|\d")


def relate(text: str, spans: Sequence[TextSpan], model: LinearModel | None = None) -> list[Relation]:
    """Return (head, value, label) by index into `spans`: at most one arm a value, any number of outcomes."""
    model = model or load_linear(MODEL)
    if model is None:
        return relate_by_order(text, spans)
    relations: list[Relation] = []
    values = _indexes(spans, "MEAS")
    chosen: dict[int, list[tuple[int, dict[str, float]]]] = {}
    for value in values:
        arms = [(_answers(model, text, spans, arm, value), arm) for arm in _indexes(spans, "INTV")]
        if arms:
            best, arm = max(arms, key=lambda pair: pair[0][ARM_1] + pair[0][ARM_2])
            if best[ARM_1] + best[ARM_2] > _LEAST_ARM:
                chosen.setdefault(arm, []).append((value, best))
        outcomes = [(_answers(model, text, spans, o, value)[OUTCOME], o) for o in _indexes(spans, "OC")]
        likely = [(chance, o) for chance, o in outcomes if chance > 0.5] or sorted(outcomes)[-1:]
        relations += [(o, value, OUTCOME) for chance, o in likely if chance > _LEAST_OUTCOME]
    for arm, told in chosen.items():  # an arm is the first or the second throughout its sentence
        label = max((ARM_1, ARM_2), key=lambda name: sum(best[name] for _, best in told))
        relations += [(arm, value, label) for value, _ in told]
    return relations


def _answers(
    model: LinearModel, text: str, spans: Sequence[TextSpan], head: int, value: int
) -> dict[str, float]:
    chances = softmax(model.scores(pair_features(text, spans, head, value)))
    return dict(zip(model.answers, chances, strict=True))


def _indexes(spans: Sequence[TextSpan], label: str) -> list[int]:
    return sorted(
        (i for i, span in enumerate(spans) if span.label == label),
        key=lambda i: (spans[i].start, spans[i].end),
    )


def pair_features(text: str, spans: Sequence[TextSpan], head: int, value: int) -> list[str]:
    """Describe how an arm or outcome and a measured value stand to each other in their sentence."""
    one, other = spans[head], spans[value]
    kind = one.label
    heads, values = _indexes(spans, kind), _indexes(spans, "MEAS")
    place, rank = heads.index(head), values.index(value)
    ahead = one.start < other.start
    between = text[one.end : other.start] if ahead else text[other.end : one.start]
    inside = [s for s in spans if min(one.end, other.end) <= s.start and s.end <= max(one.start, other.start)]
    heads_between = sum(s.label == kind for s in inside)
    values_between = sum(s.label == "MEAS" for s in inside)
    before = [h for h in heads if spans[h].start < other.start]
    after = [h for h in heads if spans[h].start > other.start]
    nearest_before = bool(before) and before[-1] == head
    nearest_after = bool(after) and after[0] == head
    side = "ahead" if ahead else "behind"
    group, groups = _value_groups(spans, kind)
    mine = group[value]
    first = spans[min((v for v in values if group[v] == mine), key=lambda v: spans[v].start)]
    leading = [h for h in heads if spans[h].start < first.start]
    leads = bool(leading) and leading[-1] == head
    counts = f"{min(len(heads), 4)}x{min(len(values), 6)}"
    step = f"{min(place, 3)}-{min(rank, 5)}"
    words = [w.lower() for w in _WORDS.findall(between)]
    features = [
        f"{side} {heads_between} {values_between}",
        f"near {nearest_before} {nearest_after}",
        f"near {nearest_before} {nearest_after} {counts}",
        f"order {step} of {counts}",
        f"order {step} {side}",
        f"place {place} first {rank == 0} side {side}",
        f"parity {place % 2 == rank % 2} {side} heads {min(len(heads), 3)}",
        f"parity {place} {rank % 2} of {counts}",
        f"length {side} {min(len(words) // 3, 6)}",
        f"semicolon {';' in between} comma {min(between.count(','), 3)} {side}",
        f"run {heads_between} {values_between} {side} {step}",
        f"all before {not after} all after {not before} {step} {len(heads)}",
    ]
    features += [
        f"leads {leads} {nearest_after}",
        f"leads {leads} {nearest_before} {nearest_after} groups {min(groups, 3)} heads {min(len(heads), 3)}",
        f"group {min(mine, 3)} of {min(groups, 3)} place {min(place, 3)} of {min(len(heads), 3)}",
        f"same place {mine == place} groups {groups == len(heads)}",
    ]
    features += [f"word {side} {word}" for word in set(words)]
    features += [f"next {side} {word}" for word in words[:1]] + [f"last {side} {word}" for word in words[-1:]]
    lead = [w.lower() for w in _WORDS.findall(text[max(0, one.start - 25) : one.start])][-2:]
    features += [f"lead {word} {side} {nearest_before or nearest_after}" for word in lead]
    features += ["respectively " + f"{step} {counts}"] if "respectively" in text.lower() else []
    return [f"{kind} {feature}" for feature in features]


def _value_groups(spans: Sequence[TextSpan], kind: str) -> tuple[dict[int, int], int]:
    """Number the runs of values between which no arm (or outcome) stands; return each value's run and their count."""
    order = sorted(range(len(spans)), key=lambda i: (spans[i].start, spans[i].end))
    group: dict[int, int] = {}
    number, open_run = -1, False
    for index in order:
        if spans[index].label == "MEAS":
            number += not open_run
            open_run = True
            group[index] = number
        elif spans[index].label == kind:
            open_run = False
    return group, number + 1


def relate_by_order(text: str, spans: Sequence[TextSpan]) -> list[Relation]:
    """Give each value the nearest outcome in front of it (else behind) and the arm in step with it, else the nearest."""
    arms, outcomes, values = (_indexes(spans, label) for label in ("INTV", "OC", "MEAS"))
    relations: list[Relation] = []
    for rank, value in enumerate(values):
        position = spans[value].start
        if arms:
            if len(arms) == len(values):
                arm = arms[rank]
            else:
                arm = min(arms, key=lambda a: _gap(spans[a], spans[value]))
            relations.append((arm, value, ARM_1 if arm == arms[0] else ARM_2))
        ahead = [o for o in outcomes if spans[o].start < position]
        if outcomes:
            relations.append((ahead[-1] if ahead else outcomes[0], value, OUTCOME))
    return relations


def _gap(one: TextSpan, other: TextSpan) -> int:
    return max(one.start - other.end, other.start - one.end)
