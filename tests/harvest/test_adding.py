"""Add by hand: a list is kept, ADS is asked by a job, what is new waits in triage."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from harvest import adding, curation
from harvest.ads.errors import AdsError
from harvest.models import BlocklistEntry, Candidate, PastedList, SearchRule
from publications.models import Act, Library, LibraryEntry
from publications.undo import undo
from tests.factories import PaperFactory

pytestmark = pytest.mark.django_db
ADD = reverse("admin:add")
VLTI = "an optical interferometer, the VLTI"
NEW, HERE, BLOCKED = "2020A&A...641A..85C", "2012A&A...540A...5D", "2015A&A...541A...1B"


@pytest.fixture
def paste(curator):
    def paste(*written, why=""):
        entries = [
            {"line": n, "written": name, "identifiers": [name]} for n, name in enumerate(written, start=1)
        ]
        return PastedList.objects.create(entries=entries, why=why, by=curator)

    return paste


def text(response):
    return response.content.decode()


def states(desk, pasted):
    """What the page says of each entry, in order."""
    cells = (
        text(desk.get(reverse("admin:pasted-list", args=[pasted.pk])))
        .split("<tbody>")[1]
        .split("</td>\n<td>")[1:]
    )
    return [" ".join(cell.split("</td>")[0].split()) for cell in cells]


def test_each_entry_says_where_it_stands(desk, paste, ads, ads_sandbox, curator):
    PaperFactory(bibcode=HERE, title="Ours")
    BlocklistEntry.objects.create(bibcode=BLOCKED, reason="only-cites", note="cites once")
    waiting = Candidate.objects.create(bibcode="2016A&A...541A...1W", title="Waiting", year=2016)
    listed = LibraryEntry.objects.create(
        library=Library.objects.create(name="jmmc-non-interfero"), bibcode="2017A&A...541A...1J"
    )
    for bibcode in (HERE, BLOCKED, waiting.bibcode, listed.bibcode):
        ads_sandbox.add(bibcode)
    ads_sandbox.add(NEW, title="New one", body=VLTI, doi="10.1/new")
    pasted = paste(HERE, BLOCKED, waiting.bibcode, "10.1/new", "10.9/nothing", listed.bibcode)
    before = states(desk, pasted)
    assert [state.split(":")[0].split("<")[0] for state in before][3:] == ["not asked yet"] * 3

    run = adding.add_papers(ads, pasted, curator)

    here, blocked, candidate, new, unknown, without = states(desk, pasted)
    assert (run.job, run.status, run.new) == ("add", "done", 1)
    assert here.startswith("here: ")
    assert "blocked: only cites interferometry, cites once" in blocked
    assert candidate.startswith("a candidate: ")
    assert new.startswith("new: now a candidate: ")
    assert unknown == "unknown to ADS"
    assert "JMMC" in without


def test_new_ones_are_candidates_with_evidence_rules_and_who_added_them(paste, ads, ads_sandbox, curator):
    PaperFactory(bibcode=HERE, title="Diameter of Vega")
    ads_sandbox.add(HERE)
    ads_sandbox.add(NEW, title="Vega anew", body=VLTI, references=[HERE], refereed=False, arxiv="2001.00001")

    adding.add_papers(ads, paste("2001.00001", why="seen at a conference"), curator)

    candidate = Candidate.objects.get()
    assert (candidate.bibcode, candidate.added_by, candidate.refereed) == (NEW, curator, False)
    assert candidate.note.endswith(": seen at a conference")
    assert candidate.evidence["references"] == [HERE]
    assert [rule.name for rule in candidate.rules.all()] == ["VLTI"]
    assert candidate.score == candidate.points > 0


def test_long_lists_of_bibcodes_and_dois_are_asked_in_few_calls(paste, ads, ads_sandbox, curator):
    SearchRule.objects.update(active=False)
    names = [f"2020A&A...641A.{n:.>3}C" for n in range(120)]
    for n, bibcode in enumerate(names):
        ads_sandbox.add(bibcode, doi=f"10.1/{n}")
    pasted = paste(*names, *(f"10.1/{n}" for n in range(120)))
    assert adding.add_papers(ads, pasted, curator).new == 120
    # One bulk call for the bibcodes, three for 120 DOIs.
    assert len(ads_sandbox.calls) == 4


def test_ads_down_keeps_the_list_to_be_asked_again(desk, paste, ads, ads_sandbox, curator):
    ads_sandbox.add(NEW, body=VLTI)
    pasted = paste(NEW)
    ads_sandbox.fail("status", "search", status=503, times=20)
    with pytest.raises(AdsError):
        adding.add_papers(ads, pasted, curator)
    pasted.refresh_from_db()
    assert pasted.resolved_at is None
    assert states(desk, pasted) == ["not asked yet"]
    assert "Ask ADS again" in text(desk.get(reverse("admin:pasted-list", args=[pasted.pk])))
    ads_sandbox.faults.clear()

    adding.add_papers(ads, pasted, curator)

    assert Candidate.objects.get().bibcode == NEW


def test_asking_again_makes_nothing_twice(paste, ads, ads_sandbox, curator):
    ads_sandbox.add(NEW, body=VLTI)
    pasted = paste(NEW, "10.9/nothing")
    adding.add_papers(ads, pasted, curator)
    pasted.refresh_from_db()
    assert adding.add_papers(ads, pasted, curator).new == 0
    assert Candidate.objects.count() == 1


def test_list_added_by_hand_is_undone_as_a_whole(paste, ads, ads_sandbox, curator):
    ads_sandbox.add(NEW, body=VLTI)
    adding.add_papers(ads, paste(NEW), curator)
    undo(Act.objects.get(), curator)
    assert not Candidate.objects.exists()


def test_block_is_reopened_on_purpose_and_the_candidate_waits_again(desk, paste, curator):
    candidate = Candidate.objects.create(bibcode=BLOCKED, year=2015)
    entry = curation.block(candidate, "only-cites", "", curator)
    pasted = paste(BLOCKED)
    desk.post(reverse("admin:pasted-list", args=[pasted.pk]), {"reopen": entry.pk})
    candidate.refresh_from_db()
    assert candidate.status == "pending"
    assert not BlocklistEntry.objects.exists()
    answer = desk.post(reverse("admin:pasted-list", args=[pasted.pk]), {"reopen": entry.pk}, follow=True)
    assert "somebody ended it already" in text(answer)


@pytest.mark.parametrize("way", ["text", "file"])
def test_pasted_bibtex_is_stored_with_what_could_not_be_read(desk, way):
    PaperFactory(bibcode=HERE)
    bibtex = f"@article{{{HERE},\n title={{x}}}}\n@article{{nothing,\n title={{y}}}}\n"
    fields = {"list": bibtex} if way == "text" else {"file": SimpleUploadedFile("refs.bib", bibtex.encode())}

    answer = desk.post(ADD, {"why": "x", **fields})

    pasted = PastedList.objects.get()
    assert answer.url == reverse("admin:pasted-list", args=[pasted.pk])
    assert [entry["identifiers"] for entry in pasted.entries] == [[HERE]]
    assert "“nothing” has no adsurl" in text(desk.get(answer.url))
    # Nothing is to be asked: all that it names is here.
    assert (pasted.run, pasted.resolved_at is None) == (None, False)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "list: paste at least one"),
        ({"list": "no paper at all"}, "list: no paper is named in it"),
        ({"list": NEW, "why": "w" * 2001}, "why: at most 2000 characters"),
        ({"file": SimpleUploadedFile("x.bib", b"\xff\xfe\x00")}, "file: save it as UTF-8 text"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason_and_kept(desk, fields, said):
    answer = desk.post(ADD, fields)
    assert answer.status_code == 400
    assert said in text(answer)
    assert fields.get("list", "") == "" or fields["list"].replace("&", "&amp;") in text(answer)
    assert not PastedList.objects.exists()


def test_page_starts_the_job_and_follows_it(site, ads_sandbox):
    """In a process of its own, without a broker."""
    ads_sandbox.add(NEW, body=VLTI)
    site.manage("shell", "-c", PASTE)
    site.wait_for("SELECT status FROM harvest_harvestrun WHERE job = 'add'", lambda rows: rows == [("done",)])
    assert site.rows("SELECT bibcode, status FROM harvest_candidate") == [(NEW, "pending")]


PASTE = f"""
from django.contrib.auth.models import User
from django.test import Client
User.objects.create_superuser("person", password="x")
client = Client(headers={{"host": "localhost"}})
client.force_login(User.objects.get())
assert client.post("/admin/add/", {{"list": "{NEW}"}}, secure=True).status_code == 302
"""
