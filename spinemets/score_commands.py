"""`spinemets score`: a prognostic tool computed for answers given on the command line, or its questions listed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from spinemets.options import EXIT_CODES, guarded

if TYPE_CHECKING:
    from kb.prognosis.evaluator import Result
    from kb.prognosis.rule import Item, Rule


@click.command(epilog=EXIT_CODES)
@click.argument("tool", required=False)
@click.option(
    "--set",
    "answers",
    multiple=True,
    metavar="QUESTION=ANSWER",
    help="An answer, for instance primary=breast or karnofsky=70; may be repeated.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def score(tool: str | None, answers: tuple[str, ...], as_json: bool) -> None:
    """Add up a published prognostic score.

    Without TOOL the tools are listed; without --set the questions of TOOL with the answers to choose from.
    Only tools whose whole table was seen in two sources that agree are computed. It is no medical device.

    \b
    Examples:
      spinemets score
      spinemets score tomita_score
      spinemets score tomita_score --set growth=slow --set visceral=none --set bone=multiple
    """
    click.echo(guarded(lambda: _told(tool, _pairs(answers), as_json)))


def _pairs(answers: tuple[str, ...]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for answer in answers:
        name, sign, value = answer.partition("=")
        if not sign:
            raise click.UsageError(f"--set wants QUESTION=ANSWER, not '{answer}'")
        if name.strip() in pairs:
            raise click.UsageError(f"'{name.strip()}' is answered twice")
        pairs[name.strip()] = value
    return pairs


def _told(tool: str | None, answers: dict[str, str], as_json: bool) -> str:
    from kb.prognosis.evaluator import evaluate
    from kb.prognosis.rule_files import find_rule, load_rules

    if tool is None:
        if answers:
            raise click.UsageError("name the TOOL whose questions are answered")
        rules = tuple(load_rules().values())
        return _json([_tool_json(rule) for rule in rules]) if as_json else _tools_text(rules)
    rule = find_rule(tool)
    if not answers:
        return _json(_questions_json(rule)) if as_json else _questions_text(rule)
    result = evaluate(rule, answers)
    return _json(result.as_json()) if as_json else _result_text(result)


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _tool_json(rule: Rule) -> dict[str, Any]:
    return {
        "tool": rule.id,
        "name": rule.name,
        "year": rule.year,
        "status": rule.status,
        "purpose": rule.purpose,
        "pmids": list(rule.pmids),
        "missing": list(rule.missing),
    }


def _questions_json(rule: Rule) -> dict[str, Any]:
    from kb.prognosis.evaluator import NOT_A_DEVICE

    questions = [
        {
            "name": item.name,
            "question": item.question,
            "type": "number" if item.is_number else "choice",
            "unit": item.unit,
            "minimum": item.minimum,
            "maximum": item.maximum,
            "step": item.step,
            "choices": [
                {"value": choice.value, "label": choice.label, "points": choice.points}
                | ({"open": choice.open} if choice.open else {})
                for choice in item.choices
            ],
        }
        for item in rule.items
    ]
    return _tool_json(rule) | {
        "range": None if rule.low is None else [rule.low, rule.high],
        "questions": questions,
        "doubts": list(rule.doubts),
        "statement": NOT_A_DEVICE,
    }


def _tools_text(rules: tuple[Rule, ...]) -> str:
    lines = ["Computed here:"]
    lines += [f"  {rule.id:42} {rule.name}" for rule in rules if rule.is_calculator]
    lines += ["", "Described only, their rules were not seen whole in two sources that agree:"]
    lines += [f"  {rule.id:42} {rule.name}" for rule in rules if not rule.is_calculator]
    return "\n".join(lines)


def _questions_text(rule: Rule) -> str:
    lines = [rule.name, rule.purpose, ""]
    for item in rule.items:
        lines += [f"{item.name}: {item.question}", *(f"  {line}" for line in _answers_text(item))]
    if not rule.is_calculator:
        lines += ["", "There is no calculator. Missing: " + "; ".join(rule.missing)]
    return "\n".join(lines)


def _answers_text(item: Item) -> list[str]:
    if item.is_number:
        return [f"a number of {item.unit} from {item.minimum:g} to {item.maximum:g}"]
    return [
        f"{choice.value:16} {choice.label}" + _points_text(choice.points, choice.open)
        for choice in item.choices
    ]


def _points_text(points: int | None, open_because: str) -> str:
    if open_because:
        return f" (not scored: {open_because})"
    return "" if points is None else f" ({points})"


def _result_text(result: Result) -> str:
    category = result.category
    scale = "" if result.low is None else f" (of {result.low} to {result.high})"
    lines = [f"{result.name}: {result.score}{scale}", f"Group {category.label}: {category.meaning}"]
    lines += (
        [f"Survival, as reported: {category.survival} [PMID {category.pmid}]"] if category.survival else []
    )
    lines += [f"The source advises: {category.advice} [PMID {category.pmid}]"] if category.advice else []
    lines.append("")
    for item in result.items:
        points = "" if item.points is None else f"{item.points:3}  "
        lines.append(f"{points}{item.question} {item.answer}")
    lines += ["", "Sources:"]
    lines += [
        f"  {source.cite}" + (f". PMID {source.pmid}" if source.pmid else "") for source in result.sources
    ]
    lines += ["", "Doubts:", *(f"  {doubt}" for doubt in result.doubts)] if result.doubts else []
    return "\n".join([*lines, "", result.statement])
