"""Each public page in Chromium: accessible, one heading, no sideways scrolling, keyboard only."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from publications.models import Library

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

ABOVE_THE_FOOTER = """() => {
    const bottoms = [...document.querySelectorAll("main > *")].map(e => e.getBoundingClientRect().bottom)
    return document.querySelector("footer").getBoundingClientRect().top - Math.max(...bottoms)
}"""
# How many of the elements are broken over several lines.
BROKEN = """elements => elements.filter(element => {
    const text = document.createRange()
    text.selectNodeContents(element)
    return element.getClientRects().length > 1 || new Set([...text.getClientRects()].map(r => r.top)).size > 1
}).length"""


@pytest.mark.timeout(300)  # a walk through all of them
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
        if page.evaluate(ABOVE_THE_FOOTER) < 24:
            faults.append(f"{path}: touches the footer")
        page.close()

    assert faults == []


@pytest.mark.parametrize(
    ("path", "whole"),
    [
        ("/targets/", "td:first-child a"),
        ("/targets/", "td .mono > *"),
        ("/check/?list=2012ApJ...746..101B", "td.mono"),
    ],
)
def test_a_name_an_angle_or_a_bibcode_is_not_broken_on_a_telephone(open_page, path, whole):
    found = open_page(path, width=390).locator(whole)

    assert found.count() > 0
    assert found.evaluate_all(BROKEN) == 0


def test_a_tag_on_two_lines_is_one_pill(open_page):
    tags = open_page("/tags/", width=390).locator("td .tag")

    assert tags.evaluate_all("tags => tags.filter(tag => tag.getClientRects().length > 1).length") == 0
    assert tags.evaluate_all("tags => tags.filter(tag => tag.offsetHeight > 30).length") > 0


def test_the_search_term_of_a_library_is_copied(open_page):
    Library.objects.filter(name="jmmc-papers").update(ads_id="a" * 22)
    page = open_page("/libraries/")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])

    page.get_by_role("button", name="Copy").click()

    page.get_by_role("button", name="Copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == f"docs(library/{'a' * 22})"


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
