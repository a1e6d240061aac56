"""Records in: PubMed XML, MEDLINE text and the bundled sample become `Record` values.

This package imports nothing of ours and knows no database.
"""
