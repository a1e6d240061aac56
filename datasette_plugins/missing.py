"""Addresses that lead nowhere: a page in our style instead of a bare one, and the obvious misses sent on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Generator
from typing import Any

from datasette import hookimpl
from datasette.utils.asgi import NotFound, Response

# What people try, and where it is.
ELSEWHERE = {"topics": "/#topics", "papers": "/search", "method": "/about", "calculators": "/tools"}
# What Datasette says of an address that is neither a page nor a database.
NO_WORDS = ("", "404", "Database not found")


async def elsewhere(datasette: Any, request: Any) -> Response:
    """Send on whoever tried a list that stands on another page."""
    return Response.redirect(str(datasette.urls.path(ELSEWHERE[request.url_vars["tried"]])))


@hookimpl
def register_routes() -> list[tuple[str, Callable[..., Awaitable[Response]]]]:
    """Return the addresses that are sent on."""
    return [(rf"^/(?P<tried>{'|'.join(ELSEWHERE)})/?$", elsewhere)]


@hookimpl(hookwrapper=True)
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Generator[None, Any, None]:
    """Answer in place of Datasette's own handler, which prints a traceback for every address that is not there.

    Programs that ask for JSON get Datasette's own answer.
    """
    outcome = yield
    if isinstance(exception, NotFound) and not request.path.split("?")[0].endswith(".json"):
        outcome.force_result([_page(datasette, request, str(exception))])


async def _page(datasette: Any, request: Any, said: str) -> Response:
    context = {"said": "There is no such page." if said in NO_WORDS else said}
    html = await datasette.render_template("spinemets_missing.html", context, request=request)
    return Response.html(html, status=404)
