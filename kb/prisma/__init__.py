"""The flow of records as PRISMA reports it: found, duplicates, off topic with reason, included.

`flow.py` counts, `text.py` and `diagram.py` print.
"""
