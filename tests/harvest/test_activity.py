"""Who did what, when, from what to what; and taking it back."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse
from django.utils import timezone

from harvest import curation
from harvest.models import BlocklistEntry, Candidate, FilteredBibstem, SearchRule
from publications.models import Act, Paper, Tag, TagAssignment
from publications.models.history import act, create_with_history
from tests.factories import CategoryFactory, HiddenTagFactory, PaperFactory, TagFactory, TargetFactory

pytestmark = pytest.mark.django_db
PAGE = reverse("admin:activity")
A = "2020A&A...641A..85C"


@pytest.fixture
def ada():
    return User.objects.create_user("ada")


def entries(desk, **asked):
    return desk.get(PAGE, asked).context["entries"]


def said(desk, **asked):
    return [
        entry.name if isinstance(entry, Act) else f"{entry.verb} {entry.kind} {entry.label}"
        for entry in entries(desk, **asked)
    ]


def text(answer):
    return " ".join(answer.content.decode().split())


def test_acts_and_single_changes_stand_together_the_newest_first(desk, curator, ada):
    curation.block(Candidate.objects.create(bibcode=A, year=2020), "only-cites", "", ada)
    FilteredBibstem.objects.create(bibstem="MNRAS.tmp2")
    with act("tagged two", curator):
        create_with_history(TagAssignment, [TagAssignment(paper=PaperFactory(), tag=TagFactory())])
    assert said(desk)[0] == "tagged two"
    assert "added filtered bibstem MNRAS.tmp2" in said(desk)
    assert said(desk).index("added filtered bibstem MNRAS.tmp2") < said(desk).index(f"blocked {A}")


def test_change_is_told_from_what_to_what(desk):
    rule = SearchRule.objects.get(name="VLTI")
    tag, paper = TagFactory(name="MIRC"), PaperFactory(bibcode=A)
    old, new = TagFactory(name="CHARA"), TagFactory(name="NPOI")
    tag.parents.add(old)
    tag.category = CategoryFactory(name="Instrument")
    tag.save()
    tag.parents.set([new])
    rule.save()
    rule.active = False
    rule.save()
    TagAssignment.objects.create(paper=paper, tag=tag)
    page = text(desk.get(PAGE))
    assert "active: <del>yes</del> → <ins>no</ins>" in page
    assert "category: <del>Facility</del> → <ins>Instrument</ins>" in page
    assert "parents: <del>CHARA</del> → <ins>nothing</ins>" in page
    assert "parents: <del>nothing</del> → <ins>NPOI</ins>" in page
    assert "<strong>2020A&amp;A...641A..85C, MIRC</strong>" in page


def test_all_that_happened_to_one_bibcode(desk, ada):
    other = PaperFactory(bibcode="2019A&A...641A..85C", tags=[TagFactory()])
    candidate = Candidate.objects.create(bibcode=A, title="A star", year=2020)
    paper = curation.accept(candidate, [TagFactory(name="VLTI")], ada)
    paper = Paper.objects.get(bibcode=A)
    TagAssignment.objects.create(paper=paper, tag=TagFactory(name="Keck"))
    BlocklistEntry.objects.create(bibcode=A)
    found = said(desk, object=A)
    assert found[0] == f"added blocklist entry {A}"
    assert found[1] == f"added tag assignment {A}, Keck"
    assert f"accepted {A}" in found
    assert f"added candidate {A}" in found
    assert not any(other.bibcode in entry for entry in found)
    # One that is nothing here any more, by its bibcode.
    Candidate.objects.create(bibcode="2018A&A...641A..85C", year=2018).delete()
    assert said(desk, object="2018A&A...641A..85C") == [
        "removed candidate 2018A&A...641A..85C", "added candidate 2018A&A...641A..85C",
    ]  # fmt: skip


def test_tags_and_targets_are_found_by_name_and_rows_by_the_link_of_their_history(desk):
    tag, target = TagFactory(name="VLTI"), TargetFactory(name="HD 39801")
    TagAssignment.objects.create(paper=PaperFactory(bibcode=A), tag=tag)
    assert said(desk, object="vlti") == [f"added tag assignment {A}, VLTI", "added tag VLTI"]
    assert said(desk, object="hd39801") == ["added target HD 39801"]
    assert said(desk, kind="tag", key=tag.pk) == said(desk, object="VLTI")
    link = f"?kind=tag&amp;key={tag.pk}"
    assert link in text(desk.get(reverse("admin:publications_tag_history", args=[tag.pk])))
    assert target.pk


def test_person_kind_and_dates_narrow_it(desk, curator, ada):
    curation.block(Candidate.objects.create(bibcode=A, year=2020), "only-cites", "", ada)
    with act("mine", curator):
        SearchRule.objects.get(name="VLTI").save()
    assert said(desk, person="ada") == [f"blocked {A}"]
    assert said(desk, kind="searchrule")[0] == "mine"
    assert f"blocked {A}" not in said(desk, kind="searchrule")
    assert f"blocked {A}" in said(desk, kind="blocklistentry")
    Act.objects.filter(by=ada).update(at=timezone.now() - timedelta(days=5))
    day = (timezone.now() - timedelta(days=4)).date()
    assert f"blocked {A}" not in said(desk, since=day)
    assert said(desk, until=day) == [f"blocked {A}"]


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"person": "nobody"}, "nobody with the name “nobody”"),
        ({"kind": "user"}, "not one of the available choices"),
        ({"since": "yesterday"}, "Enter a valid date"),
        ({"key": "x"}, "Enter a whole number"),
    ],
)
def test_bad_question_is_told_and_answered_with_nothing(desk, asked, told):
    answer = desk.get(PAGE, asked)
    assert answer.status_code == 400
    assert told in text(answer)
    assert "entries" not in answer.context


@pytest.mark.parametrize("after", ["x", "2026-01-01~0~1", "2026-01-01T00:00:00+00:00~0~99999999999999999999"])
def test_made_up_place_is_not_found(desk, after):
    assert desk.get(PAGE, {"after": after}).status_code == 404


def test_pages_lead_through_everything_once_though_many_have_one_moment(desk, ada):
    tags = [TagFactory() for _ in range(120)]
    for number in range(30):
        with act(f"act {number}", ada):
            SearchRule.objects.get(name="VLTI").save()
    moment = timezone.now()
    Act.objects.update(at=moment)
    Tag.history.update(history_date=moment)
    found, query = [], ""
    while query is not None:
        answer = desk.get(f"{PAGE}?{query}")
        for entry in answer.context["entries"]:
            single = not isinstance(entry, Act)
            found.append((entry.kind, entry.state.pk) if single else ("act", entry.pk))
        query = answer.context["older"]
    assert len(found) == len(set(found))
    assert sum(kind == "tag" for kind, _ in found) == len(tags)
    assert sum(kind == "act" for kind, _ in found) == 30


def test_page_asks_as_many_queries_for_50_of_each_as_for_one(desk, ada, django_assert_max_num_queries):
    def grow(number):
        for _ in range(number):
            tag = TagFactory()
            tag.name += "x"
            tag.save()
            TagAssignment.objects.create(paper=PaperFactory(), tag=tag)
            with act("rule", ada):
                SearchRule.objects.get(name="VLTI").save()

    grow(1)
    desk.get(PAGE)
    with django_assert_max_num_queries(60) as asked:
        desk.get(PAGE)
    at_one = len(asked)
    grow(49)
    with django_assert_max_num_queries(at_one):
        desk.get(PAGE)


def test_act_is_undone_after_a_look_at_what_comes_back(desk, ada, curator):
    curation.block(Candidate.objects.create(bibcode=A, year=2020), "only-cites", "", ada)
    made = Act.objects.get()
    assert "status: <del>pending</del> → <ins>blocked</ins>" in text(
        desk.get(reverse("admin:act", args=[made.pk]))
    )
    address = reverse("admin:act-undo", args=[made.pk])
    preview = text(desk.get(address))
    assert "status: <del>blocked</del> → <ins>pending</ins>" in preview
    assert f"goes: <strong>{A.replace('&', '&amp;')}</strong>" in preview
    assert BlocklistEntry.objects.exists()

    desk.post(address)

    assert not BlocklistEntry.objects.exists()
    assert Candidate.objects.get().status == "pending"
    assert Act.objects.get(undoes=made).by == curator
    assert "undone by curator" in text(desk.get(PAGE))
    assert "was undone by curator already" in text(desk.post(address, follow=True))


def test_undo_that_cannot_be_is_told_with_its_reason(desk, ada):
    candidate = Candidate.objects.create(bibcode=A, year=2020)
    curation.block(candidate, "only-cites", "", ada)
    entry = BlocklistEntry.objects.get()
    entry.note = "a comment of later"
    entry.save()
    answer = desk.post(reverse("admin:act-undo", args=[Act.objects.get().pk]), follow=True)
    assert "was changed since" in text(answer)
    assert BlocklistEntry.objects.exists()


def test_what_a_person_may_not_look_at_is_not_told_and_not_undone(client, curator, ada, django_user_model):
    with act("made a category", ada):
        CategoryFactory(name="Secret")
    HiddenTagFactory(name="Aspro")
    made = Act.objects.get()
    client.force_login(curator)
    assert "Undo …" not in text(client.get(reverse("admin:act", args=[made.pk])))
    answer = client.post(reverse("admin:act-undo", args=[made.pk]), follow=True)
    assert "what you may not change" in text(answer)

    guest = django_user_model.objects.create_user("guest", is_staff=True)
    guest.user_permissions.set(Permission.objects.filter(codename__in=["view_act", "view_candidate"]))
    client.force_login(guest)
    assert said(client) == []
    assert "Secret" not in text(client.get(reverse("admin:act", args=[made.pk])))


def test_htmx_gets_the_lines_only(desk, ada):
    curation.block(Candidate.objects.create(bibcode=A, year=2020), "only-cites", "", ada)
    part = desk.get(reverse("admin:act", args=[Act.objects.get().pk]), headers={"HX-Request": "true"})
    assert "<html" not in text(part)
    assert "Blocklist entry: 1" in text(part)
