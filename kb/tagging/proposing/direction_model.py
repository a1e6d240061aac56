"""Whether an outcome rises, falls or stays with one treatment against another, as a given sentence tells it.

`direction_features` says in words what the sentence holds (the nearest word of change and its arm, the two values in
order, p, interval, denial, and the words around); a small linear model weighs them. Without its weights: no answer.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass

from kb.tagging.proposing.direction_text import (
    COMPARATOR,
    INTERVENTION,
    NUMBER,
    OUTCOME,
    MarkedText,
    content_words,
    mark_text,
    word_lists,
)
from kb.tagging.proposing.linear import load_linear, softmax

MODEL = "directions"
_ARMS = (INTERVENTION, COMPARATOR)
_SIGN_OF = {INTERVENTION: 1, COMPARATOR: -1, "?": 0}
_UNITS_OF_TIME = frozenset(
    ["week", "weeks", "month", "months", "year", "years", "days", "hours", "h", "min", "minutes", "patients"]
)
_IMPROVES = re.compile(r"improv|reliev|relief|better|superior|effective|benefi|favo")


def read_direction(
    intervention: str, comparator: str, outcome: str, evidence: str
) -> tuple[str, float] | None:
    """Return "increased", "decreased" or "no_difference" with its probability, or None without the weights."""
    model = load_linear(MODEL)
    if model is None:
        return None
    chances = softmax(model.scores(direction_features(intervention, comparator, outcome, evidence)))
    best = max(range(len(chances)), key=lambda index: chances[index])
    return model.answers[best], round(chances[best], 3)


@dataclass(frozen=True, slots=True)
class _Cue:
    """The word of change nearest to the outcome: its direction, the arm it speaks of, whether it is denied."""

    sign: int
    arm: str
    denied: bool


def direction_features(intervention: str, comparator: str, outcome: str, evidence: str) -> list[str]:
    """Describe a sentence in view of a prompt."""
    text = mark_text(intervention, comparator, outcome, evidence)
    significance, order = _significance(text), arm_order(text)
    cue = _cue(text)
    pair, first_arm = _value_pair(text)
    denied = bool(text.places(*word_lists()["denial"]))
    sure = bool(text.places("significant", "significantly"))
    features = {
        f"order {order}",
        f"p {significance}",
        f"denied {denied}",
        f"denied {denied} p {significance} sure {sure}",
    }
    told = _SIGN_OF[cue.arm] * cue.sign if cue else None
    if cue is None:
        features |= {"cue none", f"cue none {order}"}
    else:
        features |= {
            f"cue {told}",
            f"cue {told} denied {cue.denied}",
            f"cue {told} denied {cue.denied} p {significance}",
            f"cue {told} {order}",
            f"raw {cue.sign} known {told != 0} denied {cue.denied}",
        }
    shown = _SIGN_OF[first_arm] * pair if pair is not None else None
    if pair is not None:
        features |= {
            f"pair {shown}",
            f"pair {shown} p {significance}",
            f"pair {shown} denied {denied}",
            f"rawpair {pair} {order}",
            f"rawpair {pair} {order} p {significance}",
        }
    features |= {f"verdict {told} {shown}", f"verdict {told} {shown} p {significance}"}
    improves = any(_IMPROVES.match(word) for word in text.words)
    features |= {f"improves {improves} raw {cue.sign if cue else None} {told}"}
    for word in content_words(outcome):
        features |= {f"outcome {word}", f"outcome {word} improves {improves}"}
    for place in text.places(*word_lists()["favour"]):
        features.add("favours " + next((w for w in text.words[place:] if w in _ARMS), "?"))
    return sorted(features | _words_around(text))


def arm_order(text: MarkedText) -> str:
    """Which arm is named first: "IC", "CI", "II" or "CC" where only one is named, "--" for none."""
    first, other = text.places(INTERVENTION)[:1], text.places(COMPARATOR)[:1]
    if first and other:
        return "IC" if first < other else "CI"
    return "II" if first else "CC" if other else "--"


def _significance(text: MarkedText) -> str:
    p_marks = {word for word in text.words if word.startswith("P_")}
    if p_marks:
        return (
            {"P_SIG": "yes", "P_NS": "no"}.get(next(iter(p_marks)), "mixed") if len(p_marks) == 1 else "mixed"
        )
    intervals = {word for word in text.words if word.startswith("CI_")}
    if intervals & {"CI_IN", "CI_ONE"}:
        return "interval holds null"
    return "interval beside null" if intervals else "none"


def _cue(text: MarkedText) -> _Cue | None:
    lists, words = word_lists(), text.words
    signs = {word: 1 for name in ("rise", "more") for word in lists[name]}
    signs |= {word: -1 for name in ("fall", "less") for word in lists[name]}
    places = [place for place, word in enumerate(words) if word in signs]
    if not places:
        return None
    outcomes = text.places(OUTCOME)

    def distance(place: int) -> int:
        return min(
            (abs(place - o) + 6 * (";" in words[min(place, o) : max(place, o)]) for o in outcomes), default=0
        )

    place = min(places, key=distance)
    near = [p for p in places if place - 7 <= p < place + 8]
    changes = [signs[words[p]] for p in near if words[p] in lists["rise"] or words[p] in lists["fall"]]
    compared = [signs[words[p]] for p in near if words[p] in lists["more"] or words[p] in lists["less"]]
    # "a greater reduction", "decreased less": the comparative says how much of the change.
    sign = (changes[0] if changes else 1) * (compared[0] if compared else 1)
    denied = any(
        word in ("no", "not", "nor", "neither", "without") for word in words[max(0, place - 6) : place]
    )
    return _Cue(sign, _arm_of(words, place), denied)


def _arm_of(words: tuple[str, ...], place: int) -> str:
    """The arm that a word of change speaks of: the one behind it, unless a "than" leads to that one."""
    ahead = [word for word in words[:place] if word in _ARMS]
    behind = [(p, word) for p, word in enumerate(words) if p > place and word in _ARMS]
    if not behind:
        return ahead[-1] if ahead else "?"
    position, arm = behind[0]
    led = any(word in word_lists()["against"] for word in words[place:position])
    if led or (ahead and len(behind) == 1 and ahead[-1] != arm):
        return COMPARATOR if arm == INTERVENTION else INTERVENTION
    return arm


def _value_pair(text: MarkedText) -> tuple[int | None, str]:
    """The sign of the first minus the second of two values that stand against each other, and whose the first is."""
    outcomes = text.places(OUTCOME)
    values = _values(text, outcomes[0] if outcomes else -1)
    if len(values) < 2:
        values = _values(text, -1)
    if len(values) < 2:
        return None, "?"
    (one, first), (two, second) = values[:2]
    arms = [(place, word) for place, word in enumerate(text.words) if word in _ARMS]
    nearest = [min(((abs(p - place), w) for p, w in arms), default=(0, "?"))[1] for place in (one, two)]
    if nearest[0] != nearest[1]:
        arm = nearest[0]
    else:
        arm = next((w for p, w in arms if p < one), arms[0][1] if arms else "?")
    return (first > second) - (first < second), arm


def _values(text: MarkedText, after: int) -> list[tuple[int, float]]:
    """The numbers behind a place without spreads, denominators, shares in brackets and times."""
    words = (*text.words, "", "")
    kept: list[tuple[int, float]] = []
    for place, value in text.numbers:
        if place <= after:
            continue
        before, behind = words[place - 1] if place else "", words[place + 1]
        beside = before == "(" and bool(kept) and place - kept[-1][0] <= 4
        of_time = behind in _UNITS_OF_TIME and before in ("at", "after", "for", "of", "in")
        if not (before in ("±", "/") or behind == "/" or beside or of_time):
            kept.append((place, value))
    return kept


def _words_around(text: MarkedText) -> set[str]:
    lists = word_lists()
    classes = {w: "RISE" for name in ("rise", "more") for w in lists[name]}
    classes |= {w: "FALL" for name in ("fall", "less") for w in lists[name]}
    classes |= dict.fromkeys(lists["denial"], "DENIED")
    classed = [classes.get(word, word) for word in text.words]
    features = {f"word {word}" for word in text.words}
    features |= {f"two {a} {b}" for a, b in itertools.pairwise(classed)}
    features |= {f"three {a} {b} {c}" for a, b, c in zip(classed, classed[1:], classed[2:], strict=False)}
    outcomes = text.places(OUTCOME)
    near = {p for o in outcomes for p in range(max(0, o - 12), min(len(classed), o + 25))}
    features |= {f"near {classed[p]}" for p in near if classed[p] != NUMBER and _tells(classed[p])}
    marks = [w for w in text.words if w.startswith(("P_", "CI_"))]
    features.add("marks " + " ".join(sorted(set(marks))))
    for o in outcomes[:1] + outcomes[-1:]:
        behind = next((w for w in text.words[o:] if w.startswith(("P_", "CI_"))), "none")
        features.add(f"mark behind {o == outcomes[0]} {behind}")
    return features


def _tells(word: str) -> bool:
    return word in ("RISE", "FALL", "DENIED") or word.startswith(("P_", "CI_", "differ", "signific"))
