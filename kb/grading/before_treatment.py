"""Results held against the same patients before treatment: better than before is not better than another treatment."""

from __future__ import annotations

BETTER = "better than before treatment"
WORSE = "worse than before treatment"
# What the reason of such a direction says; a test holds these to what the tagger writes.
_WORDS = ("against before treatment, not another one", "than at baseline, not than another treatment")


def against_before(direction_reason: str | None) -> bool:
    """Whether a direction was read against the same patients before treatment, as its reason tells.

    >>> against_before("8 before and 3.9 after treatment, p<0.0001; better than at baseline, not than another treatment")
    True
    >>> against_before("520 against 1128, p<0.05; lower blood loss is better")
    False
    """
    return any(words in (direction_reason or "") for words in _WORDS)
