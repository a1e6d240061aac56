"""A small vocabulary for tests: real topics, a few concepts of every kind."""

# ruff: noqa: E501

from __future__ import annotations

from kb.vocabulary.concept import Concept, Topic, Vocabulary

_TOPICS = (
    ("burden", "Epidemiology and burden", "How often cancer spreads to the spine, and whom it affects."),
    ("decision_making", "Decision making", "How teams choose between treatments."),
    ("prognostic_tools", "Prognostic tools", "Scores that estimate how long a person may live."),
    ("prediction_models", "Prediction models", "Models that compute a probability for one patient."),
    ("open_surgery", "Open surgery", "Decompression and stabilisation through a conventional incision."),
    ("separation_surgery", "Separation surgery", "Limited decompression that makes room for radiosurgery."),
    ("minimally_invasive_surgery", "Minimally invasive surgery", "Percutaneous and tubular techniques."),
    ("cement_augmentation", "Cement augmentation", "Vertebroplasty, kyphoplasty and related procedures."),
    ("ablation", "Ablation", "Destroying tumour in the spine with heat or cold."),
    ("radiation_therapy", "Radiation therapy", "External beam treatment of painful metastases."),
    ("sbrt", "Stereotactic body radiotherapy", "High-dose, image-guided radiotherapy in few sessions."),
    ("systemic_therapy", "Systemic therapy", "Drugs that act throughout the body."),
    ("immunotherapy", "Immunotherapy", "Checkpoint inhibitors and other immune treatments."),
)
_CONCEPTS = (
    Concept("radiotherapy", "intervention", "Radiotherapy", "Treatment with ionising radiation.",
            topics=("radiation_therapy",)),
    Concept("stereotactic_body_radiotherapy", "intervention", "Stereotactic body radiotherapy",
            "High-dose radiation in few sessions, aimed with image guidance.", "radiotherapy",
            synonyms=("SBRT", "SABR"), mesh=("D016634",), topics=("sbrt", "radiation_therapy")),
    Concept("conventional_external_beam_radiotherapy", "intervention", "Conventional external beam radiotherapy",
            "Radiation in simple fields over several days.", "radiotherapy", synonyms=("cEBRT",),
            topics=("radiation_therapy",)),
    Concept("decompressive_surgery", "intervention", "Decompressive surgery",
            "An operation that frees the spinal cord.", topics=("open_surgery",)),
    Concept("separation_surgery", "intervention", "Separation surgery",
            "Limited decompression before radiosurgery.", "decompressive_surgery", topics=("separation_surgery",)),
    Concept("vertebroplasty", "intervention", "Vertebroplasty", "Cement injected into a vertebra.",
            synonyms=("PVP",), topics=("cement_augmentation",)),
    Concept("radiofrequency_ablation", "intervention", "Radiofrequency ablation",
            "Heat from alternating current destroys tumour.", synonyms=("RFA",), topics=("ablation",)),
    Concept("denosumab", "intervention", "Denosumab", "An antibody that slows bone loss.",
            topics=("systemic_therapy",)),
    Concept("immune_checkpoint_inhibitor", "intervention", "Immune checkpoint inhibitor",
            "A drug that frees immune cells to attack cancer.", topics=("immunotherapy",)),
    Concept("pain_response", "outcome", "Pain response", "Less pain by an agreed measure.",
            polarity="higher_is_better", domain="pain"),
    Concept("complete_pain_response", "outcome", "Complete pain response", "No pain left.", "pain_response",
            polarity="higher_is_better", domain="pain"),
    Concept("pain_intensity", "outcome", "Pain intensity", "Pain on a 0 to 10 scale.",
            polarity="lower_is_better", domain="pain"),
    Concept("local_control", "outcome", "Local control", "No growth where treatment was given.",
            polarity="higher_is_better", domain="tumour_control"),
    Concept("vertebral_compression_fracture", "outcome", "Vertebral compression fracture",
            "A vertebra that gives way.", polarity="lower_is_better", domain="complications"),
    Concept("overall_survival", "outcome", "Overall survival", "Time until death of any cause.",
            polarity="higher_is_better", domain="survival"),
    Concept("ambulation", "outcome", "Ambulation", "Being able to walk.", polarity="higher_is_better",
            domain="neurology"),
    Concept("skeletal_related_event", "outcome", "Skeletal-related event", "Fracture, cord compression, or bone surgery.",
            polarity="lower_is_better", domain="complications"),
    Concept("spinal_metastasis", "condition", "Spinal metastasis", "Cancer that spread to the spine.", type="spinal"),
    Concept("metastatic_epidural_spinal_cord_compression", "condition",
            "Metastatic epidural spinal cord compression", "Tumour that presses on the cord.", "spinal_metastasis",
            synonyms=("MESCC",), type="spinal"),
    Concept("lung_cancer", "condition", "Lung cancer", "Cancer that starts in the lung.", type="primary_tumour"),
    Concept("spinal_instability_neoplastic_score", "tool", "Spinal Instability Neoplastic Score",
            "Six items that grade stability.", synonyms=("SINS",), topics=("decision_making",), type="score"),
    Concept("revised_tokuhashi_score", "tool", "Revised Tokuhashi score", "A score of expected survival.",
            topics=("prognostic_tools",), type="score"),
    Concept("sorg_survival_model", "tool", "SORG survival model", "A machine-learning model of survival.",
            topics=("prediction_models", "prognostic_tools"), type="model"),
)  # fmt: skip

VOCABULARY = Vocabulary(
    concepts={concept.id: concept for concept in _CONCEPTS},
    topics={name: Topic(name, label, text, number) for number, (name, label, text) in enumerate(_TOPICS, 1)},
    short_forms={},
    digest="made-up-vocabulary",
)
