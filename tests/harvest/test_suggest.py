import html

import pytest

from harvest import discovery
from harvest.gaps import CHECKS
from harvest.models import Candidate, Suggestion
from harvest.sources import import_source
from tests.factories import PaperFactory, TagFactory

pytestmark = pytest.mark.django_db
A, B = "2020A&A...641A..85C", "2020A&A...641A..86C"


def send(client, identifier=A, **answer):
    return client.post("/suggest/", {"kind": "missing", "identifier": identifier, **answer})


def test_suggested_paper_joins_the_queue_with_the_visitors_words(client, ads, ads_sandbox):
    ads_sandbox.add(A, title="A star", doi="10.1051/0004-6361/x", refereed=False)
    assert (
        "Thank you" in send(client, "https://doi.org/10.1051/0004-6361/X", text="I miss it").content.decode()
    )

    run = discovery.discover(ads)

    candidate = Candidate.objects.get()
    assert (candidate.bibcode, candidate.title, candidate.note) == (A, "A star", "a visitor: I miss it")
    assert candidate.suggested
    assert (run.new, Suggestion.objects.get().settled) == (1, True)
    discovery.discover(ads)
    ads_sandbox.calls.clear()
    discovery.discover(ads)
    # The search, which does not find it, and a look at what became of it.
    assert len(ads_sandbox.calls) == 2


def test_paper_that_is_here_is_shown_by_its_title(client):
    PaperFactory(bibcode=A, title="A star of ours")
    assert "A star of ours" in send(client).content.decode()
    assert Suggestion.objects.get().paper.bibcode == A


def test_long_suggestions_are_looked_up_in_addresses_that_ads_takes(ads, ads_sandbox):
    ads_sandbox.add(A)
    long = [f"10.1051/{n:0>2}{'é' * 240}" for n in range(20)]
    for identifier in [*long, A]:
        Suggestion.objects.create(kind="missing", identifier=identifier)
    run = discovery.discover(ads)
    assert run.status == "done"
    assert Candidate.objects.get().bibcode == A
    assert Suggestion.objects.filter(answer="not known to ADS").count() == 20


def test_suggestion_unknown_to_ads_waits_for_a_person(client, ads):
    send(client, "2401.00001")
    discovery.discover(ads)
    assert Suggestion.objects.get().answer == "not known to ADS"
    assert not Candidate.objects.exists()


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ({"identifier": "my paper"}, "a DOI (10.…)"),
        ({"kind": "tag", "text": ""}, "say what should change"),
        ({"kind": "tag", "text": "x", "identifier": B}, "no paper here has this identifier"),
        ({"kind": "other"}, "Select a valid choice"),
        ({"kind": ""}, "<p>What: This field is required.</p>"),
        ({"identifier": ""}, "<p>Bibcode, DOI or arXiv id: This field is required.</p>"),
        ({"text": "x" * 2001}, "2,000 characters"),
    ],
)
def test_what_is_not_understood_is_refused_with_the_fix(client, answer, message):
    response = send(client, **answer)
    assert response.status_code == 400
    assert message in response.content.decode()
    assert not Suggestion.objects.exists()


def test_form_begins_with_nothing_chosen_and_keeps_what_was(client):
    assert '<option value="">choose</option>' in client.get("/suggest/").text
    assert '<option value="tag" selected>a tag is wrong or missing</option>' in send(client, kind="tag").text


def test_program_that_fills_every_field_leaves_nothing(client):
    assert send(client, website="https://example.org").status_code == 200
    assert not Suggestion.objects.exists()


def test_sixth_suggestion_of_an_hour_from_one_address_is_refused(client):
    answers = [send(client) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]
    assert answers[-1]["Retry-After"] == "3600"
    assert Suggestion.objects.count() == 5


def test_visitors_behind_a_trusted_proxy_are_counted_each(client, settings):
    settings.REST_FRAMEWORK = settings.REST_FRAMEWORK | {"NUM_PROXIES": 1}

    def sent_from(address):
        return client.post("/suggest/", {"kind": "missing", "identifier": A}, HTTP_X_FORWARDED_FOR=address)

    assert [sent_from("192.0.2.1").status_code for _ in range(6)] == [200] * 5 + [429]
    assert sent_from("192.0.2.2").status_code == 200
    # What a visitor writes before the proxy's own word counts for nothing.
    assert sent_from("198.51.100.7, 192.0.2.1").status_code == 429


def test_form_of_another_site_is_refused(client):
    client.handler.enforce_csrf_checks = True
    assert send(client).status_code == 403
    assert client.get("/suggest/?identifier=x").status_code == 200


def test_gap_lists_compare_sources_with_the_papers_here(client):
    PaperFactory(bibcode=A, tags=[TagFactory(name="Stellar diameters")])
    import_source("jmdc", f"BIBCODE,METHOD\n{B},1\n")
    lists = {check.title: check.bibcodes for check in CHECKS}
    assert lists["in JMDC, not here"] == [B]
    assert lists["tagged “Stellar diameters”, not measured by interferometry in JMDC"] == [A]
    assert B in html.unescape(client.get("/sources/").content.decode())
