"""The ways that visitors go: by keyboard alone, without JavaScript, in few steps."""

import pytest

from publications.models import Paper

pytestmark = pytest.mark.browser


FOCUSED = """() => {
    const element = document.activeElement;
    return (element.textContent || "").trim() || element.getAttribute("name") || "";
}"""


def tab_to(page, words, most=150):
    """Press Tab until the focus is on what is called ``words``, as a visitor without a mouse does."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == words:
            return
    raise AssertionError(f"no way to {words!r} by keyboard at {page.url}")


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without JavaScript"])
def test_from_home_to_a_bibtex_entry_by_keyboard_alone(open_page, javascript):
    page = open_page("/", javascript=javascript)

    tab_to(page, "q") if javascript else page.locator("#q").focus()
    page.keyboard.type("AF Lep")
    page.keyboard.press("Enter")
    page.wait_for_url("**/papers/?q=AF+Lep*")
    title = Paper.objects.get(bibcode="2025AJ....169...30B").title
    if javascript:
        tab_to(page, title)
        page.keyboard.press("Enter")
        page.wait_for_url("**/papers/2025AJ....169...30B/")
        tab_to(page, "BibTeX")
    else:
        # Scripts that tell what has the focus do not run either: the links are there all the same.
        page.get_by_role("link", name=title).first.press("Enter")
        page.get_by_role("link", name="BibTeX", exact=True).focus()
    with page.expect_download() as download:
        page.keyboard.press("Enter")

    assert "@ARTICLE{2025AJ....169...30B" in download.value.path().read_text()


def test_each_frequent_way_takes_two_steps_at_most(open_page):
    page = open_page("/")
    page.get_by_role("link", name="GRAVITY", exact=True).first.click()
    page.get_by_role("link", name="2025:").click()
    assert "tag=gravity" in page.url
    assert "year=2025" in page.url
    for name in ("CSV", "On ADS"):
        assert page.get_by_role("link", name=name, exact=True).first.is_visible()

    page.goto(page.url.split("/papers")[0] + "/")
    page.locator("#q").fill("2411.05917")
    page.locator("#q").press("Enter")
    page.wait_for_url("**/papers/2025AJ....169...30B/")

    page.goto(page.url.split("/papers")[0] + "/")
    page.get_by_role("link", name="Additions", exact=True).click()
    assert page.locator("h1").inner_text() == "Additions"
