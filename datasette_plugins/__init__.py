"""What people see: Datasette with our pages. This package owns `templates/` and `static/`.

Each concern is a hook-only module beside it: `pages` (addresses), `descriptions` (what tables mean),
`cells` (links in tables), `calculator` (prognostic tools: forms, and tools side by side), `updates` (what is new, as a
feed), `changes` (the same
and changed claims, as a page), `gaps` (what is not or hardly studied), `signed` (grades that reviewers signed), `missing` (addresses that lead nowhere). `readings` asks the database, `highlights` marks up text, `access` alone knows Datasette's permission API.
Imports graph and kb.
"""
