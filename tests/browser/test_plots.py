"""The builder of figures: what is chosen is drawn at once."""

import pytest

pytestmark = pytest.mark.browser


def test_a_choice_is_drawn_at_once_and_has_an_address(open_page):
    page = open_page("/plots/")
    picture = page.locator("figure.plot object").first
    page.evaluate("window.sameDocument = true")

    page.get_by_label("Parted by").select_option("facility")
    page.locator("h1", has_text="Papers by year and Facility").wait_for()
    assert "by=facility" in picture.get_attribute("data")
    page.get_by_label("Parted by").select_option("")
    page.locator("summary", has_text="Instrument").click()
    page.get_by_label("GRAVITY", exact=True).check()
    page.locator("h1", has_text="by chosen tags").wait_for()
    page.get_by_label("Words").fill("binary")
    page.get_by_label("Words").press("Enter")
    page.locator(".chip", has_text="binary").wait_for()

    assert page.evaluate("window.sameDocument")
    assert page.get_by_label("GRAVITY", exact=True).is_checked()
    assert "by chosen tags" in page.title()
    address = page.url
    assert "show=" not in address
    page.reload()
    assert page.locator("h1").inner_text() == "Papers by year, by chosen tags"
    assert page.url == address
    page.get_by_text("Caption, to paste").click()
    assert page.get_by_role("button", name="Copy").is_visible()


def test_without_javascript_a_button_draws(open_page):
    page = open_page("/plots/?figure=pie", javascript=False)

    page.get_by_label("As:").select_option("bars")
    page.get_by_role("button", name="Draw").click()

    assert "style=bars" in page.locator("figure.plot object").first.get_attribute("data")
