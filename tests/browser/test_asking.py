"""A question typed on the home page, its understanding corrected, and a citation followed to its sentence."""

from __future__ import annotations

import pytest
from selenium.webdriver import Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.expected_conditions import url_contains
from selenium.webdriver.support.wait import WebDriverWait

pytestmark = pytest.mark.browser
HIGHLIGHT = "232, 163, 61"


def test_from_a_typed_question_to_the_highlighted_sentence(desktop: Chrome, address: str) -> None:
    desktop.get(address)
    desktop.find_element(By.ID, "ask").send_keys("sbrt vs cebrt complete pian response")
    desktop.find_element(By.CSS_SELECTOR, "form.ask button").click()
    WebDriverWait(desktop, 20).until(url_contains("/ask?q=sbrt"))
    assert desktop.find_element(By.ID, "answer").text == "The evidence conflicts"
    assert desktop.find_element(By.ID, "f-outcome").get_attribute("value") == "Complete pain response"
    quotation = desktop.find_element(By.CSS_SELECTOR, "article.claim blockquote")
    link = quotation.find_element(By.CSS_SELECTOR, "a.to-sentence")
    quoted = quotation.text.removesuffix(link.text).strip()
    link.click()
    WebDriverWait(desktop, 20).until(url_contains("/papers/"))
    anchor = desktop.current_url.partition("#")[2]
    sentence, shown, shadow = desktop.execute_script(
        "const a = document.getElementById(arguments[0]).closest('.quoted'); const r = a.getBoundingClientRect();"
        "return [a.textContent, r.top >= 0 && r.bottom <= innerHeight, getComputedStyle(a).boxShadow]",
        anchor,
    )
    assert sentence == quoted
    assert shown, "the quoted sentence is not in view"
    assert HIGHLIGHT in shadow, "the quoted sentence is not highlighted"


def test_a_misread_question_is_corrected_in_its_fields(desktop: Chrome, address: str) -> None:
    desktop.get(address + "/ask?q=sbrt+vs+cebrt")
    field = desktop.find_element(By.ID, "f-outcome")
    assert field.get_attribute("value") == ""
    field.send_keys("local control")
    desktop.find_element(By.CSS_SELECTOR, ".correct button").click()
    WebDriverWait(desktop, 20).until(url_contains("outcome=local+control"))
    assert desktop.find_element(By.ID, "f-outcome").get_attribute("value") == "Local control"
    assert "Local control" in desktop.find_element(By.CSS_SELECTOR, "article.claim h3").text


@pytest.mark.parametrize("question", ["", "sbrt+vs+cebrt+pain", "denosumab+vs+vertebroplasty", "zebrafish"])
def test_no_answer_scrolls_sideways_on_a_phone(phone: Chrome, address: str, question: str) -> None:
    phone.get(f"{address}/ask?q={question}")
    wide, window = phone.execute_script("return [document.scrollingElement.scrollWidth, innerWidth]")
    assert window == 390
    assert wide <= window
