"""Answering: from an understood question to claims, figures and studies with citations, or to what is nearest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlite_utils import Database

from graph.questions import evidence
from graph.questions.answers import Answer, AnsweredClaim, CitedStudy, Nearest, Quote, ToolFigure, cite
from graph.questions.asked import Asked, asked_for
from graph.questions.composing import answered, by_strength, cited_study, distance, place, sides
from graph.questions.evidence import Row
from graph.questions.phrasing import load_phrasing
from graph.questions.tools import figures_for, tool_sentences, usage_sentences
from graph.questions.understanding import Role, Understanding
from kb.summary.sentences import Cite, Derived, Quoted, Sentence
from kb.summary.words import design_words, with_article
from kb.vocabulary.concept import load_vocabulary

# How sections are called that say what was meant and done, not what was found.
_BEFORE_RESULTS = (
    "BACKGROUND",
    "INTRODUCTION",
    "AIM",
    "OBJECTIVE",
    "PURPOSE",
    "METHOD",
    "MATERIAL",
    "PATIENTS",
    "STUDY",
)
MOST_CLAIMS = 12
MOST_BROADER = 6
MOST_FURTHER = 15
MOST_NEAREST = 8
MOST_SUMMED_UP = 3
MOST_ELSEWHERE = 8


def answer(db: Database, understanding: Understanding) -> Answer:
    """Answer an understood question from the database's evidence. The same database gives the same answer."""
    asked = asked_for(understanding, load_vocabulary())
    labels = evidence.labels(db)
    population = evidence.naming(db, [asked.population_all]) if asked.population_all else None
    if blocked := unread_words(understanding, asked):
        return _by_words(db, understanding, asked, labels, blocked)
    claims, cut = _claims(db, asked, labels, population)
    claims, elsewhere = _by_population(claims, asked)
    near = (*claims, *elsewhere)
    broader = (*elsewhere[:MOST_BROADER], *_broader(db, asked, labels, population, near))
    figures = figures_for(db, understanding, asked)
    used = usage_sentences(db, asked.subjects_all, labels) if understanding.kind == "instruments" else ()
    seen = {study.pmid for claim in (*claims, *broader) for study in claim.studies}
    seen |= {figure.study.pmid for figure in figures}
    further, more = _further(db, asked, seen, population)
    missing = not (claims or broader or figures or further)
    return Answer(
        understanding=understanding,
        labels={
            concept: labels[concept]
            for concept in sorted(_concepts(understanding, claims, broader, figures))
            if concept in labels
        },
        sentences=(*used, *_sentences(claims, figures, further, understanding, labels)),
        claims=claims,
        broader=broader,
        figures=figures,
        further=further,
        looked_for=_looked_for(asked, labels),
        included=_included(claims, asked, labels),
        nearest=_nearest(db, understanding, asked, labels) if missing else (),
        retracted=tuple(sorted(_naming(db, asked, evidence.RETRACTED))),
        elsewhere=_elsewhere(db, asked, population),
        notes=_notes(db, asked, population, claims),
        cut=tuple(filter(None, (cut, more))),
    )


def unread_words(understanding: Understanding, asked: Asked) -> tuple[str, ...]:
    """The words that keep a question from being answered: not understood, where no outcome was understood either.

    They may be just what was asked for ("SBRT and hair growth"). Roles that the asker set settle the matter.
    """
    return () if understanding.outcome or understanding.corrected else understanding.unknown


def _by_words(
    db: Database,
    understanding: Understanding,
    asked: Asked,
    labels: Mapping[str, str],
    words: tuple[str, ...],
) -> Answer:
    """Answer with the papers that hold the words which were not understood, or with none."""
    named = evidence.naming(db, asked.groups()) if asked.groups() else None
    rows = [row for row in evidence.with_words(db, words, 200) if named is None or row["pmid"] in named]
    studies = (
        [cited_study(row, "descriptive", _best_sentences(db, row, asked)) for row in rows]
        if asked.groups()
        else []
    )
    further = by_strength(studies)[:MOST_FURTHER]
    listed = ", ".join(f"“{word}”" for word in words)
    counted = _notes(db, asked, None, ())
    return Answer(
        understanding=understanding,
        labels={concept: labels[concept] for concept in understanding.concepts if concept in labels},
        sentences=_sentences((), (), further, understanding, labels),
        claims=(),
        broader=(),
        figures=(),
        further=further,
        looked_for=(
            *_looked_for(asked, labels),
            f"papers with the words {listed}, which the vocabulary does not know",
        ),
        included=(),
        nearest=_nearest(db, understanding, asked, labels),
        retracted=(),
        elsewhere=(),
        notes=counted,
    )


def _by_population(
    claims: tuple[AnsweredClaim, ...], asked: Asked
) -> tuple[tuple[AnsweredClaim, ...], list[AnsweredClaim]]:
    """Claims with a study of the patients asked for, and those about other patients alone."""
    if not asked.population:
        return claims, []
    near = tuple(claim for claim in claims if any(study.names_population for study in claim.studies))
    far = [replace(claim, fit="other patients") for claim in claims if claim not in near]
    return near, far


def _concepts(
    understanding: Understanding,
    claims: Sequence[AnsweredClaim],
    broader: Sequence[AnsweredClaim],
    figures: Sequence[ToolFigure],
) -> set[str]:
    named = set(understanding.concepts) | {figure.tool for figure in figures}
    for claim in (*claims, *broader):
        named |= {
            concept
            for concept in (claim.subject, claim.comparator, claim.outcome, claim.population)
            if concept
        }
    return named


def _claims(
    db: Database, asked: Asked, labels: Mapping[str, str], population: Collection[str] | None
) -> tuple[tuple[AnsweredClaim, ...], str]:
    """The claims as asked and narrower: nearest to the question first, tested before described."""
    if not (asked.subjects_all or asked.outcomes_all):
        return (), ""
    rows = evidence.claims(db, asked.subjects_all, asked.comparators_all, asked.outcomes_all)
    rows = _of_population(rows, asked)
    rows.sort(key=lambda row: _nearness(row, asked))
    chosen = rows[:MOST_CLAIMS]
    found = [answered(db, row, asked, labels, population, None) for row in chosen]
    cut = f"The first {len(chosen)} of {len(rows)} claims are shown." if len(rows) > len(chosen) else ""
    return tuple(claim for claim in found if claim is not None), cut


def _of_population(rows: list[Row], asked: Asked) -> list[Row]:
    """Claims about all patients, and those about just the population that was asked for."""
    return [row for row in rows if row.get("population") is None or row["population"] in asked.population_all]


def _nearness(row: Row, asked: Asked) -> tuple[object, ...]:
    return (
        row.get("population") is None and bool(asked.population),
        row["consistency"] == "descriptive_only",
        bool(asked.subjects) and row["comparator"] is None and not asked.outcomes,
        distance(row, asked),
        -row["studies"],
        place(row["best_level"]),
        row["key"],
    )


def _broader(
    db: Database,
    asked: Asked,
    labels: Mapping[str, str],
    population: Collection[str] | None,
    claims: Sequence[AnsweredClaim],
) -> tuple[AnsweredClaim, ...]:
    """Claims on broader concepts: of a treatment in two parts, or where nothing closer is claimed."""
    in_parts = {combination.named for combination in load_phrasing().combinations}
    if not (asked.subjects and (asked.comparators or asked.outcomes)):
        return ()
    known = {claim.key for claim in claims}
    if claims and not (asked.subjects | asked.comparators) & in_parts:
        return ()
    wider = asked.broader()
    rows = evidence.claims(db, wider.subjects_all, wider.comparators_all, wider.outcomes_all)
    rows = [row for row in _of_population(rows, asked) if row["key"] not in known]
    rows.sort(key=lambda row: _nearness(row, wider))
    turned = [answered(db, row, wider, labels, population, "broader") for row in rows]
    found = _telling_most([claim for claim in turned if claim is not None])
    if not claims and asked.comparators and not asked.about_tools:
        alone = asked.without(("comparators",))
        rows = evidence.claims(db, alone.subjects_all, (), alone.outcomes_all)
        rows = [
            row
            for row in _of_population(rows, alone)
            if row["key"] not in known and row["comparator"] is None
        ]
        rows.sort(key=lambda row: _nearness(row, alone))
        one_sided = [
            answered(db, row, alone, labels, population, "uncompared") for row in rows[:MOST_BROADER]
        ]
        found += [claim for claim in one_sided if claim is not None]
    return tuple(found)


def _telling_most(claims: list[AnsweredClaim]) -> list[AnsweredClaim]:
    """The first claims, those that bring in a new paper before those that do not."""
    seen: set[str] = set()
    new: list[AnsweredClaim] = []
    for claim in claims:
        pmids = {study.pmid for study in claim.studies}
        if not pmids <= seen:
            new.append(claim)
        seen |= pmids
    rest = [claim for claim in claims if claim not in new]
    return [*new, *rest][:MOST_BROADER]


def _further(
    db: Database, asked: Asked, seen: Collection[str], population: Collection[str] | None
) -> tuple[tuple[CitedStudy, ...], str]:
    """Papers that name all that was asked, but of which no result stands in a claim above."""
    rows = evidence.studies(db, _naming(db, asked, evidence.COUNTS) - set(seen))
    ordered = by_strength([_with_sentences(db, row, asked, population) for row in rows])
    # Papers on one tool alone stand behind those that name both sides.
    complete = evidence.naming(db, asked.groups(population=False)) if asked.about_tools else set()
    ordered = tuple(sorted(ordered, key=lambda study: study.pmid not in complete))
    cut = ""
    if len(ordered) > MOST_FURTHER:
        cut = f"The first {MOST_FURTHER} of {len(ordered)} further studies are shown."
    return ordered[:MOST_FURTHER], cut


def _elsewhere(db: Database, asked: Asked, population: Collection[str] | None) -> tuple[CitedStudy, ...]:
    """Papers on metastases outside the spine too that name all that was asked: told of, not counted."""
    rows = evidence.studies(db, _naming(db, asked, evidence.ELSEWHERE), evidence.ELSEWHERE)
    return by_strength([_with_sentences(db, row, asked, population) for row in rows])[:MOST_ELSEWHERE]


def _with_sentences(db: Database, row: Row, asked: Asked, population: Collection[str] | None) -> CitedStudy:
    return cited_study(row, "descriptive", _best_sentences(db, row, asked), population)


def _naming(db: Database, asked: Asked, counts: str) -> set[str]:
    """The papers that name all that was asked; of a treatment in two parts, either it or both parts."""
    groups = asked.groups(population=False)
    if not groups:
        return set()
    found = evidence.naming(db, groups, counts)
    if asked.about_tools and not asked.outcomes:
        # A paper that tests one of the tools bears on how they do, also where it names no other.
        found |= evidence.evaluating(db, asked.subjects_all | asked.comparators_all, counts)
    if asked.parts and not asked.comparators:
        found |= evidence.naming(
            db, [*asked.parts, *asked.without(("subjects",)).groups(population=False)], counts
        )
    return found


def _best_sentences(db: Database, row: Row, asked: Asked) -> list[Row]:
    """What to quote: results on the outcome; else the last sentence that names most of what was asked."""
    results = evidence.results_of(db, row["pmid"], asked.outcomes_all)
    if not asked.outcomes_all:
        sides = asked.subjects_all | asked.comparators_all
        results = [result for result in results if result["intervention"] in sides]
    if results:
        return sorted(results, key=lambda result: result["direction"] == "descriptive")[:2]
    wanted = [*asked.groups(population=False), *asked.parts]
    sentences: dict[tuple[int, int], list[Row]] = defaultdict(list)
    mentions = evidence.mentions_of(db, row["pmid"], frozenset().union(*wanted))
    # A title says what was studied, not what was found.
    for mention in [m for m in mentions if m["section"] > 0] or mentions:
        sentences[(mention["section"], mention["sentence_start"])].append(mention)
    scored = [
        (
            not str(rows[0]["category"] or "").upper().startswith(_BEFORE_RESULTS),
            sum(any(m["concept"] in group for m in rows) for group in wanted),
            where,
            rows[0],
        )
        for where, rows in sentences.items()
    ]
    return [max(scored, key=lambda entry: entry[:3])[3]] if scored else []


def _sentences(
    claims: Sequence[AnsweredClaim],
    figures: Sequence[ToolFigure],
    further: Sequence[CitedStudy],
    understanding: Understanding,
    labels: Mapping[str, str],
) -> tuple[Sentence, ...]:
    """The answer in a few sentences, each with its citations."""
    tools = tool_sentences(figures, understanding, labels)
    summed = [claim.sentence for claim in claims[: 1 if tools else MOST_SUMMED_UP]]
    sentences = [*tools, *summed]
    if further:
        sentences.append(_further_sentence(further, bool(claims or figures)))
    if not claims:
        sentences += [_quoted(study, study.quotes[0]) for study in further[:MOST_SUMMED_UP] if study.quotes]
    return tuple(sentences)


def _further_sentence(further: Sequence[CitedStudy], beside_others: bool) -> Sentence:
    many = len(further) != 1
    words = " further" if beside_others else ""
    words += (
        " studies are about this; no result of theirs" if many else " study is about this; no result of it"
    )
    counted = Derived(str(len(further)), "counted from the papers named here")
    return Sentence(
        (counted, words, " could be read into a claim, so none is graded", cite(list(further)), ".")
    )


def _quoted(study: CitedStudy, quote: Quote) -> Sentence:
    """ "A randomised controlled trial (level I): “…” [1]."."""
    text = quote.passage.text
    citation = study.citation(quote)
    level = f" (level {study.level})" if study.level else ""
    opening = with_article(design_words(study.design)).capitalize()
    ending = "" if text.endswith((".", "?", "!")) else "."
    return Sentence((opening, level, ": “", Quoted(text, citation), "”", Cite((citation,)), ending))


def _looked_for(asked: Asked, labels: Mapping[str, str]) -> tuple[str, ...]:
    """What was looked for, part by part, in words."""
    names = (
        ("about", asked.subjects),
        ("against", asked.comparators),
        ("outcome", asked.outcomes),
        ("patients with", asked.population),
    )
    vocabulary = asked.vocabulary
    found = []
    for words, concepts in names:
        if concepts:
            shown = [labels.get(c, vocabulary.concepts[c].label) for c in sorted(concepts)]
            listed = ", ".join(shown[:6]) + (f" and {len(shown) - 6} others" if len(shown) > 6 else "")
            found.append(f"{words}: {listed}")
    return tuple(found)


def _included(claims: Sequence[AnsweredClaim], asked: Asked, labels: Mapping[str, str]) -> tuple[str, ...]:
    """The narrower concepts that the claims shown are about, said for each asked one."""
    pairs: dict[tuple[str, bool], set[str]] = defaultdict(set)
    for claim in claims:
        for concept, wanted in (
            (claim.subject, asked.subjects),
            (claim.comparator, asked.comparators),
            (claim.outcome, asked.outcomes),
        ):
            under = asked.stands_under(concept, wanted) if concept is not None and wanted else None
            if under is not None and concept is not None:
                pairs[under].add(labels.get(concept, concept))
    words = {True: "includes the narrower", False: "counts also"}
    return tuple(
        f"“{labels.get(above, above)}” {words[narrower]}: {', '.join(sorted(found))}."
        for (above, narrower), found in sorted(pairs.items())
    )


def _nearest(
    db: Database, understanding: Understanding, asked: Asked, labels: Mapping[str, str]
) -> tuple[Nearest, ...]:
    """What there is evidence on when less is asked: the same without outcome, without comparison, one part alone."""
    found: dict[tuple[tuple[Role, str], ...], Nearest] = {}
    if asked.empty:
        return ()
    for dropped in (
        (),
        ("outcomes",),
        ("comparators",),
        ("outcomes", "comparators"),
        ("subjects", "comparators"),
    ):
        less = asked.without(dropped)
        if (dropped and less == asked) or not (less.subjects or less.outcomes):
            continue
        rows = evidence.claims(db, less.subjects_all, less.comparators_all, less.outcomes_all)
        rows = [row for row in rows if row.get("population") is None]
        for row in sorted(rows, key=lambda r: _nearness(r, less))[:4]:
            near = _near_claim(db, row, less, labels)
            if near is not None:
                found.setdefault(near.roles, near)
    return tuple(found.values())[:MOST_NEAREST]


def _near_claim(db: Database, row: Row, asked: Asked, labels: Mapping[str, str]) -> Nearest | None:
    pmids = tuple(dict.fromkeys(result["pmid"] for result in evidence.claim_results(db, row["key"])))
    if not pmids:
        return None
    subject, comparator = sides(row, asked)
    roles: list[tuple[Role, str]] = [("tool" if row["subject_kind"] == "tool" else "intervention", subject)]
    words = labels[subject]
    if comparator:
        roles.append(("comparator", comparator))
        words += f" against {labels[comparator]}"
    if row["outcome"]:
        roles.append(("outcome", row["outcome"]))
        words += f": {labels[row['outcome']]}"
    return Nearest(words, tuple(roles), pmids)


def _notes(
    db: Database, asked: Asked, population: Collection[str] | None, claims: Sequence[AnsweredClaim]
) -> tuple[str, ...]:
    counted, records, synopses = evidence.scope(db)
    notes = [f"This answer rests on {counted} of the {records} records in this knowledge base."]
    if synopses:
        notes.append(
            f"{synopses} of them are sample synopses in the words of the SpineMets KB authors, not PubMed's"
            " abstracts; sentences quoted from them are from the synopsis."
        )
    if asked.population and claims:
        named = ", ".join(sorted(asked.vocabulary.concepts[c].label.lower() for c in asked.population))
        notes.append(
            f"Claims count all patients; studies that do not name {named} are marked and stand last."
            if population
            else f"No study here names {named}; the claims are about other patients."
        )
    notes.append("Levels and grades are pre-filled by rule; no reviewer has signed them. No medical advice.")
    return tuple(notes)
