"""No filter, ordering, field, figure or file tells a visitor whether there is anything hidden."""

import re

import pytest
from django.contrib.auth.models import User

from harvest.models import Candidate, Waiver
from harvest.models.consistency import ConsistencyRule
from publications.api import documents
from publications.filters import PaperFilterSet
from publications.models import Library, LibraryEntry, RemovedLink, Tag, TagAssignment, TargetLink
from publications.plots.forms import FORMS
from tests.factories import CategoryFactory, HiddenTagFactory, PaperFactory, TagFactory, TargetFactory

pytestmark = pytest.mark.django_db
# What is hidden below, as a visitor may guess it: slug, name, category, label, library, curator, words.
GUESSES = ["secretly", "hidden", "HIDDEN", "olbin-private", "michelson", "tag:secretly"]
FILES = ["csv", "bib", "ris", "json", "vot", "atom", "xml"]
PAGES = [
    "/", "/papers/", "/tags/", "/targets/", "/targets/hd-39801/", "/authors/", "/journals/", "/additions/",
    "/libraries/", "/ads/queries/", "/statistics/", "/statistics/years.csv", "/categories.json",
    "/vo/links.vot", "/vo/conesearch?RA=10&DEC=-5&SR=1&VERB=3", "/sitemap.xml", "/complete/?q=secr",
    "/papers/2011A&A...540A...1D/", "/papers/2011A&A...540A...1D.json", "/papers/2011A&A...540A...1D.bib",
    "/tags/vlti/", "/tags/secretly/", "/plots/", "/api/", "/api/statistics/", "/api/schema/",
    *(f"/papers.{extension}" for extension in FILES),
    *(f"/plots/{kind}.{suffix}" for kind in FORMS for suffix in ("csv", "svg")),
]  # fmt: skip
LISTS = {
    "papers": documents.PaperDocument, "tags": documents.TagDocument, "targets": documents.TargetDocument,
    "categories": documents.CategoryDocument, "journals": documents.JournalDocument,
    "libraries": documents.LibraryDocument, "statistics": documents.StatisticsDocument,
}  # fmt: skip
PARAMETERS = PaperFilterSet.get_filters()


def addresses():
    yield from PAGES
    for name in PARAMETERS:
        for guess in GUESSES:
            for path in ("/papers.json", "/api/papers/", "/plots/histogram.csv"):
                yield f"{path}?{name}={guess}"
    for word, _ in PARAMETERS["sort"].field.choices:
        yield from (f"{path}?sort={word}" for path in ("/papers.json", "/api/papers/"))
    for name, document in LISTS.items():
        yield from (f"/api/{name}/?fields={field}" for field in document().fields)
    for guess in GUESSES:
        yield from (f"/plots/{kind}.csv?by={guess}" for kind in ("histogram", "pie", "network"))
        yield from (f"/plots/heatmap.csv?x={guess}", f"/plots/histogram.csv?tags={guess}")
        yield from (f"/statistics/years.csv?keep-tag={guess}", f"/api/tags/{guess}/")


def answers(client, asked):
    """``{address: (status, body)}``; but for the moment of the last change, which all may know."""
    found = {}
    for address in asked:
        response = client.get(address)
        body = b"".join(response.streaming_content) if response.streaming else response.content
        if address == "/papers.atom":
            body = re.sub(rb"<updated>[^<]*</updated>", b"", body, count=1)
        found[address] = response.status_code, body
    return found


@pytest.fixture
def papers():
    vlti, chara = TagFactory(name="VLTI"), TagFactory(name="CHARA")
    found = [
        PaperFactory(
            bibcode=f"201{n}A&A...540A...{n}D", tags=tags, authors=["Mérand, A."], keywords=["stars"]
        )
        for n, tags in ((1, []), (2, [vlti]), (3, [vlti, chara]))
    ]
    TagAssignment.objects.update(given_at="2026-03-05T10:00Z")
    PaperFactory(bibcode="2012A&A...540A...1D", tags=[chara], citations=4)
    target = TargetFactory(name="HD 39801")
    TargetLink.objects.create(paper=found[0], target=target, kind="named")
    Library.objects.create(name="olbin", tag=vlti)
    return found


def hide_something(papers):
    curator = User.objects.create_user("michelson", is_staff=True)
    secretly = HiddenTagFactory(name="Secretly", description="Of the secret list")
    CategoryFactory(name="Unused", label="Also hidden", public=False)
    for paper in papers[:2]:
        TagAssignment.objects.create(paper=paper, tag=secretly, given_by=curator)
    Tag.objects.get(name="VLTI").parents.add(secretly)
    private = Library.objects.create(name="olbin-private", tag=secretly, public=False)
    LibraryEntry.objects.create(library=private, bibcode=papers[0].bibcode)
    TagAssignment.objects.filter(tag__name="VLTI").update(given_by=curator)
    other = TargetFactory(name="HD 1")
    RemovedLink.objects.create(paper=papers[1], target=other, removed_by=curator)
    other.delete()
    rule = ConsistencyRule.objects.first()
    Waiver.objects.create(rule=rule, paper=papers[0], reason="Secretly allowed", by=curator)
    Candidate.objects.create(
        bibcode="2020A&A...640A...9X", year=2020, note="michelson asked for it", added_by=curator
    )


def test_no_answer_depends_on_what_is_hidden(client, papers, curator, settings):
    settings.API_RATE = "1000000/min"
    asked = list(addresses())

    before = answers(client, asked)
    hide_something(papers)
    after = answers(client, asked)

    assert [address for address in asked if after[address] != before[address]] == []
    client.force_login(curator)
    assert answers(client, ["/papers.json"])["/papers.json"] != after["/papers.json"], "there is something"
    of_the_api = [address for address in asked if address.startswith("/api/")]
    seen = answers(client, of_the_api)
    assert [address for address in of_the_api if seen[address] != before[address]] == []
