"""Each page of the desk in Chromium: accessible, one heading, no sideways scrolling."""

from datetime import date, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from harvest import curation, mending
from harvest.desk.pages import PAGES
from harvest.models import (
    Candidate,
    ConsistencyRule,
    EndpointQuota,
    HarvestRun,
    PastedList,
    SearchRule,
    SoftwareGroup,
    SyncPlan,
    TagReview,
)
from publications.models import Act, Library, Paper, SourceRecord, TagAssignment

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True), pytest.mark.timeout(300)]
# They are sent to, lead on, or are files.
NO_PAGES = {"triage-next", "triage-together", "triage-undo", "forget", "run-job", "gap-csv", "software-csv",
            "grid-ads", "vocabulary-yaml"}  # fmt: skip
CONDITIONS = {"9": "has category Instrument\nno category Facility", "12": "a tag lacks all its parents"}


@pytest.fixture
def at_work(demonstration, curator):
    """Something of everything on the desk; gives the examples that stand in the addresses."""
    rule, _ = SearchRule.objects.get_or_create(
        name="CHARA", defaults={"kind": "facility", "query": '=full:("CHARA")', "tag_name": "CHARA"}
    )
    first, second, third, *others = Candidate.objects.order_by("pk")
    near = Paper.objects.exclude(title="").order_by("bibcode")[:3]
    first.abstract = "We used the CHARA array to resolve a star."
    first.weigh(
        {"references": [paper.bibcode for paper in near], "citations": [], "words": ["CHARA"],
         "nearest": [{"bibcode": paper.bibcode, "tags": [], "likeness": 0.4} for paper in near]}
    )  # fmt: skip
    first.note, first.suggested = "a visitor: look", True
    first.save()
    for candidate in (first, second, third):
        candidate.rules.add(rule)
    Candidate.objects.rank()
    curation.block(third, "only-cites", "cites a diameter", curator)
    curation.postpone(others[0], date.today() + timedelta(days=9), curator)
    papers = list(Paper.objects.filter(tags__name="PIONIER").order_by("bibcode")[:3])
    TagAssignment.objects.filter(paper__in=papers, tag__name="VLTI").delete()
    TagAssignment.objects.filter(paper=papers[0], tag__name="CHARA").delete()
    for number, condition in CONDITIONS.items():
        ConsistencyRule.objects.update_or_create(
            number=number,
            defaults={
                "name": "Missing parent",
                "condition": condition,
                "proposes": "parents",
                "active": True,
            },
        )
    twelve = ConsistencyRule.objects.get(number="12")
    mending.waive(twelve, Paper.objects.filter(pk=papers[2].pk), "an old instrument", curator)
    TagReview.objects.create(paper=papers[0], rule=rule, missing=True, query=rule.query)
    SourceRecord.objects.create(source="oidb", bibcode="2013A&A...555A...1M")
    group, _ = SoftwareGroup.objects.get_or_create(name="Aspro", defaults={"tag_name": "Aspro"})
    group.bibcodes, group.words = [papers[0].bibcode, "2013A&A...555A...1M"], ["ASPRO"]
    group.save()
    library = Library.objects.create(
        name="olbin-refereed", ads_id="abc", held=9, foreign_add=[second.bibcode]
    )
    run = HarvestRun.objects.create(
        job="harvest", status="failed", finished_at=timezone.now(), by=curator, found=9, new=2,
        calls={"search": 12}, queries=[{"rule": "CHARA", "query": '=full:("CHARA")', "found": 9, "calls": 1}],
        messages=["2 records without a title"], errors=["ADS did not answer"], steps=[[0, "asking ADS"]],
    )  # fmt: skip
    EndpointQuota.objects.create(endpoint="search/bigquery", limit=100, remaining=71, reset=4102444800)
    pasted = PastedList.objects.create(
        by=curator, why="asked for at the meeting", problems=["line 3: “nonsense” is no identifier"], run=run,
        entries=[{"line": n, "written": written, "identifiers": [written], "found": written}
                 for n, written in enumerate([first.bibcode, third.bibcode, papers[0].bibcode], 1)]
        + [{"line": 4, "written": "10.1/x", "identifiers": ["10.1/x"], "found": ""}],
    )  # fmt: skip
    plan = SyncPlan.objects.create(
        library=library, state="waiting", reason="it removes more than a tenth", run=run,
        ads_remove=[papers[0].bibcode], ads_add=[papers[1].bibcode],
    )  # fmt: skip
    return {
        "triage-candidate": [first.pk],
        "pasted-list": [pasted.pk],
        "library": [library.pk],
        **{f"library-{act}": [library.pk] for act in ("overwrite", "adopt", "plan")},
        **{f"library-{act}": [library.pk, plan.pk] for act in ("consent", "undo")},
        "tag": [rule.tag.pk],
        "tag-change": [rule.tag.pk, "merge"],
        "category": [rule.tag.category.pk],
        "grid": [rule.tag.category.pk],
        "consistency-rule": ["12"],
        "recheck": [rule.pk],
        "gap": ["oidb"],
        "software-group": [group.pk],
        "act": [Act.objects.latest("pk").pk],
        "act-undo": [Act.objects.latest("pk").pk],
        "run": [run.pk],
    }


def addresses(examples):
    """Every page that can be looked at; one that needs an example of which there is none is left out."""
    named = [page for page in PAGES if page.name not in NO_PAGES]
    plain = [reverse(f"admin:{page.name}") for page in named if "<" not in page.route]
    return ["/admin/", *plain, *(reverse(f"admin:{name}", args=args) for name, args in examples.items())]


def sign_in(page, user, base):
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": base}])


def faults_of(page, width):
    found = Axe().run(page)
    faults = [f"{each['id']} {each['nodes'][0]['html']}" for each in found.response["violations"]]
    if page.locator("h1").count() != 1:
        faults.append(f"{page.locator('h1').count()} h1")
    if page.evaluate("document.documentElement.scrollWidth") > width:
        faults.append("scrolls sideways")
    return faults


@pytest.mark.timeout(300)  # a walk through all of them
def test_every_page_of_the_desk_is_accessible_and_does_not_scroll_sideways(
    open_page, at_work, curator, live_server
):
    faults = []
    for width, dark in ((1280, False), (390, True)):
        page = open_page("/admin/login/", width=width, dark=dark)
        faults += [f"sign-in, {width}: {fault}" for fault in faults_of(page, width)]
        sign_in(page, curator, live_server.url)
        for address in addresses(at_work):
            page.goto(live_server.url + address)
            faults += [f"{address}, {width}: {fault}" for fault in faults_of(page, width)]
        page.goto(live_server.url + "/admin/triage/")
        page.locator("input[name=candidate]").last.check()
        page.get_by_role("button", name="Block …").click()
        faults += [f"together, {width}: {fault}" for fault in faults_of(page, width)]
        page.get_by_label("only cites interferometry").check()
        page.get_by_role("button", name="See what will happen").click()
        faults += [f"its preview, {width}: {fault}" for fault in faults_of(page, width)]

    assert faults == []


@pytest.mark.parametrize("width", [1280, 390])
def test_lists_of_the_admin_scroll_in_their_box(open_page, at_work, curator, live_server, width):
    page = open_page("/admin/login/", width=width)
    sign_in(page, curator, live_server.url)
    page.goto(f"{live_server.url}/admin/harvest/candidate/")
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("width", [1900, 1280, 390])
def test_parts_of_a_page_begin_on_one_line(open_page, at_work, curator, live_server, width):
    page = open_page("/admin/login/", width=width)
    sign_in(page, curator, live_server.url)
    page.goto(f"{live_server.url}/admin/triage/")
    begins = """part => {
        const words = document.createRange();
        words.selectNodeContents(document.querySelector(part));
        return Math.round(words.getBoundingClientRect().left);
    }"""
    parts = ["#content h1", "div.breadcrumbs", "#footer .demo"]
    assert len({page.evaluate(begins, part) for part in parts}) == 1
    field, button = (
        page.locator(f"form.narrow {part}").first.bounding_box() for part in ("select", "button")
    )
    assert width == 390 or (field["y"], field["height"]) == (button["y"], button["height"])


def test_buttons_that_start_jobs_are_whole_on_a_phone(open_page, at_work, curator, live_server):
    page = open_page("/admin/login/", width=390)
    sign_in(page, curator, live_server.url)
    page.goto(f"{live_server.url}/admin/")
    heights = {button.bounding_box()["height"] for button in page.locator(".start button").all()}
    assert max(heights) < 32
    labels = [label.bounding_box() for label in page.locator(".start span").all()]
    assert max(label["x"] + label["width"] for label in labels) <= 390 - 16
