"""Trained parts: how they are trained (`train`), what they may be trusted with (`CARD.md`), and their weights.

Only the training command stands here; kb.tagging.proposing.trained reads the weights, and works without them.
"""
