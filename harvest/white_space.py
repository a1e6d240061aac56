"""Layout white space (line ends, tabs, indents of the file) against the spaces that belong to a text."""

from __future__ import annotations

import re

_LAYOUT = " \t\r\n"
_LAYOUT_RUN = re.compile(f"[{_LAYOUT}]+")


def even(text: str) -> str:
    """Make each run of layout white space one space and strip the ends; no-break and thin spaces stay."""
    return _LAYOUT_RUN.sub(" ", text).strip(_LAYOUT)
