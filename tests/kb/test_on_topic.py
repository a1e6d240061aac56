"""The on-topic decision: what is ours, what is another's, and why; all texts here are made up."""

from __future__ import annotations

from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harvest.record import MeshHeading, MeshQualifier, Record, Section
from harvest.sample import read_sample
from kb.errors import BadVocabulary
from kb.tagging.on_topic import (
    NO_CANCER,
    NO_SPINE,
    NOT_NAMED,
    judge,
    judge_closely,
    load_rules,
    may_be_on_topic,
    read_rules,
)


def paper(title: str, text: str = "", *mesh: MeshHeading) -> Record:
    return Record("90000701", title, (Section(text),) if text else (), mesh=mesh)


SECONDARY = MeshHeading("Spinal Neoplasms", qualifiers=(MeshQualifier("secondary"),))

EVENTS = (
    "Bone metastases brought skeletal-related events. Skeletal-related events were most often cord compression. "
    "Metastatic spinal cord compression was treated."
)

OURS = [
    paper("Surgery for spinal metastases"),
    paper("Metastatic disease of the thoracic spine"),
    paper("Metastasis to the vertebral body in kidney cancer"),
    paper(
        "A rare lesion",
        "We treated a vertebral metastasis. The spine metastases shrank. Metastatic spine disease is grave.",
    ),
    paper("Emergency care of malignant spinal cord compression"),
    paper("MESCC in the elderly", "Cancer patients with cord compression were seen."),
    paper("Telling osteoporotic from metastatic vertebral fractures"),
    paper("Pathologic vertebral compression fractures in cancer"),
    paper("Spine SBRT: dose and fracture"),
    paper("Painful bone metastases: one fraction or ten", "Sites were the spine, the pelvis and the ribs."),
    paper(
        "Denosumab in breast cancer metastatic to bone",
        "Skeletal-related events were fracture and cord compression.",
    ),
    paper("A case from the tropics", "An old man could not walk.", SECONDARY),
    paper(
        "",
        "Spinal cord compression is a grave complication of advanced prostate cancer. Some patients could walk again.",
    ),
    paper("Telling osteoporotic from neoplastic vertebral fractures"),
    paper("Rehabilitation after nontraumatic spinal cord dysfunction due to tumours"),
    paper("Metastatic paraplegia: who gains from training?"),
    paper("Cage failure after surgery of thoracic and lumbar tumours"),
    paper("Spinal metastases and multiple myeloma: a guideline"),
    paper(
        "Wound infection after spine surgery in patients with cancer", "Cancer of the spine was operated on."
    ),
    paper("Surgical-site infections in spinal tumour surgery: who is at risk?"),
    paper(
        "Osteoporosis and vertebral fractures in cancer patients",
        "Spinal metastases were found. Vertebral metastases broke. Cancer of the spine hurt.",
    ),
    paper("Vertebral fractures by osteoporosis or cancer: which is it?"),
    paper("Skeletal-related events in prostate cancer and weakness of the limbs", EVENTS),
]

OTHERS = [
    (paper("Exercise for lumbar spinal stenosis"), NO_CANCER),
    (paper("Kyphoplasty of osteoporotic fractures", "No patient had cancer."), "osteoporosis"),
    (paper("Chordoma of the sacrum: resection of a malignant tumour"), "primary or benign tumour"),
    (paper("Primary spinal tumours in children"), "primary or benign tumour"),
    (paper("Resection of intramedullary tumours of the spinal cord"), "tumour inside the dura or the cord"),
    (paper("Intramedullary spinal cord metastases of lung cancer"), "tumour inside the dura or the cord"),
    (paper("Radiosurgery of brain metastases", "Spinal imaging was not done."), "brain alone"),
    (
        paper("Nailing of femoral metastases", "Bone metastases of the femur were nailed."),
        "another part of the skeleton",
    ),
    (paper("Bone metastases of lung cancer and survival"), NO_SPINE),
    (
        paper("Spinal anaesthesia in cancer surgery", "Spinal anaesthesia was safe in patients with cancer."),
        NOT_NAMED,
    ),
    (paper("Robots in spine surgery", "One of many uses is tumour surgery of the spine."), NOT_NAMED),
    (
        paper("Lymphoma of the epidural space", "Cord compression by lymphoma was relieved."),
        "lymphoma or myeloma",
    ),
    (
        paper(
            "Epidural spinal cord compression by multiple myeloma",
            "Cord compression by epidural myeloma was irradiated.",
        ),
        "lymphoma or myeloma",
    ),
    (
        paper(
            "",
            "Patients with a hematological malignancy in the epidural space were seen. Spinal cord compression was "
            "found in some. The tumour grew in the spine. Malignant cells lay in the vertebrae.",
        ),
        "lymphoma or myeloma",
    ),
    (paper("Statins after a stroke"), NO_CANCER),
    (
        paper("Seeds for recurrent vertebral primary tumours", "Tumours of the spine were treated again."),
        "primary or benign tumour",
    ),
    (paper("Osteoporosis drugs and death of cancer patients after fracture of a vertebra"), "osteoporosis"),
    (paper("Spondylitis of the spine that looked like a tumour"), "infection or inflammation"),
    (
        paper(
            "Skeletal-related events of long bone metastases",
            "Bone metastases of the long bones led to skeletal-related events. Skeletal-related events were counted.",
        ),
        "another part of the skeleton",
    ),
]


@pytest.mark.parametrize("record", OURS, ids=lambda record: record.title)
def test_what_is_ours_is_taken(record: Record) -> None:
    judged = judge(record)
    assert judged.on_topic, judged
    assert judged.reasons


@pytest.mark.parametrize(("record", "reason"), OTHERS, ids=lambda value: getattr(value, "title", ""))
def test_what_is_anothers_stays_out_with_its_reason(record: Record, reason: str) -> None:
    judged = judge(record)
    assert not judged.on_topic, judged
    assert judged.reasons[0] == reason


def test_what_is_denied_does_not_count() -> None:
    said = "Patients had spinal metastases. Spinal metastases grew. Vertebral metastases were seen."
    denied = "Patients without spinal metastases were taken. Non-metastatic spine disease was common."
    title = "Back pain at the clinic"
    assert judge(paper(title, said)).on_topic
    assert not judge(paper(title, denied)).on_topic


def test_a_title_that_names_what_is_ours_is_not_excluded_by_another_word() -> None:
    assert judge(paper("Brain metastases and spinal metastases of melanoma")).on_topic


def test_more_signs_never_lower_the_score() -> None:
    plain = paper("Surgery of the spine in cancer")
    assert judge(paper(plain.title, "", SECONDARY)).score >= judge(plain).score


def test_the_sample_is_on_topic_but_for_bone_disease_that_names_no_spine() -> None:
    judged = [judge(record) for record in read_sample()]
    out = [relevance.reasons[0] for relevance in judged if not relevance.on_topic]
    assert len(out) <= 0.08 * len(judged)
    assert set(out) <= {NO_SPINE, "lymphoma or myeloma"}


_WORDS = st.sampled_from(
    [
        "spine",
        "spinal",
        "vertebral",
        "metastases",
        "metastatic",
        "cancer",
        "bone",
        "MSCC",
        "without",
        "brain",
        "radiosurgery",
        "osteoporotic",
        "fracture",
        "skeletal-related",
        "events",
        "of",
        "the",
        "to",
        "cord",
        "compression",
    ]
)
_TEXTS = st.lists(_WORDS, max_size=12).map(" ".join)


@given(_TEXTS, _TEXTS)
def test_the_first_look_loses_nothing(title: str, text: str) -> None:
    record = paper(title, text)
    closely = judge_closely(record)
    assert may_be_on_topic(record) or not closely.on_topic
    assert judge(record).on_topic == closely.on_topic


@given(st.text(max_size=80), st.text(max_size=200))
def test_any_text_gets_a_score_and_a_reason(title: str, text: str) -> None:
    judged = judge(paper(title, text))
    assert 0 <= judged.score <= 1
    assert judged.on_topic == (judged.score >= load_rules().threshold)
    assert judged.reasons


@pytest.mark.parametrize(
    ("old", "new", "entry"),
    [
        (
            'reason = "osteoporosis"\npattern = "',
            'reason = "osteoporosis"\npattern = "(',
            "exclusion 'osteoporosis'",
        ),
        ("threshold = 0.5", "", "the file"),
        ("threshold = 0.5", "threshold = ", "the file"),
        ('id = "fracture"\npattern = "', 'id = "fracture"\npattern = "{nothing}', "sign 'fracture'"),
    ],
)
def test_a_broken_rule_is_named(old: str, new: str, entry: str) -> None:
    text = files("kb.tagging").joinpath("on_topic.toml").read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(BadVocabulary, match=r"on_topic\.toml") as error:
        read_rules(text.replace(old, new, 1))
    assert entry in str(error.value)
