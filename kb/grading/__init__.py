"""Grading: levels of evidence (NASS, OCEBM) with their rule in words, and claims over findings."""
