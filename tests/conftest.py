"""What holds for every test: property tests try the same cases each time, and none is judged by the clock."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("spinemets", deadline=None, derandomize=True)
settings.load_profile("spinemets")
