"""Browser fixtures: a made-up knowledge base served for real, and a Chromium that fails where it may not skip."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from selenium.webdriver import Chrome

from kb.evidence import claim_key
from kb.grading.signatures import sign_grade
from tests.browser.chromium import CHROMEDRIVER, CHROMIUM, browser, server
from tests.made_up import made_up_database

# Complete pain response, conventional against stereotactic radiotherapy.
SIGNED = claim_key(
    "intervention",
    "conventional_external_beam_radiotherapy",
    "stereotactic_body_radiotherapy",
    "complete_pain_response",
)


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    if not (CHROMIUM and CHROMEDRIVER):
        reason = "Chromium is not installed (Debian: apt-get install chromium chromium-driver)"
        if os.environ.get("SPINEMETS_REQUIRE_BROWSER"):
            pytest.fail(reason)
        pytest.skip(reason)
    database = tmp_path_factory.mktemp("served") / "kb.db"
    db = made_up_database(database)
    sign_grade(db, SIGNED, "C", by="Dr Rivera", reason="The trials disagree.")
    db.close()
    with server(database) as found:
        yield found


@pytest.fixture(scope="session")
def desktop(address: str) -> Iterator[Chrome]:
    with browser(1280) as driver:
        yield driver


@pytest.fixture(scope="session")
def phone(address: str) -> Iterator[Chrome]:
    with browser(390, 800) as driver:
        yield driver
