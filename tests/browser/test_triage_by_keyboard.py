"""A curator's half hour without a mouse: thirty candidates, from the sign-in to the public pages."""

from datetime import date, timedelta

import pytest

from harvest.models import BlocklistEntry, Candidate, SearchRule
from publications.models import Act, Paper

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "a long password"
# Rule of the search → the tags that are ticked beforehand, a sole parent with them.
TICKED = {"CHARA": {"CHARA"}, "PIONIER (label)": {"PIONIER", "VLTI"}}
MAIN = ["Astrophysical results", "Catalogs", "Instrumentation", "Review papers"]


@pytest.fixture
def queue(demonstration):
    """The bibcodes of the demonstration's candidates in the order of the queue, each matched by a rule."""
    rules = [
        SearchRule.objects.get_or_create(
            name=name, defaults={"kind": "facility", "query": "x", "tag_name": name.split()[0]}
        )[0]
        for name in TICKED
    ]
    for n, candidate in enumerate(Candidate.objects.order_by("pk")):
        candidate.rules.set([rules[n % 2]])
        candidate.points = -1000 * n  # whatever the rules are worth
        candidate.save()
    Candidate.objects.rank()
    return list(Candidate.objects.order_by("pk").values_list("bibcode", flat=True))


THERE = """bibcode => document.activeElement.matches("#triage h1")
    && document.querySelector(".candidate header .mono").textContent === bibcode"""


class Keyboard:
    """Presses keys and counts them; text that is typed counts nothing."""

    def __init__(self, page):
        self.page, self.pressed = page, 0

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)
            self.pressed += 1

    def type(self, text):
        self.page.keyboard.type(text)

    def tab_to(self, words):
        for _ in range(80):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement.textContent").strip().startswith(words):
                return
        raise AssertionError(f"no way to {words!r} by keyboard at {self.page.url}")


class Triage(Keyboard):
    """``decide(*keys)`` ends when the page of the next candidate is there and has the focus."""

    def decide(self, *keys, then):
        before = self.pressed
        self.press(*keys)
        self.page.wait_for_function(THERE, arg=then)
        return self.pressed - before


def sign_in(page, keyboard):
    page.locator("#id_username").focus()
    keyboard.type("curator")
    keyboard.press("Tab")
    keyboard.type(PASSWORD)
    keyboard.press("Enter")
    page.get_by_role("heading", name="What waits").wait_for()


def test_thirty_candidates_are_decided_by_keyboard_alone(open_page, queue, curator, live_server):
    page = open_page("/admin/")
    desk = Triage(page)
    sign_in(page, desk)
    desk.tab_to("40")
    desk.press("Enter")
    page.get_by_role("heading", name="Triage").wait_for()
    desk.tab_to("Decide one after the other")
    desk.press("Enter")
    page.wait_for_url("**/admin/triage/*/")
    assert page.locator(".candidate header .mono").inner_text() == queue[0]
    page.evaluate("window.loadedOnce = true")

    # Block with a reason: two keys. Accept with the suggested tags: two keys.
    assert desk.decide("b", "1", then=queue[1]) == 2
    for n in range(1, 24):
        assert desk.decide(str(1 + n % 4), "Enter", then=queue[n + 1]) == 2
    # Accepted by mistake, taken back, and blocked in words that visitors read.
    desk.decide("1", "Enter", then=queue[25])
    desk.decide("u", then=queue[24])
    desk.press("w")
    desk.type("radio astronomy only")
    desk.decide("Escape", "2", then=queue[25])
    # One more tag, typed; one not suited is unticked.
    desk.press("t")
    desk.type("gravity")
    desk.press("Enter")
    page.get_by_text("GRAVITY is ticked.").wait_for()
    desk.press("Escape")
    desk.decide("1", "Enter", then=queue[26])
    # To a colleague's eyes, and to later.
    desk.press("c")
    desk.type("ask the authors")
    desk.decide("Control+Enter", then=queue[26])
    page.locator(".note", has_text="ask the authors").wait_for()
    desk.decide("p", "Enter", then=queue[27])
    # Without a main category it asks once.
    desk.press("Enter")
    page.locator(".errornote:focus", has_text="No main category is chosen").wait_for()
    desk.decide("Enter", then=queue[28])
    desk.decide("b", "3", then=queue[29])
    desk.decide("n", then=queue[30])
    assert page.evaluate("window.loadedOnce")
    desk.press("q")
    page.get_by_role("heading", name="Triage").wait_for()
    assert "11 candidates wait" in page.locator(".lead").inner_text()

    decided_as_pressed(queue, curator)
    told_in_the_history(page, live_server, queue)
    public_pages_are_right(page, live_server, queue)


def test_words_in_another_field_are_asked_about_or_kept_with_the_decision(open_page, queue, curator):
    page = open_page("/admin/")
    desk = Triage(page)
    sign_in(page, desk)
    page.goto(page.url + "triage/next/")
    asked = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    desk.decide("b", "1", then=queue[1])
    assert asked == []
    desk.press("c")
    desk.type("ask the authors")
    desk.press("Escape", "n", "u", "q")
    page.wait_for_timeout(300)
    assert asked == ["confirm", "confirm", "beforeunload"]
    assert page.input_value("#comment") == "ask the authors"
    assert page.evaluate(THERE, queue[1])

    assert desk.decide("1", "Enter", then=queue[2]) == 2
    assert page.input_value("#comment") == ""
    desk.press("w")
    desk.type("radio only")
    desk.press("Escape", "Escape", "p")
    desk.decide("Enter", then=queue[3])
    assert [page.input_value(field) for field in ("#note", "#comment")] == ["", ""]
    assert len(asked) == 3
    accepted, postponed = (Candidate.objects.get(bibcode=bibcode) for bibcode in queue[1:3])
    assert (accepted.status, accepted.note) == ("accepted", f"curator, {date.today()}: ask the authors")
    assert (postponed.status, postponed.note) == ("pending", f"curator, {date.today()}: radio only")


def test_refused_date_leaves_the_suggested_tags_ticked(open_page, queue, curator):
    page = open_page("/admin/")
    desk = Triage(page)
    sign_in(page, desk)
    page.goto(page.url + "triage/next/")
    page.fill("#until", "2020-01-01")
    desk.press("p", "Enter")
    page.locator(".errornote:focus", has_text="a date to come").wait_for()
    desk.decide("1", "Enter", then=queue[1])
    tags = Paper.objects.get(bibcode=queue[0]).tags.values_list("name", flat=True)
    assert set(tags) == {MAIN[0], *TICKED["CHARA"]}


def test_typed_name_of_an_offered_tag_ticks_it_where_it_stands(open_page, queue, curator):
    page = open_page("/admin/")
    desk = Triage(page)
    sign_in(page, desk)
    page.goto(page.url + "triage/next/")
    page.uncheck("input[name=tags][value=chara]")
    for name in ("CHARA", MAIN[1]):
        desk.press("t")
        desk.type(name.lower())
        desk.press("Enter")
        page.get_by_text(f"{name} is ticked.").wait_for()
        desk.press("Escape")
    assert page.is_checked("input[name=tags][value=chara]")
    assert page.locator("input[name=other][type=checkbox]").count() == 0
    desk.decide("Enter", then=queue[1])
    tags = Paper.objects.get(bibcode=queue[0]).tags.values_list("name", flat=True)
    assert set(tags) == {MAIN[1], "CHARA"}


def test_without_scripts_every_decision_is_a_button_of_one_form(open_page, queue, curator):
    page = open_page("/admin/login/?next=/admin/triage/next/", javascript=False)
    page.fill("#id_username", "curator")
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/admin/triage/*/")
    page.fill("#comment", "ask the authors")
    page.press("#until", "Enter")
    assert page.locator(".candidate header .mono").inner_text() == queue[0]
    page.get_by_role("button", name="only cites").click()
    assert page.locator(".candidate header .mono").inner_text() == queue[1]
    assert BlocklistEntry.objects.get(bibcode=queue[0]).reason == "only-cites"
    assert "ask the authors" in Candidate.objects.get(bibcode=queue[0]).note


def decided_as_pressed(queue, curator):
    accepted, blocked, postponed = (
        [*queue[1:24], queue[25], queue[27]],
        [queue[0], queue[24], queue[28]],
        queue[26],
    )
    assert set(Paper.objects.filter(bibcode__in=queue).values_list("bibcode", flat=True)) == set(accepted)
    for n, bibcode in enumerate(queue[:28]):
        if bibcode in accepted:
            expected = set(TICKED[list(TICKED)[n % 2]])
            expected |= {"GRAVITY", MAIN[0]} if n == 25 else {MAIN[n % 4]} if n != 27 else set()
            paper = Paper.objects.get(bibcode=bibcode)
            assert set(paper.tags.values_list("name", flat=True)) == expected, n
            assert {given.given_by for given in paper.assignments.all()} == {curator}
    assert dict(BlocklistEntry.objects.filter(bibcode__in=queue).values_list("bibcode", "reason")) == dict(
        zip(blocked, ["not-interferometry", "only-cites", "duplicate"], strict=True)
    )
    assert BlocklistEntry.objects.get(bibcode=queue[24]).note == "radio astronomy only"
    later = Candidate.objects.get(bibcode=postponed)
    assert (later.status, later.postponed_until) == ("pending", date.today() + timedelta(days=30))
    assert "ask the authors" in later.note
    assert set(Candidate.objects.pending().values_list("bibcode", flat=True)) == {postponed, *queue[29:]}


def told_in_the_history(page, live_server, queue):
    acts = Act.objects.exclude(by=None).order_by("pk").values_list("name", flat=True)
    assert len(acts) == 32  # 30 decisions, a comment, an undo; the undone one and that which replaced it
    page.goto(f"{live_server.url}/admin/activity/?about={queue[24].replace('&', '%26')}")
    told = page.locator("#content").inner_text()
    for words in (f"accepted {queue[24]}", f"blocked {queue[24]}", "curator"):
        assert words in told


def public_pages_are_right(page, live_server, queue):
    page.goto(f"{live_server.url}/papers/{queue[25].replace('&', '%26')}/")
    tags = page.locator("main").inner_text()
    assert all(name in tags for name in ("GRAVITY", "PIONIER", "VLTI", MAIN[0]))
    page.goto(f"{live_server.url}/check/?list=" + "+".join(queue[24:27]))
    assert "radio astronomy only" in page.locator("main").inner_text()
    for bibcode in (queue[24], queue[26], queue[29]):
        assert page.request.get(f"{live_server.url}/papers/{bibcode}/").status == 404
