"""A harvest at work: archive and database open, the server asked, batches stored, and what came of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from harvest.answers import History
from harvest.archive import Archive, Plan, Run
from harvest.date_slices import LISTED_AT_MOST, Window
from harvest.errors import DamagedArchive, HarvestError, NothingToUpdate, UnknownStrategy
from harvest.eutilities import Eutilities, KeptLists
from harvest.identifiers import is_pmid
from harvest.listings import Listing, list_all
from harvest.rechecks import Recheck, recheck
from harvest.strategy import Strategy, load_strategies
from kb.grading.claim_rows import update_claims
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
    UnknownStrategy
        There is none of that name.
    """
    known = {strategy.name: strategy for strategy in load_strategies()}
    wanted = dict.fromkeys(known if "all" in names else names)
    if unknown := [name for name in wanted if name not in known]:
        raise UnknownStrategy(unknown[0], known)
    return tuple(known[name] for name in wanted)


@contextmanager
def at_work(settings: Settings, kind: str) -> Iterator[Work]:
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
            outcome = Outcome(settings.database)
            with tagger(settings.jobs) as tag:
                store = Store(db, run, settings.tag or tag, settings.only_relevant)
                try:
                    yield Work(settings, archive, archive.runs(), db, store, outcome)
                except HarvestError:
                    update_claims(db)  # over what is there; the run stays unfinished
                    raise
            update_claims(db)
            outcome.claims = db.table("claims").count
            finish_run(db, run)
        finally:
            db.close()


@dataclass(slots=True)
class Work:
    """A harvest at work: the archive's runs, the open database, and what came of it so far."""

    settings: Settings
    archive: Archive
    runs: list[Run]
    db: Database
    store: Store
    outcome: Outcome

    def last_run(self, strategy: Strategy) -> Run | None:
        """Return the last run of a strategy's present version; all are complete once those begun are finished."""
        of = [
            run
            for run in self.runs
            if (run.plan.strategy, run.plan.version) == (strategy.name, strategy.version)
            and run.plan.kind != "list"
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

    def fetched(self) -> set[str]:
        """Return the PMIDs that came from PubMed itself and are not withdrawn."""
        sql = "SELECT pmid FROM records WHERE origin = 'pubmed' AND NOT deleted"
        return {row[0] for row in self.db.execute(sql)}

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
        """Ask PubMed of every held paper, wherever it came from, whether it is there and whether it is retracted."""
        rows = self.db.execute("SELECT pmid, retracted FROM records WHERE NOT deleted ORDER BY pmid")
        held = {pmid: bool(retracted) for pmid, retracted in rows if is_pmid(pmid)}
        bar = self._bar("checking", " papers", len(held))
        try:
            return recheck(client, held, told=bar.update)
        finally:
            bar.close()

    def fetch(self, client: Eutilities, plan: Plan, listing: Listing | None = None) -> None:
        """Put a plan into the archive and fetch it."""
        run = self.archive.start(plan)
        self.runs.append(run)
        if plan.kind == "harvest":
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

    def store_archived(self, run: Run, *, again: bool = False) -> None:
        """Store what the archive holds of a run, up to the first batch that is missing; `again` from its start."""
        self.store.begin(run)
        done = 0 if again else self.store.stored(run).entries
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
