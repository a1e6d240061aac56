"""What answers say and cite: the committee's questions on the sample, and the rules on made-up papers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlite_utils import Database

from graph.questions import answer, understand
from graph.questions.answers import Answer, AnsweredClaim
from graph.questions.printing import sentence_text, to_text
from graph.questions.summing_up import sum_up
from kb.grading.claim_rows import rebuild_claims
from tests.made_up import made_up_database
from tests.questions.test_understanding import COMMITTEE, PARAPHRASES


def ask(db: Database, question: str, **corrections: str) -> Answer:
    return answer(db, understand(question, corrections))  # type: ignore[arg-type]


@pytest.fixture
def made_up(tmp_path: Path) -> Iterator[Database]:
    db = made_up_database(tmp_path / "kb.db")
    yield db
    db.close()


@pytest.mark.parametrize("entry", COMMITTEE, ids=lambda entry: entry["id"])
def test_the_committee_questions_are_answered(sample: Database, entry: dict[str, Any]) -> None:
    found = ask(sample, entry["text"])
    held = {pmid for (pmid,) in sample.execute("SELECT pmid FROM records")}
    assert {*entry["cites"], *entry.get("told_of", ()), *entry.get("never", ())} <= held
    assert found.found
    assert set(entry["cites"]) <= set(found.cited)
    assert set(entry.get("told_of", ())) <= {study.pmid for study in found.elsewhere} | set(found.cited)
    assert not set(entry.get("never", ())) & set(found.cited)
    assert found.conflicts or not entry.get("conflict")
    assert entry.get("says", "") in " ".join(sentence.text for sentence in found.sentences)
    if "claim" in entry:
        check_claim(found, entry["claim"])


def check_claim(found: Answer, wanted: dict[str, Any]) -> None:
    claim = next(claim for claim in found.claims if claim.outcome == wanted["outcome"])
    assert claim.consistency == wanted.get("consistency", claim.consistency)
    assert claim.best_level == wanted["best_level"]
    assert claim.grade == wanted.get("grade", claim.grade)
    assert claim.grade_reasons
    points = {study.pmid: study.points for study in claim.studies}
    assert wanted.get("points", {}).items() <= points.items()


@pytest.mark.parametrize("entry", [*COMMITTEE, *PARAPHRASES], ids=lambda entry: entry["text"])
def test_every_sentence_cites_and_every_quotation_is_the_stored_text(
    sample: Database, entry: dict[str, Any]
) -> None:
    found = ask(sample, entry["text"])
    retracted = {pmid for (pmid,) in sample.execute("SELECT pmid FROM records WHERE retracted OR deleted")}
    assert not retracted & set(found.cited)
    claims = [*found.claims, *found.broader]
    for sentence in found.sentences:
        assert sentence.citations
        assert {cited.pmid for cited in sentence.citations} <= set(found.cited)
    for claim in claims:
        assert {cited.pmid for cited in claim.sentence.citations} <= {study.pmid for study in claim.studies}
    studies = [study for claim in claims for study in claim.studies] + list(found.further)
    for study in studies:
        for quote in study.quotes:
            span = quote.passage
            text = sample.execute(
                "SELECT text FROM sections WHERE pmid = ? AND section = ?", (study.pmid, span.section)
            ).fetchone()[0]
            assert text[span.start : span.end] == span.text
    origins = dict(sample.execute("SELECT pmid, origin = 'sample' FROM records").fetchall())
    assert all(study.synopsis == origins[study.pmid] for study in studies)
    assert any("synopses" in note for note in found.notes)


def test_paraphrases_lead_to_the_papers_of_their_question(sample: Database) -> None:
    """Each names at least one paper that its question must cite, unless it asks for something narrower."""
    missed = []
    for entry in PARAPHRASES:
        wanted = next(question for question in COMMITTEE if question["id"] == entry["as"])
        if not set(wanted["cites"]) & set(ask(sample, entry["text"]).cited):
            missed.append(entry["text"])
    assert len(missed) <= len(PARAPHRASES) // 5, missed


def test_turned_round_the_question_turns_every_claim_round(sample: Database) -> None:
    one = ask(sample, "SBRT versus conventional radiotherapy for pain")
    other = ask(sample, "conventional radiotherapy versus SBRT for pain")
    turned = {"intervention": "comparator", "comparator": "intervention"}

    def mirrored(claim: AnsweredClaim) -> tuple[Any, ...]:
        points = {study.pmid: turned.get(study.points, study.points) for study in claim.studies}
        return (claim.comparator, claim.subject, claim.favours_comparator, claim.favours_subject, points)

    def straight(claim: AnsweredClaim) -> tuple[Any, ...]:
        points = {study.pmid: study.points for study in claim.studies}
        return (claim.subject, claim.comparator, claim.favours_subject, claim.favours_comparator, points)

    assert one.claims
    by_key = {claim.key: claim for claim in other.claims}
    for claim in one.claims:
        assert mirrored(by_key[claim.key]) == straight(claim)
    assert one.cited[:4] == other.cited[:4]


def test_the_conflict_of_two_trials_is_told_with_both_named(made_up: Database) -> None:
    found = ask(made_up, "sbrt vs cebrt complete pain response")
    claim = found.claims[0]
    # The meta-analysis of these trials is not counted again.
    assert (claim.favours_subject, claim.favours_comparator, claim.no_difference) == (1, 0, 1)
    assert found.conflicts
    text = sentence_text(found.sentences[0])
    assert "The studies conflict" in text
    assert "90000001" in text
    assert "1 shows no difference [90000002]" in text


def test_a_conflict_on_a_related_outcome_is_told_with_each_claim(sample: Database) -> None:
    """Trials that wrote "response" conflict; the claim on "relief" says so in the answer and in its reasons."""
    found = ask(sample, "SBRT vs conventional radiotherapy, pain relief")
    claim = next(claim for claim in found.claims if claim.outcome == "pain_relief")
    assert claim.consistency != "conflicting"
    assert "But on pain response" in sentence_text(claim.sentence)
    assert any("pain response" in reason and "conflict" in reason for reason in claim.grade_reasons)
    # The review of those trials is not counted a second time under another word.
    counted = {study.pmid for study in claim.studies if study.counted}
    assert "36273520" not in counted


def test_nothing_is_answered_without_evidence(sample: Database) -> None:
    found = ask(sample, "vertebroplasty versus denosumab for quality of life")
    assert not found.found
    assert found.sentences == ()
    assert found.cited == ()
    assert any("Vertebroplasty" in line for line in found.looked_for)
    assert found.nearest
    assert all(near.pmids for near in found.nearest)
    printed = to_text(found)
    assert "No evidence here answers this" in printed
    assert "Looked for about: Vertebroplasty" in printed


def test_what_was_not_understood_is_not_passed_over(sample: Database) -> None:
    found = ask(sample, "does SBRT make hair grow")
    assert found.understanding.unknown == ("hair", "grow")
    assert not found.found
    assert any("“hair”" in line for line in found.looked_for)
    assert found.nearest
    # The asker may say that the words do not matter.
    assert ask(sample, "does SBRT make hair grow", outcome="").found


@pytest.mark.parametrize(
    "question", ["", "?", "the of and", "zebrafish", '"); DROP TABLE claims; --', "%_*'"]
)
def test_questions_about_nothing_get_no_answer(sample: Database, question: str) -> None:
    found = ask(sample, question)
    assert not found.found
    assert found.cited == ()


def test_one_result_is_one_claim_of_the_answer_whatever_its_patients(sample: Database) -> None:
    found = ask(sample, "single versus multifraction radiotherapy in cord compression")
    told = [
        (claim.subject, claim.comparator, claim.outcome, frozenset(study.pmid for study in claim.studies))
        for claim in (*found.claims, *found.broader)
    ]
    assert len(told) == len(set(told))


def test_a_retracted_paper_is_told_of_and_never_cited(made_up: Database) -> None:
    before = ask(made_up, "sbrt vs cebrt complete pain response")
    assert "90000001" in before.cited
    made_up.execute("UPDATE records SET retracted = 1 WHERE pmid = '90000001'")
    rebuild_claims(made_up)
    after = ask(made_up, "sbrt vs cebrt complete pain response")
    assert "90000001" not in after.cited
    assert "90000001" in after.retracted
    assert after.claims[0].favours_subject == before.claims[0].favours_subject - 1
    assert "Left out as retracted: PMID 90000001" in to_text(after)


def test_a_paper_retracted_after_the_claims_were_counted_is_not_quoted(made_up: Database) -> None:
    made_up.execute("UPDATE records SET retracted = 1 WHERE pmid = '90000001'")
    assert "90000001" not in ask(made_up, "sbrt vs cebrt complete pain response").cited


def test_narrower_concepts_count_and_the_answer_says_so(made_up: Database) -> None:
    found = ask(made_up, "decompressive surgery and local control")
    assert [claim.subject for claim in found.claims] == ["separation_surgery"]
    assert found.claims[0].fit == "narrower"
    assert any("Separation surgery" in line and "narrower" in line for line in found.included)


def test_claims_not_narrowed_as_asked_stand_apart(sample: Database) -> None:
    found = ask(sample, "single versus multifraction radiotherapy in cord compression")
    assert all(any(study.names_population for study in claim.studies) for claim in found.claims)
    assert all(study.names_population for study in found.further)
    others = [claim for claim in found.broader if claim.fit == "not narrowed"]
    assert others
    assert all(study.names_population is False for claim in others for study in claim.studies)


def test_a_question_narrowed_to_what_no_study_names_is_not_answered(sample: Database) -> None:
    found = ask(sample, "sbrt vs cebrt for pain in mesothelioma")
    assert not found.found
    assert found.narrowed_to == ("Mesothelioma",)
    assert {claim.fit for claim in found.broader} >= {"not narrowed"}
    assert any("narrowed to: Mesothelioma" in line for line in found.looked_for)


def test_a_tool_named_beside_a_treatment_narrows_the_question(sample: Database) -> None:
    found = ask(sample, "SINS and vertebral fracture after SBRT")
    assert found.found
    assert "23960179" in found.cited
    assert all(study.names_population for study in found.further)


def test_tools_are_compared_within_papers_and_calibration_is_asked_for(sample: Database) -> None:
    found = ask(sample, "does NESMS predict better than Tokuhashi")
    together = {(figure.tool, figure.study.pmid) for figure in found.figures if figure.together}
    assert {("new_england_spinal_metastasis_score", "33741509"), ("tokuhashi_score", "33741509")} <= together
    text = " ".join(sentence.text for sentence in found.sentences)
    assert "1 of 1 pairs of figures" in text
    assert "calibration" in text


def test_newer_against_classic_is_led_by_what_the_largest_uncounted_study_says(sample: Database) -> None:
    first, second = ask(sample, "do newer models beat the classic scores?").sentences[:2]
    assert first.text.startswith("Not settled")
    assert "953 patients" in second.text
    assert "not clearly better than the best classic scores" in second.text
    assert [cited.pmid for cited in second.citations] == ["39894281"]


def test_what_the_patients_suffer_from_comes_first_and_cost_last(sample: Database) -> None:
    found = ask(sample, "does vertebroplasty work for painful spine mets")
    assert found.claims[0].outcome == "pain_relief"
    assert found.claims[-1].outcome == "cost"
    cord = ask(sample, "8 Gy in one fraction or 20 Gy in 5 fractions for cord compression?")
    assert cord.claims[0].outcome == "ambulation"
    assert "31794625" in cord.sentences[0].text or "31794625" in {c.pmid for c in cord.sentences[0].citations}


def test_operate_or_irradiate_finds_the_graded_trial(sample: Database) -> None:
    found = ask(sample, "Should I operate or irradiate a patient with cord compression who cannot walk?")
    assert "16112300" in {cited.pmid for cited in found.sentences[0].citations}
    # The trial favours surgery, the matched pairs of 20606090 show no difference: one grade below the trial's own.
    assert (found.claims[0].grade, found.claims[0].consistency) == ("C", "conflicting")


def test_a_question_of_hours_finds_the_papers_that_name_them(sample: Database) -> None:
    found = ask(sample, "Should early surgery be done within 48 hours?")
    assert {"23275041", "28138012"} <= set(found.cited)
    quoted = {study.pmid: " ".join(q.passage.text for q in study.quotes) for study in found.further}
    assert "within 48 hours than later (p=0.048)" in quoted["23275041"]
    assert quoted["28138012"]


def test_risk_and_survival_are_answered_by_figures_of_the_largest_of_the_best_studies(
    sample: Database,
) -> None:
    for question, figure in (
        ("What is the risk of vertebral fracture after SBRT?", "14%"),
        ("how long do patients with spinal metastases live", "months"),
    ):
        found = ask(sample, question)
        assert figure in found.sentences[0].text
        (first,) = found.sentences[0].citations
        level, patients = sample.execute(
            "SELECT level_nass, patients FROM studies WHERE pmid = ?", (first.pmid,)
        ).fetchone()
        told = [s for s in (*found.further, *(s for c in found.claims for s in c.studies)) if s.level]
        assert level == min(study.level or "" for study in told if re.search(figure, str(study.quotes)))
        assert patients >= 100


def test_the_best_score_is_told_by_papers_that_set_several_side_by_side(sample: Database) -> None:
    first = ask(sample, "which score best predicts 1-year survival before surgery").sentences[0]
    assert [cited.pmid for cited in first.citations] == ["39894281"]
    assert "953 patients" in first.text


def test_what_is_told_of_recurrence_as_failure_answers(sample: Database) -> None:
    found = ask(sample, "carbon fibre versus titanium: local recurrence")
    assert found.found
    assert any("counts also: Local control, Local failure" in line for line in found.included)


def test_one_result_is_summed_up_once(made_up: Database) -> None:
    """The same sentences told of a broader treatment say nothing more."""
    found = ask(made_up, "sbrt vs cebrt complete pain response")
    claim = found.claims[0]
    again = replace(claim, key="again", comparator="radiotherapy")
    summed = sum_up((claim, again), (), (), found.understanding, found.labels)
    assert summed == (claim.sentence,)


def test_a_trial_of_surgery_and_radiotherapy_is_one_claim_turned_the_right_way(sample: Database) -> None:
    """Its results say "surgery" and "radiotherapy" for its arms, which the aim calls by their whole names."""
    found = ask(sample, "surgery plus radiotherapy versus radiotherapy alone for ambulation")
    walking = [
        c for c in (*found.claims, *found.broader)
        if c.outcome == "ambulation" and "16112300" in {study.pmid for study in c.studies}
    ]  # fmt: skip
    assert [(c.subject, c.comparator) for c in walking] == [
        ("surgery_plus_radiotherapy", "radiotherapy_alone")
    ]
    assert {study.points for study in walking[0].studies if study.pmid == "16112300"} == {"intervention"}


def test_near_evidence_is_not_called_none(sample: Database) -> None:
    found = ask(sample, "sbrt vs cebrt for pain in mesothelioma")
    assert not found.found
    assert "No evidence here answers this exactly; what is near stands below." in to_text(found)


def test_the_answer_is_the_same_each_time_and_is_json(sample: Database) -> None:
    one, other = (json.dumps(ask(sample, COMMITTEE[0]["text"]).as_json()) for _ in range(2))
    assert one == other
    content = json.loads(one)
    assert content["found"] is True
    assert content["conflict"] is True
    assert all(sentence["cites"] for sentence in content["sentences"])


def test_answers_state_on_how_many_records_they_rest(sample: Database) -> None:
    counted, records = sample.execute(
        "SELECT sum(NOT r.retracted AND NOT r.deleted AND s.on_topic AND r.pmid NOT IN"
        " (SELECT pmid FROM corrections WHERE kind = 'RetractionOf')), count(*) FROM records r JOIN studies s USING (pmid)"
    ).fetchone()
    assert f"rests on {counted} of the {records} records" in ask(sample, "sbrt pain").notes[0]
