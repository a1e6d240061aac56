"""MeSH headings written as one text: "*" marks a main topic, "/" begins a qualifier."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from harvest.record import MeshHeading, MeshQualifier

if TYPE_CHECKING:
    from collections.abc import Iterable

_MAJOR = "*"


def mesh_heading(text: str) -> MeshHeading:
    """Read "Spinal Neoplasms/radiotherapy/*secondary" or, starred behind, "Spinal Neoplasms/secondary*"."""
    descriptor, *qualifiers = text.split("/")
    return MeshHeading(
        descriptor.strip(" *"),
        major=_MAJOR in descriptor,
        qualifiers=tuple(MeshQualifier(one.strip(" *"), major=_MAJOR in one) for one in qualifiers),
    )


def one_heading_each(headings: Iterable[MeshHeading]) -> tuple[MeshHeading, ...]:
    """Join headings of one descriptor, listed once for each qualifier, into one with all qualifiers."""
    joined: dict[str, MeshHeading] = {}
    for heading in headings:
        known = joined.get(heading.descriptor)
        joined[heading.descriptor] = heading if known is None else _join(known, heading)
    return tuple(joined.values())


def _join(known: MeshHeading, other: MeshHeading) -> MeshHeading:
    qualifiers = {one.name: one for one in (*known.qualifiers, *other.qualifiers)}
    return replace(known, major=known.major or other.major, qualifiers=tuple(qualifiers.values()))
