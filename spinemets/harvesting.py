"""Harvesting: PubMed -> archive -> knowledge base, resumable at any moment, and kept current."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from harvest.answers import History
from harvest.archive import Archive, Plan, Run
from harvest.date_slices import LAST_DAY, LISTED_AT_MOST, DateKind, Window
from harvest.errors import BadStrategy, DamagedArchive, HarvestError, NothingFound, NothingToUpdate
from harvest.eutilities import Eutilities, KeptLists
from harvest.listings import Listing, list_all
from harvest.rechecks import Recheck, changed_since, recheck
from harvest.strategy import Strategy, load_strategies
from kb.grading.claims import rebuild_claims
from kb.schema import open_database
from kb.store import Counts, finish_run, start_run, write_vocabulary
from kb.tagging.extract import extractor
from kb.vocabulary.concept import load_vocabulary
from spinemets.archive_storing import Store
from spinemets.building import Tagger, tagger
from spinemets.version import VERSION

if TYPE_CHECKING:
    from sqlite_utils import Database

BATCH = 500
# PubMed dates entries by day and indexes them hours later: what changed around the last run is asked for again.
OVERLAP_DAYS = 7


@dataclass(frozen=True, slots=True)
class Settings:
    """How to work: where things are kept, batch sizes, and whether a person watches."""

    database: Path
    archive: Path
    jobs: int | None = None
    progress: bool = False
    only_relevant: bool = False
    batch_size: int = BATCH
    listed_at_most: int = LISTED_AT_MOST
    tag: Tagger | None = None


@dataclass(slots=True)
class Outcome:
    """What a harvest or update did, and what PubMed did not deliver."""

    database: Path
    run: int = 0
    counts: Counts = field(default_factory=Counts)
    promised: int | None = None
    fetched: int = 0
    claims: int = 0
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def report(self) -> str:
        """Return the outcome as a person reads it."""
        c = self.counts
        lines = list(self.notes)
        if self.promised is not None:
            lines.append(f"PubMed promised {self.promised:,} papers.")
        lines.append(f"{self.fetched:,} papers were fetched now.")
        out = f", {c.screened_out:,} off topic and left out" if c.screened_out else ""
        lines.append(
            f"{self.database}: {c.new:,} records new, {c.changed:,} changed, {c.unchanged:,} unchanged, "
            f"{c.deleted:,} withdrawn, {c.skipped:,} entries passed over{out}; {self.claims:,} claims."
        )
        return "\n".join(lines)


def strategies_named(names: Sequence[str]) -> tuple[Strategy, ...]:
    """Return strategies by name, each once; 'all' names every one.

    Raises
    ------
    BadStrategy
        There is none of that name.
    """
    known = {strategy.name: strategy for strategy in load_strategies()}
    wanted = dict.fromkeys(known if "all" in names else names)
    if unknown := [name for name in wanted if name not in known]:
        raise BadStrategy(f"there is no strategy '{unknown[0]}'; there are: {', '.join(sorted(known))}")
    return tuple(known[name] for name in wanted)


def harvest(settings: Settings, client: Eutilities, strategies: Sequence[Strategy]) -> Outcome:
    """Bring all papers of some strategies; what an earlier harvest began is finished first.

    A strategy of which this version is harvested already is not searched again: updating is for that.

    Raises
    ------
    HarvestError
        PubMed gave no usable answer after the last try, or the archive is damaged or in use. What was fetched
        is kept, and the next run goes on from there.
    KnowledgeError
        The database can't be used.
    """
    with _work(settings, "harvest") as work:
        work.finish_what_was_begun(client)
        for strategy in strategies:
            if last := work.last_run(strategy):
                work.outcome.notes.append(
                    f"{strategy.name} {strategy.version} was harvested on {last.plan.started[:10]}; "
                    "'spinemets update' brings what is new."
                )
                continue
            work.fetch(client, *_plan_harvest(work, client, strategy))
    return work.outcome


def harvest_list(settings: Settings, client: Eutilities, name: str, pmids: Sequence[str]) -> Outcome:
    """Bring the papers of a list of PMIDs. Errors as `harvest`."""
    with _work(settings, "harvest") as work:
        work.finish_what_was_begun(client)
        plan = Plan("list", _now(), name, "", "", tuple(dict.fromkeys(pmids)), settings.batch_size)
        if not any(run.plan.kind == "list" and run.plan.fetch == plan.fetch for run in work.runs):
            work.fetch(client, plan)
        else:
            work.outcome.notes.append("This list was fetched already; 'spinemets update' renews its papers.")
    return work.outcome


def update(
    settings: Settings,
    client: Eutilities,
    strategies: Sequence[Strategy] = (),
    *,
    overlap_days: int = OVERLAP_DAYS,
) -> Outcome:
    """Bring what entered PubMed or changed since the last complete run, and check every held paper again.

    Without `strategies` it is done for all that were harvested.
    Papers that PubMed marks as retracted, or no longer does, are fetched anew; those that it neither finds nor
    delivers are marked withdrawn.

    Raises
    ------
    NothingToUpdate
        A strategy's present version was never harvested completely.
    HarvestError, KnowledgeError
        As `harvest`.
    """
    with _work(settings, "update") as work:
        work.finish_what_was_begun(client)
        last_days: dict[Strategy, date] = {}
        for strategy in strategies or work.harvested():
            last = work.last_run(strategy)
            if last is None:
                raise NothingToUpdate(strategy.name, strategy.version, settings.archive)
            last_days[strategy] = date.fromisoformat(last.plan.started[:10])
        again = work.recheck(client)
        for strategy, day in last_days.items():
            work.fetch(client, _plan_update(work, client, strategy, day - timedelta(overlap_days), again))
            again = Recheck()
    return work.outcome


def rebuild(settings: Settings) -> Outcome:
    """Build the knowledge base again from the archive alone, with no network.

    Raises
    ------
    HarvestError
        There is no archive, or it is damaged.
    KnowledgeError
        The database can't be made.
    """
    with _work(settings, "rebuild") as work:
        for run in work.runs:
            work.store_archived(run)
            if not run.complete:
                work.outcome.notes.append(
                    f"{run.name}: {len(run.batch_files)} of {run.plan.batches} batches are archived; "
                    "'spinemets harvest' fetches the rest."
                )
    return work.outcome


def _plan_harvest(work: _Work, client: Eutilities, strategy: Strategy) -> tuple[Plan, Listing]:
    started = _now()
    listing = work.list_all(client, strategy.query)
    if not listing.promised:
        raise NothingFound(strategy.name, listing.warnings)
    held = work.held()
    plan = Plan(
        kind="harvest",
        started=started,
        strategy=strategy.name,
        version=strategy.version,
        query=strategy.query,
        fetch=tuple(pmid for pmid in dict.fromkeys(listing.pmids) if pmid not in held),
        batch_size=work.settings.batch_size,
        found=listing.pmids,
        promised=listing.promised,
        translation=listing.translation,
        parts=tuple(f"{part.slice}: {len(part.pmids)}" for part in listing.parts),
    )
    work.note(listing)
    return plan, listing


def _plan_update(work: _Work, client: Eutilities, strategy: Strategy, since: date, again: Recheck) -> Plan:
    started = _now()
    kinds: tuple[DateKind, ...] = ("edat", "mdat")
    listings = [work.list_all(client, strategy.query, Window(since, LAST_DAY, kind)) for kind in kinds]
    found = tuple(dict.fromkeys(pmid for listing in listings for pmid in listing.pmids))
    changed = changed_since(client, work.searched_by_none(), since)
    for listing in listings:
        work.note(listing)
    return Plan(
        kind="update",
        started=started,
        strategy=strategy.name,
        version=strategy.version,
        query=f"{strategy.query} (entered or changed since {since})",
        fetch=tuple(dict.fromkeys((*found, *changed, *again.suspects, *again.reinstated))),
        batch_size=work.settings.batch_size,
        found=found,
        promised=len(found),
        translation=listings[0].translation,
        parts=tuple(f"{part.slice}: {len(part.pmids)}" for one in listings for part in one.parts),
        since=since.isoformat(),
        suspects=again.suspects,
    )


@contextmanager
def _work(settings: Settings, kind: str) -> Iterator[_Work]:
    """Open archive and database, count as one run, and aggregate claims at the end."""
    archive = Archive(settings.archive)
    if kind == "rebuild":
        archive.runs()  # says so when there is none, before a database is made
    with archive.held():
        db = open_database(settings.database, create=True)
        try:
            version = extractor()
            write_vocabulary(db, load_vocabulary())
            run = start_run(
                db,
                kind,
                program_version=VERSION,
                extractor_version=version.version,
                vocabulary=version.vocabulary,
            )
            outcome = Outcome(settings.database, run)
            with tagger(settings.jobs) as tag:
                store = Store(db, run, settings.tag or tag, settings.only_relevant)
                try:
                    yield _Work(settings, archive, archive.runs(), db, store, outcome)
                except HarvestError:
                    rebuild_claims(db)  # over what is there; the run stays unfinished
                    raise
            outcome.claims = rebuild_claims(db)
            finish_run(db, run)
        finally:
            db.close()


@dataclass(slots=True)
class _Work:
    """A harvest at work: the archive's runs, the open database, and what came of it so far."""

    settings: Settings
    archive: Archive
    runs: list[Run]
    db: Database
    store: Store
    outcome: Outcome

    def last_run(self, strategy: Strategy) -> Run | None:
        """Return the last complete run of a strategy's present version."""
        of = [
            run
            for run in self.runs
            if (run.plan.strategy, run.plan.version) == (strategy.name, strategy.version)
            and run.plan.kind != "list"
            and run.complete
        ]
        return of[-1] if of else None

    def harvested(self) -> tuple[Strategy, ...]:
        """Return the strategies that the archive holds runs of, in their present versions.

        Raises
        ------
        NothingToUpdate
            There is none.
        """
        names = dict.fromkeys(run.plan.strategy for run in self.runs if run.plan.kind != "list")
        if not names:
            raise NothingToUpdate("broad", "1", self.settings.archive)
        return strategies_named(tuple(names))

    def held(self) -> dict[str, bool]:
        """Return the PMIDs fetched from PubMed and not withdrawn, each with whether it is marked retracted."""
        sql = "SELECT pmid, retracted FROM records WHERE origin = 'pubmed' AND NOT deleted ORDER BY pmid"
        return {pmid: bool(retracted) for pmid, retracted in self.db.execute(sql)}

    def searched_by_none(self) -> list[str]:
        """Return the held papers that came by a list of PMIDs and that no strategy finds."""
        sql = (
            "SELECT pmid FROM records WHERE origin = 'pubmed' AND NOT deleted"
            " AND pmid NOT IN (SELECT pmid FROM found_by) ORDER BY pmid"
        )
        return [row[0] for row in self.db.execute(sql)]

    def finish_what_was_begun(self, client: Eutilities) -> None:
        """Store what the archive holds and the base does not, and fetch what runs before left unfetched."""
        again = self.store.tagged_otherwise()
        for run in self.runs:
            if not run.complete:
                self.outcome.notes.append(f"Going on with {run.name}, begun on {run.plan.started[:10]}.")
            if again or not run.complete or not self.store.stored(run).complete:
                self._fetch(client, run, None, again=again)

    def list_all(self, client: Eutilities, query: str, window: Window | None = None) -> Listing:
        """List a search with a progress bar."""
        bar = self._bar("searching", " papers")
        try:
            return list_all(client, query, window, at_most=self.settings.listed_at_most, told=bar.update)
        finally:
            bar.close()

    def recheck(self, client: Eutilities) -> Recheck:
        """Ask PubMed of every held paper whether it is still there and whether it is retracted."""
        held = self.held()
        bar = self._bar("checking", " papers", len(held))
        try:
            return recheck(client, held, told=bar.update)
        finally:
            bar.close()

    def fetch(self, client: Eutilities, plan: Plan, listing: Listing | None = None) -> None:
        """Put a plan into the archive and fetch it."""
        run = self.archive.start(plan)
        self.runs.append(run)
        self.outcome.promised = (self.outcome.promised or 0) + len(plan.found or plan.fetch)
        self._fetch(client, run, listing)

    def _fetch(self, client: Eutilities, run: Run, listing: Listing | None, *, again: bool = False) -> None:
        """Fetch, archive and store the batches of a run that are not there yet, one after the other."""
        self.store.begin(run)
        done = 0 if again else self.store.stored(run).entries
        lists = KeptLists(client, run.plan.fetch, run.plan.batch_size, _search_history(run.plan, listing))
        bar = self._bar("fetching", " papers", len(run.plan.fetch))
        try:
            for number in range(1, run.plan.batches + 1):
                is_stored = min(number * run.plan.batch_size, len(run.plan.fetch)) <= done
                if not self._archived(run, number, trusted=is_stored):
                    run.write(number, lists.fetch(number).body)
                    self.outcome.fetched += len(run.plan.wanted(number))
                    is_stored = False
                if not is_stored:
                    self._take_in(run, number)
                bar.update(len(run.plan.wanted(number)))
        finally:
            bar.close()
        self.store.finish(run)

    def _archived(self, run: Run, number: int, *, trusted: bool) -> bool:
        """Whether a batch is in the archive, and whole unless it is trusted; a damaged one is taken out."""
        if number not in run.batch_files:
            return False
        if trusted:
            return True
        try:
            run.batch_files[number].check()
        except DamagedArchive as fault:
            self.outcome.notes.append(f"{fault}; fetched again")
            run.discard(number)
            return False
        return True

    def store_archived(self, run: Run) -> None:
        """Store what the archive holds of a run, up to the first batch that is missing."""
        self.store.begin(run)
        done = self.store.stored(run).entries
        bar = self._bar(run.name, " papers", len(run.plan.fetch), done)
        try:
            for number in range(1 + -(-done // run.plan.batch_size), run.plan.batches + 1):
                if number not in run.batch_files:
                    return
                self._take_in(run, number)
                bar.update(len(run.plan.wanted(number)))
        finally:
            bar.close()
        self.store.finish(run)

    def _take_in(self, run: Run, number: int) -> None:
        counts, faults = self.store.take_in(run, number)
        self.outcome.counts += counts
        self.outcome.faults += faults

    def note(self, listing: Listing) -> None:
        """Pass on what PubMed said about the query."""
        self.outcome.notes += [f"PubMed on the search: {warning}." for warning in listing.warnings]

    def _bar(self, what: str, unit: str, total: int | None = None, done: int = 0) -> tqdm[Any]:
        return tqdm(desc=what, unit=unit, total=total, initial=done, disable=not self.settings.progress)


def _search_history(plan: Plan, listing: Listing | None) -> History | None:
    """Where the server keeps the run's list since it was searched, if that is the list to be fetched."""
    if listing is None or len(listing.parts) != 1 or listing.parts[0].pmids != plan.fetch:
        return None
    return listing.parts[0].history


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
