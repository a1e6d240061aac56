"""Arm sizes: groups that a text writes with their own number, "the SBRT group (n = 114)"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from kb.evidence import Arm
from kb.tagging.number_words import WHOLE_NUMBER, whole_number

if TYPE_CHECKING:
    from kb.tagging.article import Article

_NUMBER = rf"(?P<number>{WHOLE_NUMBER})"
_ARM = re.compile(
    rf"(?P<label>[A-Za-z][\w /+-]{{1,50}}?)\s*(?:group|arm|cohort)?\s*[\(\[,]\s*[Nn]\s*=\s*{_NUMBER}\s*(?:patients)?\s*[\)\],;]"
)
_N_EQUALS_SIGN = re.compile(r"\b[Nn]\s*=")
_LEADING = re.compile(
    r"^(?:.*\b(?:to|either|and|or|with|receive|received|the|of|into|in|by|versus|vs|group|were|between|underwent|undergo|a|an)\s+)(?=\S)",
    re.IGNORECASE,
)


def read_arms(article: Article) -> tuple[Arm, ...]:
    """Groups written with their own number, "the SBRT group (n = 114)", where at least two stand in one sentence."""
    for sentence in article.in_zones("title", "aim", "methods", "results", "mixed"):
        if not _N_EQUALS_SIGN.search(sentence.text):
            continue
        arms = []
        for match in _ARM.finditer(sentence.text):
            label = _LEADING.sub("", match.group("label")).strip(" -/")
            number = whole_number(match.group("number"))
            treated = any(
                match.start() <= n.start and n.end <= match.end() for n in sentence.of_kind("intervention")
            )
            if (
                number
                and label
                and (treated or re.search(r"\b(?:group|arm|cohort|control)", match.group(), re.IGNORECASE))
            ):
                arms.append(Arm(label, number))
        if len(arms) >= 2:
            return tuple(arms)
    return ()
