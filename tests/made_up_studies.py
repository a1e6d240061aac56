"""Invented papers: conflicting trials, a retraction, a deletion, a synopsis, hostile text and more."""

from __future__ import annotations

from typing import Any

from harvest.record import Author, Correction, MeshHeading, MeshQualifier, Reference

SBRT, CEBRT = "stereotactic_body_radiotherapy", "conventional_external_beam_radiotherapy"
TRIAL = ("Journal Article", "Randomized Controlled Trial")

STUDIES: tuple[dict[str, Any], ...] = (
    {
        "pmid": "90000001",
        "title": "SBRT versus cEBRT for painful spinal metastases: a randomised trial",
        "sections": (
            ("AIM", "To compare complete pain response after SBRT and cEBRT in spinal metastases."),
            ("METHODS", "In this randomised trial 210 patients received SBRT (n=104) or cEBRT (n=106)."),
            ("RESULTS", "Complete pain response at 3 months was 38% after SBRT and 19% after cEBRT (risk ratio 2.0, "
             "95% CI 1.3-3.1; p=0.002). Overall survival did not differ (hazard ratio 0.95, 95% CI 0.70-1.29; p=0.74)."),
            ("CONCLUSION", "SBRT gave complete pain relief more often."),
        ),
        "record": {
            "year": 2019, "publication_types": TRIAL, "doi": "10.5555/invented.2019.1", "registrations": ("NCT90000001",),
            "authors": ("Rivera A", "Okafor B", "Lindqvist C", "Tanaka D", "Moreau E", "Novak F", "Haddad G"),
            "mesh": (MeshHeading("Spinal Neoplasms", "D013125", False, (MeshQualifier("secondary", "Q000556", True),)),
                     MeshHeading("Radiosurgery", "D016634", True)),
        },
        "study": ("rct", "I", 210),
        "topics": ("sbrt", "radiation_therapy"),
        "mentions": (
            ("SBRT", SBRT, "studied", 3), ("cEBRT", CEBRT, "comparator", 3),
            ("Complete pain response", "complete_pain_response", "measured"),
            ("Overall survival", "overall_survival", "measured"), ("spinal metastases", "spinal_metastasis", "mentioned"),
        ),
        "findings": (
            ("Complete pain response at 3 months was 38% after SBRT and 19% after cEBRT (risk ratio 2.0, 95% CI 1.3-3.1; "
             "p=0.002).",
             {"intervention": SBRT, "comparator": CEBRT, "outcome": "complete_pain_response", "measure": "rr",
              "value": 2.0, "ci_low": 1.3, "ci_high": 3.1, "p": 0.002, "p_relation": "=", "n": 210,
              "timepoint_months": 3.0, "direction": "favours_intervention"}),
            ("Complete pain response at 3 months was 38% after SBRT and 19% after cEBRT (risk ratio 2.0, 95% CI 1.3-3.1; "
             "p=0.002).",
             {"intervention": SBRT, "outcome": "complete_pain_response", "measure": "percent", "value": 38.0,
              "unit": "%", "n": 104, "timepoint_months": 3.0}),
            ("Overall survival did not differ (hazard ratio 0.95, 95% CI 0.70-1.29; p=0.74).",
             {"intervention": SBRT, "comparator": CEBRT, "outcome": "overall_survival", "measure": "hr", "value": 0.95,
              "ci_low": 0.7, "ci_high": 1.29, "p": 0.74, "p_relation": "=", "direction": "no_difference"}),
        ),
    },
    {
        "pmid": "90000002",
        "title": "Single-fraction SBRT or conventional radiotherapy in spinal metastases: a phase 3 trial",
        "sections": (
            (None, "In 180 randomised patients, complete pain response at 3 months was 22% with SBRT and 24% with cEBRT "
             "(p=0.81). Vertebral compression fracture occurred in 11% and 9%."),
        ),
        "record": {"year": 2022, "publication_types": TRIAL, "doi": "10.5555/invented.2022.2",
                   "references": (Reference("Rivera A. J Invent Spine. 2019", "90000001", None),),
                   "corrections": (Correction("ErratumIn", None, "J Invent Spine. 2023;15(1):7"),)},
        "study": ("rct", "I", 180),
        "topics": ("sbrt", "radiation_therapy"),
        "mentions": (("SBRT", SBRT, "studied", 1), ("cEBRT", CEBRT, "comparator", 1),
                     ("complete pain response", "complete_pain_response", "measured"),
                     ("Vertebral compression fracture", "vertebral_compression_fracture", "measured")),
        "findings": (
            ("In 180 randomised patients, complete pain response at 3 months was 22% with SBRT and 24% with cEBRT (p=0.81).",
             {"intervention": SBRT, "comparator": CEBRT, "outcome": "complete_pain_response", "measure": "percent",
              "value": 22.0, "unit": "%", "p": 0.81, "p_relation": "=", "timepoint_months": 3.0,
              "direction": "no_difference"}),
            ("Vertebral compression fracture occurred in 11% and 9%.",
             {"intervention": SBRT, "outcome": "vertebral_compression_fracture", "measure": "percent", "value": 11.0,
              "unit": "%"}),
        ),
    },
    {
        "pmid": "90000003",
        "title": "Local control after conventional radiotherapy compared with SBRT of spinal metastases",
        "sections": (
            ("METHODS", "We reviewed 96 patients retrospectively."),
            ("RESULTS", "Local control at 1 year was 61% after cEBRT and 88% after SBRT (p<0.001)."),
        ),
        "record": {"year": 2017, "languages": ("eng", "fre"), "vernacular_title": "Contrôle local après radiothérapie"},
        "study": ("retrospective_comparative", "III", 96),
        "topics": ("sbrt", "radiation_therapy"),
        "mentions": (("cEBRT", CEBRT, "studied"), ("SBRT", SBRT, "comparator", 2), ("Local control", "local_control", "measured", 2)),
        "findings": (
            ("Local control at 1 year was 61% after cEBRT and 88% after SBRT (p<0.001).",
             {"intervention": CEBRT, "comparator": SBRT, "outcome": "local_control", "measure": "percent", "value": 61.0,
              "unit": "%", "p": 0.001, "p_relation": "<", "timepoint_months": 12.0, "direction": "favours_comparator"}),
        ),
    },
    {
        "pmid": "90000004",
        "title": "Vertebroplasty for painful metastatic vertebrae: 41 consecutive patients",
        "sections": (("RESULTS", "Mean pain intensity fell from 7.4 to 3.1 after vertebroplasty (p<0.001)."),),
        "record": {"year": 2011, "volume": None, "issue": None, "pages": "e17", "journal_abbreviation": None},
        "study": ("case_series", "IV", 41),
        "topics": ("cement_augmentation",),
        "mentions": (("vertebroplasty", "vertebroplasty", "studied", 1), ("pain intensity", "pain_intensity", "measured")),
        "findings": (
            ("Mean pain intensity fell from 7.4 to 3.1 after vertebroplasty (p<0.001).",
             {"intervention": "vertebroplasty", "outcome": "pain_intensity", "measure": "mean", "value": 3.1,
              "p": 0.001, "p_relation": "<", "direction": "favours_intervention"}),
        ),
    },
    {
        "pmid": "90000005",
        "title": "Radiofrequency ablation with or without vertebroplasty in spinal metastases",
        "sections": (("RESULTS", "Among 64 patients pain intensity was lower after RFA with vertebroplasty than after "
                      "vertebroplasty alone (2.2 versus 3.9; p = .03)."),),
        "record": {"year": 2018},
        "study": ("retrospective_comparative", "III", 64),
        "topics": ("ablation", "cement_augmentation"),
        "mentions": (("RFA", "radiofrequency_ablation", "studied"), ("vertebroplasty alone", "vertebroplasty", "comparator"),
                     ("pain intensity", "pain_intensity", "measured")),
        "findings": (
            ("Among 64 patients pain intensity was lower after RFA with vertebroplasty than after vertebroplasty alone "
             "(2.2 versus 3.9; p = .03).",
             {"intervention": "radiofrequency_ablation", "comparator": "vertebroplasty", "outcome": "pain_intensity",
              "measure": "mean", "value": 2.2, "p": 0.03, "p_relation": "=", "n": 64, "direction": "favours_intervention"}),
        ),
    },
    {
        "pmid": "90000006",
        "title": "Separation surgery followed by SBRT for high-grade cord compression: a prospective cohort",
        "sections": (("RESULTS", "Local control at 12 months was 90.5% in 74 patients. Sixty patients were ambulatory."),),
        "record": {"year": 2015, "authors": (Author(collective="Invented Spine Oncology Group"), "Park H")},
        "study": ("prospective_cohort", "II", 74),
        "topics": ("separation_surgery", "sbrt"),
        "mentions": (("Separation surgery", "separation_surgery", "studied"), ("Local control", "local_control", "measured"),
                     ("cord compression", "metastatic_epidural_spinal_cord_compression", "mentioned"),
                     ("ambulatory", "ambulation", "measured")),
        "findings": (
            ("Local control at 12 months was 90.5% in 74 patients.",
             {"intervention": "separation_surgery", "outcome": "local_control", "measure": "percent", "value": 90.5,
              "unit": "%", "n": 74, "timepoint_months": 12.0}),
            ("Sixty patients were ambulatory.",
             {"intervention": "separation_surgery", "outcome": "ambulation", "measure": "count", "value": 60.0}),
        ),
    },
    {
        "pmid": "90000007",
        "title": "External validation of the SORG survival model in spinal metastases",
        "sections": (("RESULTS", "The SORG model predicted 90-day survival in 512 patients with an AUC of 0.78 "
                      "(95% CI 0.74-0.82). The revised Tokuhashi score reached an AUC of 0.64."),),
        "record": {"year": 2021},
        "study": ("external_validation", "II", 512),
        "topics": ("prediction_models", "prognostic_tools"),
        "mentions": (("SORG model", "sorg_survival_model", "evaluated"), ("revised Tokuhashi score", "revised_tokuhashi_score", "evaluated"),
                     ("survival", "overall_survival", "measured", 1)),
        "tool_performance": (
            ("The SORG model predicted 90-day survival in 512 patients with an AUC of 0.78 (95% CI 0.74-0.82).",
             {"tool": "sorg_survival_model", "metric": "auc", "value": 0.78, "setting": "external_validation",
              "ci_low": 0.74, "ci_high": 0.82, "horizon_months": 3.0, "n": 512}),
            ("The revised Tokuhashi score reached an AUC of 0.64.",
             {"tool": "revised_tokuhashi_score", "metric": "auc", "value": 0.64, "setting": "external_validation", "n": 512}),
        ),
        "findings": (
            ("The SORG model predicted 90-day survival in 512 patients with an AUC of 0.78 (95% CI 0.74-0.82).",
             {"intervention": "sorg_survival_model", "outcome": "overall_survival", "measure": "auc", "value": 0.78,
              "ci_low": 0.74, "ci_high": 0.82, "n": 512}),
        ),
    },
    {
        "pmid": "90000008",
        "title": "Reliability of the Spinal Instability Neoplastic Score among trainees",
        "sections": (("RESULTS", "Agreement on SINS was substantial (kappa 0.71) across 30 raters."),),
        "record": {"year": 2014},
        "study": ("cross_sectional", "III", None),
        "topics": ("decision_making",),
        "mentions": (("SINS", "spinal_instability_neoplastic_score", "evaluated"),),
        "tool_performance": (
            ("Agreement on SINS was substantial (kappa 0.71) across 30 raters.",
             {"tool": "spinal_instability_neoplastic_score", "metric": "kappa", "value": 0.71, "setting": "reliability"}),
        ),
    },
    {
        "pmid": "90000009",
        "title": "Decompressive surgery restores walking in metastatic cord compression: a randomised trial",
        "sections": (("RESULTS", "Ambulation was regained by 92% after decompressive surgery and 40% after radiotherapy."),),
        "record": {"year": 2016, "publication_types": (*TRIAL, "Retracted Publication"),
                   "corrections": (Correction("RetractionIn", "90000012", "J Invent Spine. 2023;15(2):88", "data could not be verified"),)},
        "study": ("rct", "I", 120),
        "topics": ("open_surgery",),
        "mentions": (("decompressive surgery", "decompressive_surgery", "studied"), ("radiotherapy", "radiotherapy", "comparator"),
                     ("Ambulation", "ambulation", "measured")),
        "findings": (
            ("Ambulation was regained by 92% after decompressive surgery and 40% after radiotherapy.",
             {"intervention": "decompressive_surgery", "comparator": "radiotherapy", "outcome": "ambulation",
              "measure": "percent", "value": 92.0, "unit": "%", "direction": "favours_intervention"}),
        ),
    },
    {
        "pmid": "90000010",
        "title": "Denosumab and skeletal-related events in spinal metastases",
        "sections": (("AIM", "To see whether denosumab delays skeletal-related events."),
                     ("RESULTS", "Skeletal-related events occurred in 26% of 330 patients given denosumab (p=0.04).")),
        "record": {"year": 2012, "origin": "sample", "publication_types": TRIAL},
        "study": ("rct", "II", 330),
        "topics": ("systemic_therapy",),
        "mentions": (("denosumab", "denosumab", "studied", 2), ("Skeletal-related events", "skeletal_related_event", "measured")),
        "findings": (
            ("Skeletal-related events occurred in 26% of 330 patients given denosumab (p=0.04).",
             {"intervention": "denosumab", "outcome": "skeletal_related_event", "measure": "percent", "value": 26.0,
              "unit": "%", "p": 0.04, "p_relation": "=", "n": 330, "direction": "favours_intervention"}),
        ),
    },
    {
        "pmid": "90000011",
        "title": '<script>alert("title")</script> & ablation of spinal metastases <b>with</b> "quotes" | pipes',
        "sections": (('<img src=x onerror="alert(1)">', "Local control was 77% after RFA</p><script>alert('x')</script> & more."),),
        "record": {"year": 2020, "authors": ('<i>Evil</i> "X"', "O'Brien & Sons Y"), "journal_abbreviation": "J <Odd> Text",
                   "doi": '10.5555/"><script>', "keywords": ("<svg onload=alert(2)>",)},
        "study": ("case_series", "IV", None),
        "topics": ("ablation",),
        "mentions": (("RFA", "radiofrequency_ablation", "studied"), ("Local control", "local_control", "measured")),
        "findings": (
            ("Local control was 77% after RFA</p><script>alert('x')</script> & more.",
             {"intervention": "radiofrequency_ablation", "outcome": "local_control", "measure": "percent", "value": 77.0,
              "unit": "%"}),
        ),
    },
    {
        "pmid": "90000012",
        "title": "Retraction: Decompressive surgery restores walking in metastatic cord compression",
        "sections": (),
        "record": {"year": 2023, "publication_types": ("Retraction of Publication",),
                   "corrections": (Correction("RetractionOf", "90000009", "J Invent Spine. 2016;12(3):101-9"),)},
        "study": ("other", None, None),
        "topics": ("open_surgery",),
    },
    {
        "pmid": "90000013",
        "title": "A citation that PubMed withdrew: SBRT and pain",
        "sections": (("RESULTS", "Pain response was 99% after SBRT."),),
        "record": {"year": 2020},
        "study": ("case_series", "IV", 10),
        "topics": ("sbrt",),
        "findings": (("Pain response was 99% after SBRT.",
                      {"intervention": SBRT, "outcome": "pain_response", "measure": "percent", "value": 99.0, "unit": "%"}),),
    },
    {
        "pmid": "90000014",
        "title": "Lung cancer screening in primary care",
        "sections": ((None, "Uptake was 51%. SBRT was given in 3% of 900 people."),),
        "record": {"year": 2013},
        "study": ("cross_sectional", "IV", 900),
        "topics": (),
        "on_topic": False,
        "mentions": (("SBRT", SBRT, "mentioned"), ("Lung cancer", "lung_cancer", "mentioned")),
        "findings": (("SBRT was given in 3% of 900 people.",
                      {"intervention": SBRT, "outcome": "overall_survival", "measure": "percent", "value": 3.0, "unit": "%"}),),
    },
    {
        "pmid": "90000015",
        "title": "Immune checkpoint inhibitors and the spine: a narrative review",
        "sections": (),
        "record": {"year": None, "authors": (), "journal": None, "journal_abbreviation": None, "volume": None,
                   "issue": None, "pages": None},
        "study": ("narrative_review", "V", None),
        "topics": ("immunotherapy",),
        "mentions": (("Immune checkpoint inhibitors", "immune_checkpoint_inhibitor", "studied"),),
    },
    {
        "pmid": "90000016",
        "title": "Pain after SBRT of spinal metastases: a systematic review and meta-analysis",
        "sections": (("RESULTS", "In 9 studies with 1,240 patients SBRT gave complete pain response more often than cEBRT "
                      "(odds ratio 1.8; 95% CI 1.1 to 2.9)."),),
        "record": {"year": 2023, "publication_types": ("Journal Article", "Meta-Analysis", "Systematic Review"),
                   "references": (Reference("Trial one", "90000001"), Reference("Trial two", "90000002"), Reference("Elsewhere", "12"))},
        "study": ("meta_analysis", "I", 1240),
        "topics": ("sbrt", "radiation_therapy"),
        "mentions": (("SBRT", SBRT, "studied", 1), ("cEBRT", CEBRT, "comparator"),
                     ("complete pain response", "complete_pain_response", "measured")),
        "findings": (
            ("In 9 studies with 1,240 patients SBRT gave complete pain response more often than cEBRT "
             "(odds ratio 1.8; 95% CI 1.1 to 2.9).",
             {"intervention": SBRT, "comparator": CEBRT, "outcome": "complete_pain_response", "measure": "or", "value": 1.8,
              "ci_low": 1.1, "ci_high": 2.9, "n": 1240, "direction": "favours_intervention"}),
        ),
    },
)  # fmt: skip
