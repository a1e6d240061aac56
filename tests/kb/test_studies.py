"""Which papers are one study, which reviews repeat studies that are here, and what is said of each."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from harvest.record import Author, Batch, Reference
from kb.grading.publications import Publication, accrual_years, centre_of, read_publications, study_rules
from kb.grading.statements import Hierarchy, read_hierarchy, restricted_to
from kb.grading.studies import count_studies, same_study
from kb.schema import open_database
from kb.store import store_batch, write_vocabulary
from tests.made_up import extraction, record, study
from tests.made_up_vocabulary import VOCABULARY

TRIAL = Publication(
    "1", "I", 2, 210, year=2020, registrations=("NCT1",), authors=frozenset({"rivera a", "novak f"})
)
SERIES = Publication(
    "5", "IV", 4, 64, year=2018, authors=frozenset({"tanaka d", "moreau e", "haddad g"}),
    centre="invented cancer center", accrual=(2005, 2015),
)  # fmt: skip
REVIEW = Publication("9", "I", 1, 1240, review=True, year=2022)


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"registrations": ("NCT1",), "authors": frozenset()}, "the same registered study (NCT1)"),
        ({"registrations": ("NCT2",)}, None),
        ({"registrations": ("NCT1", "NCT2"), "patients": 50}, None),
        ({"registrations": ()}, "the same authors and number of patients (210)"),
        ({"registrations": (), "patients": 209}, None),
        ({"registrations": (), "year": 2010}, None),
        ({"registrations": (), "authors": frozenset({"rivera a"})}, None),
        (
            {"registrations": (), "patients": 90, "companion": True},
            "the same authors, who report further on a study,",
        ),
        ({"registrations": (), "patients": 90, "companion": True, "authors": frozenset()}, None),
    ],
)
def test_papers_of_a_trial(other: dict[str, Any], why: str | None) -> None:
    paper = replace(TRIAL, pmid="2", **other)
    assert same_study(TRIAL, paper) == same_study(paper, TRIAL) == why


@pytest.mark.parametrize(
    ("other", "why"),
    [
        ({"authors": frozenset()}, "the same centre and years of accrual (2005 to 2015)"),
        ({"patients": 80}, "the same authors and years of accrual (2005 to 2015)"),
        ({"accrual": None, "authors": frozenset()}, "the same centre and number of patients (64)"),
        ({"accrual": (2016, 2019)}, None),
        ({"accrual": None, "patients": 65}, None),
        ({"centre": "another hospital", "authors": frozenset()}, None),
        ({"centre": None, "authors": frozenset(), "accrual": None}, None),
    ],
)
def test_papers_of_a_cohort(other: dict[str, Any], why: str | None) -> None:
    paper = replace(SERIES, pmid="6", **other)
    assert same_study(SERIES, paper) == same_study(paper, SERIES) == why


def test_few_patients_coincide_by_chance() -> None:
    small = replace(SERIES, patients=study_rules().least_patients - 1, accrual=None)
    assert same_study(small, replace(small, pmid="6")) is None


def test_the_strongest_paper_leads_and_the_others_say_why_they_do_not_count() -> None:
    further = replace(TRIAL, pmid="2", level="II", patients=90)
    linked = Publication("3", "II", 3, 90, year=2021, authors=frozenset({"novak f", "rivera a"}))
    counting = count_studies([linked, further, TRIAL])
    assert counting["1"].counted
    assert (counting["2"].study, counting["2"].reason) == ("1", "the same registered study (NCT1) as PMID 1")
    # Joined by way of another paper of the trial.
    assert (counting["3"].study, counting["3"].reason) == (
        "1", "the same authors and number of patients (90) as PMID 2"
    )  # fmt: skip


def test_a_review_is_not_counted_beside_the_trials_it_cites() -> None:
    counting = count_studies([TRIAL, replace(REVIEW, cites=frozenset({"1", "77"}))])
    assert counting["9"].reason == "a review that cites PMID 1, counted here"
    assert count_studies([TRIAL, replace(REVIEW, cites=frozenset({"77"}))])["9"].counted


@pytest.mark.parametrize(("year", "counted"), [(2019, True), (2020, False), (None, False)])
def test_a_review_of_unknown_references_may_cover_what_came_before_it(
    year: int | None, counted: bool
) -> None:
    assert count_studies([TRIAL, replace(REVIEW, year=year)])["9"].counted is counted


def test_a_review_of_a_better_level_counts_instead_of_the_studies_it_cites() -> None:
    beside = replace(SERIES, pmid="6", patients=70)
    counting = count_studies([SERIES, beside, replace(REVIEW, level="II", cites=frozenset({"6"}))])
    assert counting["9"].counted
    assert counting["5"].reason == counting["6"].reason
    assert counting["5"].reason == "its study is cited by the review PMID 9, of a better level"
    # Where its references are not known, studies of a lesser level stay.
    counting = count_studies([SERIES, replace(REVIEW, level="II")])
    assert counting["9"].counted
    assert counting["5"].counted


def test_a_review_that_tells_a_direction_is_not_set_aside_for_studies_that_only_describe() -> None:
    papers = [TRIAL, replace(REVIEW, cites=frozenset({"1"}))]
    assert count_studies(papers, frozenset({"1"}))["9"].counted
    assert not count_studies(papers, frozenset({"1", "9"}))["9"].counted


def test_of_reviews_of_the_same_studies_the_strongest_counts() -> None:
    older = replace(REVIEW, pmid="8", patients=600, cites=frozenset({"70", "71"}))
    newer = replace(REVIEW, cites=frozenset({"71", "72"}))
    counting = count_studies([older, newer])
    assert counting["9"].counted
    assert counting["8"].reason == "a review that cites 1 of the papers that the review PMID 9 cites"
    apart = count_studies([replace(older, cites=frozenset({"70"})), newer])
    assert apart["8"].counted
    assert apart["9"].counted
    unknown = count_studies([replace(older, cites=frozenset()), newer])
    assert unknown["8"].reason == "a review that may cover the same studies as the review PMID 9"


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("patients treated between 2009 and 2015", (2009, 2015)),
        ("from January 2010 to June 2012 we", (2010, 2012)),
        ("Between 1 May 2011 and 30 April 2014", (2011, 2014)),
        ("between March 3, 1999 and May 12, 2001", (1999, 2001)),
        ("from 2015 to 2009", None),
        ("from 20 to 40 Gy in 2015", None),
        ("", None),
    ],
)
def test_years_of_accrual(text: str, years: tuple[int, int] | None) -> None:
    assert accrual_years(text) == years


@pytest.mark.parametrize(
    ("affiliation", "centre"),
    [
        ("Department of Surgery, The Invented Hospital, Oslo, Norway.", "invented hospital"),
        (
            "Klinik für Strahlentherapie, Universitätsklinikum Erfunden, Germany",
            "klinik für strahlentherapie",
        ),
        ("Oslo, Norway", None),
    ],
)
def test_centres(affiliation: str, centre: str | None) -> None:
    assert centre_of(affiliation) == centre


@pytest.mark.parametrize(
    ("text", "further"),
    [
        ("Secondary analysis of a randomised trial", True),
        ("long-term results of the invented phase 3 trial", True),
        ("Quality of life outcomes from a phase II study", True),
        ("A randomised trial of SBRT", False),
        ("We report final results and review the trial literature", False),
    ],
)
def test_papers_that_report_further(text: str, further: bool) -> None:
    assert bool(study_rules().companion.search(text)) is further


def test_what_is_read_of_a_paper(tmp_path: Path) -> None:
    db = open_database(tmp_path / "kb.db", create=True)
    write_vocabulary(db, VOCABULARY)
    of = record(
        "90000301", "SBRT: secondary analysis of a trial",
        (None, "We treated 40 patients between 2009 and 2015."),
        authors=(
            Author(last_name="Rivera", initials="AB", affiliations=("Oslo", "The Invented Hospital, Oslo")),
            Author(last_name="Okafor", fore_name="Bea", affiliations=("Other Hospital",)),
            Author(collective="Invented Group"),
        ),
        references=(Reference("x", "12"), Reference("y", None)), registrations=("NCT9",), origin="sample",
    )  # fmt: skip
    store_batch(db, Batch("x", (of,), 1), [extraction(of, kind=study(of, "rct", "I", 40))], source_digest="x")
    assert read_publications(db, {"90000301"})["90000301"] == Publication(
        "90000301", "I", 1, 40, False, 2020, ("NCT9",), frozenset({"rivera a", "okafor b"}),
        "invented hospital", (2009, 2015), frozenset({"12"}), companion=True, synopsis=True,
    )  # fmt: skip


def test_a_review_is_not_counted_on_a_related_outcome_for_the_trials_it_covers() -> None:
    """The trial wrote "response", the small series and the review wrote "relief"."""
    counting = count_studies([SERIES, REVIEW], related=[TRIAL])
    assert counting["5"].counted
    assert not counting["9"].counted
    better = count_studies([SERIES, replace(REVIEW, level="I", cites=frozenset({"1"}))], related=[TRIAL])
    assert "cites PMID 1, counted for an outcome of the same family" in str(better["9"].reason)
    # What it does not cover does not matter, and it counts where nothing else is left.
    assert count_studies([SERIES, replace(REVIEW, cites=frozenset({"77"}))], related=[TRIAL])["9"].counted
    assert count_studies([REVIEW], related=[TRIAL])["9"].counted


HIERARCHY = Hierarchy(
    {},
    {"lung": (), "nsclc": ("lung",), "breast": (), "cord": (), "mescc": ("cord",), "elderly": ()},
    {"lung": "primary", "nsclc": "primary", "breast": "primary", "cord": "spinal", "mescc": "spinal", "elderly": "general"},
)  # fmt: skip


@pytest.mark.parametrize(
    ("named", "restricted"),
    [
        ({"breast"}, ("breast",)),
        ({"nsclc"}, ("lung", "nsclc")),
        ({"nsclc", "lung"}, ("lung", "nsclc")),
        ({"nsclc", "breast"}, ()),
        ({"breast", "mescc"}, ("breast", "cord", "mescc")),
        ({"breast", "lung", "elderly"}, ("elderly",)),
    ],
)
def test_a_title_restricts_to_one_population_of_a_sort(named: set[str], restricted: tuple[str, ...]) -> None:
    assert restricted_to(named, HIERARCHY) == restricted


def test_populations_are_those_of_the_vocabulary(tmp_path: Path) -> None:
    db = open_database(tmp_path / "kb.db", create=True)
    write_vocabulary(db, VOCABULARY)
    assert set(read_hierarchy(db).population_types) == {
        "lung_cancer", "metastatic_epidural_spinal_cord_compression"
    }  # fmt: skip
