"""Harvesting: PubMed -> archive -> knowledge base, resumable at any moment, and kept current."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from harvest.archive import Plan
from harvest.date_slices import LAST_DAY, DateKind, Window
from harvest.errors import NothingFound, NothingToUpdate
from harvest.eutilities import Eutilities
from harvest.listings import Listing
from harvest.rechecks import Recheck, changed_since
from harvest.strategy import Strategy
from spinemets.harvest_work import Outcome, Settings, Work, at_work, strategies_named
from spinemets.retagging import NOT_IN_ARCHIVE, holds_more_than_the_archive, tag_anew

__all__ = ["Outcome", "Settings", "harvest", "harvest_list", "rebuild", "strategies_named", "update"]

# PubMed dates entries by day and indexes them hours later: what changed around the last run is asked for again.
OVERLAP_DAYS = 7


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
    with at_work(settings, "harvest") as work:
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
    with at_work(settings, "harvest") as work:
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
    with at_work(settings, "update") as work:
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

    Where the base is there already, its records from files and the sample stay and are tagged by the rules of today.

    Raises
    ------
    HarvestError
        There is no archive, or it is damaged.
    KnowledgeError
        The database can't be made.
    """
    with at_work(settings, "rebuild") as work:
        again = work.store.tagged_otherwise()
        for run in work.runs:
            work.store_archived(run, again=again)
            if not run.complete:
                work.outcome.notes.append(
                    f"{run.name}: {len(run.batch_files)} of {run.plan.batches} batches are archived; "
                    "'spinemets harvest' fetches the rest."
                )
        anew = tag_anew(work.db, work.store.tag, work.store.run)
        work.outcome.counts += anew
        if anew.changed:
            many = "record that came from a file" if anew.changed == 1 else "records that came from files"
            work.outcome.notes.append(
                f"{anew.changed:,} {many} or the sample: kept, and tagged by the rules of today."
            )
        if not holds_more_than_the_archive(work.db):
            work.outcome.notes.append(NOT_IN_ARCHIVE)
    return work.outcome


def _plan_harvest(work: Work, client: Eutilities, strategy: Strategy) -> tuple[Plan, Listing]:
    started = _now()
    listing = work.list_all(client, strategy.query)
    if not listing.promised:
        raise NothingFound(strategy.name, listing.warnings)
    fetched = work.fetched()
    plan = Plan(
        kind="harvest",
        started=started,
        strategy=strategy.name,
        version=strategy.version,
        query=strategy.query,
        fetch=tuple(pmid for pmid in dict.fromkeys(listing.pmids) if pmid not in fetched),
        batch_size=work.settings.batch_size,
        found=listing.pmids,
        promised=listing.promised,
        translation=listing.translation,
        parts=tuple(f"{part.slice}: {len(part.pmids)}" for part in listing.parts),
    )
    work.note(listing)
    return plan, listing


def _plan_update(work: Work, client: Eutilities, strategy: Strategy, since: date, again: Recheck) -> Plan:
    started = _now()
    kinds: tuple[DateKind, ...] = ("edat", "mdat")
    listings = [work.list_all(client, strategy.query, Window(since, LAST_DAY, kind)) for kind in kinds]
    found = tuple(dict.fromkeys(pmid for listing in listings for pmid in listing.pmids))
    changed = changed_since(client, work.searched_by_none(), since)
    # The whole search's own count, for reporting it; 0 is no count but a failure that the server did not notice.
    whole = client.search(strategy.query, listed=0).count or None
    work.note(listings[0])
    work.outcome.notes.append(
        f"{strategy.name}: {len(found):,} papers entered PubMed or changed since {since}; "
        f"{len(again.suspects):,} held ones are no longer listed as good, {len(again.reinstated):,} are again."
    )
    return Plan(
        kind="update",
        started=started,
        strategy=strategy.name,
        version=strategy.version,
        query=f"{strategy.query} (entered or changed since {since})",
        fetch=tuple(dict.fromkeys((*found, *changed, *again.suspects, *again.reinstated))),
        batch_size=work.settings.batch_size,
        found=found,
        promised=whole,
        translation=listings[0].translation,
        parts=tuple(f"{part.slice}: {len(part.pmids)}" for one in listings for part in one.parts),
        since=since.isoformat(),
        suspects=again.suspects,
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
