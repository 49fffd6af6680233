import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from publications.models import SimbadReading, TargetAlias, TargetLink
from tests.factories import CategoryFactory, PaperFactory, TagFactory, TargetFactory
from tests.publications.vo_sky import link, small_sky


@pytest.fixture
def sky(db):
    return small_sky()


def listed(client, **query):
    response = client.get(reverse("publications:targets"), query)
    assert response.status_code == 200
    return [target.name for target in response.context["page"]]


def test_targets_with_most_papers_come_first(client, sky):
    assert listed(client)[0] == "* alf Ori"
    assert "positions known for 5 of 6 papers" in client.get("/targets/").text.replace(
        "Positions", "positions"
    )


@pytest.mark.parametrize(
    "position", ["05 55 10.3 +07 24 25", "88.793 7.407", "88.793, +7.407", "5h55m10.3s +7d24m25s"]
)
def test_a_position_finds_the_targets_around_it(client, sky, position):
    assert listed(client, q=position) == ["* alf Ori"]


def test_a_wider_radius_finds_more_nearest_first(client, sky):
    assert listed(client, q="88.793 7.407", radius="30") == ["* alf Ori", "* bet Ori"]


@pytest.mark.parametrize("name", ["alf Ori", "α Ori", "ALPHA ORI", "* alf Ori", "Betelgeuse"])
def test_a_name_or_alias_opens_its_target(client, sky, name):
    TargetAlias.objects.create(target=sky["betelgeuse"], name="NAME Betelgeuse")
    response = client.get(reverse("publications:targets"), {"q": name})
    assert response["Location"] == sky["betelgeuse"].get_absolute_url()


def test_the_beginning_of_a_name_lists_its_targets(client, sky):
    assert listed(client, q="Se") == ["Seam"]
    assert listed(client, q="nobody") == []


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ({"q": "10 +95"}, "<li>q: the declination “+95” is not between -90 and +90 degrees</li>"),
        ({"q": "99 99 99 +99 0 0"}, "<li>q: “99 99 99” is not a right ascension"),
        ({"q": "a\x00b"}, "<li>q: null characters are not allowed</li>"),
        ({"q": "a", "radius": "1" * 31}, "<li>radius: give at most 30 characters</li>"),
        ({"q": "10 20", "radius": "x"}, "radius: “x” is not a decimal number"),
        ({"q": "10 20", "radius": "-1"}, "radius: give 0 to 180 degrees"),
        ({"q": "Seam", "raduis": "1"}, "raduis: there is no such parameter; known are q, radius, page"),
        ({"q": "Seam", "radius": ["1", "2"]}, "radius: is given 2 times; give it once"),
        ({"q": "Seam", "page": "x"}, "page: “x” is not a whole number"),
        ({"q": "Seam", "page": "2"}, "page: there is no page 2; the last one is 1"),
    ],
)
def test_what_cannot_be_read_is_said_and_kept(client, db, query, reason):
    response = client.get(reverse("publications:targets"), query)
    assert response.status_code == 400
    assert reason in response.text
    assert f'value="{query["q"]}"' in response.text


def test_a_target_page_lists_the_papers_linked_to_it(client, sky):
    response = client.get(sky["betelgeuse"].get_absolute_url())
    assert "2 papers linked to * alf Ori" in response.text
    assert "1 measured (JMDC), 1 listed by SIMBAD" in response.text
    assert '>05 55 10.31</span> <span class="whole">+07 24 25.4<' in response.text
    assert "internal remark" not in response.text
    assert "Ident=%2A%20alf%20Ori" in response.text
    assert client.get("/targets/nobody/").status_code == 404


def test_a_target_without_position_has_a_page(client, sky):
    assert "not known" in client.get("/targets/nowhere/").text


@pytest.mark.parametrize("count", [1, 50])
def test_queries_of_the_pages_do_not_grow(client, db, django_assert_max_num_queries, count):
    star = TargetFactory(name="Many")
    for number in range(count):
        paper = PaperFactory()
        link(paper, star)
        link(paper, TargetFactory(name=f"T{number}"))
    with django_assert_max_num_queries(11):
        assert client.get(star.get_absolute_url()).status_code == 200
    with django_assert_max_num_queries(6):
        assert client.get("/targets/").status_code == 200


def test_only_pages_that_send_tables_may_ask_the_samp_hub(client, sky):
    for address, allowed in [("/targets/alf-ori/", True), ("/targets/", True), ("/tags/", False)]:
        assert ("localhost:21012" in client.get(address)["Content-Security-Policy"]) is allowed


def test_a_position_leads_to_the_same_place_at_other_services(client, sky):
    text = client.get(reverse("publications:targets"), {"q": "88.5 -7.25", "radius": "0.5"}).text
    for address in [
        "https://simbad.cds.unistra.fr/simbad/sim-coo?Coord=88.5%20-7.25&amp;CooFrame=ICRS&amp;Radius=0.5&amp;Radius.unit=deg",
        "https://aladin.cds.unistra.fr/AladinLite/?target=88.5%20-7.25&amp;fov=1",
        "https://vizier.cds.unistra.fr/viz-bin/VizieR-4?-source=II/345/jmdc&amp;-c=88.5%20-7.25&amp;-c.rs=1800",
        "https://oidb.jmmc.fr/search.html?conesearch=05%3A54%3A00.00%20-07%3A15%3A00.0%2CJ2000%2C1800%2Carcsec",
    ]:
        assert f'href="{address}"' in text
    assert "Elsewhere" not in client.get(reverse("publications:targets"), {"q": "alf"}).text


def test_a_position_offers_its_table_as_a_file(client, sky):
    text = client.get(reverse("publications:targets"), {"q": "88.793 7.407"}).text
    assert "/vo/conesearch?RA=88.793&amp;DEC=7.407&amp;SR=0.1" in text


# --- many at once -----------------------------------------------------------------------------


def test_a_pasted_list_is_answered_with_a_table(client, sky):
    response = client.post(
        reverse("publications:targets-match"), {"list": "alf Ori\nnobody\n10 +95\n", "radius": ""}
    )
    assert response.status_code == 200
    assert "1 of 2 rows are a target of this database" in response.text
    assert "line 3: the declination “+95”" in response.text
    assert "2009–2016" in response.text
    assert '<a href="/targets/?q=nobody">look for it</a>' in response.text


def test_the_page_alone_shows_a_form(client, db):
    response = client.get(reverse("publications:targets-match"))
    assert response.status_code == 200
    assert "<textarea" in response.text


def test_an_uploaded_file_gives_csv_or_votable(client, sky):
    for suffix, content_type in [("csv", "text/csv"), ("vot", "application/x-votable+xml")]:
        file = SimpleUploadedFile("stars.csv", b"name,ra,dec\n,88.793,7.407\n")
        response = client.post(reverse("publications:targets-match"), {"file": file, "format": suffix})
        assert response["Content-Type"].startswith(content_type)
        assert "* alf Ori" in response.text


@pytest.mark.parametrize("suffix", ["csv", "vot"])
def test_programs_post_a_list_as_it_is(sky, suffix):
    client = Client(enforce_csrf_checks=True)
    address = reverse(f"publications:targets-match-{suffix}")
    whole = client.post(address + "?radius=2", b"alf Ori\n", content_type="text/plain")
    field = client.post(address, {"list": "alf Ori\n", "radius": "2"})
    assert whole.status_code == field.status_code == 200
    assert whole.text == field.text
    assert "* alf Ori" in whole.text


@pytest.mark.parametrize("content_type", ["text/csv", "application/x-www-form-urlencoded", "application/xml"])
def test_a_list_as_the_body_needs_no_content_type_of_its_own(client, sky, content_type):
    address = reverse("publications:targets-match-csv")
    answer = client.post(address, b"name,ra,dec\nmy star,88.793,7.407\n", content_type=content_type)
    assert answer.status_code == 200
    assert ",position,* alf Ori," in answer.text


def test_a_list_that_is_too_large_says_so(client, db):
    large = b"HD 1\n" * 2_200_000
    for name in ("targets-match-csv", "targets-match-vot"):
        response = client.post(reverse(f"publications:{name}"), large, content_type="text/plain")
        assert (response.status_code, response.text) == (
            400,
            "the list is larger than 10 MB; give it in parts\n",
        )
    file = SimpleUploadedFile("stars.txt", large)
    response = client.post(reverse("publications:targets-match"), {"file": file})
    assert response.status_code == 400
    assert "the list is larger than 10 MB; give it in parts" in response.text


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"list": ""}, "the list is empty"),
        ({"list": "x", "radius": "0"}, "radius: give more than 0"),
        ({"list": "x", "radius": "five"}, "radius: “five” is not a decimal number"),
        ({"list": "<a"}, "is no VOTable"),
    ],
)
def test_a_refused_list_says_why_everywhere(client, db, fields, reason):
    for name in ("targets-match", "targets-match-csv", "targets-match-vot"):
        response = client.post(reverse(f"publications:{name}"), fields)
        assert response.status_code == 400
        assert reason in response.text


@pytest.mark.django_db
def test_a_target_tells_its_instruments_and_wavelengths_and_what_no_paper_has(client):
    instrument = CategoryFactory(name="Instrument")
    wavelength = CategoryFactory(name="Wavelength")
    pionier = TagFactory(name="PIONIER", category=instrument)
    TagFactory(name="K band", category=wavelength)
    target = TargetFactory(name="Betelgeuse")
    for year in (2012, 2016):
        paper = PaperFactory(bibcode=f"{year}A&A...540A...5D", tags=[pionier])
        TargetLink.objects.create(paper=paper, target=target, kind="measured")
    PaperFactory(tags=[pionier])

    text = client.get("/targets/betelgeuse/").content.decode()

    assert "2012 to 2016" in text
    assert "No paper linked to Betelgeuse here with K band." in text
    assert "/papers/?target=Betelgeuse&amp;tag=pionier" in text


def test_a_target_leads_to_what_other_services_know_of_it(client, sky):
    text = client.get(sky["betelgeuse"].get_absolute_url()).text
    for address in (
        "https://simbad.cds.unistra.fr/simbad/sim-id?Ident=%2A%20alf%20Ori",
        "https://aladin.cds.unistra.fr/AladinLite/?target=88.79293899%20%2B7.407064&amp;fov=0.1",
        "https://vizier.cds.unistra.fr/viz-bin/VizieR-4?-source=II/345/jmdc&amp;-c=88.79293899%20%2B7.407064",
        "https://oidb.jmmc.fr/search.html?conesearch=05%3A55%3A10.31%20%2B07%3A24%3A25.4%2CJ2000%2C10%2Carcsec",
    ):
        assert f'href="{address}' in text
    nowhere = client.get("/targets/nowhere/").text
    assert "conesearch=Nowhere%2CJ2000" in nowhere
    assert "AladinLite" not in nowhere


# --- catalogues -------------------------------------------------------------------------------


@pytest.fixture
def catalogue(sky):
    """The second paper on Betelgeuse lists very many objects."""
    return SimbadReading.objects.create(
        paper=sky["second"], read_at=timezone.now(), objects_count=400, catalogue=True
    )


def test_the_page_of_a_target_leaves_catalogues_out(client, sky, catalogue):
    address = sky["betelgeuse"].get_absolute_url()
    text = client.get(address).text
    assert "2 papers linked to * alf Ori" in text
    assert "1 of them is a catalogue" in text
    assert 'href="?catalogue=no"' in text
    text = client.get(address, {"catalogue": "no"}).text
    assert "1 paper linked to * alf Ori" in text
    assert "1 measured (JMDC)</p>" in text
    assert "2016A&amp;A...588A.130M" not in text
    assert "tag=vlti&amp;catalogue=no" in text or "Instrument" not in text
    refused = client.get(address, {"catalogue": "maybe"})
    assert refused.status_code == 400
    assert "catalogue: “maybe” is not known; give one of: no, yes" in refused.text
    assert "paper linked to" not in refused.text.replace("0 papers linked to", "")


def test_the_list_leaves_catalogues_out(client, sky, catalogue):
    def count(query):
        return client.get(f"/api/papers/?{query}").json()["count"]

    assert (count("catalogue=no"), count("catalogue=yes")) == (count("") - 1, 1)
    refused = client.get("/papers.csv?catalogue=maybe")
    assert refused.status_code == 400
    assert "catalogue: “maybe” is not known; give one of: no, yes" in refused.text
