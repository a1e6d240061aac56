"""The bundled strategies are sound; a file that breaks the format is refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from harvest.errors import BadStrategy
from harvest.query import parse
from harvest.query_lint import lint
from harvest.query_match import matches, searchable
from harvest.record import Record
from harvest.sample import TOPICS, curated_topics, read_sample
from harvest.strategy import BROAD, load_strategies, read_strategies

GOOD = """
version = "1.0"
date = 2026-01-31
rationale = "Made up."
modelled_on = ["90000001"]
query = '''
spine[tiab]
AND metasta*[tiab]
'''
"""


def folder(tmp_path: Path, **files: str) -> Path:
    for name, text in files.items():
        (tmp_path / f"{name}.toml").write_text(text, encoding="utf-8")
    return tmp_path


def test_there_is_a_broad_strategy_and_one_a_topic() -> None:
    strategies = load_strategies()
    assert [strategy.topic for strategy in strategies] == [None, *TOPICS]
    assert strategies[0].name == BROAD


def test_no_query_holds_what_pubmed_would_ignore() -> None:
    for strategy in load_strategies():
        assert lint(strategy.query) == (), strategy.name
        assert "\n" not in strategy.query


def test_every_topic_strategy_finds_papers_of_its_topic_in_the_sample() -> None:
    topics = curated_topics()
    records = {record.pmid: searchable(record) for record in read_sample()}
    for strategy in load_strategies():
        query = parse(strategy.query)
        own = [pmid for pmid, found in topics.items() if strategy.topic is None or strategy.topic in found]
        found = [pmid for pmid in own if matches(query, records[pmid])]
        missed = sorted(set(own) - set(found))
        assert len(missed) <= 0.1 * len(own) + 1, (strategy.name, missed)


def test_the_broad_strategy_leaves_plain_degenerative_disease_out() -> None:
    other = Record("90000601", "Lumbar disc herniation: surgery or exercise")
    assert not matches(parse(load_strategies()[0].query), searchable(other))


# What reviews say they searched with: a title made of each term has to be found, and the review has to be named.
PUBLISHED = [
    ("broad", "39739070", "Spinal metastases"),
    ("broad", "39739070", "Spine, metastatic"),
    ("broad", "35860387", "Metastatic epidural spinal cord compression"),
    ("broad", "35860387", "Vertebral compression fracture in cancer"),
    ("broad", "27488297", "Spinal neoplasm"),
    ("broad", "39899191", "Metastatic vertebral tumors"),
    ("burden", "35860387", "Epidemiology of spinal metastases"),
    ("burden", "35860387", "Prevalence of spinal metastases"),
    ("burden", "35860387", "Global burden of disease: spinal metastases"),
    ("burden", "35860387", "Cost of disease: spinal metastases"),
    ("burden", "39899191", "Quality of life and spine metastases"),
    ("decision_making", "27488297", "Spinal instability in spinal neoplasm"),
    ("decision_making", "27488297", "Spinal instability neoplastic score"),
    ("prognostic_tools", "39899191", "Outcome prediction in metastatic vertebral tumors"),
    ("prognostic_tools", "39899191", "Prognoses of metastatic vertebral tumors"),
    ("prognostic_tools", "39899191", "Spine metastases and life expectancy"),
    ("prediction_models", "39899191", "Outcome prediction in metastatic vertebral tumors"),
    ("radiation_therapy", "39739070", "Radiation therapy of spine metastases"),
    ("radiation_therapy", "39739070", "External beam treatment of spine metastases"),
    ("sbrt", "39739070", "Radiosurgery of spinal metastases"),
    ("sbrt", "39739070", "Stereotactic body radiation therapy of spinal metastases"),
    ("broad", "25880538", "Metastasis of the spine"),
    ("broad", "25880538", "Metastatic spinal disease"),
    ("broad", "32772170", "Sacroplasty and secondary tumours"),
    ("broad", "32772170", "Sacroplasty of metastases"),
    ("ablation", "30627778", "Ablation of painful bone metastases"),
    ("cement_augmentation", "32772170", "Sacroplasty of metastases"),
    ("minimally_invasive_surgery", "36442998", "Endoscopic spine surgery of spinal tumors"),
    ("minimally_invasive_surgery", "36442998", "Endoscopic spine surgery in spinal oncology"),
    ("minimally_invasive_surgery", "25880538", "Minimal access to metastatic spine"),
    ("open_surgery", "25880538", "Open surgery of metastatic spine"),
    ("decision_making", "39673659", "Clinical evaluation of spine metastases"),
    ("decision_making", "39673659", "Decision making and treatment: spine metastases"),
    ("separation_surgery", "39739070", "Surgery and radiosurgery of spinal metastases"),
    ("separation_surgery", "39739070", "Surgery and stereotactic body radiation therapy of spine metastases"),
]

# What was taken from reviews that name their terms, but whose PMID was not seen in print.
COMPLETED = [
    ("open_surgery", "Revision of spine metastases"),
    ("cement_augmentation", "Vertebral body stent in spinal metastases"),
    ("immunotherapy", "Abscopal effect on metastases of the spine"),
    ("immunotherapy", "Immune therapy of spinal metastases"),
    ("immunotherapy", "Checkpoint inhibition in spinal metastases"),
    ("systemic_therapy", "Clodronate for painful bone metastases"),
    ("systemic_therapy", "Alendronate and bone metastases: survival"),
    ("systemic_therapy", "Methylprednisolone in malignant cord compression"),
    ("systemic_therapy", "Radioisotopes for painful bone metastases"),
]


@pytest.mark.parametrize(("name", "title"), COMPLETED)
def test_what_was_taken_from_a_review_without_pmid_is_found(name: str, title: str) -> None:
    strategy = next(strategy for strategy in load_strategies() if strategy.name == name)
    assert matches(parse(strategy.query), searchable(Record("90000603", title)))
    assert not matches(parse(strategy.query), searchable(Record("90000604", "Spinal metastases")))


@pytest.mark.parametrize(("name", "review", "title"), PUBLISHED)
def test_what_a_published_search_names_is_found(name: str, review: str, title: str) -> None:
    strategy = next(strategy for strategy in load_strategies() if strategy.name == name)
    assert review in strategy.modelled_on
    assert matches(parse(strategy.query), searchable(Record("90000602", title)))


def test_a_review_is_named_only_where_the_rationale_says_what_was_followed() -> None:
    for strategy in load_strategies():
        named = [review.removeprefix("doi:") for review in strategy.modelled_on]
        assert named, f"{strategy.name} names no published review"
        assert all(review in strategy.rationale for review in named), strategy.name


def test_a_strategy_is_read(tmp_path: Path) -> None:
    (strategy,) = load_strategies(folder(tmp_path, mine=GOOD))
    assert strategy.name == "mine"
    assert strategy.query == "spine[tiab] AND metasta*[tiab]"
    assert strategy.modelled_on == ("90000001",)


def test_one_within_another_carries_both_queries_and_versions(tmp_path: Path) -> None:
    inner = 'topic = "sbrt"\nwithin = "mine"\n' + GOOD.replace("spine[tiab]", "SBRT[tiab]").replace(
        '"1.0"', '"2.1"'
    )
    strategy = load_strategies(folder(tmp_path, mine=GOOD, sbrt=inner))[1]
    assert strategy.query == "(spine[tiab] AND metasta*[tiab]) AND (SBRT[tiab] AND metasta*[tiab])"
    assert strategy.version == "2.1+1.0"


@pytest.mark.parametrize(
    ("old", "new", "cause"),
    [
        ('version = "1.0"', "", "'version' is missing"),
        ('version = "1.0"', 'version = "first"', "two numbers"),
        ("date = 2026-01-31", 'date = "2026-01-31"', "should be a date"),
        ('rationale = "Made up."', 'rationale = " "', "'rationale' is empty"),
        ('["90000001"]', "[90000001]", "no PMID"),
        ('version = "1.0"', 'version = "1.0"\ntopic = "knees"', "no topic 'knees'"),
        ('version = "1.0"', 'version = "1.0"\nauthor = "me"', "unknown key 'author'"),
        ('version = "1.0"', 'version = "1.0"\nwithin = "none"', "names no strategy"),
        ("date = 2026-01-31", "date = ", "is not TOML"),
        ("AND metasta*", "and metasta*", "in capitals"),
    ],
)
def test_a_broken_file_is_refused_by_name_and_cause(tmp_path: Path, old: str, new: str, cause: str) -> None:
    with pytest.raises(BadStrategy, match=cause) as error:
        load_strategies(folder(tmp_path, mine=GOOD.replace(old, new)))
    assert "mine.toml" in str(error.value)


def test_two_strategies_of_one_topic_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadStrategy, match="as mine has already"):
        load_strategies(folder(tmp_path, mine=GOOD, other=GOOD))


def test_the_linter_may_read_a_faulty_query(tmp_path: Path) -> None:
    (strategy,) = read_strategies(folder(tmp_path, mine=GOOD.replace("AND metasta*", "and metasta*")))
    assert any("capitals" in fault.cause for fault in lint(strategy.query))
