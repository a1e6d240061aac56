"""Exploratory random-effects summaries of comparable results. They are derived numbers and never touch a grade."""
