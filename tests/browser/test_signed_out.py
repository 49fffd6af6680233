"""The session of a curator ends in the middle of a sentence, or a colleague is quicker."""

import pytest

from harvest import curation
from harvest.models import BlocklistEntry, Candidate, ConsistencyRule, Waiver
from tests.factories import CategoryFactory, PaperFactory, TagFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def demonstration(transactional_db):
    """One candidate is enough."""
    Candidate.objects.create(bibcode="2020A&A...641A..85C", title="A star", year=2020)


def sign_in(page):
    """Ends when the next page is there, and its scripts: a key pressed before is lost."""
    page.fill("#id_username", "curator")
    page.fill("#id_password", "a long password")
    with page.expect_navigation():
        page.press("#id_password", "Enter")


def test_words_come_back_into_their_form_after_the_sign_in(open_page, curator):
    page = open_page(f"/admin/triage/{Candidate.objects.get().pk}/")
    sign_in(page)
    page.get_by_role("heading", name="A star").wait_for()
    page.keyboard.press("w")
    page.keyboard.type("my long words")
    page.context.clear_cookies()
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    page.get_by_text("It comes back after you sign in.").wait_for()
    sign_in(page)

    page.get_by_text("it is back in its form").wait_for()
    assert page.input_value("#note") == "my long words"
    assert not BlocklistEntry.objects.exists()
    page.keyboard.press("b")
    page.keyboard.press("1")
    page.get_by_text("Nothing waits here").wait_for()
    assert "Blocked 2020A&A" in page.locator(".messagelist").inner_text()
    assert BlocklistEntry.objects.get().note == "my long words"
    assert page.locator("#kept").count() == 0


def test_second_of_two_is_told_by_whom_and_the_words_stay(open_page, curator, django_user_model):
    candidate = Candidate.objects.get()
    page = open_page(f"/admin/triage/{candidate.pk}/")
    sign_in(page)
    page.get_by_role("heading", name="A star").wait_for()
    curation.block(candidate, "only-cites", "", django_user_model.objects.create_user("ada"))
    page.keyboard.press("w")
    page.keyboard.type("my long words")
    page.keyboard.press("Escape")
    page.keyboard.press("1")

    page.get_by_text("was blocked by ada already").wait_for()
    assert page.input_value("#note") == "my long words"
    assert BlocklistEntry.objects.get().reason == "only-cites"


@pytest.fixture
def findings():
    """Two papers without an instrument, in the order of the rule's page."""
    CategoryFactory(name="Instrument")
    ConsistencyRule.objects.update_or_create(
        number="8",
        defaults={"name": "Missing instrument", "condition": "no category Instrument", "active": True},
    )
    return [PaperFactory(bibcode=f"2012A&A...540A...{n}D") for n in (1, 2)]


def write_a_reason_for_the_second(page):
    sign_in(page)
    page.locator("[data-finding]:focus").wait_for()
    page.keyboard.press("j")
    page.keyboard.press("w")
    page.keyboard.type("only a theory")
    page.context.clear_cookies()
    page.keyboard.press("Enter")
    page.get_by_text("It comes back after you sign in.").wait_for()


def test_reason_of_a_waiver_comes_back_into_its_row(open_page, curator, findings):
    page = open_page("/admin/consistency/8/")
    write_a_reason_for_the_second(page)
    sign_in(page)

    page.get_by_text("it is back in its form").wait_for()
    assert page.evaluate("scrollY") == 0
    assert [field.input_value() for field in page.locator("input[name=reason]").all()] == [
        "",
        "only a theory",
    ]
    page.get_by_role("button", name="Show it").press("Enter")
    page.keyboard.press("Enter")
    page.get_by_text("is an exception of rule 8").wait_for()
    assert [(waiver.paper, waiver.reason) for waiver in Waiver.objects.all()] == [
        (findings[1], "only a theory")
    ]
    page.reload()
    assert page.locator("#kept").count() == 0


def test_words_whose_form_is_gone_stay_on_the_page(open_page, curator, findings):
    page = open_page("/admin/consistency/8/")
    write_a_reason_for_the_second(page)
    findings[1].assignments.create(tag=TagFactory(name="PIONIER", category__name="Instrument"))
    sign_in(page)

    assert page.locator("#kept textarea[name=reason]").input_value() == "only a theory"
    grounds = "button => getComputedStyle(button).backgroundColor"
    send, forget = (page.locator("#kept").get_by_role("button", name=name) for name in ("Send", "Forget"))
    assert send.evaluate(grounds) == "rgb(29, 79, 145)"  # --link of tokens.css
    assert forget.evaluate(grounds) == "rgba(0, 0, 0, 0)"
