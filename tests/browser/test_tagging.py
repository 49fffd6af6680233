"""The grid of tags and the pages of the vocabulary, in Chromium."""

from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import Group, User

from harvest.vocabulary.changes import carry_out
from harvest.vocabulary.retiring import Retire
from publications.models import Act, Category, Paper, Tag, TagAssignment

pytestmark = pytest.mark.browser


@pytest.fixture
def curators_page(open_page, transactional_db):
    """``curators_page(path, …)``: as `open_page`, signed in as a curator."""

    def open_(path, **options):
        if not User.objects.filter(username="anne").exists():
            anne = User.objects.create_user("anne", password="a long password", is_staff=True)
            anne.groups.add(Group.objects.get_or_create(name="curator")[0])
        page = open_page(f"/admin/login/?next={quote(path)}", **options)
        page.fill("[name=username]", "anne")
        page.fill("[name=password]", "a long password")
        page.press("[name=password]", "Enter")
        page.wait_for_url(lambda url: url.endswith(path))
        return page

    return open_


def grid_of(name):
    return f"/admin/tags/grid/{Category.objects.get(name=name).pk}/"


def names(paper):
    return set(paper.tags.filter(category__name="Instrument").values_list("name", flat=True))


def test_papers_are_tagged_by_keys_alone(curators_page):
    page = curators_page(grid_of("Instrument") + "?q=polarized&untagged=instrument")
    paper = Paper.objects.get(bibcode=page.locator("tbody .mono").first.inner_text())
    assert names(paper) == set()
    page.keyboard.press("p")
    page.keyboard.press("x")
    page.locator("#said", has_text=f"Tagged {paper.bibcode}: PIONIER").wait_for()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Space")
    page.locator("#said", has_text="MIDI").wait_for()
    assert names(paper) == {"PIONIER", "MIDI"}
    page.keyboard.press("x")
    page.locator("#said", has_text=f"Took the tag MIDI off {paper.bibcode}").wait_for()
    page.keyboard.press("Enter")
    assert page.locator("tbody details[open]").count() == 1
    assert names(paper) == {"PIONIER"}
    assert set(Act.objects.values_list("by__username", flat=True)) == {"anne"}


# The cell with the focus is what is seen at its place, in whole.
SEEN = """() => {
    const cell = document.activeElement.closest("td");
    const { left, right, top, bottom } = cell.getBoundingClientRect();
    return [[left + 2, top + 2], [right - 2, top + 2], [left + 2, bottom - 2], [right - 2, bottom - 2]]
        .every(([x, y]) => cell.contains(document.elementFromPoint(x, y)));
}"""


@pytest.mark.parametrize("width", [1280, 390])
def test_focused_cell_and_the_answer_are_in_sight_wherever_the_keys_lead(curators_page, width):
    page = curators_page(grid_of("Instrument"), width=width)
    way = [
        "End",
        "Home",
        *["ArrowDown"] * 20,
        *["ArrowUp"] * 12,
        *["ArrowRight"] * 16,
        *["ArrowLeft"] * 9,
        "ArrowDown",
    ]
    hidden = []
    for n, key in enumerate(way):
        page.keyboard.press(key)
        if not page.evaluate(SEEN):
            hidden.append((n, key))
    assert hidden == []
    tag = Tag.objects.get(pk=page.evaluate("document.activeElement.value.split('-')[1]"))
    carry_out(Retire(tag), User.objects.get(username="anne"))  # by a colleague
    page.keyboard.press("x")
    said = page.locator("#said", has_text="retired or merged meanwhile")
    said.wait_for()
    box = said.bounding_box()
    assert box["y"] + box["height"] <= 900


def test_tick_after_the_session_has_ended_comes_back_and_no_other(curators_page):
    page = curators_page(grid_of("Instrument"))
    saved, lost = (
        Paper.objects.get(bibcode=mono.inner_text()) for mono in page.locator("tbody .mono").all()[:2]
    )
    before = [names(saved), names(lost)]
    page.get_by_label(f"PIONIER for {saved.bibcode}").check()
    page.locator("#said", has_text=f"Tagged {saved.bibcode}: PIONIER").wait_for()
    page.context.clear_cookies()
    page.get_by_label(f"MIDI for {lost.bibcode}").click()
    page.get_by_text("It comes back after you sign in.").wait_for()
    TagAssignment.objects.create(paper=lost, tag=Tag.objects.get(name="VEGA"))  # by a colleague
    page.fill("[name=username]", "anne")
    page.fill("[name=password]", "a long password")
    with page.expect_navigation():
        page.press("[name=password]", "Enter")

    page.get_by_text("it is back in its form").wait_for()
    assert page.evaluate("scrollY") == 0
    assert page.get_by_label(f"MIDI for {lost.bibcode}").is_checked()
    page.get_by_role("button", name="Save").click()
    page.get_by_text(f"Tagged {lost.bibcode}: MIDI").first.wait_for()
    assert names(saved) == before[0] | {"PIONIER"}
    assert names(lost) == before[1] | {"MIDI", "VEGA"}


def test_without_scripts_a_page_of_ticks_is_saved(curators_page):
    page = curators_page(grid_of("Instrument"), javascript=False)
    paper = Paper.objects.get(bibcode=page.locator("tbody .mono").first.inner_text())
    before = names(paper)
    page.get_by_label(f"MATISSE for {paper.bibcode}").check()
    page.get_by_role("button", name="Save").click()
    assert f"Tagged {paper.bibcode}: MATISSE" in page.locator(".messagelist").inner_text()
    assert names(paper) == before | {"MATISSE"}


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)], ids=["wide light", "narrow dark"])
def test_pages_of_the_vocabulary_are_accessible_and_do_not_scroll_sideways(curators_page, width, dark):
    page = curators_page("/admin/tags/", width=width, dark=dark)
    tag = Tag.objects.get(name="VEGA")
    address = f"/admin/tags/{tag.pk}/"
    paths = [grid_of("Instrument"), address, f"{address}split/", f"{address}merge/"]
    paths += [f"/admin/tags/category/{tag.category_id}/", "/admin/tags/import/"]
    faults = faults_of(page, width)
    for path in paths:
        page.goto(page.url.split("/admin/")[0] + path)
        faults += faults_of(page, width)
    page.goto(page.url.split("/admin/")[0] + f"{address}retire/")
    page.get_by_role("button", name="Show what will happen").click()
    page.locator("#effects").wait_for()
    assert faults + faults_of(page, width) == []


def test_tag_and_search_of_a_split_stand_beside_each_other(curators_page):
    page = curators_page(f"/admin/tags/{Tag.objects.get(name='VEGA').pk}/split/")
    places = {
        name: page.locator(f"[name={name}]").bounding_box() for name in ("name-1", "search-1", "name-2")
    }
    assert places["name-1"]["y"] == places["search-1"]["y"] < places["name-2"]["y"]
    assert places["name-1"]["x"] == places["name-2"]["x"] < places["search-1"]["x"]


def faults_of(page, width):
    found = [f"{page.url}: {each['id']}" for each in Axe().run(page).response["violations"]]
    if page.evaluate("document.documentElement.scrollWidth") > width:
        found.append(f"{page.url}: scrolls sideways")
    return found
