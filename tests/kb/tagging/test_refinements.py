"""Refinements: a broad word becomes the precise concept that its sentence says, and only then."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kb.tagging.extract import extract
from kb.tagging.instruments import measured_by, outcome_scored
from kb.tagging.refinements import refine, refine_by_text, refined_concepts
from kb.vocabulary.concept import load_vocabulary
from tests.made_up import record


def refined(concept: str, sentence: str, word: str, title: str = "") -> str:
    return refine(concept, sentence, sentence.index(word), title)


EXAMPLES = [
    ("surgery", "Surgery performed within 24 hours led to recovery.", "Surgery", "", "early_surgery"),
    ("surgery", "Surgery was performed after 48 h.", "Surgery", "", "delayed_surgery"),
    ("surgery", "Surgery led to bleeding within 24 hours.", "Surgery", "", "surgery"),
    ("surgery", "Surgery was performed after 3 months.", "Surgery", "", "surgery"),
    ("pain", "Pain on the visual analogue scale fell.", "Pain", "", "pain_intensity"),
    ("pain", "The pain score fell.", "pain", "", "pain_intensity"),
    ("pain", "Pain was frequent.", "Pain", "", "pain"),
    ("reliability", "The inter-observer reliability was high.", "reliability", "", "interobserver_reliability"),
    ("reliability", "The reliability was high.", "reliability", "", "reliability"),
    ("ambulation", "Nine regained ambulation.", "ambulation", "", "ambulation_regained"),
    ("ambulation", "Nine lost the ability of ambulation.", "ambulation", "", "loss_of_ambulation"),
    ("ambulation", "Nine maintained ambulation.", "ambulation", "", "ambulation_maintained"),
    ("ambulation", "Ambulation was assessed.", "Ambulation", "", "ambulation"),
    ("mortality", "The 30-day mortality was 4%.", "mortality", "", "thirty_day_mortality"),
    ("mortality", "Ninety-day mortality was 9%.", "mortality", "", "ninety_day_mortality"),
    ("mortality", "The 6-month mortality was 30%.", "mortality", "", "six_month_mortality"),
    ("mortality", "One-year mortality was 55%.", "mortality", "", "one_year_mortality"),
    ("mortality", "Overall mortality was 55%.", "mortality", "", "mortality"),
    ("mortality", "Perioperative morbidity and mortality were low.", "mortality", "", "perioperative_mortality"),
    ("mortality", "Morbidity and mortality were low.", "mortality", "", "mortality"),
    ("readmission", "Thirty-day complication and readmission rates.", "readmission", "", "thirty_day_readmission"),
    ("readmission", "Readmission within 30 days was rare.", "Readmission", "", "thirty_day_readmission"),
    ("readmission", "Readmission within 1 year was common.", "Readmission", "", "readmission"),
    ("complication", "Three intraoperative complications.", "complications", "", "intraoperative_complication"),
    ("complication", "Three late complications.", "complications", "", "complication"),
    ("disease_progression", "Progression at the treated level was 7%.", "Progression", "", "local_failure"),
    ("disease_progression", "Progression in the liver was 7%.", "Progression", "", "disease_progression"),
    ("disease_progression", "It suppressed the progression of bone metastases.", "progression", "", "tumour_control"),
    ("tumour_recurrence", "Recurrence in the irradiated area.", "Recurrence", "", "local_recurrence"),
    ("tumour_recurrence", "Recurrence in the lung.", "Recurrence", "", "tumour_recurrence"),
    ("ambulation", "Fewer lose their walking ability.", "walking", "", "loss_of_ambulation"),
    ("neurological_function", "Nine had stable or improved neurological function.", "neurological", "", "neurological_function"),
    ("neurological_function", "Neurological outcome (88% remained the same or improved).", "Neurological", "", "neurological_function"),
    ("neurological_function", "Nine had improved neurological function.", "neurological", "", "neurological_improvement"),
    ("mortality", "Four patients died within one month.", "died", "", "thirty_day_mortality"),
    ("pain", "Pain was relieved in 80%.", "Pain", "", "pain_relief"),
    ("neurological_function", "Neurological function improved in 40%.", "Neurological", "", "neurological_improvement"),
    ("neurological_function", "There was improvement of neurological function.", "neurological", "", "neurological_improvement"),
    ("neurological_function", "Neurological function deteriorated in 4%.", "Neurological", "", "neurological_deterioration"),
    ("neurological_function", "Loss of neurological function was seen.", "neurological", "", "neurological_deterioration"),
    ("neurological_function", "Neurological function was assessed.", "Neurological", "", "neurological_function"),
    ("motor_function", "Motor function was improved in 30%.", "Motor", "", "motor_improvement"),
    ("motor_function", "Motor function was assessed.", "Motor", "", "motor_function"),
    ("ambulation", "Ambulatory status was preserved in 90%.", "Ambulatory", "", "ambulation_maintained"),
    ("ambulation", "Walking was restored in 55%.", "Walking", "", "ambulation_regained"),
    ("revision_surgery", "Revision surgery was needed in 5%.", "Revision", "Fixation of the spine", "reoperation"),
    ("revision_surgery", "Revision surgery was needed in 5%.", "Revision", "Revision of implants", "revision_surgery"),
    ("radiotherapy", "It was compared with radiotherapy alone.", "radiotherapy", "", "radiotherapy_alone"),
    ("radiotherapy", "Both had kyphoplasty and radiotherapy alone.", "radiotherapy", "", "radiotherapy"),
    ("skeletal_related_event", "Time to first skeletal event rose.", "skeletal", "", "time_to_first_skeletal_event"),
    ("stereotactic_body_radiotherapy", "Single-fraction SBRT was given.", "SBRT", "",
     "single_fraction_stereotactic_radiosurgery"),
    ("stereotactic_body_radiotherapy", "Hypofractionated SBRT was given.", "SBRT", "",
     "multifraction_stereotactic_body_radiotherapy"),
    ("stereotactic_body_radiotherapy", "SBRT was given.", "SBRT", "", "stereotactic_body_radiotherapy"),
    # The title has its say: a response of pain, a fracture after radiotherapy.
    ("tumour_response", "A complete response was seen.", "response", "Palliation of painful metastases", "complete_pain_response"),
    ("tumour_response", "A complete response was seen.", "response", "Control of metastases", "tumour_response"),
    ("tumour_response", "A partial response was seen.", "response", "Palliation of painful metastases", "partial_pain_response"),
    ("vertebral_compression_fracture", "The risk of VCF was 9%.", "VCF", "SBRT of the spine", "post_radiation_vertebral_fracture"),
    ("vertebral_compression_fracture", "The risk of VCF was 9%.", "VCF", "Surgery of the spine", "vertebral_compression_fracture"),
    ("incidence", "The incidence rose.", "incidence", "Incidence of spinal metastases", "incidence_of_spinal_metastases"),
    ("incidence", "The incidence rose.", "incidence", "Leakage of cement", "incidence"),
    ("mortality", "Four died during hospitalisation.", "died", "", "in_hospital_mortality"),
    ("mortality", "The in-patient mortality was 3%.", "mortality", "", "in_hospital_mortality"),
    ("mortality", "The 30-d mortality was 8%.", "mortality", "", "thirty_day_mortality"),
    ("mortality", "The 90-d mortality was 8%.", "mortality", "", "ninety_day_mortality"),
    ("mortality", "Mortality within 1 year was 56%.", "Mortality", "", "one_year_mortality"),
    ("reliability", "Test-retest reliability was 0.7.", "Test", "", "intraobserver_reliability"),
    ("ambulation_duration", "It foretold 90-day ambulatory outcome.", "day", "", "ambulation"),
    ("ambulation_duration", "It told of days ambulatory.", "days", "", "ambulation_duration"),
    # How much of a medicine was taken.
    ("analgesic", "Analgesics were reduced in 40%.", "Analgesics", "", "analgesic_use"),
    ("analgesic", "Half of them needed fewer analgesics.", "analgesics", "", "analgesic_use"),
    ("analgesic", "Analgesics are often given.", "Analgesics", "", "analgesic"),
    ("opioid", "The dose of opioids fell.", "opioids", "", "opioid_use"),
    ("opioid", "Opioids were stopped in four.", "Opioids", "", "opioid_use"),
    ("opioid", "Opioids relieve pain.", "Opioids", "", "opioid"),
    # What counts as a skeletal event.
    ("vertebral_compression_fracture", "It reduced fractures, radiotherapy and hypercalcaemia.", "fractures", "",
     "pathological_fracture"),
    ("vertebral_compression_fracture", "It reduced vertebral fractures and hypercalcaemia.", "fractures", "",
     "vertebral_compression_fracture"),
    ("radiotherapy", "It reduced fractures, radiotherapy and hypercalcaemia.", "radiotherapy", "", "radiotherapy_to_bone"),
    ("radiotherapy", "It reduced pain after radiotherapy.", "radiotherapy", "", "radiotherapy"),
    ("surgery", "It reduced fractures, hypercalcaemia and orthopaedic surgery.", "surgery", "", "need_for_surgery"),
    ("surgery", "Orthopaedic surgery was done.", "surgery", "", "surgery"),
    ("spinal_cord_compression", "Hypercalcaemia, fracture or spinal cord compression.", "spinal", "",
     "cord_compression_progression"),
    ("vertebral_compression_fracture", "A fracture followed.", "fracture", "Lesions of the femur",
     "pathological_fracture"),
    ("vertebral_compression_fracture", "A fracture followed.", "fracture", "Lesions of the spine and femur",
     "vertebral_compression_fracture"),
    # What is foretold need not be survival, and a predictive value may be no share of right tests.
    ("predictive_value", "The predictive value was fair.", "predictive", "", "discrimination"),
    ("predictive_value", "The positive predictive value was 90%.", "positive", "", "predictive_value"),
    ("survival_prediction_accuracy", "The predictive accuracy was high.", "predictive", "Pain after SBRT", "discrimination"),
    ("survival_prediction_accuracy", "The predictive accuracy was high.", "predictive", "Survival after SBRT",
     "survival_prediction_accuracy"),
]  # fmt: skip


@pytest.mark.parametrize(("concept", "sentence", "word", "title", "expected"), EXAMPLES)
def test_refined(concept: str, sentence: str, word: str, title: str, expected: str) -> None:
    assert refined(concept, sentence, word, title) == expected


WHOLE_TEXTS = [
    ("dexamethasone", "Dexamethasone against pain flare", "prophylactic_dexamethasone"),
    ("dexamethasone", "Dexamethasone in cord compression", None),
    ("vertebral_compression_fracture", "VCF after SBRT. We gave SBRT. After SBRT 9% had a VCF.", "post_radiation_vertebral_fracture"),
    # Fractures that are treated, and a word in passing, are another matter.
    ("vertebral_compression_fracture", "Kyphoplasty of VCF after SBRT. We gave SBRT. After SBRT 9% had it.", None),
    ("vertebral_compression_fracture", "VCF after surgery; one patient had SBRT.", None),
    ("infection", "Wound infection after surgery. Infection was rare.", "surgical_site_infection"),
    ("infection", "Infection after surgery.", None),
    ("allogeneic_transfusion", "Surgery with allogeneic transfusion.", "transfusion"),
    ("allogeneic_transfusion", "Salvaged blood and allogeneic transfusion.", None),
]  # fmt: skip


@pytest.mark.parametrize(("concept", "text", "expected"), WHOLE_TEXTS)
def test_refined_by_the_whole_text(concept: str, text: str, expected: str | None) -> None:
    assert refine_by_text(frozenset({concept}), text).get(concept) == expected


def test_a_concept_that_a_text_lacks_is_not_refined() -> None:
    assert refine_by_text(frozenset(), "Pain flare after SBRT, SBRT and SBRT") == {}


def test_the_rules_name_concepts_of_the_vocabulary() -> None:
    assert refined_concepts() <= set(load_vocabulary().concepts)


def test_every_rule_has_an_example() -> None:
    examples = [*EXAMPLES, *WHOLE_TEXTS]
    tried = {concept for concept, *_ in examples} | {expected for *_, expected in examples}
    assert refined_concepts() <= tried


@given(st.text(max_size=30), st.text(max_size=60), st.integers(0, 60), st.text(max_size=30))
def test_a_concept_without_rules_stays(concept: str, sentence: str, start: int, title: str) -> None:
    assert refine(f"no rule {concept}", sentence, start, title) == f"no rule {concept}"


def test_an_extraction_uses_the_refined_concept() -> None:
    paper = record("90000001", "Surgery for spinal metastases", ("RESULTS", "The 30-day mortality was 4%."))
    read = extract(paper)
    assert "thirty_day_mortality" in {mention.concept for mention in read.mentions}
    assert [one.outcome for one in read.findings] == ["thirty_day_mortality"]


def test_instruments_measure_outcomes_of_the_vocabulary() -> None:
    concepts = load_vocabulary().concepts
    assert all(concepts[tool].kind == "tool" for tool in measured_by())
    assert all(concepts[outcome].kind == "outcome" for outcome in measured_by().values())


SCORED = [
    ("visual_analogue_scale", "VAS scores improved.", "pain_intensity"),
    ("oswestry_disability_index", "The ODI decreased from 60.", "disability"),
    ("karnofsky_performance_status_scale", "KPS predicted survival.", None),
    ("visual_analogue_scale", "We used the VAS.", None),
    ("tokuhashi_score", "The Tokuhashi score improved.", None),
]


@pytest.mark.parametrize(("tool", "sentence", "outcome"), SCORED)
def test_scores_of_a_scale_are_results_on_what_it_measures(
    tool: str, sentence: str, outcome: str | None
) -> None:
    assert outcome_scored(tool, sentence) == outcome
