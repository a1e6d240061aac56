"""Two arms told at once: the sentences whose one pattern holds both counts and both names.

"(19 TES, 19 SABR)", "96 and 213 patients had A and B, respectively", "70 underwent surgery and 50 radiotherapy".
"""

from __future__ import annotations

import re

from kb.tagging.numbers.number_words import FIGURES_PATTERN, WHOLE_NUMBER

PEOPLE = (
    r"(?:patients?|participants?|subjects?|cases?|women|men|individuals|adults|people|surgeries|operations)"
)
IN_BRACKETS = (
    re.compile(
        rf"\(\s?(?P<one>{WHOLE_NUMBER})\s(?:(?:patients|cases)\s(?:of|with|in|received|underwent)\s)?(?P<first>[A-Za-z][^()\d,;]{{1,60}}?)\s?(?:,|;|,?\sand|,?\svs\.?|,?\sversus)\s?"
        rf"(?P<other>{WHOLE_NUMBER})\s(?:(?:patients|cases)\s(?:of|with|in|received|underwent)\s)?(?P<second>[A-Za-z][^()\d,;]{{1,60}}?)\s?\)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\(\s?(?P<first>[A-Za-z][^()\d,;:]{{0,60}}?)\s?[,:]\s?(?:n\s?=\s?)?(?P<one>{FIGURES_PATTERN})(?:\s(?:patients|cases))?\s?(?:,|;|,?\sand|,?\svs\.?|,?\sversus)\s?"
        rf"(?P<second>[A-Za-z][^()\d,;:]{{0,60}}?)\s?[,:]\s?(?:n\s?=\s?)?(?P<other>{FIGURES_PATTERN})(?:\s(?:patients|cases))?\s?\)",
        re.IGNORECASE,
    ),
)
RESPECTIVELY = re.compile(
    rf"(?<![\w.,%$=-])(?P<one>{WHOLE_NUMBER})\s(?:and|versus|vs\.?)\s(?P<other>{WHOLE_NUMBER})\s(?:\w+\s){{0,2}}?{PEOPLE}\b[^.;]{{0,60}}?\b(?:for|in|to|received|underwent|with|were)\s"
    rf"(?:the\s)?(?P<first>[A-Za-z][^,;()]{{1,60}}?)(?:\sgroup)?\s(?:and|or|versus|vs\.?)\s(?:the\s)?(?P<second>[A-Za-z][^,;()]{{1,60}}?)(?:\s(?:groups?|arms?))?,?\srespectively",
    re.IGNORECASE,
)
# "22 en bloc and 22 palliative patients"
ONE_NOUN = re.compile(
    rf"(?<![\w.,%$=-])(?P<one>{WHOLE_NUMBER})\s(?P<first>(?:[A-Za-z][\w/+–-]*\s){{0,2}}?[A-Za-z][\w/+–-]*)\s(?:and|versus|vs\.?)\s(?P<other>{WHOLE_NUMBER})\s(?P<second>(?:[A-Za-z][\w/+–-]*\s){{1,3}}?){PEOPLE}\b",
    re.IGNORECASE,
)
# "70 underwent surgery and 50 radiotherapy"
ELLIPTIC = re.compile(
    rf"(?<![\w.,%$=-])(?P<one>{WHOLE_NUMBER})\s(?:{PEOPLE}\s)?(?:\([^()]{{1,12}}\)\s)?(?:underwent|received|had|were\streated\s(?:with|by)|were\sgiven)\s(?P<first>[A-Za-z][^.;,()\d]{{2,60}}?),?\s(?:and|while|whereas|versus)\s"
    rf"(?P<other>{WHOLE_NUMBER})\s(?:{PEOPLE}\s)?(?:\([^()]{{1,12}}\)\s)?(?P<second>[A-Za-z][^.;,()\d]{{2,60}}?)(?=[.;,(]|$)",
    re.IGNORECASE,
)
# "Kyphoplasty was performed in 30 and vertebroplasty in 34 patients"
DONE_IN = re.compile(
    rf"(?P<first>[A-Za-z][^.;,()\d]{{2,60}}?)\s(?:was|were)\s(?:performed|done|used|given|carried\sout|applied|administered|undertaken|chosen)\s(?:in|for|to|on)\s(?P<one>{WHOLE_NUMBER})\s(?:{PEOPLE}\s)?(?:\([^()]{{1,12}}\)\s)?,?\s?(?:and|while|whereas)\s"
    rf"(?P<second>[A-Za-z][^.;,()\d]{{2,60}}?)\s(?:in|for|to|on)\s(?P<other>{WHOLE_NUMBER})(?=\s(?:[a-z]+\s)?{PEOPLE}\b|[.;,(]|\s\(|$)",
    re.IGNORECASE,
)
# "the surgery group comprised 70 patients and the radiotherapy group 50"
GROUP_AND_GROUP = re.compile(
    rf"\b(?P<first>(?!(?:the|in|of)\b)[A-Za-z][\w/+-]*(?:\s[\w/+-]+){{0,4}}?\s(?:group|arm|cohort))\s(?:comprised|included|consisted\sof|contained|had|comprising|including|consisting\sof)\s(?P<one>{WHOLE_NUMBER})(?:\s{PEOPLE})?(?:\s\([^()]{{1,12}}\))?,?\s(?:and|while|whereas)\s"
    rf"(?:the\s)?(?P<second>[A-Za-z][\w/+-]*(?:\s[\w/+-]+){{0,4}}?\s(?:group|arm|cohort))(?:\s(?:comprised|included|consisted\sof|contained|had|comprising|including|consisting\sof))?,?\s(?P<other>{WHOLE_NUMBER})\b(?!\s?%)",
    re.IGNORECASE,
)
EACH = re.compile(
    rf"(?<![\w.,%$=-])(?P<number>{WHOLE_NUMBER})\s(?:\w+\s){{0,2}}?{PEOPLE}?\s?(?:were\s)?(?:\w+\s)?(?:each(?=[.;,)]|\s\()|(?:in|to|per)\s(?:each|both|either)\s(?:of\sthe\stwo\s)?(?:groups?|arms?|treatment))",
    re.IGNORECASE,
)
# "265 patients had short-course and 239 long-course radiotherapy": one verb and one noun for both.
SHARED_NOUN = re.compile(
    rf"(?<![\w.,%$=-])(?P<one>{WHOLE_NUMBER})\s(?:\w+\s)?{PEOPLE}\s(?:had|received|underwent|were\streated\s(?:with|by))\s(?P<first>[A-Za-z][^.;,()\d]{{2,50}}?)\sand\s"
    rf"(?P<other>{WHOLE_NUMBER})\s(?P<second>(?!who\b|of\b|had\b|were\b|did\b|with\b|patients\b|years\b|months\b|weeks\b|days\b)[A-Za-z][^.;,()\d]{{2,50}}?)(?=[.;,(])",
    re.IGNORECASE,
)
STUDIES = re.compile(
    rf"(?P<label>[A-Za-z-]+)\s(?:articles|studies|trials|series|papers)\s?\(\s?(?:n\s?=\s?)?(?P<number>{FIGURES_PATTERN})\s(?:patients|participants)\s?\)",
    re.IGNORECASE,
)
LABELLED = re.compile(
    r"\b(?:arm|group)\s(?:[A-Z]|[12I]{1,2})\b|\b[A-Z]{1,4}\s(?:arm|group)\b|\b(?:test|observation|study|treatment|experimental|intervention|control|combined|combination)\s(?:group|arm)\b"
)
# "66 patients with and 62 without embolisation"
WITH_WITHOUT = re.compile(
    rf"(?<![\w.,%$=-])(?P<one>{WHOLE_NUMBER})\s(?:\w+\s)?{PEOPLE}?\s?(?:treated\s)?with\sand\s(?P<other>{WHOLE_NUMBER})\s(?:{PEOPLE}\s)?(?:treated\s)?without\s(?P<what>[A-Za-z][^.;,()]{{2,40}}?)(?=\s(?:were|was|who|had)\b|[.;,(])",
    re.IGNORECASE,
)
