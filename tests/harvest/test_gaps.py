"""Gap lists of other databases: the state of each entry, and what a curator does about it."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from harvest import gaps
from harvest.gaps import GAPS, Gaps, explain
from harvest.models import BlocklistEntry, Candidate, Explanation, FilteredBibstem, PastedList
from publications.models import Identifier, Library, LibraryEntry, SourceRecord, TagAssignment
from tests.factories import CategoryFactory, PaperFactory, TagFactory

pytestmark = pytest.mark.django_db


def bibcode(n, bibstem="A&A"):
    return f"2013{bibstem:.<5}.{n:03d}A...1M"


def listed(*bibcodes, source="oidb", **columns):
    for one in bibcodes:
        SourceRecord.objects.create(source=source, bibcode=one, **columns)


def states(slug="oidb"):
    return {entry.bibcode: (entry.state.name, entry.state.why) for entry in Gaps().entries(GAPS[slug])}


def page(slug="oidb"):
    return reverse("admin:gap", args=[slug])


def test_each_entry_has_its_state_also_under_another_identifier(curator):
    FilteredBibstem.objects.get_or_create(bibstem="ASPC")
    new, pending, blocked, early, theirs, kept = (bibcode(n) for n in range(1, 7))
    filtered = bibcode(7, "ASPC")
    listed(new, pending, blocked, early, theirs, filtered, kept)
    Candidate.objects.create(bibcode="2013arXiv130100001M", identifiers=[pending], year=2013)
    BlocklistEntry.objects.create(
        bibcode="2013arXiv130100002M", identifiers=[blocked], reason="only-cites", note="one line"
    )
    BlocklistEntry.objects.create(bibcode=early, reason="not-refereed")
    library = Library.objects.create(name="jmmc-non-interfero")
    LibraryEntry.objects.create(library=library, bibcode=theirs)
    explain(GAPS["oidb"], [kept], "a poster", curator)

    assert states() == {
        new: ("open", ""),
        pending: ("candidate", ""),
        blocked: ("blocked", "only cites interferometry: one line"),
        early: ("not refereed", "not refereed yet"),
        theirs: ("blocked", "on JMMC's list of papers without interferometry"),
        filtered: ("filtered", "ASPC is left out"),
        kept: ("explained", "a poster"),
    }


def test_diameters_are_compared_both_ways():
    tag = TagFactory(name="Stellar diameters", category=CategoryFactory(name="Astrophysical topic"))
    both, measured, tagged = PaperFactory(tags=[tag]), PaperFactory(), PaperFactory(tags=[tag])
    listed(both.bibcode, paper=both, source="jmdc")
    listed(measured.bibcode, paper=measured, source="jmdc")
    occulted = PaperFactory()
    listed(occulted.bibcode, paper=occulted, source="jmdc", interferometric=False)
    assert states("not-tagged") == {measured.bibcode: ("open", "")}
    assert states("not-measured") == {tagged.bibcode: ("open", "")}


def test_explanation_stays_with_a_paper_whose_bibcode_changes(curator):
    tag = TagFactory(name="Stellar diameters", category=CategoryFactory(name="Astrophysical topic"))
    paper = PaperFactory(bibcode="2013arXiv130100001M", tags=[tag])
    explain(GAPS["not-measured"], [paper.bibcode], "by occultation", curator)
    paper.bibcode = bibcode(1)
    paper.save()
    assert Identifier.objects.filter(paper=paper).count() == 2
    assert states("not-measured") == {bibcode(1): ("explained", "by occultation")}


def test_chosen_papers_are_explained_with_a_reason_and_it_is_taken_back(desk, curator):
    listed(bibcode(1), bibcode(2))
    said = desk.post(page(), {"explain": "1", "bibcode": bibcode(1)}, follow=True).content.decode()
    assert "say why" in said.casefold()
    answer = desk.post(page(), {"explain": "1", "bibcode": bibcode(1), "reason": "a poster"}, follow=True)
    assert states()[bibcode(1)] == ("explained", "a poster")
    assert Explanation.objects.get().by == curator
    assert answer.context["done"].name.endswith("a poster")
    desk.post(page(), {"take-back": "1", "bibcode": bibcode(1)})
    assert states()[bibcode(1)] == ("open", "")


def test_chosen_papers_are_blocked_with_a_code_candidates_too(desk, curator):
    candidate = Candidate.objects.create(bibcode=bibcode(1), year=2013)
    listed(bibcode(1), bibcode(2), bibcode(3))
    sent = {"block": "1", "code": "only-cites", "reason": "a remark", "bibcode": [bibcode(1), bibcode(2)]}
    answer = desk.post(page(), sent, follow=True)
    candidate.refresh_from_db()
    assert (candidate.status, candidate.decided_by) == ("blocked", curator)
    assert set(BlocklistEntry.objects.values_list("bibcode", "reason", "note", "blocked_by")) == {
        (bibcode(n), "only-cites", "a remark", curator.pk) for n in (1, 2)
    }
    desk.post(page(), {"undo": answer.context["done"].pk})
    assert {name for name, _ in states().values()} == {"candidate", "open"}
    said = desk.post(page(), sent | {"code": "uncurated"}, follow=True).content.decode()
    assert "is no reason to block" in said


def test_papers_that_jmdc_measured_get_their_tag(desk):
    tag = TagFactory(name="Stellar diameters", category=CategoryFactory(name="Astrophysical topic"))
    paper = PaperFactory()
    listed(paper.bibcode, paper=paper, source="jmdc")
    desk.post(page("not-tagged"), {"tag": "1", "bibcode": paper.bibcode})
    assert TagAssignment.objects.get(paper=paper).tag == tag
    assert states("not-tagged") == {}


def test_csv_has_a_row_for_each_entry(desk, curator):
    listed(bibcode(1), bibcode(2))
    explain(GAPS["oidb"], [bibcode(2)], 'a "poster", only', curator)
    answer = desk.get(reverse("admin:gap-csv", args=["oidb"]))
    assert list(csv.reader(io.StringIO(answer.content.decode()))) == [
        ["bibcode", "state", "why", "here"],
        [bibcode(1), "open", "", ""],
        [bibcode(2), "explained", 'a "poster", only', ""],
    ]


def test_list_can_be_narrowed_to_a_state(desk):
    listed(bibcode(1), bibcode(2))
    BlocklistEntry.objects.create(bibcode=bibcode(2), reason="duplicate")
    shown = desk.get(page(), {"state": "open"})
    assert [entry.bibcode for entry in shown.context["page"]] == [bibcode(1)]
    assert desk.get(page("junk")).status_code == 404
    assert desk.post(page(), {"nothing": "1"}).status_code == 302


@pytest.mark.parametrize("name", ["gaps", "gap", "gap-csv"])
def test_number_of_queries_is_the_same_for_1_and_50_rows(desk, name):
    address = reverse(f"admin:{name}", args=[] if name == "gaps" else ["oidb"])
    counts = []
    for numbers in ([1], range(2, 51)):
        listed(*(bibcode(n) for n in numbers))
        with CaptureQueriesContext(connection) as context:
            assert desk.get(address).status_code == 200
        counts.append(len(context))
    assert counts[0] == counts[1]


def test_paper_that_somebody_blocks_at_the_same_moment_is_told(desk, monkeypatch):
    listed(bibcode(1))

    class ReadBefore(gaps.States):
        def __init__(self):
            super().__init__()
            BlocklistEntry.objects.create(bibcode=bibcode(1))

    monkeypatch.setattr(gaps, "States", ReadBefore)
    answer = desk.post(page(), {"block": "1", "bibcode": bibcode(1), "code": "only-cites"}, follow=True)
    assert "blocked some of them at the same moment" in answer.content.decode()


def test_chosen_papers_are_proposed_as_if_they_were_added_by_hand(desk, monkeypatch):
    listed(bibcode(1), bibcode(2), bibcode(3))
    PaperFactory(bibcode=bibcode(3))
    SourceRecord.objects.link()
    answer = desk.post(page(), {"propose": "1", "bibcode": [bibcode(1), bibcode(3), "2000nothing"]})
    pasted = PastedList.objects.get()
    assert answer.url == reverse("admin:pasted-list", args=[pasted.pk])
    assert [entry["identifiers"] for entry in pasted.entries] == [[bibcode(1)]]
    assert (pasted.run.job, pasted.run.status, pasted.why) == ("add", "waiting", GAPS["oidb"].title)
    answer = desk.post(page(), {"propose": "1"}, follow=True)
    assert "Choose papers that are not here" in answer.content.decode()
