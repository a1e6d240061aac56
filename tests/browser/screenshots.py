"""Pictures of every page: `python -m tests.browser.screenshots --db FILE --out FOLDER [--tour]`."""

from __future__ import annotations

import argparse
import base64
from pathlib import Path

from selenium.webdriver import Chrome

from tests.browser.chromium import browser, server

PAGES = {
    "home": "/",
    "ask": "/ask?q=sbrt+vs+conventional+rt+for+pain",
    "ask-tools": "/ask?q=Do+newer+models+predict+better+than+Tokuhashi",
    "ask-none": "/ask?q=denosumab+versus+vertebroplasty+for+fatigue",
    "topic": "/topics/sbrt",
    "intervention": "/interventions/stereotactic_body_radiotherapy",
    "tool": "/tools/spinal_instability_neoplastic_score",
    "tool-scored": "/tools/tokuhashi_score_revised",
    "outcome": "/outcomes/pain_response",
    "list": "/tools",
    "paper": "/papers/34126044",
    "retracted": "/papers/37118927",
    "search": "/search?q=radiosurgery+pain",
    "gaps": "/gaps",
    "gaps-not-studied": "/gaps?kind=not-studied&topic=sbrt",
    "gaps-not-compared": "/gaps?kind=not-compared",
    "changes": "/changes?since=2018",
    "grades": "/grades",
    "about": "/about",
    "trust": "/trust",
    "summary": "/topics/sbrt/summary",
    "table": "/{database}/readable_claims",
}
TOUR = ("home", "ask", "topic", "intervention", "tool-scored", "paper", "summary")


def picture(driver: Chrome, address: str, file: Path, width: int, most: int) -> None:
    """Write a PNG of a page from its top, at most `most` pixels high."""
    driver.get(address)
    height = min(most, int(driver.execute_script("return document.documentElement.scrollHeight")))
    clip = {"x": 0, "y": 0, "width": width, "height": height, "scale": 1}
    shot = driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": clip})
    file.write_bytes(base64.b64decode(shot["data"]))


def main() -> None:
    """Take the pictures: light and dark on a desktop, light on a phone; with --tour only those of the README."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--db", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--tour", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    names = TOUR if options.tour else tuple(PAGES)
    views = (
        [("", 1280, False, 1000)]
        if options.tour
        else [("", 1280, False, 2200), ("-phone", 390, False, 2600), ("-dark", 1280, True, 1400)]
    )
    with server(options.db) as address:
        for suffix, width, dark, most in views:
            with browser(width, dark=dark) as driver:
                for name in names:
                    path = PAGES[name].format(database=options.db.stem)
                    picture(driver, address + path, options.out / f"{name}{suffix}.png", width, most)


if __name__ == "__main__":
    main()
