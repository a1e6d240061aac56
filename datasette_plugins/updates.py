"""What is new, for programs: /updates.atom for feed readers and /updates.json."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl
from datasette.utils.asgi import NotFound, Response

from datasette_plugins.access import NEWS_TABLES, ensure_may_read
from datasette_plugins.pages import knowledge_base
from kb.news import is_day_or_time, read_news
from kb.news_formats import to_atom, to_json

_LIMIT = 200
# A feed reader comes now and then: it is told what happened in the last runs, not in the very last alone.
_LONG_AGO = "0000"


async def updates(datasette: Any, request: Any) -> Response:
    """The newest changes; `?since=2026-11-01` asks for those of runs that finished since."""
    name = await knowledge_base(datasette)
    if name is None:
        raise NotFound("No SpineMets knowledge base is attached.")
    await ensure_may_read(datasette, request, name, NEWS_TABLES)
    since = request.args.get("since") or _LONG_AGO
    if not is_day_or_time(since):
        return Response.text("since must be a date such as 2026-11-01", status=400)
    news = await datasette.get_database(name).execute_fn(
        lambda connection: read_news(connection, since, _LIMIT)
    )
    if request.url_vars["form"] == "json":
        return Response(to_json(news), content_type="application/json; charset=utf-8")

    def address(path: str) -> str:
        return str(datasette.absolute_url(request, datasette.urls.path(path)))

    feed = to_atom(news, address("/updates.atom"), lambda pmid: address(f"/papers/{pmid}"))
    return Response(feed, content_type="application/atom+xml; charset=utf-8")


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """Return our addresses."""
    return [(r"^/updates\.(?P<form>atom|json)$", updates)]
