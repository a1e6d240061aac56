"""A calculator in a real browser: filled in by keyboard, read on a phone."""

from __future__ import annotations

import pytest
from selenium.webdriver import Chrome, Keys
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import presence_of_element_located
from selenium.webdriver.support.wait import WebDriverWait

pytestmark = pytest.mark.browser

SINS = "/tools/spinal_instability_neoplastic_score/calculator"
ANSWERED = (
    "?location=mobile&pain=none&lesion=mixed&alignment=normal&collapse=none&posterolateral=none"  # 3 points
)


def test_the_form_can_be_filled_in_by_keyboard_alone(desktop: Chrome, address: str) -> None:
    desktop.get(address + SINS)
    first = desktop.find_element(By.CSS_SELECTOR, "input[name=location]")
    desktop.execute_script("arguments[0].focus()", first)
    keys = ActionChains(desktop)
    for _ in range(6):
        keys = keys.send_keys(Keys.SPACE, Keys.TAB)
    keys.send_keys(Keys.ENTER).perform()
    # A key press, unlike a click, returns before the next page is there.
    result = WebDriverWait(desktop, 20).until(presence_of_element_located((By.CSS_SELECTOR, ".outcome")))
    assert "18 points" in result.text
    assert "unstable" in result.text
    assert desktop.current_url.endswith("#result")
    WebDriverWait(desktop, 20).until(lambda d: d.execute_script("return document.readyState") == "complete")
    top = desktop.execute_script("return arguments[0].getBoundingClientRect().top", result)
    assert 0 <= top < 900


def test_a_problem_leads_to_its_question(desktop: Chrome, address: str) -> None:
    desktop.get(address + SINS + ANSWERED.replace("pain=none", "pain=") + "#result")
    desktop.find_element(By.CSS_SELECTOR, ".problems a").click()
    assert desktop.execute_script("return document.activeElement.id") == "q-pain"


@pytest.mark.parametrize(
    "page",
    [SINS, SINS + ANSWERED, SINS + "?pain=" + "x" * 60, "/head-to-head", SINS.removesuffix("/calculator")],
)
def test_no_page_of_a_tool_scrolls_sideways_on_a_phone(phone: Chrome, address: str, page: str) -> None:
    phone.get(address + page)
    wide, window = phone.execute_script("return [document.scrollingElement.scrollWidth, innerWidth]")
    assert window == 390
    assert wide <= window


def test_every_control_has_a_name(desktop: Chrome, address: str) -> None:
    desktop.get(address + SINS)
    controls = desktop.find_elements(By.CSS_SELECTOR, "form.calculator input, form.calculator button")
    assert len(controls) > 20
    assert all(control.accessible_name for control in controls)
