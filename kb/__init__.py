"""What is known: evidence, its grading, the database and the summaries.

Of `harvest` this package imports `harvest.record` alone.
"""
