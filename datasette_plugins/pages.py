"""Our pages and their addresses. Each view asks `readings` in a read-only connection and fills a template."""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import quote

from datasette import hookimpl
from datasette.utils.asgi import NotFound, Response
from markupsafe import Markup, escape
from sqlite_utils import Database

from datasette_plugins import readings, wording
from datasette_plugins.access import ensure_may_read
from datasette_plugins.charts import bars_by_year
from datasette_plugins.claim_details import claim_details
from datasette_plugins.folding import fold
from datasette_plugins.papers import show_paper
from datasette_plugins.tool_evidence import tool_evidence
from kb.summary.document import summarise
from kb.summary.html import to_html
from kb.summary.markdown import to_markdown

_MARKS_OF_A_KNOWLEDGE_BASE = {"records", "studies", "mentions", "findings", "claims", "concepts"}
_LISTS = {
    "interventions": ("intervention", "Interventions"),
    "tools": ("tool", "Prognostic tools, scores and scales"),
    "outcomes": ("outcome", "Outcomes"),
    "conditions": ("condition", "Conditions"),
}
View = Callable[..., Awaitable[Response]]


async def knowledge_base(datasette: Any) -> str | None:
    """Return the name of the first attached database that is a knowledge base, or None."""
    for name, database in datasette.databases.items():
        if name != "_internal" and set(await database.table_names()) >= _MARKS_OF_A_KNOWLEDGE_BASE:
            return str(name)
    return None


async def _page(
    datasette: Any,
    request: Any,
    template: str,
    read: Callable[[sqlite3.Connection], dict[str, Any] | None],
    missing: str,
) -> Response:
    """Fill a template with what `read` returns; None becomes a helpful 404."""
    name = await knowledge_base(datasette)
    if name is None:
        attached = [name for name in datasette.databases if name != "_internal"]
        html = await datasette.render_template("spinemets_none.html", {"attached": attached}, request=request)
        return Response.html(html, status=404)
    await ensure_may_read(datasette, request, name)

    def work(connection: sqlite3.Connection) -> tuple[dict[str, Any], dict[str, Any] | None]:
        return readings.totals(connection), read(connection)

    totals, context = await datasette.get_database(name).execute_fn(work)
    if context is None:
        raise NotFound(missing)
    shared = {
        "totals": totals,
        "wording": wording,
        "database": name,
        "limit": readings.LIMIT,
        "first": readings.FIRST,
        "link": _linker(datasette),
    }
    html = await datasette.render_template(template, shared | context, request=request)
    return Response.html(html, headers={"referrer-policy": "same-origin"})


async def show(
    datasette: Any,
    request: Any,
    template: str,
    read: Callable[[sqlite3.Connection], dict[str, Any] | None],
    missing: str,
    status: int = 200,
) -> Response:
    """The same for the modules beside this one; `status` is 400 where a form was filled in wrongly."""
    response = await _page(datasette, request, template, read, missing)
    response.status = status
    return response


def _linker(datasette: Any) -> Callable[..., str]:
    """Return a function that makes an address below base_url from parts, each quoted."""

    def link(*parts: str, anchor: str = "") -> str:
        path = "/".join(quote(str(part), safe="") for part in parts)
        return str(datasette.urls.path(f"/{path}")) + (f"#{quote(anchor)}" if anchor else "")

    return link


async def home(datasette: Any, request: Any) -> Response:
    """What this is, how much it holds, search and the topics."""
    return await _page(
        datasette, request, "spinemets_home.html", lambda c: {"topics": readings.topics(c)}, ""
    )


async def about(datasette: Any, request: Any) -> Response:
    """How evidence is made, in plain words, and its limits."""
    return await _page(datasette, request, "spinemets_about.html", lambda c: {}, "")


async def topic(datasette: Any, request: Any) -> Response:
    """One topic: volume, levels, claims and papers."""
    identifier = request.url_vars["topic"]

    def read(connection: sqlite3.Connection) -> dict[str, Any] | None:
        found = readings.one(connection, "SELECT * FROM topics WHERE id = ?", identifier)
        if found is None:
            return None
        papers = readings.topic_papers(connection, identifier)
        claims = readings.topic_claims(connection, identifier)
        return {
            "topic": found,
            "papers": papers,
            "claims": fold(connection, [claim for claim in claims if claim["comparator"]]),
            "described": fold(connection, [claim for claim in claims if not claim["comparator"]]),
            "asides": fold(connection, readings.topic_asides(connection, identifier)),
            "concepts": readings.topic_concepts(connection, identifier),
            "chart": bars_by_year(_by_year(papers)),
            "levels": _by_level(papers),
        }

    return await _page(datasette, request, "spinemets_topic.html", read, f"There is no topic '{identifier}'.")


def _by_year(papers: list[readings.Row]) -> dict[int, int]:
    years = [paper["year"] for paper in papers if paper["year"]]
    return {year: years.count(year) for year in set(years)}


def _by_level(papers: list[readings.Row]) -> list[tuple[str, int]]:
    found = [paper["level_nass"] for paper in papers]
    return [
        (level or "none", found.count(level))
        for level in ("I", "II", "III", "IV", "V", None)
        if level in found
    ]


async def concept(datasette: Any, request: Any) -> Response:
    """One intervention, outcome, condition or tool: what it is, what is claimed, with each quoted sentence."""
    kind, heading = _LISTS[request.url_vars["kind"]]
    identifier = request.url_vars["concept"]

    def read(connection: sqlite3.Connection) -> dict[str, Any] | None:
        found = readings.concept(connection, kind, identifier)
        if found is None:
            return None
        claims = readings.concept_claims(connection, kind, identifier)
        compared = [claim for claim in claims if claim["comparator"]]
        ordered = fold(connection, [*compared, *(claim for claim in claims if not claim["comparator"])])
        shown = [each for claim in ordered[: readings.LIMIT] for each in (claim, *claim["folded"])]
        return {
            "concept": found,
            "kind": kind,
            "heading": heading,
            "list": request.url_vars["kind"],
            "claims": ordered,
            "findings": readings.claim_findings(connection, shown),
            "details": claim_details(connection, shown),
            "tool": tool_evidence(connection, identifier, found["type"]) if kind == "tool" else None,
            "papers": readings.concept_papers(connection, identifier),
            "uncounted": readings.concept_papers(connection, identifier, counted=False),
        }

    missing = f"There is no {kind} '{identifier}' in the vocabulary."
    return await _page(datasette, request, "spinemets_concept.html", read, missing)


async def concept_list(datasette: Any, request: Any) -> Response:
    """All concepts of a kind with their number of papers."""
    kind, heading = _LISTS[request.url_vars["kind"]]

    def read(connection: sqlite3.Connection) -> dict[str, Any]:
        found = readings.concepts(connection, kind)
        return {
            "heading": heading,
            "kind": kind,
            "list": request.url_vars["kind"],
            "named": [row for row in found if row["papers"]],
            "unnamed": [row for row in found if not row["papers"]],
        }

    return await _page(datasette, request, "spinemets_list.html", read, "")


async def paper(datasette: Any, request: Any) -> Response:
    """One paper: its text with the evidence marked, and what was read from it."""
    pmid = request.url_vars["pmid"]

    def read(connection: sqlite3.Connection) -> dict[str, Any] | None:
        found = readings.paper(connection, pmid)
        return show_paper(found, _linker(datasette)) if found else None

    return await _page(
        datasette,
        request,
        "spinemets_paper.html",
        read,
        f"This knowledge base holds no record with PMID {pmid}.",
    )


async def search(datasette: Any, request: Any) -> Response:
    """Full-text search over titles and abstracts, and over the vocabulary."""
    asked = (request.args.get("q") or "").strip()[:300]

    def read(connection: sqlite3.Connection) -> dict[str, Any]:
        papers, concepts = readings.search(connection, asked)
        for row in papers:
            row["passage_html"] = passage(row["passage"])
        return {"asked": asked, "papers": papers, "concepts": concepts}

    return await _page(datasette, request, "spinemets_search.html", read, "")


def passage(snippet: str) -> Markup:
    """Return a snippet escaped, with its hits (between the control characters 2 and 3) as <b>."""
    return Markup(str(escape(snippet)).replace("\x02", "<b>").replace("\x03", "</b>"))


async def summary(datasette: Any, request: Any) -> Response:
    """The cited summary of a topic, as a page or as a Markdown file."""
    identifier, form = request.url_vars["topic"], request.url_vars["form"]
    name = await knowledge_base(datasette)
    if name is None:
        raise NotFound("No SpineMets knowledge base is attached.")
    await ensure_may_read(datasette, request, name)

    def read(connection: sqlite3.Connection) -> str | None:
        if readings.one(connection, "SELECT 1 FROM topics WHERE id = ?", identifier) is None:
            return None
        document = summarise(Database(connection), identifier)
        return to_markdown(document) if form else to_html(document)

    text = await datasette.get_database(name).execute_fn(read)
    if text is None:
        raise NotFound(f"There is no topic '{identifier}'.")
    if not form:
        return Response.html(text)
    headers = {"content-disposition": f'attachment; filename="{identifier}.md"'}
    return Response(text, content_type="text/markdown; charset=utf-8", headers=headers)


@hookimpl
def register_routes() -> list[tuple[str, View]]:
    """Return our addresses; Datasette's own stay behind them."""
    return [
        (r"^/$", home),
        (r"^/about$", about),
        (r"^/search$", search),
        (r"^/topics/(?P<topic>[^/]+)$", topic),
        (r"^/topics/(?P<topic>[^/]+?)/summary(?P<form>\.md)?$", summary),
        (r"^/(?P<kind>interventions|tools|outcomes|conditions)$", concept_list),
        (r"^/(?P<kind>interventions|tools|outcomes|conditions)/(?P<concept>[^/]+)$", concept),
        (r"^/papers/(?P<pmid>[^/]+)$", paper),
    ]


@hookimpl
def extra_css_urls(datasette: Any) -> list[str]:
    """Our one stylesheet, on every page."""
    return [datasette.urls.static_plugins("spinemets", "spinemets.css")]
