"""What a sync remembers of a library, so that the next one takes no change of one side for the other's."""

import pytest
from django.db import transaction

from harvest import library_sync
from harvest.library_sync import Options
from harvest.models import BlocklistEntry, SearchRule, SyncPlan, TagReview
from harvest.recheck import labelling_rules
from harvest.sync_sides import sides
from publications.models import Paper
from tests.factories import PaperFactory, TagFactory

pytestmark = pytest.mark.django_db
A, B, C = "2020A&A...641A..85C", "2020A&A...641A..86C", "2020A&A...641A..87C"
OLD = "2020arXiv200100001C"
BLOCKLIST = "olbin-blocklist"


@pytest.fixture(autouse=True)
def _papers_at_ads(ads_sandbox):
    for bibcode in (A, B, C, OLD):
        ads_sandbox.add(bibcode)


def sync(ads, *names):
    return library_sync.sync_libraries(ads, options=Options(only=frozenset(names or [BLOCKLIST])))


def block(*bibcodes):
    for bibcode in bibcodes:
        BlocklistEntry.objects.create(bibcode=bibcode, reason="only-cites", note="seen")


def blocked():
    return set(BlocklistEntry.objects.values_list("bibcode", flat=True))


def edit(ads_sandbox, name, add=(), remove=()):
    """Somebody edits a library at ADS."""
    library = ads_sandbox.libraries.named(name)
    library.bibcodes = [code for code in [*library.bibcodes, *add] if code not in remove]


def while_writing(ads_sandbox, action, times=1):
    ads_sandbox.fail("do", "biblib/documents", method="POST", action=action, times=times)


def test_paper_of_ours_on_adss_blocklist_stays_there_until_a_person_decides(ads, ads_sandbox):
    PaperFactory(bibcode=A)
    block(B)
    sync(ads)
    edit(ads_sandbox, BLOCKLIST, add=[A, "no bibcode at all"])
    for _ in range(3):
        run = sync(ads)
        why = "in the database too, decide which is right"
        assert f"{BLOCKLIST}: {A} is not taken over from ADS: {why}" in run.messages
        assert ads_sandbox.held(BLOCKLIST) == {A, B, "no bibcode at all"}
    Paper.objects.all().delete()
    sync(ads)
    assert blocked() == {A, B}


def test_paper_of_ours_is_recognised_under_a_name_that_only_ads_knows_yet(ads, ads_sandbox):
    PaperFactory(bibcode=OLD)
    block(B)
    sync(ads)
    ads_sandbox.corpus.publish(OLD, "2021A&A...645A...1C")
    edit(ads_sandbox, BLOCKLIST, add=["2021A&A...645A...1C"])
    sync(ads)
    assert blocked() == {B}
    assert ads_sandbox.held(BLOCKLIST) == {B, "2021A&A...645A...1C"}


def test_person_lets_the_database_win_over_a_block_of_ads(ads, ads_sandbox):
    PaperFactory(bibcode=A)
    block(B)
    sync(ads)
    edit(ads_sandbox, BLOCKLIST, add=[A])
    options = Options(only=frozenset({BLOCKLIST}), overwrite=frozenset({BLOCKLIST}))
    library_sync.sync_libraries(ads, options=options)
    assert ads_sandbox.held(BLOCKLIST) == blocked() == {B}


def test_reviewed_paper_that_is_not_here_stays_on_adss_list(ads, ads_sandbox):
    name = "olbin-tag-reviewed"
    SearchRule.objects.exclude(name="VLTI").update(active=False)
    rule = SearchRule.objects.get(name="VLTI")
    TagFactory(name="VLTI")
    TagReview.objects.create(paper=PaperFactory(bibcode=A), rule=rule, query=rule.query, missing=False)
    sync(ads, name)
    edit(ads_sandbox, name, add=[B])
    for _ in range(3):
        sync(ads, name)
        assert ads_sandbox.held(name) == {A, B}
    PaperFactory(bibcode=B)
    sync(ads, name)
    assert TagReview.objects.filter(paper__bibcode=B, rule=rule, missing=False).exists()


def test_papers_that_adss_list_calls_reviewed_are_taken_over_in_few_queries(
    ads, ads_sandbox, curator, django_assert_max_num_queries
):
    name = "olbin-tag-reviewed"
    stale, right, new = (PaperFactory(bibcode=f"2020A&A...641A..9{n}C") for n in range(3))
    for tag in {*SearchRule.objects.exclude(tag_name="").values_list("tag_name", flat=True)}:
        TagFactory(name=tag)
    rules = labelling_rules()
    assert len(rules) > 20
    for rule in rules:
        TagReview.objects.create(paper=stale, rule=rule, query="old", missing=True)
        TagReview.objects.create(paper=right, rule=rule, query=rule.looks_for, by=curator)
    side = next(side for side in sides() if side.name == name)
    before = TagReview.history.count()
    # Not one for each review: one for each rule, and a few.
    with django_assert_max_num_queries(len(rules) + 20), transaction.atomic():
        side.receive(side.library(), [stale.bibcode, right.bibcode, new.bibcode], [], [])
    for paper in (stale, right, new):
        reviews = {(one.rule_id, one.query, one.missing) for one in paper.tag_reviews.all()}
        assert reviews == {(rule.pk, rule.looks_for, False) for rule in rules}
    assert {one.by for one in right.tag_reviews.all()} == {curator}
    assert TagReview.history.count() == before + 2 * len(rules)


def test_removal_that_ads_lost_does_not_come_back_as_somebodys_block(ads, ads_sandbox):
    block(A, B)
    sync(ads)
    BlocklistEntry.objects.get(bibcode=A).delete()
    # Another program writes the list as it had read it before: our removal is lost, each time.
    ads_sandbox.fail(
        "do", "biblib/libraries/", method="GET", skip=1, times=None,
        action=lambda sandbox: edit(sandbox, BLOCKLIST, add={A} - sandbox.held(BLOCKLIST)),
    )  # fmt: skip
    run = sync(ads)
    assert run.plans.get().state == "incomplete"

    ads_sandbox.faults.clear()
    sync(ads)
    assert blocked() == ads_sandbox.held(BLOCKLIST) == {B}


def test_block_that_ended_at_ads_while_we_wrote_is_not_sent_again(ads, ads_sandbox):
    block(A, B)
    sync(ads)
    block(C)
    while_writing(ads_sandbox, lambda sandbox: edit(sandbox, BLOCKLIST, remove=[A]))
    sync(ads)
    sync(ads)
    assert blocked() == ads_sandbox.held(BLOCKLIST) == {B, C}


def test_paper_that_somebody_removed_at_ads_while_we_wrote_is_reported(ads, ads_sandbox):
    PaperFactory(bibcode=A)
    PaperFactory(bibcode=B)
    sync(ads, "olbin-refereed")
    PaperFactory(bibcode=C)
    while_writing(ads_sandbox, lambda sandbox: edit(sandbox, "olbin-refereed", remove=[A]))
    sync(ads, "olbin-refereed")
    run = sync(ads, "olbin-refereed")
    assert ads_sandbox.held("olbin-refereed") == {B, C}
    assert any("somebody removed 1 at ADS" in message for message in run.messages)


def test_two_entries_that_ads_calls_one_change_nothing_each_night(ads, ads_sandbox):
    ads_sandbox.corpus.publish(OLD, "2021A&A...645A...1C")
    block(OLD, "2021A&A...645A...1C")
    sync(ads)
    run = sync(ads)
    assert run.changed == 0
    assert ads_sandbox.held(BLOCKLIST) == {"2021A&A...645A...1C"}
    assert blocked() == {OLD, "2021A&A...645A...1C"}


def test_undo_gives_back_the_reasons_of_blocks(ads, ads_sandbox, curator):
    block(A, B)
    sync(ads)
    edit(ads_sandbox, BLOCKLIST, remove=[A])
    run = sync(ads)
    assert blocked() == {B}

    library_sync.undo(ads, run.plans.get(), curator)

    entry = BlocklistEntry.objects.get(bibcode=A)
    assert (entry.reason, entry.note) == ("only-cites", "seen")
    sync(ads)
    assert blocked() == ads_sandbox.held(BLOCKLIST) == {A, B}
    assert SyncPlan.objects.filter(state="undone").count() == 1
