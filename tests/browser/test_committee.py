"""What a committee member looks up in a real browser: gaps, what changed, and signed grades."""

from __future__ import annotations

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import url_contains
from selenium.webdriver.support.wait import WebDriverWait

from tests.browser.conftest import SIGNED

pytestmark = pytest.mark.browser


def rows(driver: Chrome) -> list[str]:
    return [row.text for row in driver.find_elements(By.CSS_SELECTOR, "main tbody tr")]


def test_gaps_are_narrowed_by_typing_and_lead_to_their_studies(desktop: Chrome, address: str) -> None:
    desktop.get(address)
    desktop.find_element(By.CSS_SELECTOR, 'main a[href$="/gaps"]').click()
    assert rows(desktop)
    desktop.find_element(By.ID, "f-treatment").send_keys("rfa")
    desktop.find_element(By.CSS_SELECTOR, ".filters button").click()
    WebDriverWait(desktop, 20).until(url_contains("treatment=rfa"))
    assert desktop.find_element(By.ID, "f-treatment").get_attribute("value") == "Radiofrequency ablation"
    narrowed = rows(desktop)
    assert narrowed
    assert all("Radiofrequency ablation" in row for row in narrowed)
    desktop.find_element(By.CSS_SELECTOR, ".cited a").click()
    WebDriverWait(desktop, 20).until(url_contains("/papers/9000"))


def test_a_sort_of_gap_is_chosen_and_the_filter_stays(desktop: Chrome, address: str) -> None:
    desktop.get(address + "/gaps?treatment=SBRT")
    desktop.find_element(By.PARTIAL_LINK_TEXT, "Not compared with each other").click()
    WebDriverWait(desktop, 20).until(url_contains("kind=not-compared"))
    assert "treatment=SBRT" in desktop.current_url
    assert desktop.find_element(By.CSS_SELECTOR, "[aria-current=page]").text.startswith("Not compared")


def test_from_what_changed_to_the_claim(desktop: Chrome, address: str) -> None:
    desktop.get(address + "/changes?since=2022")
    changed = [row for row in rows(desktop) if "complete pain response" in row]
    assert "Grade B to I" in changed[0]
    desktop.find_element(By.CSS_SELECTOR, f'a[href$="#c-{SIGNED}"]').click()
    WebDriverWait(desktop, 20).until(url_contains(f"#c-{SIGNED}"))
    claim = desktop.find_element(By.ID, f"c-{SIGNED}")
    top = desktop.execute_script("return arguments[0].getBoundingClientRect().top", claim)
    assert 0 <= top < 900


def test_a_signed_grade_stands_beside_the_prefilled_one(desktop: Chrome, address: str) -> None:
    desktop.get(address + "/grades")
    desktop.find_element(By.CSS_SELECTOR, "article.claim h3 a").click()
    WebDriverWait(desktop, 20).until(url_contains(f"#c-{SIGNED}"))
    claim = desktop.find_element(By.ID, f"c-{SIGNED}")
    grades = [grade.text for grade in claim.find_elements(By.CSS_SELECTOR, ".claim-line .grade")]
    assert grades[:2] == ["Grade I", "Grade C"]
    assert "signed by Dr Rivera" in claim.find_element(By.CSS_SELECTOR, ".signature").text


@pytest.mark.parametrize("page", ["/gaps", "/changes?since=2022"])
def test_every_field_has_a_name(phone: Chrome, address: str, page: str) -> None:
    phone.get(address + page)
    fields = phone.find_elements(
        By.CSS_SELECTOR, ".filters input:not([type=hidden]), .filters select, .filters button"
    )
    assert len(fields) >= 3
    assert all(field.accessible_name for field in fields)
