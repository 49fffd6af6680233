"""Each public page in Chromium: accessible, one heading, no sideways scrolling, keyboard only."""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
PAGES = [
    "/",
    "/papers/",
    "/papers/?tag=vlti&not=amber&year=2005-",
    "/papers/2025AJ....169...30B/",
    "/papers/1986Natur.320..595B/",
    "/tags/",
    "/tags/gravity/",
    "/journals/",
    "/journals/A&A/",
    "/additions/",
    "/authors/?letter=m",
    "/authors/monnier-j/",
    "/ads/?tag=gravity&year=2025",
    "/libraries/",
    "/about/legal/",
    "/about/",
    "/ads/queries/",
    "/blocklist/",
    "/check/?list=2025AJ....169...30B+2007A%26A...472..207F+nonsense",
    "/papers/?q=gravity",
    "/papers/?q=gravty",
    "/plots/?by=facility",
    "/plots/?figure=pie&style=bars",
    "/plots/?figure=heatmap",
    "/statistics/",
    "/targets/",
    "/targets/hd-39801/",
    "/targets/match/",
    "/suggest/",
    "/sources/",
]


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)], ids=["wide light", "narrow dark"])
def test_every_public_page_is_accessible_and_does_not_scroll_sideways(open_page, width, dark):
    faults = []
    for path in PAGES:
        page = open_page(path, width=width, dark=dark)
        found = Axe().run(page)
        faults += [
            f"{path}: {each['id']} {each['nodes'][0]['html']}" for each in found.response["violations"]
        ]
        if page.locator("h1").count() != 1:
            faults.append(f"{path}: {page.locator('h1').count()} h1")
        if page.locator("header.site-head, main, footer").count() != 3:
            faults.append(f"{path}: landmarks")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            faults.append(f"{path}: scrolls sideways")
        page.close()

    assert faults == []


def test_focus_is_visible_and_the_first_stop_skips_to_the_content(open_page):
    page = open_page("/")

    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Tab")
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")

    assert first == "Skip to content"
    assert outline == "solid"


@pytest.mark.parametrize("javascript", [True, False])
def test_a_selection_is_made_and_unmade_by_links_alone(open_page, javascript):
    page = open_page("/papers/", javascript=javascript)
    if not javascript:
        page.locator("details.facets > summary").click()
    everything = page.locator(".count").inner_text()

    page.get_by_role("link", name="GRAVITY", exact=True).first.click()
    assert "tag=gravity" in page.url
    fewer = page.locator(".count").inner_text()
    page.locator("a.chip").click()

    assert fewer != everything
    assert page.locator(".count").inner_text() == everything
