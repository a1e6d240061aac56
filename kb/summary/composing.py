"""Sections of a summary from its material: every sentence cites, every number says its origin."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from kb.evidence import LEVELS, Claim, ClaimPaper, Direction
from kb.grading.before_treatment import BETTER, WORSE
from kb.grading.certainty import grade_words
from kb.grading.claims import directions_of
from kb.summary.material import Material, Result
from kb.summary.section import Section
from kb.summary.sentences import Citation, Cite, Derived, Name, Part, Quoted, Sentence
from kb.summary.words import NOT_NAMED, SETTINGS, design_words, in_running_text, study_in_prose, with_article

MOST_QUOTED = 12
_BEFORE = {"favours_intervention": BETTER, "favours_comparator": WORSE}
_ROLES = (
    ("studied", "intervention", "Interventions studied: "),
    ("measured", "outcome", "Outcomes measured: "),
    ("evaluated", "tool", "Tools evaluated: "),
)


def _cite(material: Material, pmids: Iterable[str]) -> Cite:
    ordered = sorted(set(pmids), key=lambda pmid: material.references[pmid].number)
    return Cite(tuple(Citation(pmid) for pmid in ordered))


def _counted(number: int, material: Material) -> Derived:
    total = len(material.papers)
    return Derived(str(number), f"counted from {total} record{'' if total == 1 else 's'}")


def scope(material: Material) -> Section:
    """What the papers are about, or what was looked for in vain."""
    if not material.papers:
        named = ", ".join(material.looked_for)
        note = (
            "No record of this knowledge base that counts as evidence belongs to this topic. Looked for were"
            f" papers about spinal metastases{f' that name: {named}' if named else ''}."
        )
        return Section("Scope", notes=(note,))
    sentences = []
    for role, kind, opening in _ROLES:
        by_concept: dict[str, list[str]] = defaultdict(list)
        for concept, mentioned_as, pmid in material.mentions:
            if mentioned_as == role and material.kinds[concept] == kind:
                by_concept[concept].append(pmid)
        if by_concept:
            sentences.append(_list_of(material, opening, by_concept))
    notes = () if sentences else ("No intervention, outcome or tool was recognised in these papers.",)
    return Section("Scope", tuple(sentences), notes)


def _list_of(material: Material, opening: str, by_concept: dict[str, list[str]]) -> Sentence:
    """ "Outcomes measured: overall survival (3 papers) [1-3], local control (1 paper) [4]." """
    parts: list[Part] = [opening]
    ordered = sorted(by_concept.items(), key=lambda item: (-len(item[1]), material.labels[item[0]]))
    for place, (concept, pmids) in enumerate(ordered):
        papers = " papers)" if len(pmids) > 1 else " paper)"
        parts += [", "] if place else []
        parts += [
            Name(in_running_text(material.labels[concept])),
            " (",
            _counted(len(pmids), material),
            papers,
        ]
        parts.append(_cite(material, pmids))
    return Sentence((*parts, "."))


def volume(material: Material) -> Section:
    """How many papers, from when, of which design and level."""
    papers = list(material.papers.values())
    if not papers:
        return Section("Volume", notes=("There is no paper to count.",))
    everyone = _cite(material, (paper.pmid for paper in papers))
    years = sorted(paper.year for paper in papers if paper.year is not None)
    opening: list[Part] = [
        _counted(len(papers), material),
        " papers count" if len(papers) > 1 else " paper counts",
    ]
    if years:
        method = f"years of {len(years)} record{'' if len(years) == 1 else 's'}"
        opening += [
            ", published from " if len(years) > 1 else ", published in ",
            Derived(str(years[0]), method),
        ]
        opening += [" to ", Derived(str(years[-1]), method)] if len(years) > 1 else []
    sentences = [Sentence((*opening, everyone, "."))]
    designs: dict[str, list[str]] = defaultdict(list)
    levels: dict[str, list[str]] = defaultdict(list)
    for paper in papers:
        designs[paper.design].append(paper.pmid)
        levels[paper.level or ""].append(paper.pmid)
    by_count = sorted(designs, key=lambda design: (-len(designs[design]), design))
    named = [(design_words(design, len(designs[design])), designs[design]) for design in by_count]
    sentences.append(_tally(material, "By design: ", named))
    of_level = [("of level " + level, levels[level]) for level in LEVELS if level in levels]
    of_level += [("without a level", levels[""])] if "" in levels else []
    sentences.append(_tally(material, "By level of evidence: ", of_level))
    return Section("Volume", tuple(sentences))


def _tally(material: Material, opening: str, groups: Sequence[tuple[str, list[str]]]) -> Sentence:
    parts: list[Part] = [opening]
    for place, (name, pmids) in enumerate(groups):
        parts += [", "] if place else []
        parts += [_counted(len(pmids), material), " ", Name(name), _cite(material, pmids)]
    return Sentence((*parts, "."))


def outcome_sections(material: Material) -> tuple[Section, ...]:
    """For each outcome what the studies say together, then each result in the paper's own words."""
    by_outcome: dict[str, list[Result]] = defaultdict(list)
    for result in material.results:
        if result.outcome is not None:
            by_outcome[result.outcome].append(result)
    claims: dict[str, list[Claim]] = defaultdict(list)
    for claim in material.claims:
        if claim.outcome is not None:
            claims[claim.outcome].append(claim)
    sections = []
    for outcome in sorted(
        by_outcome, key=lambda o: (-len({r.pmid for r in by_outcome[o]}), material.labels[o])
    ):
        together = [_claim_sentence(material, claim) for claim in claims[outcome] if claim.studies > 1]
        quoted, notes = _quotations(material, by_outcome[outcome])
        sections.append(Section(f"Findings: {material.labels[outcome]}", (*together, *quoted), notes))
    if not sections and material.papers:
        note = "No result with a recognised outcome was found in the titles and abstracts of these papers."
        return (Section("Findings", notes=(note,)),)
    return tuple(sections)


def tool_section(material: Material) -> tuple[Section, ...]:
    """How prognostic tools performed, in the papers' own words."""
    results = [result for result in material.results if result.setting is not None]
    if not results:
        return ()
    quoted, notes = _quotations(material, results)
    return (Section("Findings: performance of tools", quoted, notes),)


def _quotations(material: Material, results: list[Result]) -> tuple[tuple[Sentence, ...], tuple[str, ...]]:
    """One sentence a quoted passage, best level first; a passage with several results is quoted once."""
    passages: dict[tuple[str, int, int], Result] = {}
    for result in sorted(
        results, key=lambda r: (material.references[r.pmid].number, r.direction == "descriptive")
    ):
        passages.setdefault((result.pmid, result.passage.section, result.passage.start), result)
    chosen = list(passages.values())
    sentences = tuple(_quotation(material, result) for result in chosen[:MOST_QUOTED])
    if len(chosen) <= MOST_QUOTED:
        return sentences, ()
    return sentences, (f"The first {MOST_QUOTED} of {len(chosen)} passages are quoted, best level first.",)


def _quotation(material: Material, result: Result) -> Sentence:
    """ "A randomised controlled trial (level I) favours A over B: “…” [1]." """
    paper = material.papers[result.pmid]
    opening = with_article(study_in_prose(paper.design, paper.level, paper.question))
    text = result.passage.text
    parts: list[Part] = [opening[0].upper() + opening[1:], *_what_it_says(material, result)]
    parts += [": “", Quoted(text, result.citation), "”", Cite((result.citation,))]
    return Sentence((*parts, "" if text.endswith((".", "?", "!")) else "."))


def _what_it_says(material: Material, result: Result) -> list[Part]:
    subject = _running(material, result.subject)
    comparator = _running(material, result.comparator)
    sides = (subject, comparator)
    if result.direction == "favours_comparator":
        sides = (comparator, subject)
    better, other = sides
    if result.against_before and subject is not None:
        told = BETTER if result.direction == "favours_intervention" else WORSE
        return [" reports on ", subject, f", {told}"]
    if result.direction.startswith("favours_") and better is not None:
        return [" favours ", better, " over ", other or NOT_NAMED]
    if result.direction == "no_difference" and subject and comparator:
        return [" reports no difference between ", subject, " and ", comparator]
    if result.direction == "no_difference":
        return [" reports no difference with ", subject] if subject else [" reports no difference"]
    if subject is None:
        return [" reports"]
    both: list[Part] = [subject, " and ", comparator] if comparator else [subject]
    setting = SETTINGS.get(result.setting or "", "")
    return [" reports on ", *both, f" {setting}" if setting else ""]


def _running(material: Material, concept: str | None) -> Name | None:
    return None if concept is None else Name(in_running_text(material.labels[concept]))


def agreement(material: Material) -> Section:
    """Which claims agree over studies and which conflict."""
    claims = material.claims
    conflicting = [_claim_sentence(material, claim) for claim in claims if claim.consistency == "conflicting"]
    agreeing = [_claim_sentence(material, claim) for claim in claims if claim.consistency == "consistent"]
    notes = []
    if not conflicting:
        notes.append("No comparison was found on which these papers conflict.")
    if not agreeing:
        notes.append(
            "No comparison was found on which two or more of these papers state a direction and agree."
        )
    return Section("What agrees and what conflicts", (*conflicting, *agreeing), tuple(notes))


def _claim_sentence(material: Material, claim: Claim) -> Sentence:
    """ "For local control, 3 studies report on A compared with B: 2 in favour of A [1, 2]; ..."."""
    pointing = _papers_by_direction(claim)
    basis = _basis(claim)
    subject, comparator = _running(material, claim.subject), _running(material, claim.comparator)
    over: list[Part] = [] if comparator else [f" over {NOT_NAMED}"]
    better, worse = claim.better_than_before, claim.worse_than_before
    counts: list[tuple[str, int, list[Part]]] = [
        (
            "favours_intervention",
            claim.favours_intervention - better,
            [" in favour of ", subject or "", *over],
        ),
        ("favours_comparator", claim.favours_comparator - worse, [" in favour of ", comparator or NOT_NAMED]),
        (BETTER, better, [f" {BETTER}"]),
        (WORSE, worse, [f" {WORSE}"]),
        ("no_difference", claim.no_difference, [" without a difference"]),
        ("descriptive", claim.descriptive, [" without comparing"]),
    ]
    if comparator and claim.favours_comparator > claim.favours_intervention:
        subject, comparator = comparator, subject
        counts[:2] = counts[1::-1]
    outcome = _running(material, claim.outcome)
    parts: list[Part] = ["For ", outcome, ", "] if outcome else []
    parts.append(Derived(str(claim.studies), basis))
    parts += [" studies report on " if claim.studies > 1 else " study reports on ", subject or ""]
    parts += [" compared with ", comparator] if comparator else []
    joint = ": "
    for side, count, words in counts:
        if count:
            parts += [joint, Derived(str(count), basis), *words, _cite(material, pointing[side])]
            joint = "; "
    if pointing["aside"]:
        parts += ["; set aside as repeating studies counted here", _cite(material, pointing["aside"])]
    endings = {"conflicting": ". The studies conflict", "consistent": ". The studies that compare agree"}
    level = f"; best level {claim.best_level}" if claim.best_level else ""
    grade = f"; grade of recommendation {claim.grade} ({grade_words(claim.grade)}), pre-filled"
    beside = _conflicts_beside(material, claim)
    ending = f"{endings.get(claim.consistency, '')}{level}{grade}"
    return Sentence((*parts, ending, *_signed(material, claim), *beside, "."))


def _signed(material: Material, claim: Claim) -> list[Part]:
    """ "; grade B (fair evidence) signed by Dr Rivera on 2026-11-24", with what makes it out of date."""
    found = material.signatures.get(claim.key)
    if found is None:
        return []
    doubt: list[Part] = [" (", Name(found.doubt), ")"] if found.doubt else []
    return [f"; grade {found.grade} ({grade_words(found.grade)}) ", Name(found.signed), *doubt]


def signed_grades(material: Material) -> tuple[Section, ...]:
    """What reviewers signed on this topic, with their reasons, beside what the rules give."""
    signed = [claim for claim in material.claims if claim.key in material.signatures]
    if not signed:
        return ()
    note = (
        "Reviewers signed for all papers of this knowledge base, the pre-filled grade here counts those of this topic"
        " alone: the two may differ for that reason."
    )
    return (
        Section(
            "Grades signed by reviewers",
            tuple(_signed_sentence(material, claim) for claim in signed),
            (note,),
        ),
    )


def _signed_sentence(material: Material, claim: Claim) -> Sentence:
    found = material.signatures[claim.key]
    prefilled = f". Pre-filled grade: {claim.grade} ({grade_words(claim.grade)})"
    doubt: list[Part] = [". ", Name(found.doubt)] if found.doubt else []
    cited = _cite(material, (paper.pmid for paper in claim.papers))
    said = f": grade {found.grade} ({grade_words(found.grade)}), "
    return Sentence(
        (
            Name(found.about),
            said,
            Name(f"{found.signed}, who writes: “{found.reason}”"),
            *doubt,
            prefilled,
            cited,
            ".",
        )
    )


def _conflicts_beside(material: Material, claim: Claim) -> list[Part]:
    """ "; but on pain response, of the same family of outcomes, the studies conflict"; nothing where none do."""
    if not claim.conflicts_beside:
        return []
    names: list[Part] = [
        part
        for outcome in claim.conflicts_beside
        for part in (" and ", _running(material, outcome) or outcome)
    ]
    return ["; but on ", *names[1:], ", of the same family of outcomes, the studies conflict"]


def _papers_by_direction(claim: Claim) -> dict[str, list[str]]:
    """Papers by the direction of their study, those against before treatment apart; of no study that counts: "aside"."""
    directions: dict[str, set[Direction]] = defaultdict(set)
    sided: dict[str, list[bool]] = defaultdict(list)
    for paper in claim.papers:
        directions[paper.study or ""].update(paper.directions)
        if _has_side(paper):
            sided[paper.study or ""].append(paper.against_before)
    before = {study for study, against in sided.items() if all(against)}
    pointing: dict[str, list[str]] = defaultdict(list)
    for paper in claim.papers:
        if paper.study is None:
            pointing["aside"].append(paper.pmid)
            continue
        for direction in directions_of(directions[paper.study]):
            pointing[_BEFORE.get(direction, direction) if paper.study in before else direction].append(
                paper.pmid
            )
    return pointing


def _has_side(paper: ClaimPaper) -> bool:
    return any(direction.startswith("favours_") for direction in paper.directions)


def _basis(claim: Claim) -> str:
    records = len(claim.papers)
    return f"counted from {records} record{'' if records == 1 else 's'}"


def retractions(material: Material) -> tuple[Section, ...]:
    """The topic's retracted papers with their notices; none of them counts above."""
    sentences = []
    for reference in material.references.values():
        if reference.retraction is None:
            continue
        notice: list[Part] = [" (notice: ", Name(reference.retraction), ")"] if reference.retraction else []
        title = Name(reference.title.rstrip("."))
        sentences.append(
            Sentence(("“", title, "” is retracted", *notice, _cite(material, [reference.pmid]), "."))
        )
    return (Section("Retracted, not counted", tuple(sentences)),) if sentences else ()
