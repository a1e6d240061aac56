"""Findings: which outcome and treatment a number belongs to, and in whose favour it speaks."""
