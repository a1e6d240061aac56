"""Tagging: a record becomes evidence. spaCy is used here and nowhere else.

`extract(record)` is the one entry; it is pure, so many processes can run it side by side.
"""
