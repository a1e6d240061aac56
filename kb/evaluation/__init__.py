"""How far the extractor can be trusted: labels held against what it finds, as figures with their intervals.

`scores` knows precision, recall and the bootstrap; `labels` reads the labels of abstracts, `gold` scores an
extraction against them and `agreement` two labellings against each other; `rct_art`, `ebm_nlp` and
`evidence_inference` score on public corpora of that form; `report` is what is printed and stored.
Imports kb.tagging and kb.vocabulary; nothing of the product imports it but the command and the page.
"""
