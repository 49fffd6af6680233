"""The library ``olbin-tag-curated``: a paper is on it when it is an exception of some rule."""

import pytest

from harvest import library_sync
from harvest.library_sync import Options
from harvest.mending import revoke, waive
from harvest.models import ConsistencyRule, HarvestRun, Waiver
from publications.models import Paper
from tests.factories import CategoryFactory, PaperFactory, TagFactory

pytestmark = pytest.mark.django_db
A, B, STRANGER = "2020A&A...641A..85C", "2020A&A...641A..86C", "2020A&A...641A..87C"
NAME = "olbin-tag-curated"


@pytest.fixture(autouse=True)
def _papers(ads_sandbox):
    """A breaks the rules 4 (a single tag) and 6 (no main category); B breaks 6 only."""
    for bibcode in (A, B, STRANGER):
        ads_sandbox.add(bibcode)
    CategoryFactory(name="MainCategory")
    vlti, chara = TagFactory(name="VLTI"), TagFactory(name="CHARA")
    PaperFactory(bibcode=A, tags=[vlti])
    PaperFactory(bibcode=B, tags=[vlti, chara])


def sync(ads):
    return library_sync.sync_libraries(ads, options=Options(only=frozenset({NAME})))


def rule(number):
    return ConsistencyRule.objects.get(number=number)


def waived():
    return sorted(Waiver.objects.values_list("paper__bibcode", "rule__number", "reason"))


def edit(ads_sandbox, add=(), remove=()):
    library = ads_sandbox.libraries.named(NAME)
    library.bibcodes = [code for code in [*library.bibcodes, *add] if code not in remove]


def test_paper_is_sent_when_it_has_any_waiver_and_taken_back_with_the_last_one(ads, ads_sandbox, curator):
    papers = Paper.objects.filter(bibcode=A)
    waive(rule("4"), papers, "one is enough", curator)
    waive(rule("6"), Paper.objects.all(), "none fits", curator)
    sync(ads)
    assert ads_sandbox.held(NAME) == {A, B}

    revoke(list(Waiver.objects.filter(rule=rule("4"))), curator)
    sync(ads)
    assert ads_sandbox.held(NAME) == {A, B}
    revoke(list(Waiver.objects.filter(paper__in=papers)), curator)
    sync(ads)
    assert ads_sandbox.held(NAME) == {B}


def test_entry_of_ads_waives_what_the_rules_find_that_day_and_no_more(ads, ads_sandbox, curator):
    waive(rule("4"), Paper.objects.filter(bibcode=A), "one is enough", curator)
    sync(ads)
    edit(ads_sandbox, add=[B])
    sync(ads)
    assert waived() == [(A, "4", "one is enough"), (B, "6", "from ADS")]

    # What a rule finds later is found.
    Paper.objects.get(bibcode=B).assignments.filter(tag__name="CHARA").delete()
    sync(ads)
    assert waived() == [(A, "4", "one is enough"), (B, "6", "from ADS")]
    assert ads_sandbox.held(NAME) == {A, B}


def test_entry_that_ads_removed_takes_its_waivers_along(ads, ads_sandbox, curator):
    for bibcode in (A, B):
        waive(rule("6"), Paper.objects.filter(bibcode=bibcode), "none fits", curator)
    sync(ads)
    edit(ads_sandbox, remove=[B])
    sync(ads)
    assert waived() == [(A, "6", "none fits")]
    assert (
        Waiver.history.filter(history_type="-").get().history_change_reason == f"removed from {NAME} at ADS"
    )


def test_what_cannot_be_waived_stays_on_their_list_and_is_told(ads, ads_sandbox, curator):
    waive(rule("6"), Paper.objects.filter(bibcode=A), "none fits", curator)
    sync(ads)
    ConsistencyRule.objects.exclude(number="1").update(active=False)
    edit(ads_sandbox, add=[B, STRANGER])
    told = sync(ads).messages
    assert f"{B} is on ADS's {NAME}: no rule finds anything in it, so nothing was waived" in told
    assert f"{NAME}: {STRANGER} is not taken over from ADS: no paper here" in told

    ConsistencyRule.objects.update(active=True)
    ads_sandbox.calls.clear()
    sync(ads)
    assert ads_sandbox.writes() == []
    assert ads_sandbox.held(NAME) == {A, B, STRANGER}
    assert waived() == [(A, "6", "none fits")]
    assert HarvestRun.objects.filter(status="failed").count() == 0
