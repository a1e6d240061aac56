"""Prognostic tools in a text: their names, their roles and how they performed."""
