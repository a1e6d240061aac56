"""A committee member's way in a real browser: home, topic, intervention, and the sentence behind a claim."""

from __future__ import annotations

import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By

pytestmark = pytest.mark.browser

PAGES = (
    "/",
    "/about",
    "/ask?q=sbrt+vs+cebrt+pain",
    "/topics/sbrt",
    "/interventions",
    "/interventions/stereotactic_body_radiotherapy",
    "/tools",
    "/outcomes/pain_response",
    "/papers/90000001",
    "/gaps",
    "/gaps?kind=not-compared&treatment=zzz",
    "/changes?since=2022",
    "/grades",
    "/search?q=pain",
    "/search?q=",
    "/topics/sbrt/summary",
    "/topics/nothing",
)


def test_from_home_to_the_sentence(desktop: Chrome, address: str) -> None:
    desktop.get(address)
    desktop.find_element(By.CSS_SELECTOR, 'a.card[href$="/topics/sbrt"]').click()
    assert desktop.find_element(By.TAG_NAME, "h1").text == "Stereotactic body radiotherapy"
    desktop.find_element(
        By.CSS_SELECTOR, 'a.chip[href$="/interventions/stereotactic_body_radiotherapy"]'
    ).click()
    article = desktop.find_element(By.CSS_SELECTOR, "article.claim")
    quoted = article.find_element(By.TAG_NAME, "blockquote").text
    article.find_element(By.CSS_SELECTOR, "a.to-sentence").click()
    assert "/papers/" in desktop.current_url
    anchor = desktop.current_url.partition("#")[2]
    sentence = desktop.execute_script(
        "const a = document.getElementById(arguments[0]).closest('.quoted'); const r = a.getBoundingClientRect();"
        "return [a.textContent, r.top >= 0 && r.bottom <= innerHeight, getComputedStyle(a).boxShadow]",
        anchor,
    )
    assert sentence[0] == quoted
    assert sentence[1], "the quoted sentence is not in view"
    assert "232, 163, 61" in sentence[2], "the quoted sentence is not highlighted"


@pytest.mark.parametrize("page", PAGES)
def test_no_page_scrolls_sideways_on_a_phone(phone: Chrome, address: str, page: str) -> None:
    phone.get(address + page)
    wide, window = phone.execute_script("return [document.scrollingElement.scrollWidth, innerWidth]")
    assert window == 390
    assert wide <= window


def test_no_errors_in_the_console_and_nothing_from_elsewhere(desktop: Chrome, address: str) -> None:
    desktop.get_log("browser")
    for page in PAGES[:-1]:
        desktop.get(address + page)
        loaded = desktop.execute_script("return performance.getEntriesByType('resource').map(e => e.name)")
        assert [name for name in loaded if not name.startswith(address)] == []
    severe = [entry["message"] for entry in desktop.get_log("browser") if entry["level"] == "SEVERE"]
    assert [message for message in severe if "favicon" not in message] == []


def test_the_first_tab_leads_past_the_navigation(desktop: Chrome, address: str) -> None:
    desktop.get(address)
    ActionChains(desktop).send_keys(Keys.TAB).perform()
    focused = desktop.switch_to.active_element
    assert focused.text == "Skip to content"
    focused.send_keys(Keys.ENTER)
    assert desktop.execute_script("return document.activeElement.id") == "content"


def test_hostile_text_stays_text(desktop: Chrome, address: str) -> None:
    desktop.get(address + "/search?q=%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    assert desktop.find_element(By.ID, "q").get_attribute("value") == "<script>alert(1)</script>"
    assert desktop.execute_script("return document.querySelectorAll('main script').length") == 0
