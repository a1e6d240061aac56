"""Study wordings: what titles and sentences of the field commonly say, each with what is to be read from it.

Rows of a rule that must not fire stand beside those where it must: a case series beside a reviewed literature is no
review, a protocol of treatment no study protocol, a count of events no count of patients.
"""

from __future__ import annotations

import pytest

from kb.evidence import Arm, Study
from kb.tagging.extract import extract
from tests.made_up import record

SERIES = "Outcomes of surgery for spinal metastases"
UNTITLED = "[Not Available]."
VERSUS = "Surgery versus radiotherapy for spinal metastases"


def study(title: str, text: str) -> Study:
    """The study read in a made-up record; `text` holds sections parted by " # ", each with its label before " | "."""
    sections = [part.split(" | ", 1) if " | " in part else (None, part) for part in text.split(" # ")]
    return extract(record("90000001", title, *[(label, body) for label, body in sections])).study


# Title, text, design, question, NASS level.
STUDIES = [
    (
        "Comparison of four survival scores in patients operated on for spinal metastases",
        "We retrospectively applied the Tokuhashi, Tomita, Bauer and SORG scores to 231 patients. The area under the curve was highest for SORG (0.78).",
        "external_validation",
        "prognostic",
        "II",
    ),
    (
        "Are the Tokuhashi and Tomita scores still valid in the era of targeted therapy?",
        "We reviewed 180 patients operated for spinal metastases of lung cancer. Predicted and actual survival agreed in 42% of patients with the Tokuhashi score.",
        "external_validation",
        "prognostic",
        "II",
    ),
    (
        "Does the revised Tokuhashi score predict survival in patients with renal cell carcinoma?",
        "Records of 88 patients were reviewed. The score was calculated before surgery. Accuracy was 51%.",
        "external_validation",
        "prognostic",
        "II",
    ),
    (
        "Accuracy of the Katagiri score in patients receiving palliative radiotherapy",
        "Between 2012 and 2016 we retrospectively reviewed 215 patients. Survival at 6 months was 80%, 50% and 20% in the risk groups.",
        "external_validation",
        "prognostic",
        "II",
    ),
    (
        "Survival after radiotherapy of spinal metastases from breast cancer",
        "METHODS | Ten factors were analysed in 255 patients by Cox regression. A survival score was developed from the three independent factors. # RESULTS | Six-month survival was 20%, 55% and 90% in the three groups.",
        "prediction_model_development",
        "prognostic",
        "II",
    ),
    (
        "Percutaneous vertebroplasty for painful spinal metastases: a case series and review of the literature",
        "We treated 23 patients. The VAS fell from 8 to 3.",
        "case_series",
        "therapeutic",
        "IV",
    ),
    (
        "Intramedullary metastasis of melanoma: case report and systematic review of the literature",
        "A 54-year-old man presented with gait disturbance. We searched PubMed and found 32 cases. He underwent resection.",
        "case_report",
        "therapeutic",
        "V",
    ),
    (
        "Minimally invasive surgery for spinal metastases: a systematic review",
        "METHODS | PubMed and Embase were searched. # RESULTS | Twenty studies with 812 patients were included. The complication rate was 12%.",
        "systematic_review",
        "therapeutic",
        None,
    ),
    (
        "Minimally invasive versus open surgery for spinal metastases: a systematic review and meta-analysis",
        "METHODS | PubMed and Embase were searched. # RESULTS | Twelve studies were included. Blood loss was lower with minimally invasive surgery (MD -400 ml).",
        "meta_analysis",
        "therapeutic",
        "III",
    ),
    (
        "Stereotactic radiosurgery for spinal metastases: a systematic review and meta-analysis",
        "METHODS | PubMed was searched. # RESULTS | Thirty retrospective studies and two prospective series were included. Pooled local control at 1 year was 90%.",
        "meta_analysis",
        "therapeutic",
        "II",
    ),
    (
        "Prognostic factors for survival in lung cancer patients with spinal metastases: a systematic review",
        "METHODS | PubMed was searched for cohort studies. # RESULTS | 20 studies were included.",
        "systematic_review",
        "prognostic",
        "II",
    ),
    (
        "Radiotherapy fractionation for bone metastases: a systematic review of randomised trials",
        "METHODS | Medline was searched. # RESULTS | 25 randomised trials were included with 5,000 patients.",
        "systematic_review",
        "therapeutic",
        "I",
    ),
    (
        "Chordoma metastatic to the spine: a systematic review of reported cases",
        "METHODS | PubMed was searched. # RESULTS | 34 studies describing 41 patients were included. Surgery was performed in 30.",
        "systematic_review",
        "therapeutic",
        "IV",
    ),
    (
        "ASTRO guideline on palliative radiotherapy for bone metastases",
        "Recommendations were developed by a task force. A single 8 Gy fraction is recommended.",
        "guideline",
        "therapeutic",
        "V",
    ),
    (
        "Management of metastatic spinal cord compression: consensus recommendations of a multidisciplinary panel",
        "A Delphi process with 20 experts was used. Agreement was reached on 30 statements.",
        "guideline",
        "therapeutic",
        "V",
    ),
    (
        "Consensus on the reporting of imaging in spinal metastases: a Delphi study",
        "Forty radiologists took part. Agreement was reached on 12 items.",
        "guideline",
        "other",
        None,
    ),
    (
        "Pathophysiology of bone metastases",
        "This review summarises the molecular mechanisms of bone metastases.",
        "narrative_review",
        "other",
        None,
    ),
    (
        "Outcomes of decompressive surgery in patients with lung versus breast cancer spinal metastases",
        "We reviewed 60 patients with lung cancer and 50 patients with breast cancer who were operated. Median survival was 5 and 16 months (p<0.01).",
        "case_series",
        "prognostic",
        "II",
    ),
    (
        "Spinal metastases in elderly versus younger patients: outcomes of surgery",
        "We reviewed 100 patients. Complications did not differ (p=0.4).",
        "case_series",
        "prognostic",
        "II",
    ),
    (
        "Denosumab reduces skeletal-related events in patients with spinal metastases of renal cell carcinoma",
        "We reviewed 90 patients, of whom 40 received denosumab. SREs were fewer with denosumab (p=0.02).",
        "retrospective_comparative",
        "therapeutic",
        "III",
    ),
    (
        "Unplanned reoperation after surgical treatment of spinal metastases",
        "METHODS | 300 patients were reviewed. Multivariable logistic regression was used. # RESULTS | 30 patients were reoperated. Independent risk factors were prior radiotherapy (OR 2.1) and diabetes (OR 1.9).",
        "case_series",
        "prognostic",
        "II",
    ),
    (
        "Prevalence of spinal metastases in autopsies of cancer patients",
        "We examined 832 patients who had died from cancer. Spinal metastases were found in 36%.",
        "cross_sectional",
        "other",
        None,
    ),
    (
        "Spinal cord compression in England: a population-based study of incidence",
        "Registry data of 4,000 patients were used. The incidence was 80 per million per year.",
        "cross_sectional",
        "other",
        None,
    ),
    (
        "Treatment decisions for spinal metastases: a vignette study among spine surgeons",
        "Eighty surgeons were asked to choose a treatment for ten cases. Surgery was recommended in 60%.",
        "survey",
        "other",
        None,
    ),
    (
        "Interobserver agreement of the Bilsky scale",
        "Ten readers rated 50 MRI scans. Kappa was 0.72.",
        "diagnostic_accuracy",
        "diagnostic",
        "III",
    ),
    (
        "Diffusion-weighted MRI for telling benign from malignant vertebral fractures",
        "Forty patients were examined prospectively. Sensitivity was 92% and specificity 88%.",
        "diagnostic_accuracy",
        "diagnostic",
        "III",
    ),
    (
        "Vertebral biopsy under CT guidance in suspected metastasis",
        "We reviewed 130 consecutive patients. Diagnostic accuracy was 91% against histology or follow-up.",
        "diagnostic_accuracy",
        "diagnostic",
        "II",
    ),
    (
        "Single-fraction radiotherapy for spinal cord compression: a phase II trial",
        "METHODS | In this single-arm phase II trial, 60 patients received 10 Gy. # RESULTS | Ambulation was retained in 80%.",
        "case_series",
        "therapeutic",
        "IV",
    ),
    (
        "Cost-utility of surgery for spinal metastases",
        "We compared costs and QALYs of 50 patients. Cost per QALY was $60,000. Sensitivity analyses were done.",
        "economic_evaluation",
        "economic",
        "II",
    ),
    (
        "Surgery for spinal metastases: a prospective multicentre cohort study of quality of life",
        "We prospectively followed 200 patients for 12 months. EQ-5D improved.",
        "case_series",
        "therapeutic",
        "IV",
    ),
    (
        "Vertebroplasty or radiotherapy for vertebral metastases: a prospective comparison",
        "METHODS | In a prospective non-randomised study, 40 patients had vertebroplasty and 42 radiotherapy. # RESULTS | VAS at one week was 2 and 5 (p<0.01).",
        "prospective_cohort",
        "therapeutic",
        "II",
    ),
    (
        "Influence of tumour histology on outcome after spine radiosurgery",
        "We reviewed 300 patients. Local control was worse in renal cell carcinoma (HR 1.9).",
        "case_series",
        "prognostic",
        "II",
    ),
    (
        "Hounsfield units predict pedicle screw loosening in metastatic spine surgery",
        "We reviewed 140 patients. HU below 110 predicted loosening (OR 3.1).",
        "case_series",
        "prognostic",
        "II",
    ),
    (
        "Machine learning for prediction of survival in spinal metastases: a systematic review",
        "PubMed was searched. 18 studies were included.",
        "systematic_review",
        "prognostic",
        "II",
    ),
    (
        "Early mortality after surgery for spinal metastases: analysis of the NSQIP database",
        "We identified 1,200 patients. Thirty-day mortality was 8%. On multivariable analysis, dependent functional status (OR 2.2) and albumin (OR 0.5) were independent predictors.",
        "case_series",
        "prognostic",
        "II",
    ),
    (
        "Separation surgery followed by SBRT for epidural spinal cord compression",
        "We reviewed 90 patients. Local control at 1 year was 88%.",
        "case_series",
        "therapeutic",
        "IV",
    ),
    (
        "Timing of postoperative radiotherapy after surgery of spinal metastases: a matched cohort study",
        "We compared 40 patients irradiated within 4 weeks with 40 later.",
        "retrospective_comparative",
        "therapeutic",
        "III",
    ),
    (
        "Patients treated for spinal metastases with and without tranexamic acid",
        "We reviewed 120 patients: 60 received tranexamic acid and 60 did not. Blood loss was 600 and 900 ml (p=0.03).",
        "retrospective_comparative",
        "therapeutic",
        "III",
    ),
    (
        "Reirradiation of spinal metastases with SBRT: results of a prospective registry",
        "We analysed 110 patients entered in a prospective registry. One-year local control was 83%.",
        "case_series",
        "therapeutic",
        "IV",
    ),
    (
        "Robot-assisted versus freehand pedicle screw placement in metastatic spine surgery",
        "50 patients were operated with robot guidance and 60 freehand. Accuracy was 97% and 92% (p=0.04).",
        "retrospective_comparative",
        "therapeutic",
        "III",
    ),
    (
        "Trends in the surgical treatment of spinal metastases in Sweden, 2006-2018",
        "Registry data of 2,000 operations were used. The rate of surgery rose from 2 to 5 per 100,000.",
        "cross_sectional",
        "other",
        None,
    ),
    (
        "Translation and validation of the SOSGOQ in German",
        "The questionnaire was translated. 100 patients completed it. Cronbach alpha was 0.9.",
        "other",
        "other",
        None,
    ),
    (
        "Biomechanical evaluation of cement augmentation in metastatic vertebrae: a cadaveric study",
        "Twelve specimens were loaded.",
        "laboratory",
        "other",
        None,
    ),
    (
        "Bone turnover markers and skeletal events in patients with bone metastases from prostate cancer receiving zoledronic acid",
        "A total of 300 patients were followed. High NTX was associated with events (HR 2.1).",
        "case_series",
        "prognostic",
        "II",
    ),
    (
        "Time to surgery and neurological outcome in metastatic cord compression",
        "We reviewed 120 patients operated within 24 h, 24-48 h or later. Recovery was better within 24 h (p=0.02).",
        "retrospective_comparative",
        "therapeutic",
        "III",
    ),
    (
        "Current management of spinal metastases",
        "Spinal metastases are common. Surgery and radiotherapy are the main treatments. We discuss indications and techniques.",
        "narrative_review",
        "therapeutic",
        "V",
    ),
    (
        "Prognostic scores in spinal metastases: a critical appraisal",
        "We discuss the available scores and their limits.",
        "narrative_review",
        "prognostic",
        "V",
    ),
    (
        "Whole-body MRI versus bone scintigraphy for detection of bone metastases: a meta-analysis",
        "PubMed was searched. Pooled sensitivity was 94% and 80%.",
        "meta_analysis",
        "diagnostic",
        "III",
    ),
    (
        "Spinal instability neoplastic score: reliability among radiologists",
        "Thirty-seven radiologists rated 90 cases. ICC was 0.84.",
        "diagnostic_accuracy",
        "diagnostic",
        "III",
    ),
    (
        "Validity of the SINS in predicting vertebral fracture after radiotherapy",
        "We reviewed 131 patients. SINS ≥7 was associated with fracture (HR 3.0).",
        "external_validation",
        "prognostic",
        "II",
    ),
    (
        "A randomised phase II trial of SBRT versus conventional radiotherapy for painful spinal metastases",
        "Sixty patients were randomised. Pain response was 70% versus 50%.",
        "rct",
        "therapeutic",
        "II",
    ),
    (
        "Single versus multiple fractions for cord compression: the randomised SCORAD trial",
        "METHODS | 686 patients were randomised to 8 Gy in 1 or 20 Gy in 5 fractions. # RESULTS | Ambulation at 8 weeks was 69% and 73%.",
        "rct",
        "therapeutic",
        "I",
    ),
    (
        "Quality of life in a randomised trial of two radiotherapy schedules: predictors of response",
        "METHODS | Data of 300 patients of the trial were used. Logistic regression was applied. # RESULTS | Performance status predicted response (OR 2).",
        "case_series",
        "prognostic",
        "II",
    ),
    (
        "Percutaneous cryoablation of spinal metastases: safety and efficacy",
        "Thirty-one patients with 38 metastases were treated. Pain fell from 7 to 3.",
        "case_series",
        "therapeutic",
        "IV",
    ),
    (
        "Surgical site infection after instrumented surgery for spinal metastases",
        "METHODS | We reviewed 150 patients. # RESULTS | Infection occurred in 12. Low albumin (OR 3.2) and diabetes (OR 2.5) were risk factors in multivariate analysis.",
        "case_series",
        "prognostic",
        "II",
    ),
    (
        "Ambulatory outcome of surgery for metastatic cord compression",
        "METHODS | 102 patients were reviewed. Univariate and multivariate analyses were used. # RESULTS | 60 regained ambulation. Preoperative motor score was predictive.",
        "case_series",
        "therapeutic",
        "IV",
    ),
    (
        "Economic burden of skeletal-related events in patients with bone metastases",
        "Claims of 1,000 patients were analysed. Costs were $20,000 per event.",
        "economic_evaluation",
        "economic",
        "III",
    ),
    (
        "An algorithm for treating spinal metastases: the NOMS framework",
        "We describe a decision framework and its four considerations.",
        "narrative_review",
        "therapeutic",
        "V",
    ),
    (
        "Kyphoplasty combined with radiofrequency ablation versus kyphoplasty alone for vertebral metastases: a retrospective study",
        "60 patients had the combination and 70 kyphoplasty. Pain scores were lower with the combination (p=0.03).",
        "retrospective_comparative",
        "therapeutic",
        "III",
    ),
    (
        "Denosumab versus zoledronic acid in bone metastases: network meta-analysis of randomised trials",
        "METHODS | Randomised controlled trials were searched in PubMed. # RESULTS | Ten trials were included.",
        "meta_analysis",
        "therapeutic",
        "I",
    ),
    (
        "Molecular markers and survival in patients operated on for spinal metastases of lung cancer",
        "We reviewed 80 patients. EGFR mutation was associated with longer survival (HR 0.5).",
        "case_series",
        "prognostic",
        "II",
    ),
    (
        "External validation and recalibration of a model for 90-day mortality",
        "We applied the model to 300 patients. C-statistic was 0.76.",
        "external_validation",
        "prognostic",
        "II",
    ),
    (
        "Is surgery beneficial in patients older than 80 years with spinal metastases?",
        "32 patients aged over 80 were operated. 20 regained ambulation.",
        "case_series",
        "therapeutic",
        "IV",
    ),
    (
        "Impact of body mass index on complications of metastatic spine surgery",
        "400 patients were reviewed. Obesity increased infection (OR 1.8).",
        "case_series",
        "prognostic",
        "II",
    ),
    (
        "En bloc spondylectomy versus debulking for solitary spinal metastasis: a propensity-matched analysis",
        "After matching, 30 pairs were compared. Survival was 30 and 20 months.",
        "retrospective_comparative",
        "therapeutic",
        "III",
    ),
    # Without a title, and what comes first in it.
    (
        UNTITLED,
        "OBJECTIVE | To evaluate whether preoperative frailty is associated with complications after surgery for spinal metastases. # METHODS | 150 patients were reviewed. # RESULTS | Frailty was associated with complications (OR 2.0).",
        "case_series",
        "prognostic",
        "II",
    ),
    (
        UNTITLED,
        "OBJECTIVE | To report outcomes of SBRT for spinal metastases. # METHODS | 150 patients were reviewed. # RESULTS | Local control was 90%. Dose (HR 0.5) and epidural disease (HR 2.1) predicted control in multivariable analysis.",
        "case_series",
        "therapeutic",
        "IV",
    ),
    (
        UNTITLED,
        "OBJECTIVE | To identify predictors of local failure after SBRT. # METHODS | 150 patients were reviewed. # RESULTS | Epidural disease (HR 2.1) predicted failure.",
        "case_series",
        "prognostic",
        "II",
    ),
    (
        UNTITLED,
        "OBJECTIVE | To compare SBRT with conventional radiotherapy. # METHODS | 70 patients received SBRT and 80 conventional radiotherapy. # RESULTS | Local control was 90% and 70%.",
        "retrospective_comparative",
        "therapeutic",
        "III",
    ),
    (
        UNTITLED,
        "OBJECTIVE | To assess the accuracy of MRI in suspected cord compression. # METHODS | 50 patients were studied. # RESULTS | Sensitivity was 95%, specificity 90%.",
        "diagnostic_accuracy",
        "diagnostic",
        "III",
    ),
    (
        UNTITLED,
        "OBJECTIVE | To develop a score predicting survival. # METHODS | 350 patients were reviewed. # RESULTS | The score had a C-index of 0.7.",
        "prediction_model_development",
        "prognostic",
        "II",
    ),
    (
        UNTITLED,
        "OBJECTIVE | To validate the SORG algorithm. # METHODS | 350 patients were reviewed. # RESULTS | AUC was 0.78.",
        "external_validation",
        "prognostic",
        "II",
    ),
    (
        UNTITLED,
        "PURPOSE | To evaluate the safety and efficacy of radiofrequency ablation. # METHODS | Fifty patients with 70 metastases were treated. # RESULTS | Pain fell from 8 to 3.",
        "case_series",
        "therapeutic",
        "IV",
    ),
    (
        UNTITLED,
        "PURPOSE | To determine the incidence of vertebral fracture after SBRT and its risk factors. # METHODS | 120 patients were reviewed. # RESULTS | 14% fractured. SINS was a risk factor (HR 2.2).",
        "case_series",
        "prognostic",
        "II",
    ),
    (
        UNTITLED,
        "PURPOSE | To describe the pattern of failure after spine SBRT. # METHODS | 120 patients were reviewed. # RESULTS | Most failures were epidural.",
        "case_series",
        "therapeutic",
        "IV",
    ),
    (
        "Pattern of failure after spine stereotactic radiosurgery",
        "120 patients were reviewed. Most failures were epidural.",
        "case_series",
        "therapeutic",
        "IV",
    ),
    (
        "Clinical outcome of patients with breast cancer operated on for spinal metastases according to receptor status",
        "100 patients were reviewed. Survival was longer in receptor-positive patients (p<0.01).",
        "case_series",
        "prognostic",
        "II",
    ),
    (
        "Survival following surgery for spinal metastases: a population-based study",
        "We identified 1,500 operated patients. Median survival was 7 months. Age and primary site were predictors (HR 1.5).",
        "case_series",
        "prognostic",
        "II",
    ),
    (
        "Preoperative embolization of hypervascular spinal metastases: blood loss and complications",
        "60 patients were embolised before surgery. Mean blood loss was 900 ml.",
        "case_series",
        "therapeutic",
        "IV",
    ),
    (
        "Intraoperative blood loss in metastatic spine surgery and its determinants",
        "120 patients were reviewed. Hypervascular tumours and operative time were independent predictors on linear regression.",
        "case_series",
        "prognostic",
        "II",
    ),
    (
        "Neurological recovery after decompression for metastatic cord compression: effect of preoperative duration of deficit",
        "90 patients were reviewed. Recovery was better with a deficit shorter than 48 h (p=0.01).",
        "case_series",
        "prognostic",
        "II",
    ),
    (
        "Depression and anxiety in patients with spinal metastases",
        "AIM | To assess the prevalence of depression in patients with spinal metastases. # METHODS | 120 patients completed the HADS. # RESULTS | 30% were depressed.",
        "cross_sectional",
        "other",
        None,
    ),
    (
        "Diagnostic yield of percutaneous biopsy in spinal lesions",
        "We reviewed 200 biopsies in 190 patients. The yield was 88%.",
        "diagnostic_accuracy",
        "diagnostic",
        "III",
    ),
    (
        "Radiotherapy for metastatic cord compression: update of a Cochrane review",
        "Trials were searched in MEDLINE. Three randomised trials with 723 patients were included.",
        "systematic_review",
        "therapeutic",
        "I",
    ),
    (
        "Percutaneous vertebroplasty in 120 patients with spinal metastases: complications",
        "Leakage occurred in 30%.",
        "case_series",
        "therapeutic",
        "IV",
    ),
    (
        "A new technique for reconstruction after corpectomy for metastases: technical note",
        "We describe a technique used in 5 patients.",
        "case_series",
        "therapeutic",
        "IV",
    ),
    (
        "Spinal metastasis of thymoma: a case report",
        "A 45-year-old woman had back pain. She was treated by resection and radiotherapy.",
        "case_report",
        "therapeutic",
        "V",
    ),
    (
        "Three cases of radiation myelopathy after spine SBRT",
        "We report three patients who developed myelopathy.",
        "case_report",
        "therapeutic",
        "V",
    ),
    (
        "Enhanced recovery after surgery for spinal metastases: before and after implementation",
        "We compared 60 patients before with 70 patients after introduction of the pathway. Length of stay fell from 10 to 7 days.",
        "retrospective_comparative",
        "therapeutic",
        "III",
    ),
    (
        "Who lives long enough to benefit? Ninety-day mortality after palliative radiotherapy of spinal metastases",
        "400 patients were reviewed. Low albumin and poor performance predicted death.",
        "case_series",
        "prognostic",
        "II",
    ),
    # Reviews, panels, adjuncts and timing.
    (
        "Spinal metastases: a review of surgical options",
        "The spine is the commonest site of bone metastases. Treatment has changed. This article reviews surgical options.",
        "narrative_review",
        "therapeutic",
        "V",
    ),
    (
        "Surgical options for spinal metastases: literature review",
        "We searched PubMed for articles on surgery. Forty articles were selected. Surgery improves ambulation.",
        "systematic_review",
        "therapeutic",
        None,
    ),
    (
        "Stereotactic radiosurgery for the spine: where are we now?",
        "Radiosurgery gives high local control. We discuss dose, constraints and toxicity.",
        "narrative_review",
        "therapeutic",
        "V",
    ),
    (
        "Prognostic models in spinal metastases: an overview",
        "Models differ in accuracy. We give an overview of models and their use.",
        "narrative_review",
        "prognostic",
        "V",
    ),
    (
        "International survey on the use of SBRT for spinal metastases",
        "A questionnaire was sent to 300 radiation oncologists. 120 answered.",
        "survey",
        "other",
        None,
    ),
    (
        "Prospective study of quality of life and survival prediction in patients operated on for spinal metastases",
        "METHODS | 150 patients were prospectively included. # RESULTS | Predictors of survival were performance status and tumour type.",
        "case_series",
        "prognostic",
        "I",
    ),
    (
        "Survival prediction in spinal metastases: a retrospective analysis of a prospective database",
        "METHODS | 400 patients were analysed. # RESULTS | Tumour type and ECOG predicted survival.",
        "case_series",
        "prognostic",
        "II",
    ),
    (
        "Efficacy of SBRT after decompression: a phase II single-arm study",
        "METHODS | 40 patients were enrolled. # RESULTS | Local control at 1 year was 92%.",
        "case_series",
        "therapeutic",
        "IV",
    ),
    (
        "Vertebroplasty for metastatic fractures: randomised pilot study",
        "METHODS | 20 patients were randomised to vertebroplasty or sham. # RESULTS | Pain was lower after vertebroplasty.",
        "rct",
        "therapeutic",
        "II",
    ),
    (
        "Radiotherapy with or without dexamethasone for cord compression: a randomised double-blind trial",
        "METHODS | 120 patients were randomised. # RESULTS | Ambulation was 80% and 65%.",
        "rct",
        "therapeutic",
        "I",
    ),
    (
        "Postoperative adjuvant systemic therapy prolongs survival of patients operated on for spinal metastases",
        "We reviewed 120 patients; 60 received systemic therapy. Survival was 14 and 6 months (p<0.001).",
        "retrospective_comparative",
        "therapeutic",
        "III",
    ),
    (
        "Minimally invasive decompression for spinal metastases: comparison with open surgery",
        "40 patients had minimally invasive and 50 open surgery. Blood loss was 300 and 900 ml.",
        "retrospective_comparative",
        "therapeutic",
        "III",
    ),
    (
        "Bracing after radiotherapy for unstable spinal metastases",
        "100 patients wore a brace. Fractures occurred in 12%.",
        "case_series",
        "therapeutic",
        "IV",
    ),
    (
        "Early versus delayed radiotherapy after surgery and wound complications",
        "60 patients were irradiated within 2 weeks and 70 later. Complications occurred in 15% and 8% (p=0.2).",
        "retrospective_comparative",
        "therapeutic",
        "III",
    ),
    (
        "Hospital volume and mortality after surgery for spinal metastases",
        "We identified 10,000 patients in a national database. High volume was associated with lower mortality (OR 0.7).",
        "case_series",
        "prognostic",
        "II",
    ),
    (
        "Racial disparities in access to surgery for metastatic cord compression",
        "We identified 5,000 patients. Black patients were less often operated on (OR 0.8).",
        "case_series",
        "prognostic",
        "II",
    ),
    (
        "Bone mineral density after radiotherapy of vertebral metastases",
        "30 patients were irradiated. Density rose by 20% at 6 months.",
        "case_series",
        "therapeutic",
        "IV",
    ),
    (
        "Predictive value of SINS and Tomita score for survival",
        "110 patients were reviewed. The AUC was 0.6 and 0.7.",
        "external_validation",
        "prognostic",
        "II",
    ),
    (
        "Mouse model of breast cancer spinal metastasis",
        "Cells were injected in 20 mice. Tumours grew in all.",
        "laboratory",
        "other",
        None,
    ),
]


@pytest.mark.parametrize(("title", "text", "design", "question", "level"), STUDIES)
def test_design_question_and_level(
    title: str, text: str, design: str, question: str, level: str | None
) -> None:
    read = study(title, text)
    assert (read.design, read.question, read.level_nass) == (design, question, level)


PATIENTS = [
    (
        SERIES,
        "METHODS | Of 240 patients treated between 2010 and 2018, 198 met the inclusion criteria and were analysed. # RESULTS | Median survival was 9 months.",
        198,
    ),
    (
        SERIES,
        "METHODS | Charts of all patients operated on between 2005 and 2015 were reviewed. # RESULTS | One hundred and twelve patients (60 male) were identified. Median age was 61 years.",
        112,
    ),
    (
        SERIES,
        "METHODS | We identified 1,024 patients in the registry. After exclusion of those with missing data, 887 patients remained for analysis. # RESULTS | Survival was 8 months.",
        887,
    ),
    (
        SERIES,
        "METHODS | After 1:1 propensity score matching, 76 patients (38 in each group) were analysed. # RESULTS | Survival did not differ.",
        76,
    ),
    (
        SERIES,
        "METHODS | In this study, 65 consecutive patients were prospectively followed. # RESULTS | Ten patients died within 30 days.",
        65,
    ),
    (
        SERIES,
        "METHODS | We treated 45 vertebrae in 32 patients with vertebroplasty. # RESULTS | Leakage occurred in 12 cases. Six patients had new fractures.",
        32,
    ),
    (
        SERIES,
        "RESULTS | Seventy-eight procedures were performed in 70 patients. Fifteen patients had complications.",
        70,
    ),
    (
        SERIES,
        "Between 2001 and 2010, 54 men and 46 women with spinal metastases underwent surgery. Ambulation was regained by 30 patients.",
        100,
    ),
    (
        SERIES,
        "METHODS | Ninety-one patients with spinal metastases from lung cancer (n = 51) or breast cancer (n = 40) were included. # RESULTS | Survival was longer in breast cancer (p < 0.01).",
        91,
    ),
    (
        SERIES,
        "METHODS | Forty patients treated with kyphoplasty were compared with 38 patients treated with vertebroplasty. # RESULTS | Pain relief was similar.",
        78,
    ),
    (
        SERIES,
        "METHODS | The cohort consisted of 143 cases. # RESULTS | There were eight cases of wound infection.",
        143,
    ),
    (
        SERIES,
        "METHODS | This retrospective study included all patients with MSCC treated at our hospital (N = 169). # RESULTS | 60% walked.",
        169,
    ),
    (
        SERIES,
        "METHODS | Data from 3 hospitals were collected. # RESULTS | The final cohort comprised 417 patients. Median age was 63.",
        417,
    ),
    (
        SERIES,
        "METHODS | Patients with spinal metastases were enrolled. # RESULTS | Of the 150 patients enrolled, 128 (85%) completed the 3-month questionnaire. Pain improved by 3 points.",
        150,
    ),
    (
        SERIES,
        "RESULTS | A total of 88 patients were included, of whom 50 underwent surgery and 38 radiotherapy.",
        88,
    ),
    (SERIES, "RESULTS | 21 studies with 1,430 patients were included.", 1430),
    (
        "SBRT for spinal metastases: a systematic review",
        "RESULTS | Fourteen studies comprising a total of 1,096 patients and 1,300 lesions met the criteria.",
        1096,
    ),
    (
        SERIES,
        "METHODS | We prospectively enrolled 100 patients; five were lost to follow-up and 95 were analysed.",
        95,
    ),
    (
        "A nomogram for survival in spinal metastases",
        "METHODS | A nomogram was developed in 310 patients and externally validated in 105 patients from another hospital.",
        415,
    ),
    (
        "A nomogram for survival in spinal metastases",
        "METHODS | Overall, 400 patients were randomly divided into a training set (n = 280) and a validation set (n = 120).",
        400,
    ),
    (
        SERIES,
        "METHODS | The National Inpatient Sample was queried for 2005 to 2014. # RESULTS | We identified 12,345 admissions. Mortality was 5%.",
        12345,
    ),
    (
        SERIES,
        "METHODS | Thirty-two patients were allocated to SBRT and 33 to cEBRT. # RESULTS | Pain response was 60% and 50%.",
        65,
    ),
    (SERIES, "METHODS | Fifty-seven inpatients were studied. # RESULTS | FIM rose by 15 points.", 57),
    (
        SERIES,
        "METHODS | Follow-up was available for 61 of 74 patients. # RESULTS | 61 patients were analysed.",
        61,
    ),
]


@pytest.mark.parametrize(("title", "text", "patients"), PATIENTS)
def test_patients(title: str, text: str, patients: int | None) -> None:
    assert study(title, text).patients == patients


FOLLOW_UP_MONTHS = [
    (
        SERIES,
        "We retrospectively reviewed the records of 92 patients (102 lesions). At a median FU of 14 months, local control was 90%.",
        14,
    ),
    (
        SERIES,
        "METHODS | 92 patients were treated. # RESULTS | After a mean follow-up period of 18.4 months (range, 3-60), local control was 90%.",
        18.4,
    ),
    (
        SERIES,
        "METHODS | 92 patients were treated. # RESULTS | With a median of 15 months of follow-up, 10 lesions progressed.",
        15,
    ),
    (SERIES, "METHODS | 92 patients were treated. # RESULTS | The minimum follow-up was 12 months.", None),
    (SERIES, "METHODS | 92 patients were treated. # RESULTS | Median follow-up was 1.5 years.", 18),
    (
        SERIES,
        "METHODS | 92 patients were treated. # RESULTS | Patients were observed for a median of 11 months.",
        11,
    ),
    (
        SERIES,
        "METHODS | 92 patients were treated. # RESULTS | The median survival was 11 months; the median observation time was 9 months.",
        9,
    ),
]


@pytest.mark.parametrize(("title", "text", "months"), FOLLOW_UP_MONTHS)
def test_follow_up_months(title: str, text: str, months: float | None) -> None:
    assert study(title, text).follow_up_months == months


LESIONS = [
    (
        SERIES,
        "METHODS | 80 patients with 114 spinal metastases were treated. # RESULTS | Local control was 90%.",
        114,
    ),
    (
        SERIES,
        "METHODS | 80 patients (131 vertebral levels) were treated. # RESULTS | Local control was 90%.",
        131,
    ),
    (SERIES, "METHODS | 80 patients were treated. # RESULTS | Two levels were fused in 12 patients.", None),
    (
        SERIES,
        "METHODS | 80 patients were treated. # RESULTS | A total of 167 vertebral bodies were augmented in 80 patients.",
        167,
    ),
    (SERIES, "METHODS | 80 patients underwent 95 vertebroplasty procedures. # RESULTS | Pain fell.", 95),
]


@pytest.mark.parametrize(("title", "text", "lesions"), LESIONS)
def test_lesions(title: str, text: str, lesions: int | None) -> None:
    assert study(title, text).lesions == lesions


PRIMARY_TUMOURS = [
    (
        SERIES,
        "RESULTS | The most common primary sites were lung (30%), breast (22%), prostate (15%) and kidney (10%).",
        ["breast_cancer", "kidney_cancer", "lung_cancer", "prostate_cancer"],
    ),
    (
        SERIES,
        "RESULTS | Primary tumours were breast in 20, prostate in 15, lung in 12, and myeloma in 5 patients.",
        ["breast_cancer", "lung_cancer", "multiple_myeloma", "prostate_cancer"],
    ),
    (
        SERIES,
        "RESULTS | The primary tumor was renal cell carcinoma in 12 patients, thyroid cancer in 4 and unknown in 3.",
        ["renal_cell_carcinoma", "thyroid_cancer", "unknown_primary_cancer"],
    ),
    (SERIES, "RESULTS | Visceral metastases to the lung, liver and brain were present in 30 patients.", []),
    (
        SERIES,
        "RESULTS | Primary malignancies included lung, breast, gastrointestinal tract, prostate, bladder, and melanoma.",
        [
            "breast_cancer",
            "gastrointestinal_cancer",
            "lung_cancer",
            "melanoma",
            "prostate_cancer",
            "urothelial_cancer",
        ],
    ),
    (
        SERIES,
        "METHODS | Patients with lymphoma or myeloma were excluded. # RESULTS | 40 patients were operated.",
        [],
    ),
    (
        SERIES,
        "RESULTS | Radiosensitive histologies (breast, prostate, myeloma) were present in 40 and radioresistant histologies (renal, melanoma, sarcoma) in 30 patients.",
        ["breast_cancer", "kidney_cancer", "melanoma", "multiple_myeloma", "prostate_cancer", "sarcoma"],
    ),
    (SERIES, "RESULTS | Doses to the esophagus, lung and liver were within limits.", []),
]


@pytest.mark.parametrize(("title", "text", "tumours"), PRIMARY_TUMOURS)
def test_primary_tumours(title: str, text: str, tumours: list[str]) -> None:
    assert sorted(study(title, text).primary_tumours) == tumours


# Two kinds of patients are arms where they are set against each other; sites of the spine, years and shares are none.
ARMS = [
    (
        "Rehabilitation after metastatic and traumatic cord injury",
        "METHODS | We compared 31 patients with metastatic compression with 140 patients with traumatic injury. # RESULTS | Stay was shorter in metastatic compression (p = 0.02).",
        [31, 140],
    ),
    (
        "Readmission after surgery of spinal tumours",
        "METHODS | A total of 120 patients with primary (n = 30) or metastatic (n = 90) tumours were enrolled. # RESULTS | Readmission was 5% and 15% (p = 0.1).",
        [30, 90],
    ),
    (
        "Radiosurgery compared with radiotherapy in spinal metastases: a matched-pair study",
        "METHODS | Twenty-six patients underwent radiosurgery between 2005 and 2012. They were paired with others: 26 patients underwent conventional radiotherapy. # RESULTS | Pain relief did not differ (p = 0.3).",
        [26, 26],
    ),
    (
        "Surgery for spinal metastases",
        "METHODS | A total of 120 patients with thoracic (n = 70) or lumbar (n = 50) metastases were enrolled. # RESULTS | Pain fell.",
        [],
    ),
    (
        "Exercise for patients with bone metastases: a systematic review",
        "METHODS | PubMed was searched. # RESULTS | Twenty trials were included. Most were supervised (n = 16, 80%) and led by professionals (n = 13, 65%).",
        [],
    ),
    (
        "Radiotherapy of bone metastases",
        "METHODS | Records of 226 patients treated from July 2015 to December 2016 over cobalt teletherapy were analysed. # RESULTS | Relief was best with one schedule, whereas stability improved most with another schedule.",
        [],
    ),
]


@pytest.mark.parametrize(("title", "text", "patients"), ARMS)
def test_arms(title: str, text: str, patients: list[int]) -> None:
    arms: tuple[Arm, ...] = study(title, text).arms
    assert [arm.patients for arm in arms] == patients


# A year is no count, a comparison group no cohort, a title's populations no people.
def test_patients_are_those_of_the_study() -> None:
    read = study(
        "Validation of a score in three international patient populations",
        "METHODS | The dataset contained 287 records. # RESULTS | This series was compared with 104 patients receiving surgery.",
    )
    assert read.patients == 287


def test_tumours_of_a_tested_factor_and_none_of_an_organ_at_risk() -> None:
    text = (
        "RESULTS | In multivariate analysis, the primary site (breast cancer, prostate cancer, or lung cancer) was prognostic."
        " # RESULTS | Doses to the oesophagus and kidney were independent risk factors."
    )
    assert sorted(study(SERIES, text).primary_tumours) == ["breast_cancer", "lung_cancer", "prostate_cancer"]


# Title, text, level: a review has the level of what it says it reviewed, and none where it is silent.
REVIEWS = [
    (
        "Cryoablation of spinal metastases: a systematic review",
        "PubMed was searched. Twelve studies with 300 patients were included.",
        None,
    ),
    (
        "Cryoablation of spinal metastases: a systematic review",
        "PubMed was searched. Twelve retrospective studies with 300 patients were included.",
        "III",
    ),
    (
        "Cryoablation of spinal metastases: a systematic review",
        "PubMed was searched. Case reports were excluded. Twelve studies with 300 patients were included. Studies comparing cryoablation with radiotherapy are lacking.",
        None,
    ),
    (
        "Cryoablation of spinal metastases: a systematic review",
        "PubMed was searched. Twelve case series with 300 patients were included.",
        "IV",
    ),
    (
        "Cryoablation of spinal metastases: a systematic review",
        "PubMed was searched. Of these, 30 articles with 41 patients were included.",
        "IV",
    ),
    (
        "Cryoablation of spinal metastases: a systematic review",
        "PubMed was searched for controlled trials. Six studies with 300 patients were included in controlled trials.",
        "II",
    ),
    (
        "Prognostic factors in spinal metastases: a systematic review",
        "PubMed was searched. Seventeen studies were included; all were rated Class III.",
        "III",
    ),
]


@pytest.mark.parametrize(("title", "text", "level"), REVIEWS)
def test_level_of_reviews(title: str, text: str, level: str | None) -> None:
    assert study(title, text).level_nass == level


# Title, text, arms, patients of the whole study.
GROUPS = [
    (
        VERSUS,
        "METHODS | 120 patients were included: 70 underwent surgery and 50 radiotherapy. # RESULTS | Pain fell more after surgery.",
        [70, 50],
        120,
    ),
    (
        VERSUS,
        "METHODS | Patients who received surgery (group A, n=70) were compared with patients who received radiotherapy (group B, n=50).",
        [70, 50],
        120,
    ),
    (
        VERSUS,
        "RESULTS | There were 70 patients in the surgery group and 50 in the radiotherapy group.",
        [70, 50],
        120,
    ),
    (
        VERSUS,
        "RESULTS | The surgery group comprised 70 patients and the radiotherapy group 50 patients.",
        [70, 50],
        120,
    ),
    (
        VERSUS,
        "RESULTS | A total of 120 patients (surgery: 70; radiotherapy: 50) were analysed.",
        [70, 50],
        120,
    ),
    (
        VERSUS,
        "RESULTS | One hundred twenty patients were included; 70 in the surgical group, 50 in the radiotherapy group.",
        [70, 50],
        120,
    ),
    (
        VERSUS,
        "RESULTS | Of 120 patients, 70 (58.3%) received surgery, whereas 50 (41.7%) received radiotherapy alone.",
        [70, 50],
        120,
    ),
    (
        VERSUS,
        "METHODS | In a propensity-matched cohort, 50 patients in each group were compared. # RESULTS | 100 patients were analysed.",
        [50, 50],
        100,
    ),
    (VERSUS, "RESULTS | After propensity score matching, 45 pairs of patients were analysed.", [45, 45], 90),
    (
        "Single versus multiple fractions for painful bone metastases: a randomised trial",
        "METHODS | Patients were randomised to 8 Gy in one fraction (n = 100) or 20 Gy in five fractions (n = 102).",
        [100, 102],
        202,
    ),
    (
        "Single versus multiple fractions for painful bone metastases: a randomised trial",
        "METHODS | 202 patients were randomly assigned to single (100 patients) or multiple fractions (102 patients).",
        [100, 102],
        202,
    ),
    (
        "Denosumab versus zoledronic acid in bone metastases: a randomised trial",
        "RESULTS | 1,776 patients were randomised (denosumab, n = 886; zoledronic acid, n = 890).",
        [886, 890],
        1776,
    ),
    (
        "Early and late surgery for metastatic cord compression",
        "METHODS | 96 patients were divided into an early group (n = 46) and a late group (n = 50) by time to surgery.",
        [46, 50],
        96,
    ),
    (
        "Frailty and outcome of surgery for spinal metastases",
        "METHODS | 90 patients were divided into frail (n = 30) and non-frail (n = 60) groups. # RESULTS | Mortality was higher in the frail group (p=0.02).",
        [30, 60],
        90,
    ),
    (
        "Transpedicular versus transthoracic approach for spinal metastases",
        "RESULTS | Thirty-one patients underwent the transpedicular approach and 29 the transthoracic approach.",
        [31, 29],
        60,
    ),
    (
        SERIES,
        "METHODS | We reviewed 80 patients. # RESULTS | Complications occurred in 20 patients and 60 had none.",
        [],
        80,
    ),
    (
        SERIES,
        "METHODS | We reviewed 80 patients (50 men, 30 women). # RESULTS | The spine level was thoracic in 50 and lumbar in 30 patients.",
        [],
        80,
    ),
    (
        SERIES,
        "METHODS | We reviewed 80 patients with lung (n = 50) and breast (n = 30) cancer. # RESULTS | Survival was 6 vs 15 months (p < 0.01).",
        [50, 30],
        80,
    ),
    (
        SERIES,
        "RESULTS | A total of 80 patients were included, 55 of whom were ambulatory and 25 non-ambulatory before surgery. Pain improved.",
        [],
        80,
    ),
    (
        "A meta-analysis of surgery versus radiotherapy for cord compression",
        "METHODS | PubMed was searched. # RESULTS | Nine studies with 1,500 patients (700 surgery, 800 radiotherapy) were included.",
        [700, 800],
        1500,
    ),
    (
        SERIES,
        "RESULTS | Eighty patients were included in the study. Forty-five died during follow-up.",
        [],
        80,
    ),
    (
        SERIES,
        "RESULTS | Data on 80 patients from four centres were available. Median age was 61 years.",
        [],
        80,
    ),
    (
        SERIES,
        "The authors report their experience with 80 patients. Pain was relieved in 70 of 80 patients.",
        [],
        80,
    ),
    (
        SERIES,
        "A consecutive series of 80 patients operated on for spinal metastases is presented. Forty patients improved.",
        [],
        80,
    ),
    (
        SERIES,
        "METHODS | Eighty cancer patients with spinal metastases were enrolled prospectively. # RESULTS | At 6 months, 44 patients were alive.",
        [],
        80,
    ),
    (
        SERIES,
        "METHODS | From January 2010 to June 2015, 80 patients (mean age 62 years) with 95 lesions were treated.",
        [],
        80,
    ),
    (
        SERIES,
        "METHODS | 100 patients were enrolled, of whom 20 were excluded. # RESULTS | The remaining 80 patients were analysed.",
        [],
        80,
    ),
    (
        SERIES,
        "METHODS | We sent questionnaires to 120 patients. # RESULTS | Eighty patients responded and were included.",
        [],
        80,
    ),
    (
        SERIES,
        "METHODS | Eighty-eight patients were identified; 8 lacked follow-up, leaving 80 for analysis.",
        [],
        80,
    ),
    (SERIES, "METHODS | Using the SEER database, 2,345 cases of spinal metastases were extracted.", [], 2345),
    (SERIES, "METHODS | The study population comprised 80 consecutive adults.", [], 80),
    (SERIES, "METHODS | Eighty patients' records were reviewed.", [], 80),
    (SERIES, "METHODS | This was a review of 80 patients' charts.", [], 80),
    (SERIES, "RESULTS | Eighty (52 male, 28 female) patients were evaluated.", [], 80),
    (SERIES, "RESULTS | N = 80 patients were included.", [], 80),
    (SERIES, "RESULTS | 80 patients/100 lesions were treated.", [], 80),
]


@pytest.mark.parametrize(("title", "text", "arms", "patients"), GROUPS)
def test_arms_and_the_patients_they_make_up(title: str, text: str, arms: list[int], patients: int) -> None:
    read = study(title, text)
    assert ([arm.patients for arm in read.arms], read.patients) == (arms, patients)


def test_the_arms_of_those_compared_with_are_not_the_study() -> None:
    read = study(
        "Validation of a score after radiotherapy for cord compression",
        "METHODS | In this study, 410 prospectively followed patients were divided into five groups. # RESULTS | This series was"
        " compared with 90 patients receiving surgery (40 laminectomy, 50 laminectomy plus fixation).",
    )
    assert (read.patients, read.level_nass) == (410, "I")


def test_of_the_spine_is_no_share_of_the_patients() -> None:
    read = study(
        "Detection of vertebral metastases: MRI and scintigraphy",
        "In a prospective study, the authors analyzed scintigrams and MR images of the spine in 64 patients. MRI showed more metastases.",
    )
    assert read.patients == 64
