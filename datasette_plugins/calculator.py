"""Calculators of prognostic tools at /tools/<id>/calculator, and all tools side by side at /head-to-head.

A form is answered by the server, so it works without JavaScript and an address can be kept or sent on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl
from datasette.utils.asgi import NotFound, Response

from datasette_plugins import readings
from datasette_plugins.pages import show
from datasette_plugins.tool_evidence import form_answers, held_pmids, side_by_side
from kb.errors import BadAnswers
from kb.prognosis.evaluator import NOT_A_DEVICE, evaluate
from kb.prognosis.rule_files import load_rules

View = Callable[..., Awaitable[Response]]


async def calculator(datasette: Any, request: Any) -> Response:
    """The questions of one tool; where they are answered, the score with its points and sources."""
    identifier = request.url_vars["tool"]
    rule = load_rules().get(identifier)
    if rule is None or not rule.is_calculator:
        reason = f": {'; '.join(rule.missing)}" if rule else ""
        raise NotFound(f"There is no calculator for the tool '{identifier}'{reason}.")
    given = form_answers(rule, request.args)
    asked = any(item.name in request.args for item in rule.items)
    result, problems = None, {}
    if asked:
        try:
            result = evaluate(rule, given)
        except BadAnswers as error:
            problems = error.problems

    def read(connection: sqlite3.Connection) -> dict[str, Any] | None:
        concept = readings.concept(connection, "tool", identifier)
        if concept is None:
            return None
        return {
            "concept": concept,
            "rule": rule,
            "given": given,
            "result": result,
            "problems": problems,
            "held": held_pmids(connection, rule.pmids),
            "statement": NOT_A_DEVICE,
        }

    return await show(
        datasette,
        request,
        "spinemets_calculator.html",
        read,
        f"There is no tool '{identifier}' in the vocabulary.",
        400 if problems else 200,
    )


async def head_to_head(datasette: Any, request: Any) -> Response:
    """Do newer models outperform the classic scores? The answer, and every comparison it could rest on."""
    return await show(
        datasette,
        request,
        "spinemets_head_to_head.html",
        lambda connection: dict(side_by_side(connection)),
        "",
    )


@hookimpl
def register_routes() -> list[tuple[str, View]]:
    """Return our addresses."""
    return [
        (r"^/tools/(?P<tool>[^/]+)/calculator$", calculator),
        (r"^/head-to-head$", head_to_head),
    ]


@hookimpl
def extra_css_urls(datasette: Any) -> list[str]:
    """The stylesheet of forms and results."""
    return [datasette.urls.static_plugins("spinemets", "calculator.css")]
