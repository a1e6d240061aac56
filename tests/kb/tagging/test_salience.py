"""Salience: which treatments and outcomes a study is about, beside those it names in passing."""

from __future__ import annotations

import pytest

from kb.tagging.extract import extract
from kb.tagging.measured import measured_outcomes
from kb.tagging.pipeline import read_articles
from kb.tagging.salience import salient_treatments
from kb.tagging.salience_lists import gives_way, listed_concepts, made_of
from kb.vocabulary.concept import load_vocabulary
from tests.made_up import record

SBRT = "stereotactic_body_radiotherapy"
METHODS = ("METHODS", "We reviewed 60 patients with spinal metastases who underwent separation surgery.")


def studied(title: str, *sections: tuple[str, str]) -> set[str]:
    [article] = read_articles([record("90000001", title, *sections)])
    return set(salient_treatments(article, ()))


def measured(title: str, *sections: tuple[str, str]) -> set[str]:
    [article] = read_articles([record("90000001", title, *sections)])
    return set(measured_outcomes(article))


IN_PASSING = [
    ("BACKGROUND", "Vertebroplasty is a common alternative.", "vertebroplasty"),
    ("METHODS", "All patients had magnetic resonance imaging.", "magnetic_resonance_imaging"),
    ("METHODS", "Age, sex and earlier chemotherapy were recorded.", "chemotherapy"),
    ("METHODS", "Patients were given opioids as needed.", "opioid"),
    ("RESULTS", "Vertebroplasty was seen in one.", "vertebroplasty"),
    ("METHODS", "Some were treated with kyphoplasty before, having received radiotherapy.", "radiotherapy"),
    ("METHODS", "Patients who had received neither kyphoplasty nor steroids were included.", "kyphoplasty"),
    ("METHODS", "No patient received kyphoplasty.", "kyphoplasty"),
]


@pytest.mark.parametrize(("label", "sentence", "treatment"), IN_PASSING)
def test_named_in_passing(label: str, sentence: str, treatment: str) -> None:
    title = "Separation surgery for spinal metastases"
    paper = record("90000001", title, METHODS, (label, sentence))
    roles = {m.concept: m.role for m in extract(paper).mentions if m.kind == "intervention"}
    assert roles["separation_surgery"] == "studied"
    assert roles[treatment] == "background"


STUDIED = [
    # What had failed before; what a section on the aim says of others' work.
    ("Radiosurgery for spinal metastases",
     (("RESULTS", "It was given to poor responders to kyphoplasty and as salvage after vertebroplasty."),), {SBRT}),
    ("Failure of radiosurgery for spinal metastases", (), {SBRT}),
    ("Radiosurgery for spinal metastases",
     (("OBJECTIVE", "Vertebroplasty is the basis of treatment. We carried out a literature review in order to"
       " analyze the results of radiosurgery."),), {SBRT}),
    # A kind told among the results stands beside the treatment of the title; one that all had replaces it.
    ("Radiosurgery for spinal metastases",
     (("RESULTS", "Most patients were treated with single-fraction radiosurgery (70%)."),
      ("CONCLUSIONS", "Single-fraction radiosurgery is common.")),
     {SBRT, "single_fraction_stereotactic_radiosurgery"}),
    ("Radiosurgery for spinal metastases",
     (("METHODS", "All patients were treated with single-fraction radiosurgery."),),
     {"single_fraction_stereotactic_radiosurgery"}),
    # An arm that goes by a broad name as well.
    ("Radiosurgery compared with external beam radiotherapy for spinal metastases",
     (("OBJECTIVE", "To compare radiosurgery and conventional external beam radiotherapy."),),
     {SBRT, "conventional_external_beam_radiotherapy"}),
    # What had failed, what served another, how the field changed.
    ("Brachytherapy for spinal metastases",
     (("OBJECTIVE", "To assess computed tomography (CT)-guided brachytherapy after failure of external beam radiotherapy."),),
     {"brachytherapy"}),
    ("Management of spinal metastases",
     (("OBJECTIVE", "To review separation surgery."),
      ("RESULTS", "Care has changed with the advent of kyphoplasty and vertebroplasty.")), {"separation_surgery"}),
    ("FDG-PET/computed tomography for spinal metastases", (), {"positron_emission_tomography"}),
    ("MRI for lesions seen on bone scan", (), {"magnetic_resonance_imaging"}),
    # What the studies of an overview examined; examples beside the family that the title names.
    ("Pain of spinal metastases: a review",
     (("RESULTS", "Seven trials investigated kyphoplasty, while the remaining four examined SBRT."),),
     {"kyphoplasty", SBRT}),
    ("Radiopharmaceuticals for spinal metastases",
     (("OBJECTIVE", "To review agents such as strontium-89."),), {"radiopharmaceutical_therapy", "strontium_89"}),
    # Imaging that did best is studied, though no title says so.
    ("Spinal metastases of unknown origin",
     (("RESULTS", "Computed tomography was the most useful test."),), {"computed_tomography"}),
    # The short name of a combination that the title sets against another.
    ("Surgery with or without radiotherapy versus radiotherapy alone for spinal metastases",
     (("RESULTS", "Surgery was superior to radiotherapy alone."),),
     {"surgery_with_or_without_radiotherapy", "radiotherapy_alone"}),
    # Imaging at follow-up tells how patients were seen.
    ("Separation surgery for spinal metastases",
     (("RESULTS", "Fifty patients had follow-up imaging (n = 50)."),), {"separation_surgery"}),
    # What the title names.
    ("Separation surgery for spinal metastases", (), {"separation_surgery"}),
    ("Kyphoplasty and vertebroplasty for spinal metastases", (), {"kyphoplasty", "vertebroplasty"}),
    # What the aim names, where the title is silent.
    ("Survival in spinal metastases", (("OBJECTIVE", "To assess survival after kyphoplasty."),), {"kyphoplasty"}),
    # What the patients had, where neither names any.
    ("Survival in spinal metastases", (("METHODS", "Sixty patients received SBRT."),), {SBRT}),
    ("Survival in spinal metastases", (("METHODS", "Age and sex were recorded."),), set()),
    # An examination is studied where the title says so.
    ("MRI for spinal metastases", (("METHODS", "We read the MRI of 60 patients."),), {"magnetic_resonance_imaging"}),
    # So is an event such as revision.
    ("Revision surgery in spinal metastases", (("METHODS", "We reviewed 60 patients."),), {"revision_surgery"}),
    # What leads to an aim is not the aim.
    ("Survival in spinal metastases",
     (("OBJECTIVE", "Open surgery has many complications. We aimed to assess survival after kyphoplasty."),), {"kyphoplasty"}),
    # How a treatment was given is no treatment of its own.
    ("Survival in spinal metastases",
     (("OBJECTIVE", "To compare short-course radiotherapy (1 x 8 Gy) with long-course radiotherapy (10 x 3 Gy)."),),
     {"short_course_radiotherapy", "long_course_radiotherapy"}),
    # A treatment tested as a factor is under study.
    ("Decompressive surgery for spinal metastases",
     (("RESULTS", "Preoperative radiotherapy (OR 0.4, p=0.03) lowered the chance of walking."),),
     {"decompressive_surgery", "preoperative_radiotherapy"}),
    # Neither is the treatment that patients had before.
    ("Radiosurgery after prior conventional radiotherapy of spinal metastases", (), {SBRT}),
    # A whole and its parts.
    ("Combined surgery and radiotherapy for spinal metastases",
     (("METHODS", "Fifty had surgery plus radiotherapy (n=50) and fifty radiotherapy alone (n=50)."),),
     {"surgery_plus_radiotherapy", "radiotherapy_alone"}),
    # Care that was merely organised.
    ("Surgery of spinal metastases with multidisciplinary treatment", (("METHODS", "Sixty underwent surgery."),), {"surgery"}),
]  # fmt: skip


@pytest.mark.parametrize(("title", "sections", "expected"), STUDIED)
def test_under_study(title: str, sections: tuple[tuple[str, str], ...], expected: set[str]) -> None:
    assert studied(title, *sections) == expected


def test_a_whole_family_gives_way_to_the_kind() -> None:
    sections = (
        ("OBJECTIVE", "To describe surgery for spinal metastases, namely separation surgery."),
        ("METHODS", "All underwent separation surgery."),
    )
    assert studied("Separation surgery, a new surgery for spinal metastases", *sections) == {
        "separation_surgery"
    }


def test_a_whole_family_stays_where_nothing_else_is_studied() -> None:
    assert studied("Surgery for spinal metastases", ("METHODS", "Sixty patients had surgery.")) == {"surgery"}


def test_a_family_stays_as_the_arm_of_a_comparison() -> None:
    [article] = read_articles([record("90000001", "Radiotherapy versus kyphoplasty for spinal metastases")])
    assert salient_treatments(article, ("radiotherapy", "kyphoplasty")) == {"radiotherapy", "kyphoplasty"}


MEASURED = [
    ("Local control after SBRT of spinal metastases", (), {"local_control"}),
    (
        "SBRT of spinal metastases",
        (("METHODS", "The primary outcome was local control."),),
        {"local_control"},
    ),
    ("SBRT of spinal metastases", (("RESULTS", "Local control was 90%."),), {"local_control"}),
    ("SBRT of spinal metastases", (("CONCLUSIONS", "SBRT gives lasting local control."),), {"local_control"}),
    # What patients came with, what others found, what was listed as a factor.
    ("SBRT of spinal metastases", (("METHODS", "Patients with pain were treated."),), set()),
    ("SBRT of spinal metastases", (("BACKGROUND", "Pain is common."),), set()),
    ("SBRT for painful spinal metastases", (), set()),
    ("SBRT of spinal metastases", (("METHODS", "Age, sex and pain were recorded."),), set()),
    ("SBRT of spinal metastases", (("RESULTS", "Performance status predicted local control."),), {"local_control"}),
    ("SBRT of spinal metastases", (("RESULTS", "Patients who regained ambulation had 80% local control."),), {"local_control"}),
    ("SBRT of spinal metastases",
     (("RESULTS", "Complications (p=0.01) were associated with overall survival."),), {"overall_survival"}),
    ("SBRT of spinal metastases",
     (("PURPOSE", "Fractures are an adverse event. We aimed to assess local control."),), {"local_control"}),
    ("SBRT of spinal metastases", (("RESULTS", "Previous studies have reported 90% local control."),), set()),
    # The precise outcome counts, not the broad one beside it; safety where the study set out to judge it, or alone.
    ("SBRT of spinal metastases",
     (("RESULTS", "Pain was common; pain intensity fell by 3 points."),), {"pain_intensity"}),
    ("Safety of SBRT", (("RESULTS", "Local control was 90%."),), {"local_control", "safety"}),
    ("SBRT of the spine", (("RESULTS", "Local control was 90% and safety good."),), {"local_control"}),
    ("SBRT of the spine",
     (("PURPOSE", "This systematic review and meta-analysis summarizes the safety and feasibility of SBRT."),
      ("RESULTS", "Complications occurred in 4%.")), {"complication", "safety", "feasibility"}),
    ("Safety of SBRT", (), {"safety"}),
    # A conclusion alone is an opinion where results are reported.
    ("SBRT of spinal metastases",
     (("RESULTS", "Local control was 90%."), ("CONCLUSIONS", "SBRT improves quality of life.")), {"local_control"}),
    # A model's discrimination, by its name or by the measure of it.
    ("A score", (("RESULTS", "Discrimination was good (AUC 0.8)."),), {"discrimination"}),
    ("A score", (("RESULTS", "The area under the curve was 0.8."),), {"discrimination"}),
    # What an outcome or a score is made of, or what patients were grouped by.
    ("Denosumab in bone metastases",
     (("METHODS", "Skeletal-related events were recorded, defined as pathological fracture or hypercalcaemia."),),
     {"skeletal_related_event"}),
    ("A score", (("METHODS", "Performance status was assessed to calculate the score."),), set()),
    ("A score", (("METHODS", "Survival was assessed and the score calculated."),), {"overall_survival"}),
    ("A score", (("RESULTS", "Kappa was 0.6 for the fields of pain and alignment."),), set()),
    ("Surgery of the spine", (("RESULTS", "Infection differed in the trauma and infection subcohorts."),), {"infection"}),
    # The incidence of another outcome, the prognostic value of a factor.
    ("Surgery of the spine", (("RESULTS", "The annual incidence of wound infection was 3%."),), {"surgical_site_infection"}),
    ("A mutation", (("RESULTS", "The mutation had prognostic value (p = 0.01)."),), set()),
    ("A score", (("RESULTS", "The prognostic value of the score was high (p = 0.01)."),), {"survival_prediction_accuracy"}),
    ("Survival of patients", (("RESULTS", "Six significant factors, including use of analgesics, were found."),),
     {"overall_survival"}),
    # A second list behind the first verb.
    ("Vertebroplasty of the spine",
     (("METHODS", "The operation time was recorded, and pain, cement leakage and complications were observed before "
       "and after surgery."),),
     {"operative_time", "pain", "cement_leakage", "complication"}),
    # What patients came with, told behind the name or as the commonest complaint; "with respect to" is no such thing.
    ("Radiotherapy of cord compression",
     (("RESULTS", "Survival was associated with ambulatory status before radiotherapy (p = 0.01)."),), {"overall_survival"}),
    ("Radiotherapy of cord compression",
     (("METHODS", "Walking ability before treatment and thereafter daily was recorded."),), {"ambulation"}),
    ("Surgery of the spine", (("RESULTS", "The most common presenting symptom was back pain (25 patients, 89%)."),), set()),
    ("Surgery of the spine", (("RESULTS", "The most common complication was back pain (5 patients)."),),
     {"complication", "back_pain"}),
    ("Radiotherapy of cord compression",
     (("METHODS", "Eighty patients were analysed with respect to motor function and survival."),),
     {"motor_function", "overall_survival"}),
    # Title or aim ask what an outcome's name foretells.
    ("Target dose as a predictor of local failure after SBRT", (), {"local_failure"}),
    ("Target dose and local failure after SBRT", (), {"target_coverage", "local_failure"}),
    ("Blood transfusion does not decrease survival after surgery", (), {"overall_survival"}),
    # The prognostic value of a factor is none of a score, in a title neither.
    ("Prognostic value of the psoas muscle for survival", (), {"overall_survival"}),
    ("Prognostic value of a score for survival", (), {"survival_prediction_accuracy", "overall_survival"}),
    # How a review was made, and what others found.
    ("Survival: a systematic review",
     (("METHODS", "Interobserver agreement for the risk of bias was determined by kappa."),), {"overall_survival"}),
    ("A grading", (("METHODS", "Interobserver agreement was determined by kappa."),), {"interobserver_reliability"}),
    ("SBRT of the spine", (("RESULTS", "Smith et al. reported 90% local control."),), set()),
    # "This complication" points back.
    ("Surgery of the spine", (("RESULTS", "Wound infection occurred in 3%; this complication needed antibiotics."),),
     {"surgical_site_infection"}),
    ("Zoledronate", (("OBJECTIVE", "To assess survival, for metastases are a cause of severe morbidity."),), {"overall_survival"}),
    # What leads to an aim that opens with what is to be done.
    ("A detection system",
     (("PURPOSE", "Fractures lower the quality of life. To detect lesions early, we trained a network and measured local control."),),
     {"local_control"}),
    # A decision curve is a measure of its own beside discrimination.
    ("A nomogram", (("METHODS", "The area under the curve and decision curve analysis were calculated."),),
     {"discrimination", "clinical_utility"}),
    ("A nomogram", (("RESULTS", "The area under the curve was 0.8."), ("CONCLUSIONS", "Its clinical usefulness is high.")),
     {"discrimination"}),
]  # fmt: skip


@pytest.mark.parametrize(("title", "sections", "expected"), MEASURED)
def test_measured_outcomes(title: str, sections: tuple[tuple[str, str], ...], expected: set[str]) -> None:
    assert measured(title, *sections) == expected


def test_background_outcomes_are_told_apart_by_role() -> None:
    paper = record(
        "90000001",
        "SBRT of spinal metastases",
        ("BACKGROUND", "Local control matters."),
        ("METHODS", "Patients with myelopathy were left out."),
        ("RESULTS", "Overall survival was 60% at 1 year."),
    )
    roles = {(m.concept, m.role) for m in extract(paper).mentions if m.kind == "outcome"}
    assert ("local_control", "background") in roles
    assert ("overall_survival", "measured") in roles
    assert "measured" not in {role for concept, role in roles if concept != "overall_survival"}


def test_the_lists_name_concepts_of_the_vocabulary() -> None:
    assert listed_concepts() <= set(load_vocabulary().concepts)


def test_what_gives_way_is_not_among_what_it_gives_way_to() -> None:
    assert all(broad not in precise for broad, precise in gives_way().items())
    assert all(whole not in parts for whole, parts in made_of().items())


def test_compared_with_names_the_comparator_first() -> None:
    paper = record(
        "90000001",
        "Denosumab for spinal metastases",
        (
            "RESULTS",
            "Compared to zoledronic acid, denosumab had a lower incidence of skeletal-related events.",
        ),
    )
    roles = {m.concept: m.role for m in extract(paper).mentions if m.kind == "intervention"}
    assert roles == {"denosumab": "studied", "zoledronic_acid": "comparator"}


def test_an_outcome_of_a_finding_is_measured() -> None:
    # Mortality gives way to survival, but not where it has a result of its own.
    extraction = extract(
        record(
            "90000001",
            "Survival after surgery",
            ("RESULTS", "Median survival was 9 months. Mortality was 59%."),
        )
    )
    assert "mortality" in {finding.outcome for finding in extraction.findings}
    assert {m.role for m in extraction.mentions if m.concept == "mortality"} == {"measured"}


def series_on_surgery(*sections: tuple[str, str]) -> dict[str, str]:
    paper = record("90000001", "Surgery for spinal metastases: a series of 80 patients", *sections)
    return {m.concept: m.role for m in extract(paper).mentions if m.kind == "intervention"}


def test_kinds_that_methods_or_results_tell_of_are_studied_as_well() -> None:
    roles = series_on_surgery(
        ("METHODS", "We reviewed 80 patients who underwent surgery."),
        (
            "RESULTS",
            "Laminectomy was performed in 50 patients and corpectomy in 30. Median survival was 12 months.",
        ),
    )
    assert (roles["surgery"], roles["laminectomy"], roles["corpectomy"]) == ("studied", "studied", "studied")


def test_kinds_told_elsewhere_or_as_earlier_care_are_not() -> None:
    roles = series_on_surgery(
        ("BACKGROUND", "Laminectomy was long the standard."),
        (
            "METHODS",
            "We reviewed 80 patients who underwent surgery. Those with a history of corpectomy were few.",
        ),
        ("RESULTS", "Median survival was 12 months."),
    )
    assert (roles["surgery"], roles["laminectomy"], roles["corpectomy"]) == (
        "studied",
        "background",
        "background",
    )


def test_kinds_take_no_results_that_name_none() -> None:
    paper = record(
        "90000001",
        "Surgery for spinal metastases",
        ("METHODS", "We reviewed 80 patients who underwent surgery."),
        ("RESULTS", "Laminectomy was performed in 50 patients. Median survival was 12 months."),
    )
    assert {f.intervention for f in extract(paper).findings if f.value == 12} == {"surgery"}


@pytest.mark.parametrize(
    "sentence",
    [
        "Exclusion criteria were en bloc spondylectomy and laminectomy.",
        "Local failures were treated by laminectomy in 5 patients.",
        "Age, sex, smoking and laminectomy were recorded as covariates.",
        "No patient was suitable for laminectomy.",
    ],
)
def test_kinds_that_others_had_or_that_came_later_are_not_studied(sentence: str) -> None:
    roles = series_on_surgery(
        ("METHODS", "We reviewed 80 patients who underwent surgery."), ("RESULTS", sentence)
    )
    assert roles["laminectomy"] == "background"
