"""Each model in the admin: what a role may do with it, a row of it, its pages, and who opens them."""

from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from harvest import models as harvest
from harvest.models import BlocklistEntry, Candidate, FilteredBibstem
from publications import models
from tests.factories import PaperFactory, TagFactory, TargetFactory

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


def tag_form(tag, **changed):
    form = {"category": tag.category_id, "name": tag.name, "position": 0, "parents": []}
    return form | changed
