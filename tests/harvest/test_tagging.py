"""The grid: each tick gives or takes one tag and nothing else."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from harvest.models import AdsSearch, HarvestRun
from harvest.vocabulary.changes import carry_out
from harvest.vocabulary.merging import Merge
from harvest.vocabulary.retiring import Retire
from harvest.vocabulary.searching import search_ads
from publications.models import Act, TagAssignment
from publications.undo import undo
from tests.factories import CategoryFactory, PaperFactory, TagFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tags():
    instrument = CategoryFactory(name="Instrument")
    return [TagFactory(name=name, category=instrument) for name in ("GRAVITY", "PIONIER", "MIRC-X")]


def address(tags, query=""):
    return reverse("admin:grid", args=[tags[0].category_id]) + (f"?{query}" if query else "")


def cell(paper, tag):
    return f"{paper.pk}-{tag.pk}"


def names(paper):
    return set(paper.tags.values_list("name", flat=True))


def rows(response):
    return [paper.bibcode for paper, _, _ in response.context["rows"]]


def test_tick_gives_one_tag_as_an_act_and_the_next_one_takes_it(desk, curator, tags):
    paper = PaperFactory(tags=[tags[1]])
    told = desk.post(address(tags), {"cell": cell(paper, tags[0]), "on": "1"}).json()
    assert told == {"said": f"Tagged {paper.bibcode}: GRAVITY"}
    assert names(paper) == {"GRAVITY", "PIONIER"}
    assert TagAssignment.objects.get(tag=tags[0]).given_by == curator
    desk.post(address(tags), {"cell": cell(paper, tags[0]), "on": "0"})
    assert names(paper) == {"PIONIER"}
    undo(Act.objects.first(), curator)
    assert names(paper) == {"GRAVITY", "PIONIER"}


def test_tick_that_another_curator_was_first_with_changes_nothing(desk, tags):
    paper = PaperFactory(tags=[tags[0]])
    told = desk.post(address(tags), {"cell": cell(paper, tags[0]), "on": "1"}).json()
    assert told["said"] == "It was so already: somebody else did it"
    assert not Act.objects.exists()


def test_saved_page_changes_only_what_was_ticked_anew(desk, tags):
    """Meanwhile another curator gave PIONIER and took GRAVITY, which the page shows as they were."""
    paper, other = PaperFactory(tags=[tags[0]]), PaperFactory()
    shown = desk.get(address(tags)).context["ticked"]
    assert shown == cell(paper, tags[0])
    TagAssignment.objects.create(paper=paper, tag=tags[1])
    TagAssignment.objects.get(paper=paper, tag=tags[0]).delete()
    sent = {"save": "1", "shown": shown, "given": [shown, cell(other, tags[2])]}
    page = desk.post(address(tags), sent, follow=True)
    assert names(paper) == {"PIONIER"}
    assert names(other) == {"MIRC-X"}
    assert page.context["done"].name == f"tagged {other.bibcode}: MIRC-X"
    desk.post(address(tags), {"undo": page.context["done"].pk})
    assert names(other) == set()


@pytest.mark.parametrize("change", ["retired", "merged"])
def test_tag_that_is_gone_meanwhile_is_told_and_the_rest_is_saved(desk, curator, tags, change):
    paper = PaperFactory()
    if change == "retired":
        carry_out(Retire(tags[0]), curator)
    else:
        carry_out(Merge(tags[0], tags[2]), curator)
    gone, kept = cell(paper, tags[0]).split("-")[0] + f"-{gone_key(tags[0])}", cell(paper, tags[1])
    answer = desk.post(address(tags), {"cell": gone, "on": "1"})
    assert answer.status_code == 409
    assert "“GRAVITY”: retired or merged meanwhile" in answer.json()["said"]
    page = desk.post(address(tags), {"save": "1", "shown": "", "given": [gone, kept]}, follow=True)
    assert "“GRAVITY”: retired or merged meanwhile" in page.content.decode()
    assert names(paper) == {"PIONIER"}


def gone_key(tag):
    return tag.pk or tag.history.model.objects.filter(name=tag.name).latest().id


def test_selection_is_that_of_the_site(desk, tags):
    old = PaperFactory(bibcode="2001A&A...540A...1D", tags=[tags[0]])
    new = PaperFactory(bibcode="2012A&A...540A...1D")
    assert rows(desk.get(address(tags))) == [new.bibcode, old.bibcode]
    assert rows(desk.get(address(tags, "year=-2005"))) == [old.bibcode]
    assert rows(desk.get(address(tags, "untagged=instrument"))) == [new.bibcode]
    led = desk.get(address(tags), {"selection": "https://a.site/papers/?tag=gravity&year=-2005"})
    assert led.url.endswith("?tag=gravity&year=-2005")
    refused = desk.get(address(tags, "year=20l2"))
    assert refused.status_code == 400
    assert "year: “20l2” is not a year" in refused.content.decode()


def test_number_of_queries_is_the_same_for_1_and_50_rows(desk, tags):
    PaperFactory(tags=tags)
    counts = []
    for more in (0, 49):
        for _ in range(more):
            PaperFactory(tags=tags)
        with CaptureQueriesContext(connection) as context:
            assert len(rows(desk.get(address(tags, "per_page=50")))) == 1 + more
        counts.append(len(context))
    assert counts[0] == counts[1]


def test_nonsense_is_answered_with_words(desk, tags):
    for sent in (
        {"cell": "x", "on": "1"},
        {"cell": "1-2", "on": "yes"},
        {"cell": "9" * 30 + "-1", "on": "1"},
    ):
        answer = desk.post(address(tags), sent)
        assert answer.status_code == 400
        assert "cell: a paper and a tag are expected" in answer.json()["said"]
    assert desk.post(address(tags), {"save": "1", "shown": "x-y 1", "given": "junk"}).status_code == 302
    refused = desk.get(address(tags, "ads=junk"))
    assert refused.status_code == 400
    assert "ads: there is no search “junk”" in refused.content.decode()
    assert desk.get(address(tags, "page=999")).status_code == 200
    assert desk.post(address(tags), {"cell": "999999-999999", "on": "1"}).status_code == 200


# --- Narrowed by ADS -----------------------------------------------------------------------------


@pytest.fixture
def searched(tags, ads_sandbox):
    """Two papers here, of which ADS finds one by its full text, and one that is not here."""
    here, other = PaperFactory(bibcode="2020A&A...641A..85C"), PaperFactory(bibcode="2020A&A...641A..86C")
    ads_sandbox.add(here.bibcode, body="aperture masking")
    ads_sandbox.add(other.bibcode, body="something else")
    ads_sandbox.add("2021A&A...641A..87C", body="aperture masking")
    return here


def ask(desk, tags, **sent):
    return desk.post(reverse("admin:grid-ads", args=[tags[0].category_id]), sent)


def test_query_to_ads_is_asked_by_a_job_and_narrows_the_grid(desk, curator, tags, ads, searched):
    led = ask(desk, tags, query=' full:"aperture  masking" ', rest="year=2020")
    search = AdsSearch.objects.get()
    assert led.url == address(tags, f"year=2020&ads={search.pk}")
    waits = desk.get(led.url)
    assert waits.context["rows"] == []
    assert "ADS is being asked" in waits.content.decode()
    follows = {"HX-Request": "true"}
    assert "HX-Refresh" not in desk.get(led.url, headers=follows).headers
    search_ads(ads, search, curator)
    HarvestRun.objects.filter(pk=search.run_id).delete()  # no process was there to take it
    assert "HX-Refresh" in desk.get(led.url, headers=follows).headers
    answered = desk.get(led.url)
    assert rows(answered) == [searched.bibcode]
    assert "1 papers here" in answered.content.decode()


def test_query_is_kept_when_ads_is_down_and_asked_again(desk, curator, tags, ads, ads_sandbox, searched):
    led = ask(desk, tags, query='full:"aperture masking"')
    search = AdsSearch.objects.get()
    run = search.run
    run.errors.append("no answer from ADS")
    run.finish(HarvestRun.Status.FAILED)
    page = desk.get(led.url).content.decode()
    assert "ADS could not be asked: no answer from ADS. The query is kept." in page
    ask(desk, tags, again=search.pk)
    search.refresh_from_db()
    assert search.run_id != run.pk
    assert AdsSearch.objects.count() == 1


def test_empty_query_is_refused_with_words(desk, tags):
    refused = desk.get(ask(desk, tags, query=" ").url)
    assert "write it as on ADS" in refused.content.decode()
    assert not AdsSearch.objects.exists()
