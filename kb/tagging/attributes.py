"""Every attribute that our components keep on a Doc, with its one owner. Values are plain offsets and strings.

A Span kept on a Doc would break multi-process pipes, so components keep (start, end, ...) tuples over the
whole text; typed values are built afterwards by `kb.tagging.article`.

| attribute | set by | holds |
| --- | --- | --- |
| layout | `pipeline.tag` | the `Layout` of the record's text (given, not computed) |
| sentences | sentences | (start, end, zone) of each sentence |
| definitions | abbreviations | `Definition` values: the short forms that the text defines |
| concepts | concepts | (start, end, concept id), in order, not overlapping |
| negated | negation | set of indexes into `concepts` |
| hypothetical | negation | set of indexes into `concepts` |
"""

from __future__ import annotations

from spacy.tokens import Doc

NAMES = ("layout", "sentences", "definitions", "concepts", "negated", "hypothetical")


def register() -> None:
    """Declare the attributes to spaCy; calling it again changes nothing."""
    for name in NAMES:
        if not Doc.has_extension(name):
            Doc.set_extension(name, default=None)
