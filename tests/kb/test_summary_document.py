"""Summaries: every sentence cites, every number has an origin, and what does not count is not counted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from harvest.record import Batch
from kb.errors import UncitedSentence, UnknownTopic
from kb.evidence import Span
from kb.schema import open_database
from kb.store import store_batch, write_vocabulary
from kb.summary.document import MOST_TABLE_ROWS, Document, summarise
from kb.summary.evidence_table import printed_number
from kb.summary.sentences import Citation, Cite, Derived, Name, Quoted, Sentence
from kb.summary.words import DESIGNS, in_running_text
from tests.made_up import extraction, finding, made_up_database, record, study
from tests.made_up_vocabulary import VOCABULARY

TOPICS = tuple(VOCABULARY.topics)
PASSAGE = Span(1, 0, 30, "Local control was 88% (p<0.001)")
CITATION = Citation("90000001", PASSAGE, "key")


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Database]:
    database = made_up_database(tmp_path_factory.mktemp("summary") / "kb.db")
    yield database
    database.close()


def sentences(document: Document, title: str) -> list[str]:
    return [
        sentence.text
        for section in document.sections
        if section.title == title
        for sentence in section.sentences
    ]


def test_a_sentence_without_citation_cannot_be_made() -> None:
    with pytest.raises(UncitedSentence, match=r"cites nothing.*Pain got better"):
        Sentence(("Pain got better.",))
    with pytest.raises(UncitedSentence, match="cites nothing"):
        Sentence(("Pain got better.", Cite(())))


def test_a_number_of_unknown_origin_cannot_be_printed() -> None:
    with pytest.raises(UncitedSentence, match="neither quoted nor derived"):
        Sentence(("Local control was 88%.", Cite((CITATION,))))
    assert Sentence(("It was ", Quoted("88%", CITATION), Cite((CITATION,)))).text == "It was 88%"
    assert Sentence((Name("EQ-5D"), " fell", Cite((CITATION,)))).text == "EQ-5D fell"


@pytest.mark.parametrize("text", ["89%", "88 %", "0.01"])
def test_a_quotation_must_stand_in_the_cited_passage(text: str) -> None:
    with pytest.raises(UncitedSentence, match="PMID 90000001 does not say"):
        Sentence(("It was ", Quoted(text, CITATION), Cite((CITATION,))))


def test_a_quotation_needs_a_passage_and_its_own_citation() -> None:
    with pytest.raises(UncitedSentence, match="does not say"):
        Sentence((Quoted("88%", Citation("90000001")), Cite((CITATION,))))
    with pytest.raises(UncitedSentence, match="is not cited"):
        Sentence((Quoted("88%", CITATION), Cite((Citation("90000002"),))))


def test_a_derived_number_says_how_it_was_found() -> None:
    sentence = Sentence((Derived("3", "counted from 5 records"), " papers", Cite((CITATION,)), "."))
    assert sentence.basis == ("counted from 5 records",)
    assert sentence.text == "3 papers."


@pytest.mark.parametrize("topic", TOPICS)
def test_every_sentence_cites_papers_of_the_references_in_their_own_words(db: Database, topic: str) -> None:
    document = summarise(db, topic)
    known = {reference.pmid for reference in document.references}
    for section in document.sections:
        assert section.sentences or section.notes
        for sentence in section.sentences:
            assert sentence.citations
            assert {citation.pmid for citation in sentence.citations} <= known
            for citation in sentence.citations:
                if citation.passage is not None:
                    check_passage(db, citation)
    for row in document.table:
        check_passage(db, row.citation)
        for number in re.findall(r"\d+(?:\.\d+)?", row.result.replace("95% CI", "")):
            assert number in row.citation.passage.text  # type: ignore[union-attr]


def check_passage(db: Database, citation: Citation) -> None:
    """The passage is what the stored section has at that place."""
    span = citation.passage
    assert span is not None
    sql = "SELECT text FROM sections WHERE pmid = ? AND section = ?"
    ((text,),) = db.execute(sql, (citation.pmid, span.section)).fetchall()
    assert text[span.start : span.end] == span.text


def test_papers_are_counted_by_design_level_and_year(db: Database) -> None:
    document = summarise(db, "sbrt")
    assert sentences(document, "Volume") == [
        "5 papers count, published from 2015 to 2023.",
        "By design: 2 randomised controlled trials, 1 meta-analysis, 1 prospective cohort study,"
        " 1 retrospective comparative study.",
        "By level of evidence: 3 of level I, 1 of level II, 1 of level III.",
    ]
    assert [reference.pmid for reference in document.references] == [
        "90000016", "90000002", "90000001", "90000006", "90000003"
    ]  # fmt: skip
    assert document.notes[0].startswith("This summary rests on 5 of the 16 records")


def test_conflicting_trials_are_said_to_conflict(db: Database) -> None:
    broad, conflict = sorted(sentences(summarise(db, "sbrt"), "What agrees and what conflicts"), key=len)
    assert broad == conflict.replace("complete pain response", "pain response")
    assert conflict == (
        "For complete pain response, 2 studies report on stereotactic body radiotherapy compared with conventional"
        " external beam radiotherapy: 1 in favour of stereotactic body radiotherapy; 1 without a difference; set"
        " aside as repeating studies counted here. The studies conflict; best level I; grade of recommendation I"
        " (insufficient or conflicting evidence), pre-filled."
    )


def test_agreement_on_one_outcome_names_the_conflict_on_a_related_one(tmp_path: Path) -> None:
    db = made_up_database(tmp_path / "kb.db")
    db.execute(
        "UPDATE findings SET outcome = 'pain_response' WHERE pmid = '90000002' AND comparator IS NOT NULL"
    )
    db.execute("UPDATE findings SET outcome = 'complete_pain_response' WHERE pmid = '90000003'")
    told = sentences(summarise(db, "sbrt"), "What agrees and what conflicts")
    agreeing = next(sentence for sentence in told if "For complete pain response" in sentence)
    assert "The studies that compare agree" in agreeing
    assert agreeing.endswith("; but on pain response, of the same family of outcomes, the studies conflict.")
    db.close()


def test_findings_are_quoted_with_design_and_level(db: Database) -> None:
    said = sentences(summarise(db, "sbrt"), "Findings: Local control")
    assert said == [
        "A prospective cohort study (level II) reports on separation surgery:"
        " “Local control at 12 months was 90.5% in 74 patients.”",
        "A retrospective comparative study (level III) favours stereotactic body radiotherapy over conventional"
        " external beam radiotherapy: “Local control at 1 year was 61% after cEBRT and 88% after SBRT (p<0.001).”",
    ]


def test_a_series_above_level_iv_says_for_which_question(tmp_path: Path) -> None:
    with closing(made_up_database(tmp_path / "kb.db")) as db:
        db.execute(
            "UPDATE studies SET design = 'case_series', level_nass = 'II', question = 'prognostic' WHERE design = 'prospective_cohort'"
        )
        told = " ".join(sentences(summarise(db, "sbrt"), "Findings: Local control"))
    assert "A case series (level II as a prognostic study) " in told
    assert "A case series (level II) " not in told


def test_tools_are_reported_with_their_setting(db: Database) -> None:
    said = sentences(summarise(db, "prediction_models"), "Findings: performance of tools")
    assert said[1] == (
        "An external validation study (level II) reports on revised Tokuhashi score in external validation:"
        " “The revised Tokuhashi score reached an AUC of 0.64.”"
    )


def test_the_table_prints_numbers_as_the_paper_does(db: Database) -> None:
    rows = {(row.citation.pmid, row.outcome, row.result): row for row in summarise(db, "sbrt").table}
    trial = rows["90000001", "Complete pain response", "risk ratio 2.0 (95% CI 1.3 to 3.1; p=0.002)"]
    assert trial.comparison == "Stereotactic body radiotherapy versus Conventional external beam radiotherapy"
    assert (trial.design, trial.level, trial.patients) == ("randomised controlled trial", "I", "210")
    assert trial.direction == "favours Stereotactic body radiotherapy"
    # "Sixty" is not printed as a number: the sentence itself is the result.
    assert ("90000006", "Ambulation", "“Sixty patients were ambulatory.”") in rows


def test_results_of_one_outcome_at_several_times_are_told_apart(db: Database) -> None:
    rows = [row for row in summarise(db, "sbrt").table if row.citation.pmid == "90000003"]
    assert [(row.outcome, row.time) for row in rows] == [("Local control", "12 months")]


def test_both_arms_of_a_comparison_stand_in_one_row(tmp_path: Path) -> None:
    db = open_database(tmp_path / "kb.db", create=True)
    write_vocabulary(db, VOCABULARY)
    said = "Local control was 88% after SBRT and 61% after cEBRT (p<0.001)."
    one, other = "stereotactic_body_radiotherapy", "conventional_external_beam_radiotherapy"
    shared = {"outcome": "local_control", "measure": "percent", "unit": "%", "p": 0.001, "p_relation": "<"}
    of = record("90000201", "Two arms", (None, said))
    better = finding(
        of, said, intervention=one, comparator=other, value=88.0, direction="favours_intervention", **shared
    )
    worse = finding(
        of, said, intervention=other, comparator=one, value=61.0, direction="favours_comparator", **shared
    )
    found = extraction(of, findings=(better, worse), kind=study(of, "rct", "I", 90))
    store_batch(db, Batch("x", (of,), 1), [found], source_digest="x")
    (row,) = summarise(db, "sbrt").table
    assert row.comparison == "Stereotactic body radiotherapy versus Conventional external beam radiotherapy"
    assert row.result == "88% versus 61% (p<0.001)"
    assert row.direction == "favours Stereotactic body radiotherapy"


def test_numbers_whose_arms_were_not_read_stand_in_their_sentence(tmp_path: Path) -> None:
    db = open_database(tmp_path / "kb.db", create=True)
    write_vocabulary(db, VOCABULARY)
    said = "Local control was 88%, 70% and 61% in three groups (p<0.001)."
    of = record("90000202", "Three arms", (None, said))
    shared = {"outcome": "local_control", "measure": "percent", "unit": "%", "p": 0.001, "p_relation": "<"}
    results = tuple(finding(of, said, value=value, **shared) for value in (88.0, 70.0, 61.0))
    found = extraction(of, findings=results, kind=study(of, "retrospective_comparative", "III", 90))
    store_batch(db, Batch("x", (of,), 1), [found], source_digest="x")
    (row,) = summarise(db, "sbrt").table
    assert row.result == f"“{said}”"


def test_retracted_papers_stand_apart_and_withdrawn_ones_nowhere(db: Database) -> None:
    document = summarise(db, "open_surgery")
    (sentence,) = sentences(document, "Retracted, not counted")
    assert "restores walking" in sentence
    assert "J Invent Spine. 2023;15(2):88, PMID 90000012" in sentence
    assert document.table == ()
    assert [reference.retraction for reference in document.references] == [
        "J Invent Spine. 2023;15(2):88, PMID 90000012"
    ]
    assert "1 retracted" in document.notes[0]
    assert "90000013" not in {reference.pmid for reference in summarise(db, "sbrt").references}


def test_synopses_are_said_to_be_synopses(db: Database) -> None:
    document = summarise(db, "systemic_therapy")
    assert any("is a synopsis" in note for note in document.notes)
    assert document.references[0].synopsis
    assert document.table[0].study.endswith("(synopsis)")
    assert not any("synops" in note for note in summarise(db, "sbrt").notes)


def test_an_empty_topic_says_what_was_looked_for(db: Database) -> None:
    (scope,) = summarise(db, "minimally_invasive_surgery").sections
    assert scope.sentences == ()
    assert "Looked for were papers about spinal metastases" in scope.notes[0]
    named = summarise(db, "open_surgery").sections[0].notes[0]
    assert named.endswith("that name: Decompressive surgery.")


def test_a_topic_without_results_says_so(db: Database) -> None:
    document = summarise(db, "immunotherapy")
    (findings,) = [section for section in document.sections if section.title == "Findings"]
    assert findings.notes[0].startswith("No result with a recognised outcome")
    assert sentences(document, "Volume")[0] == "1 paper counts."


def test_an_unknown_topic_lists_those_there_are(db: Database) -> None:
    with pytest.raises(UnknownTopic, match=r"'surgery'.*burden, decision_making.*immunotherapy"):
        summarise(db, "surgery")


def test_large_topics_are_cut_and_say_so(tmp_path: Path) -> None:
    large = open_database(tmp_path / "large.db", create=True)
    write_vocabulary(large, VOCABULARY)
    pairs = []
    for number in range(MOST_TABLE_ROWS + 5):
        of = record(str(91000000 + number), f"Paper {number}", ("RESULTS", f"Local control was {number}%."))
        found = finding(of, of.sections[1], intervention="vertebroplasty", outcome="local_control",
                        measure="percent", value=float(number))  # fmt: skip
        pairs.append(
            (of, extraction(of, topics=("ablation",), findings=(found,), kind=study(of, "case_series", "IV")))
        )
    batch = Batch("s", tuple(of for of, _ in pairs), len(pairs))
    store_batch(large, batch, [found for _, found in pairs], source_digest="d")
    document = summarise(large, "ablation")
    assert (len(document.table), document.table_total) == (MOST_TABLE_ROWS, MOST_TABLE_ROWS + 5)
    (findings,) = [section for section in document.sections if section.title.startswith("Findings")]
    assert findings.notes == ("The first 12 of 205 passages are quoted, best level first.",)
    assert "205 papers count" in sentences(document, "Volume")[0]


@pytest.mark.parametrize(
    ("value", "text", "printed"),
    [
        (2.0, "risk ratio 2.0, 95% CI", "2.0"),
        (0.26, "0·26 (95% CI 0·15—0·37)", "0·26"),
        (0.37, "0·26 (95% CI 0·15—0·37)", "0·37"),
        (3.1, "(1.3-3.1)", "3.1"),
        (-1.5, "fell by -1.5 points", "-1.5"),
        (1240.0, "1,240 patients", "1,240"),
        (0.05, "P = .05", ".05"),
        (40.0, "0.40 and 140", None),
        (None, "7", None),
    ],
)
def test_numbers_are_found_as_printed(value: float | None, text: str, printed: str | None) -> None:
    assert printed_number(value, text) == printed


def test_labels_fit_into_running_text() -> None:
    assert in_running_text("Spinal Instability Neoplastic Score") == "Spinal Instability Neoplastic Score"
    assert in_running_text("SORG survival model") == "SORG survival model"
    assert in_running_text("Skeletal-related event") == "skeletal-related event"


def test_design_words_have_no_digits() -> None:
    assert not any(character.isdigit() for words in DESIGNS.values() for word in words for character in word)
