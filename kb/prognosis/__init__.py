"""Prognosis: scoring rules as data (rules/*.toml), one evaluator, and what papers report of each tool's performance.

`rule` holds the values, `rule_files` reads and checks the data, `evaluator` answers for one patient,
`performance` lists reported figures by tool, `remarks` quotes what papers say of calibration, `head_to_head` sets
tools side by side on the same patients, `newer_models` answers whether the newer ones outperform the classic.
The format of a rule is described in README.md. Nothing here is a medical device, and every result says so.
"""
