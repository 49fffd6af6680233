"""The admin of the public database, as its users meet it: over HTTP."""

import re
from datetime import date

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from harvest import models as harvest
from harvest.models import BlocklistEntry, Candidate, FilteredBibstem
from publications import models
from tests.factories import HiddenTagFactory, PaperFactory, TagFactory, TargetFactory

pytestmark = pytest.mark.django_db

# What each role may do with each model: v(iew) a(dd) c(hange) d(elete). Written by hand from the
# rules: curators tag, link and block; what comes from ADS or from a search changes nowhere here.
MAY = {
    # model: (curator, superuser)
    models.Paper: ("vc", "vc"),
    models.Author: ("v", "v"),
    models.Authorship: ("v", "v"),
    models.Identifier: ("v", "v"),
    models.Keyword: ("v", "v"),
    models.Journal: ("vc", "vc"),
    models.Category: ("vc", "vacd"),
    models.Tag: ("vac", "vacd"),
    models.TagSlug: ("v", "v"),
    models.TagAssignment: ("vad", "vad"),
    models.Target: ("vac", "vacd"),
    models.TargetAlias: ("vacd", "vacd"),
    models.TargetLink: ("vacd", "vacd"),
    models.RemovedLink: ("vd", "vd"),
    models.SimbadReading: ("v", "v"),
    models.Library: ("v", "vacd"),
    models.LibraryEntry: ("v", "v"),
    models.SourceRecord: ("v", "v"),
    BlocklistEntry: ("vacd", "vacd"),
    FilteredBibstem: ("vacd", "vacd"),
    Candidate: ("v", "v"),
    harvest.ConsistencyRule: ("vc", "vacd"),
    harvest.Waiver: ("vd", "vd"),
    harvest.Explanation: ("vd", "vd"),
    harvest.SearchRule: ("vacd", "vacd"),
    harvest.SoftwareGroup: ("vacd", "vacd"),
    harvest.HarvestRun: ("v", "v"),
    harvest.EndpointQuota: ("v", "v"),
    harvest.SyncPlan: ("v", "v"),
    harvest.TagReview: ("v", "vd"),
    harvest.PaperFlag: ("vd", "vd"),
    harvest.Suggestion: ("vd", "vd"),
    User: ("", "vacd"),
    Group: ("", "vacd"),
}
WITH_HISTORY = {
    models.Paper, models.Category, models.Tag, models.TagSlug, models.TagAssignment,
    models.Target, models.TargetLink, BlocklistEntry, FilteredBibstem, Candidate,
    harvest.SearchRule, harvest.SoftwareGroup, harvest.ConsistencyRule, harvest.Waiver, harvest.Explanation,
    harvest.TagReview,
}  # fmt: skip

# The state of the data, the index of the search, who signed in and last looked when; and what pages of
# the desk show: acts, pasted lists, searches.
FOR_ITSELF = {
    "AdsSearch",
    "DataState",
    "SearchText",
    "KnownWord",
    "SignInAttempt",
    "DeskVisit",
    "Act",
    "PastedList",
    "NameLookup",
}


def make(model, number=1):
    """A saved row of ``model`` on which no other row depends; another one for each ``number``."""
    bibcode = f"2015A&A...{number:>3}A...1M".replace(" ", ".")
    author = models.Author.spelled(f"Dupont, {'A' * number}")
    keyword = models.Keyword.spelled(f"stars {number}")
    rows = {
        models.Author: lambda: author,
        models.Keyword: lambda: keyword,
        models.Journal: lambda: models.Journal(bibstem=f"J{number}"),
        models.Identifier: lambda: models.Identifier(paper=PaperFactory(), value=f"10.1/{number}"),
        models.Category: lambda: models.Category(name=f"Category {number}"),
        models.TagSlug: lambda: models.TagSlug(slug=f"old-{number}", tag=TagFactory()),
        models.TagAssignment: lambda: models.TagAssignment(paper=PaperFactory(), tag=TagFactory()),
        models.TargetAlias: lambda: models.TargetAlias(target=TargetFactory(), name=f"HR {number}"),
        models.TargetLink: lambda: models.TargetLink(
            paper=PaperFactory(), target=TargetFactory(), kind="listed"
        ),
        models.RemovedLink: lambda: models.RemovedLink(paper=PaperFactory(), target=TargetFactory()),
        models.SimbadReading: lambda: models.SimbadReading(paper=PaperFactory(), read_at=timezone.now()),
        models.Library: lambda: models.Library(name=f"library {number}", tag=TagFactory()),
        models.SourceRecord: lambda: models.SourceRecord(
            source="jmdc", bibcode=bibcode, paper=PaperFactory()
        ),
        BlocklistEntry: lambda: BlocklistEntry(
            bibcode=bibcode, blocked_by=User.objects.create(username=f"blocker {number}")
        ),
        FilteredBibstem: lambda: FilteredBibstem(bibstem=f"J.tmp{number}"),
        Candidate: lambda: Candidate(bibcode=bibcode, title="A candidate", year=2015),
        harvest.ConsistencyRule: lambda: harvest.ConsistencyRule(
            number=f"2{number}", name="Two tags", condition="number of tags is 2"
        ),
        harvest.Waiver: lambda: harvest.Waiver(
            rule=harvest.ConsistencyRule.objects.first(), paper=PaperFactory(), reason="an old instrument"
        ),
        harvest.Explanation: lambda: harvest.Explanation(gap="oidb", bibcode=bibcode, reason="a poster"),
        harvest.SearchRule: lambda: harvest.SearchRule(name=f"rule {number}", kind="global", query="full:x"),
        harvest.SoftwareGroup: lambda: harvest.SoftwareGroup(name=f"group {number}", tag_name="Aspro"),
        harvest.HarvestRun: lambda: harvest.HarvestRun(job="harvest", status="done"),
        harvest.EndpointQuota: lambda: harvest.EndpointQuota(endpoint=f"search {number}"),
        harvest.SyncPlan: lambda: harvest.SyncPlan(
            library=models.Library.objects.create(name=f"library {number}")
        ),
        harvest.TagReview: lambda: harvest.TagReview(
            paper=PaperFactory(), rule=harvest.SearchRule.objects.first(), query="full:x"
        ),
        harvest.PaperFlag: lambda: harvest.PaperFlag(paper=PaperFactory(), kind="vanished"),
        harvest.Suggestion: lambda: harvest.Suggestion(kind="paper", identifier=bibcode),
        User: lambda: User(username=f"user {number}"),
        Group: lambda: Group(name=f"group {number}"),
    }
    made = {
        models.Paper: lambda: PaperFactory(authors=[author.name], tags=[TagFactory()]),
        models.Tag: lambda: with_parent(TagFactory()),
        models.Target: TargetFactory,
    }
    if model in made:
        return made[model]()
    if model is models.Authorship:
        author.save()
        row = models.Authorship(paper=PaperFactory(), author=author, position=1)
    elif model is models.LibraryEntry:
        row = models.LibraryEntry(
            library=models.Library.objects.create(name=f"library {number}"), bibcode=bibcode
        )
    else:
        row = rows[model]()
    row.save()
    return row


def with_parent(tag):
    tag.parents.add(TagFactory())
    return tag


def address(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def client_of(role, **options):
    """A browser of ``role``; accounts are made without the slow hashing of a password."""
    client = Client(**options)
    if role != "anonymous":
        user = User.objects.create(
            username=role, is_staff=role in ("curator", "superuser"), is_superuser=role == "superuser"
        )
        if role == "curator":
            user.groups.add(Group.objects.get(name="curator"))
        client.force_login(user)
    return client


@pytest.fixture
def client_curator(db):
    return client_of("curator")


@pytest.fixture
def client_superuser(db):
    return client_of("superuser")


def pages_of(model, row):
    """``(page, address, right to look, right to save)``; deleting comes last."""
    pages = [
        ("changelist", address(model, "changelist"), "v", "v"),
        ("add", address(model, "add"), "a", "a"),
        ("change", address(model, "change", row.pk), "v", "c"),
        ("history", address(model, "history", row.pk), "v", "v"),
    ]
    if model in WITH_HISTORY:
        state = row.history.latest().pk
        pages.append(("revert", address(model, "simple_history", row.pk, state), "v", "c"))
    return [*pages, ("delete", address(model, "delete", row.pk), "d", "d")]


def short(model):
    return model.__name__


def test_every_model_has_a_list_but_what_the_site_keeps_for_itself():
    ours = {
        model
        for app in ("publications", "harvest")
        for model in apps.get_app_config(app).get_models()
        if not model.__name__.startswith("Historical")
    }

    assert {model.__name__ for model in ours - set(admin.site._registry)} <= FOR_ITSELF
    registered = {
        model
        for model in admin.site._registry
        if model._meta.app_label in ("publications", "harvest", "auth")
    }
    assert registered == set(MAY)
    assert {model for model in MAY if hasattr(model, "history")} == WITH_HISTORY


@pytest.mark.parametrize("model", MAY, ids=short)
@pytest.mark.parametrize("role", ["curator", "superuser"])
def test_staff_may_do_what_the_table_says_and_nothing_else(role, model):
    rights = MAY[model][role == "superuser"]
    row = make(model)
    client = client_of(role)

    for page, url, to_look, to_save in pages_of(model, row):
        for method in (client.put, client.patch, client.delete, client.options):
            assert method(url).status_code == 405, (page, method.__name__)
        looked = client.get(url).status_code
        saved = client.post(url, {"post": "yes"}).status_code
        assert looked == (200 if to_look in rights else 403), (page, "GET")
        assert saved in ((200, 302) if to_save in rights else (403,)), (page, "POST")
    assert model.objects.filter(pk=row.pk).exists() == ("d" not in rights)


@pytest.mark.parametrize("model", MAY, ids=short)
@pytest.mark.parametrize("role", ["anonymous", "stranger"])
def test_everybody_else_is_sent_to_the_sign_in_page(role, model):
    row = make(model)
    client = client_of(role)

    for page, url, _, _ in pages_of(model, row):
        for method in (client.put, client.patch, client.delete):
            assert method(url).status_code == 302, (page, method.__name__)
        looked, sent = client.get(url), client.post(url, {"post": "yes"})
        assert looked.status_code == 302, (page, "GET")
        assert looked.url.startswith("/admin/login/?next="), (page, "GET")
        # The sign-in at once, which takes along what was sent.
        assert sent.status_code == 401, (page, "POST")
        assert 'action="/admin/login/"' in sent.text, (page, "POST")
    assert model.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize("model", MAY, ids=short)
def test_every_change_needs_the_token_of_a_form(model):
    row = make(model)
    client = client_of("superuser", enforce_csrf_checks=True)

    for page, url, _, _ in pages_of(model, row):
        assert client.post(url, {"post": "yes"}).status_code == 403, page
    assert model.objects.filter(pk=row.pk).exists()


def test_a_right_that_was_handed_out_does_not_open_the_accounts():
    client = client_of("curator")
    User.objects.get(username="curator").user_permissions.set(
        Permission.objects.filter(content_type__app_label="auth")
    )

    assert client.get(address(User, "changelist")).status_code == 403
    assert client.get(address(Group, "changelist")).status_code == 403


@pytest.mark.parametrize("model", MAY, ids=short)
def test_a_list_asks_as_many_queries_for_50_rows_as_for_one(
    model, client_superuser, django_assert_max_num_queries
):
    make(model)
    client_superuser.get(address(model, "changelist"))
    with django_assert_max_num_queries(30) as asked:
        client_superuser.get(address(model, "changelist"))
    at_one = len(asked)
    for number in range(2, 51):
        make(model, number)
    with django_assert_max_num_queries(at_one):
        answer = client_superuser.get(address(model, "changelist"))

    assert len(answer.context["cl"].result_list) >= 50


INLINE = re.compile(
    r"""<script(?![^>]*\b(?:src=|type="application/json"))|<style|\sstyle\s*=|<[^>]+\son[a-z]+\s*=|javascript:""",
    re.IGNORECASE,
)


@pytest.mark.parametrize("model", MAY, ids=short)
def test_pages_keep_the_strict_content_security_policy(model, client_superuser):
    row = make(model)
    urls = [url for _, url, right, _ in pages_of(model, row) if right in MAY[model][1]]

    for url in [*urls, reverse("admin:index"), address(model, "changelist") + "?q=x"]:
        answer = client_superuser.get(url)
        assert "script-src 'self'" in answer["Content-Security-Policy"]
        assert not INLINE.search(answer.content.decode()), url


def test_the_pages_of_an_account_keep_the_strict_content_security_policy(client_curator):
    for url in (reverse("admin:password_change"), reverse("admin:index")):
        assert not INLINE.search(client_curator.get(url).content.decode()), url
    assert not INLINE.search(Client().get(reverse("admin:login")).content.decode())


@pytest.mark.parametrize(
    "query", ["added__year=99999", "added__year=0", "tags=x", "authorships__author=x", "e=1"]
)
def test_a_malformed_address_of_a_list_is_no_failure(query, client_curator):
    answer = client_curator.get(address(models.Paper, "changelist") + "?" + query, follow=True)

    assert answer.status_code == 200


def test_the_pages_bear_the_name_of_the_site(client_curator):
    page = client_curator.get(reverse("admin:index")).content.decode()

    assert "OLBIN Publications" in page
    assert "Django administration" not in page


# --- Searching ------------------------------------------------------------------------------------


@pytest.fixture
def merand():
    return PaperFactory(
        bibcode="2015A&A...584A..80M", title="Étude of δ Cephei", authors=["Mérand, Antoine", "Kervella, P."]
    )


@pytest.mark.parametrize(
    "words",
    ["Mérand", "merand", "MÉRAND", "Mérand, A", "kervella merand", "étude", "delta Cephei", "2015A&A...584",
     "2015a&a", "Mérand\0"],
)  # fmt: skip
def test_a_paper_is_found_by_folded_author_title_and_bibcode(words, merand, client_curator):
    PaperFactory(bibcode="2012ApJ...700....1X", title="Another", authors=["Smith, J."])
    answer = client_curator.get(address(models.Paper, "changelist"), {"q": words.rstrip("\0")})

    assert [paper.bibcode for paper in answer.context["cl"].result_list] == ["2015A&A...584A..80M"]


def test_a_paper_is_found_by_doi_and_by_an_old_bibcode(merand, client_curator):
    models.Identifier.of(merand, "2015arXiv151001940M").save()
    models.Identifier.of(merand, "10.1051/0004-6361/201527207").save()

    for words in ("2015arXiv151001940M", "https://doi.org/10.1051/0004-6361/201527207"):
        answer = client_curator.get(address(models.Paper, "changelist"), {"q": words})
        assert list(answer.context["cl"].result_list) == [merand], words


@pytest.mark.parametrize(
    ("model", "words", "found"),
    [
        (models.Author, "merand", "Mérand, Antoine"),
        (models.Target, "alpha ori", "* alf Ori"),
        (models.Target, "α Ori", "* alf Ori"),
        (models.Tag, "mirc-x", "MIRC-X"),
    ],
)
def test_names_are_found_however_they_are_spelled(model, words, found, merand, client_curator):
    TargetFactory(name="* alf Ori")
    TargetFactory(name="HD 1")
    TagFactory(name="MIRC-X")
    TagFactory(name="Other")
    answer = client_curator.get(address(model, "changelist"), {"q": words})

    assert [str(row) for row in answer.context["cl"].result_list] == [found]


@pytest.mark.parametrize(
    ("field", "term", "found"), [("tag", "pion\0", "PIONIER"), ("target", "α ori", "Betelgeuse")]
)
def test_completion_finds_tags_and_targets_and_survives_a_zero_byte(field, term, found, client_curator):
    TagFactory(name="PIONIER")
    models.TargetAlias.objects.create(target=TargetFactory(name="Betelgeuse"), name="* alf Ori")
    model = "tagassignment" if field == "tag" else "targetlink"
    answer = client_curator.get(
        reverse("admin:autocomplete"),
        {"app_label": "publications", "model_name": model, "field_name": field, "term": term},
    )

    assert [result["text"] for result in answer.json()["results"]] == [found]


@pytest.mark.parametrize("model", [models.Author, models.Keyword, models.Journal, models.Tag, models.Target])
def test_a_count_of_papers_leads_to_these_papers(model, client_curator):
    paper = PaperFactory(authors=["Mérand, A."], keywords=["stars"], tags=[TagFactory()])
    models.TargetLink.objects.create(paper=paper, target=TargetFactory(), kind="listed")
    PaperFactory(bibcode="2012ApJ...700....1X")
    page = client_curator.get(address(model, "changelist"), {"q": "A&A"} if model is models.Journal else {})
    url = re.search(r'href="(/admin/publications/paper/\?[^"]+)">1</a>', page.content.decode())[1]

    assert list(client_curator.get(url.replace("&amp;", "&")).context["cl"].result_list) == [paper]


# --- Papers ---------------------------------------------------------------------------------------


def inlines(**rows):
    """The fields of the two inlines of a paper, without existing rows."""
    data = {}
    for prefix in ("assignments", "target_links"):
        data |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return data | {name.replace("__", "-"): value for name, value in rows.items()}


def test_a_paper_page_shows_its_metadata_and_lets_nobody_edit_it(merand, client_curator):
    merand.keywords.add(make(models.Keyword))
    answer = client_curator.get(address(models.Paper, "change", merand.pk))
    page = answer.content.decode()

    for text in ("Mérand, Antoine; Kervella, P.", "stars 1", "2015A&amp;A...584A..80M", "Étude of δ Cephei"):
        assert text in page
    assert not answer.context["adminform"].form.fields


def test_a_given_tag_carries_the_curator_and_a_given_target_is_curated(merand, client_curator):
    tag, target = TagFactory(), TargetFactory()
    other = User.objects.create(username="other")
    answer = client_curator.post(
        address(models.Paper, "change", merand.pk),
        inlines(
            assignments__TOTAL_FORMS="1", assignments__0__tag=tag.pk, assignments__0__given_by=other.pk,
            target_links__TOTAL_FORMS="1", target_links__0__target=target.pk,
            target_links__0__kind="measured",
        ),
    )  # fmt: skip

    assert answer.status_code == 302
    assignment, link = merand.assignments.get(), merand.target_links.get()
    assert (assignment.tag, assignment.given_by.username) == (tag, "curator")
    assert assignment.history.get().history_user.username == "curator"
    assert (link.target, link.kind) == (target, "curated")


def test_a_tag_is_taken_off_a_paper_and_the_history_says_by_whom(merand, client_curator):
    assignment = models.TagAssignment.objects.create(paper=merand, tag=TagFactory())
    answer = client_curator.post(
        address(models.Paper, "change", merand.pk),
        inlines(
            assignments__TOTAL_FORMS="1", assignments__INITIAL_FORMS="1",
            assignments__0__id=assignment.pk, assignments__0__paper=merand.pk, assignments__0__DELETE="on",
        ),
    )  # fmt: skip

    assert answer.status_code == 302
    assert not merand.assignments.exists()
    last = models.TagAssignment.history.latest()
    assert (last.history_type, last.history_user.username) == ("-", "curator")


def test_a_tag_or_target_that_the_paper_got_meanwhile_is_refused_in_words(merand, client_curator):
    tag, target = TagFactory(name="MIRC"), TargetFactory(name="HD 1")
    models.TagAssignment.objects.create(paper=merand, tag=tag)
    models.TargetLink.objects.create(paper=merand, target=target, kind="listed")
    alone = client_curator.post(address(models.TagAssignment, "add"), {"paper": merand.pk, "tag": tag.pk})
    on_page = client_curator.post(
        address(models.Paper, "change", merand.pk),
        inlines(
            assignments__TOTAL_FORMS=1, assignments__0__tag=tag.pk,
            target_links__TOTAL_FORMS=1, target_links__0__target=target.pk,
        ),
    ).content.decode()  # fmt: skip

    assert "already exists" in alone.content.decode()
    assert "the paper has the tag “MIRC” already" in on_page
    assert "the paper has the target “HD 1” already" in on_page
    assert (merand.assignments.count(), merand.target_links.count()) == (1, 1)


def test_a_tag_given_twice_at_once_is_refused_in_words(merand, client_curator):
    tag = TagFactory(name="MIRC")
    page = client_curator.post(
        address(models.Paper, "change", merand.pk),
        inlines(assignments__TOTAL_FORMS=2, assignments__0__tag=tag.pk, assignments__1__tag=tag.pk),
    ).content.decode()

    assert "duplicate data for tag" in page
    assert not merand.assignments.exists()


def test_a_tag_that_is_gone_is_refused_in_words(merand, client_curator):
    answer = client_curator.post(
        address(models.Paper, "change", merand.pk),
        inlines(assignments__TOTAL_FORMS=1, assignments__0__tag=999999),
    )

    assert "Select a valid choice" in answer.content.decode()


def test_hidden_categories_are_marked_internal(merand, client_curator):
    tag = HiddenTagFactory(name="SearchCal")
    models.TagAssignment.objects.create(paper=merand, tag=tag)

    for url in (
        address(models.Paper, "change", merand.pk),
        address(models.Tag, "changelist"),
        address(models.Tag, "change", tag.pk),
        address(models.TagAssignment, "changelist"),
    ):
        assert "JMMC (internal)" in client_curator.get(url).content.decode(), url
    assert ">internal<" in client_curator.get(address(models.Category, "changelist")).content.decode()


@pytest.mark.parametrize("model", [models.Paper, models.Tag, models.Journal, models.Target])
def test_a_page_leads_to_its_public_page(model, client_curator):
    page = client_curator.get(address(model, "change", make(model).pk)).content.decode()

    assert re.search(r'href="/admin/r/\d+/\d+/" class="viewsitelink"', page)


@pytest.mark.parametrize("model", [models.Paper, models.Tag, models.Journal])
def test_the_link_to_the_public_page_arrives_there(model, client_curator):
    row = make(model)
    page = client_curator.get(address(model, "change", row.pk)).content.decode()
    answer = client_curator.get(re.search(r'href="(/admin/r/\d+/\d+/)"', page)[1])

    assert answer.url == "http://testserver" + row.get_absolute_url()
    assert client_curator.get(answer.url).status_code == 200


def test_a_history_shows_who_changed_what(client_curator):
    tag = TagFactory(name="MIRC")
    client_curator.post(address(models.Tag, "change", tag.pk), tag_form(tag, name="MIRC-X"))
    page = client_curator.get(address(models.Tag, "history", tag.pk)).content.decode()

    assert re.search(r"<td>curator</td>", page)
    assert re.search(r"<strong>Name:</strong>\s+MIRC → MIRC-X", page)


# --- Vocabulary -----------------------------------------------------------------------------------


def tag_form(tag, **changed):
    form = {"category": tag.category_id, "name": tag.name, "position": 0, "parents": []}
    return form | changed


def test_a_renamed_tag_keeps_its_slug(client_curator):
    tag = TagFactory(name="MIRC")
    client_curator.post(address(models.Tag, "change", tag.pk), tag_form(tag, name="MIRC-X", slug="new"))
    tag.refresh_from_db()

    assert (tag.name, tag.slug) == ("MIRC-X", "mirc")


def test_a_tag_is_never_above_itself(client_curator):
    top, middle, low = TagFactory(name="top"), TagFactory(name="middle"), TagFactory(name="low")
    middle.parents.add(top)
    low.parents.add(middle)
    answer = client_curator.post(address(models.Tag, "change", top.pk), tag_form(top, parents=[low.pk]))

    assert "“top” would be above itself" in answer.content.decode()
    assert not top.parents.exists()


def test_a_tag_that_papers_carry_cannot_be_deleted_and_the_page_says_why(client_superuser):
    tag = TagFactory(name="PIONIER")
    PaperFactory(tags=[tag])
    PaperFactory(tags=[tag])
    one = client_superuser.post(address(models.Tag, "delete", tag.pk), {"post": "yes"})
    many = client_superuser.post(
        address(models.Tag, "changelist"),
        {"action": "delete_selected", "_selected_action": [tag.pk], "post": "yes"},
    )

    for answer in (one, many):
        assert "“PIONIER” is on 2 papers: take it off them first" in answer.content.decode()
    assert models.Tag.objects.filter(pk=tag.pk).exists()


def test_an_assignment_made_alone_carries_the_curator(merand, client_curator):
    client_curator.post(address(models.TagAssignment, "add"), {"paper": merand.pk, "tag": TagFactory().pk})

    assert merand.assignments.get().given_by.username == "curator"


# --- Targets --------------------------------------------------------------------------------------


def target_form(name, *aliases):
    data = {"name": name, "aliases-TOTAL_FORMS": len(aliases), "aliases-INITIAL_FORMS": 0}
    return data | {f"aliases-{n}-name": alias for n, alias in enumerate(aliases)}


def test_a_target_is_added_with_its_aliases(client_curator):
    client_curator.post(address(models.Target, "add"), target_form("Betelgeuse", "* alf Ori", "HD 39801"))

    assert sorted(models.TargetAlias.objects.values_list("key", flat=True)) == [
        "alphaori", "betelgeuse", "hd39801",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "aliases", "message"),
    [
        ("HD39801", [], "“HD39801” is a name of the target HD 39801 already"),
        ("New", ["hd 39801"], "“hd 39801” is a name of the target HD 39801 already"),
        ("New", ["NEW"], "“NEW” is a name of this target already"),
        ("New", ["HR 1", "HR1"], "“HR1” is a name of this target already"),
        ("***", [], "“***” has no letter or digit to find it by"),
    ],
)
def test_a_name_belongs_to_one_target(name, aliases, message, client_curator):
    TargetFactory(name="HD 39801")
    answer = client_curator.post(address(models.Target, "add"), target_form(name, *aliases))

    assert message in answer.content.decode()
    assert models.Target.objects.count() == 1


def test_an_alias_stays_unique_when_it_is_spelled_anew(client_curator):
    target = TargetFactory(name="HD 39801")
    alias = models.TargetAlias.objects.create(target=target, name="HR 2061")
    url = address(models.TargetAlias, "change", alias.pk)
    refused = client_curator.post(url, {"target": target.pk, "name": "HD39801"})
    client_curator.post(url, {"target": target.pk, "name": "HR2061"})
    alias.refresh_from_db()

    assert "“HD39801” is a name of the target HD 39801 already" in refused.content.decode()
    assert alias.name == "HR2061"


def test_the_own_name_of_a_target_stays_among_its_aliases(client_curator):
    target = TargetFactory(name="HD 39801")
    alias = target.aliases.get()
    form = target_form("HD 39801", "HD 39801") | {
        "aliases-INITIAL_FORMS": 1, "aliases-0-id": alias.pk, "aliases-0-target": target.pk,
        "aliases-0-DELETE": "on",
    }  # fmt: skip
    answer = client_curator.post(address(models.Target, "change", target.pk), form)

    assert "“HD 39801” is the target&#x27;s own name" in answer.content.decode()
    assert target.aliases.exists()


@pytest.mark.parametrize(("ra", "dec"), [("360", "0"), ("10", "90.5"), ("10", "")])
def test_a_position_off_the_sky_or_half_known_is_refused(ra, dec, client_curator):
    answer = client_curator.post(address(models.Target, "add"), target_form("X 1") | {"ra": ra, "dec": dec})

    assert answer.status_code == 200
    assert answer.context["errors"]
    assert not models.Target.objects.exists()


def test_a_link_made_alone_is_curated_and_a_found_one_can_be_confirmed(merand, client_curator):
    found = models.TargetLink.objects.create(paper=merand, target=TargetFactory(), kind="listed", mentions=3)
    client_curator.post(address(models.TargetLink, "add"), {"paper": merand.pk, "target": TargetFactory().pk})
    client_curator.post(
        address(models.TargetLink, "changelist"), {"action": "confirm", "_selected_action": [found.pk]}
    )
    found.refresh_from_db()

    assert set(merand.target_links.values_list("kind", flat=True)) == {"curated"}
    assert (found.mentions, found.history.latest().history_user.username) == (3, "curator")


# --- History --------------------------------------------------------------------------------------


def test_an_old_state_of_a_tag_comes_back_with_its_parents(client_curator):
    tag, parent = TagFactory(name="MIRC"), TagFactory(name="CHARA")
    url = address(models.Tag, "change", tag.pk)
    client_curator.post(url, tag_form(tag, parents=[parent.pk]))
    then = tag.history.latest().pk
    client_curator.post(url, tag_form(tag, name="MIRC-X"))
    back = address(models.Tag, "simple_history", tag.pk, then)
    form = client_curator.get(back).context["adminform"].form
    shown = {name: form[name].value() for name in ("category", "name", "position", "parents")}
    answer = client_curator.post(back, shown)
    tag.refresh_from_db()

    assert answer.status_code == 302
    assert (tag.name, [*tag.parents.all()]) == ("MIRC", [parent])
    assert tag.history.latest().history_user.username == "curator"


def test_an_old_state_of_a_paper_comes_back_and_the_abstract_stays(merand, client_curator):
    merand.abstract = "kept"
    merand.save()
    then = merand.history.latest().pk
    merand.title = "A wrong title"
    merand.save()
    client_curator.post(address(models.Paper, "simple_history", merand.pk, then))
    merand.refresh_from_db()

    assert (merand.title, merand.abstract) == ("Étude of δ Cephei", "kept")
    assert merand.sort_author == "merand antoine"


def test_a_deleted_blocklist_entry_comes_back(client_curator):
    entry = make(BlocklistEntry)
    client_curator.post(address(BlocklistEntry, "delete", entry.pk), {"post": "yes"})
    then = BlocklistEntry.history.earliest().pk
    client_curator.post(
        address(BlocklistEntry, "simple_history", entry.pk, then),
        {"bibcode": entry.bibcode, "reason": entry.reason},
    )

    assert BlocklistEntry.objects.get().bibcode == entry.bibcode


def test_a_deleted_paper_does_not_come_back_through_its_history(merand, client_superuser):
    pk = merand.pk
    merand.delete()
    back = address(models.Paper, "simple_history", pk, models.Paper.history.earliest().pk)

    assert b"Revert" not in client_superuser.get(back).content.replace(b"Revert ", b"")
    assert client_superuser.post(back).status_code == 403
    assert not models.Paper.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_state_whose_name_is_taken_is_refused_in_words(client_superuser):
    paper = PaperFactory(bibcode="2015arXiv151001940M")
    then = paper.history.latest().pk
    paper.bibcode = "2015A&A...584A..80M"
    paper.save()
    other = PaperFactory(bibcode="2014ApJ...700....1X")
    models.Paper.objects.filter(pk=other.pk).update(bibcode="2015arXiv151001940M")
    answer = client_superuser.post(address(models.Paper, "simple_history", paper.pk, then))
    paper.refresh_from_db()

    assert "cannot come back" in str(next(iter(get_messages(answer.wsgi_request))))
    assert paper.bibcode == "2015A&A...584A..80M"


@pytest.mark.parametrize("path", ["x/history/", "1/history/x/", "x/history/1/", f"{10**20}/history/"])
def test_a_history_that_is_none_is_not_found(path, client_curator):
    assert client_curator.get("/admin/publications/paper/" + path).status_code == 404


def test_the_history_of_a_deleted_link_of_a_deleted_target_is_not_found(merand, client_superuser):
    link = models.TargetLink.objects.create(paper=merand, target=TargetFactory(), kind="listed")
    link_pk, then = link.pk, link.history.latest().pk
    link.target.delete()

    for url in (
        address(models.TargetLink, "history", link_pk),
        address(models.TargetLink, "simple_history", link_pk, then),
    ):
        assert client_superuser.get(url).status_code == 404
        assert client_superuser.post(url).status_code == 404
    assert not models.TargetLink.objects.exists()


def test_a_history_names_what_is_gone_and_asks_as_many_queries_for_50_states_as_for_two(
    merand, client_curator, django_assert_max_num_queries
):
    gone, kept = TagFactory(name="Gone"), TagFactory(name="Kept")
    assignment = models.TagAssignment.objects.create(paper=merand, tag=gone)
    assignment.tag = kept
    assignment.save()
    gone.delete()
    url = address(models.TagAssignment, "history", assignment.pk)
    client_curator.get(url)
    with django_assert_max_num_queries(30) as asked:
        page = client_curator.get(url).content.decode()
    for _ in range(48):
        assignment.save()
    with django_assert_max_num_queries(len(asked)):
        client_curator.get(url)

    assert "Deleted tag" in page
    assert "Kept" in page


# --- Blocklist ------------------------------------------------------------------------------------


def test_a_blocked_bibcode_carries_who_blocked_it_first(client_curator):
    form = {"bibcode": "2015A&A...584A..80M", "reason": "only-cites"}
    client_curator.post(address(BlocklistEntry, "add"), form)
    entry = BlocklistEntry.objects.get()
    client_of("superuser").post(address(BlocklistEntry, "change", entry.pk), form | {"note": "x"})
    entry.refresh_from_db()

    assert (entry.note, entry.blocked_by.username, entry.blocked_at.date()) == ("x", "curator", date.today())


def test_a_malformed_bibcode_is_refused_in_words(client_curator):
    answer = client_curator.post(
        address(BlocklistEntry, "add"), {"bibcode": "nonsense", "reason": "duplicate"}
    )

    assert answer.context["adminform"].form.errors["bibcode"]
    assert not BlocklistEntry.objects.exists()
