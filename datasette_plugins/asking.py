"""The question box: `/ask?q=…` shows how a question was understood, its answer, and fields to correct it."""

from __future__ import annotations

import sqlite3
from typing import Any
from urllib.parse import urlencode

from datasette import hookimpl
from datasette.utils.asgi import Response
from sqlite_utils import Database

from datasette_plugins import readings
from datasette_plugins.pages import View, show
from graph.errors import UnknownConcept
from graph.questions import answer, understand
from graph.questions.answers import Answer
from graph.questions.printing import FITS, POINTS
from graph.questions.reading import MOST_CHARACTERS
from graph.questions.understanding import Role, Understanding

# Address parameter -> role; what is asked about may be a treatment, a tool or a condition.
FIELDS: dict[str, Role] = {
    "intervention": "intervention",
    "versus": "comparator",
    "outcome": "outcome",
    "condition": "condition",
}
EXAMPLES = (
    "Is SBRT better than conventional radiotherapy for pain?",
    "Vertebral fracture after SBRT",
    "Do newer models predict survival better than Tokuhashi and Tomita?",
    "MIS vs open surgery blood loss",
    "How reliable is the SINS?",
)
MOST_SHOWN = 6


async def ask(datasette: Any, request: Any) -> Response:
    """Answer a question, or show how to ask one."""
    asked = (request.args.get("q") or "").strip()[:MOST_CHARACTERS]
    given = {FIELDS[name]: request.args[name][:MOST_CHARACTERS] for name in FIELDS if name in request.args}

    def read(connection: sqlite3.Connection) -> dict[str, Any]:
        shared = {"asked": asked, "examples": EXAMPLES, "points": POINTS, "fits": FITS, "ask_link": ask_link}
        if not asked and not any(given.values()):
            return shared | {"answer": None}
        understood, problem = _understood(asked, given)
        found = answer(Database(connection), understood)
        return shared | {
            "answer": found,
            "problem": problem,
            "fields": _fields(understood, found),
            "choices": readings.choices(connection),
        }

    def ask_link(question: str, roles: tuple[tuple[Role, str], ...] = ()) -> str:
        named = {"tool": "intervention", **{role: name for name, role in FIELDS.items()}}
        values = [("q", question), *((named[role], concept) for role, concept in roles)]
        return str(datasette.urls.path("/ask")) + "?" + urlencode(values)

    return await show(datasette, request, "spinemets_ask.html", read, "")


def _understood(asked: str, given: dict[Role, str]) -> tuple[Understanding, str]:
    """The question with its corrections; those that name nothing are told of and left out."""
    try:
        return understand(asked, given), ""
    except UnknownConcept as error:
        return understand(asked), str(error)


def _fields(read: Understanding, found: Answer) -> dict[str, str]:
    """What stands in each field: labels, parted by ";". A long list (all instruments) is left out."""
    about = read.intervention or read.tool
    roles = {
        "intervention": about,
        "versus": read.comparator,
        "outcome": read.outcome,
        "condition": read.condition,
    }
    return {
        name: "; ".join(found.labels.get(concept, concept) for concept in concepts)
        if len(concepts) <= MOST_SHOWN
        else ""
        for name, concepts in roles.items()
    }


@hookimpl
def register_routes() -> list[tuple[str, View]]:
    """The address of the question box."""
    return [(r"^/ask$", ask)]
