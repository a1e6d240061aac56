"""Lists of PMIDs as people keep them: one a line, or with commas and blanks between them."""

from __future__ import annotations

import re
from pathlib import Path

from harvest.byte_stream import DamagedStreamError, read_pieces
from harvest.errors import UnreadableFile
from harvest.identifiers import is_pmid

_BETWEEN = re.compile(r"[\s,;]+")
_COMMENT = re.compile(r"#.*")


def read_pmid_list(path: Path | str) -> tuple[str, ...]:
    """Return the PMIDs of a text file (plain or gzip), each once, in order; `#` starts a comment.

    Raises
    ------
    UnreadableFile
        The file is missing, holds no PMID, or something that is none; nothing of it is used.
    """
    path = Path(path)
    try:
        text = b"".join(read_pieces(path)).decode("utf-8-sig")
    except (UnicodeDecodeError, DamagedStreamError) as error:
        raise UnreadableFile(path, f"is no list of PMIDs ({error})") from error
    found: dict[str, None] = {}
    for number, line in enumerate(text.splitlines(), 1):
        for word in _BETWEEN.split(_COMMENT.sub("", line)):
            pmid = re.sub(r"^PMID:?", "", word, flags=re.IGNORECASE)
            if is_pmid(pmid):
                found[pmid] = None
            elif pmid:
                raise UnreadableFile(path, f"line {number}: '{word[:40]}' is no PMID")
    if not found:
        raise UnreadableFile(path, "holds no PMID")
    return tuple(found)
