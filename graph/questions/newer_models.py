"""The question whether newer models outperform the classic scores: counted by kb.prognosis, told with citations."""

from __future__ import annotations

from collections.abc import Iterator

from sqlite_utils import Database

from graph.questions.understanding import Understanding
from kb.evidence import Span
from kb.prognosis.newer_models import NewerModels, read_newer_against_classic
from kb.prognosis.remarks import Remark
from kb.prognosis.rule_files import load_rules
from kb.summary.sentences import Citation, Cite, Derived, Quoted, Sentence

MOST_REMARKS = 3
_METHOD = "counted from the figures of the papers cited"


def asks_for_newer_models(understanding: Understanding) -> bool:
    """Whether several newer tools are set against classic ones, as in "do newer models beat Tokuhashi?"."""
    generations = {rule.id: rule.generation for rule in load_rules().values()}
    classic = [generations.get(tool) == "classic" for tool in understanding.comparator]
    newer = [generations.get(tool) != "classic" for tool in understanding.tool]
    several = len(understanding.tool) > 1
    return understanding.kind == "prediction" and several and bool(classic) and all(classic) and all(newer)


def newer_model_sentences(db: Database) -> tuple[tuple[Sentence, ...], str]:
    """Return the answer with what the papers say of calibration, and its limits as a note."""
    read = read_newer_against_classic(db.conn)
    if not read.papers:
        return (), ""
    *told, (limits, _) = read.answer.sentences
    sentences = [_sentence(said, pmids or read.papers, read.answer.voices) for said, pmids in told]
    return (*sentences, *_remarks(read)), limits


def _sentence(said: str, pmids: tuple[str, ...], voices: tuple[Remark, ...]) -> Sentence:
    voice = next((one for one in voices if one.pmid in pmids and f"“{one.text}”" in said), None)
    if voice is not None:
        citation = _cited(voice)
        opening = said.removesuffix(f"{voice.text}”")
        return Sentence((Derived(opening, _METHOD), Quoted(voice.text, citation), "”", Cite((citation,))))
    cited = Cite(tuple(Citation(pmid) for pmid in pmids))
    return Sentence((Derived(said.removesuffix("."), _METHOD), cited, "."))


def _cited(remark: Remark) -> Citation:
    return Citation(remark.pmid, Span(remark.section, remark.start, remark.end, remark.text))


def _remarks(read: NewerModels) -> Iterator[Sentence]:
    """The papers' own sentences on calibration."""
    for remark in read.answer.remarks[:MOST_REMARKS]:
        citation = _cited(remark)
        yield Sentence(("On calibration: “", Quoted(remark.text, citation), "”", Cite((citation,))))
