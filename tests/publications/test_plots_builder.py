"""The builder of figures: the ways to it, its form, and what is refused by name."""

import pytest

from publications.plots.forms import FORMS
from tests.factories import CategoryFactory, TagFactory
from tests.publications.figure_files import FORMATS, lines

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", FORMS)
def test_the_builder_shows_each_figure_and_its_table(client, papers, kind):
    response = client.get(f"/plots/?figure={kind}&refereed=yes")

    text = response.content.decode()
    assert response.status_code == 200
    assert f'data="/plots/{kind}.svg?refereed=yes&amp;size=wide"' in text
    assert f'href="/plots/{kind}.csv?refereed=yes"' in text
    assert "style=" not in text.replace("?style=", "").replace("&amp;style=", "")
    assert client.get(f"/plots/?figure={kind}&year=1999").status_code == 200


def test_a_figure_without_choices_has_no_box_for_them(client, papers):
    assert "<legend>Figure</legend>" in client.get("/plots/?figure=pie").text
    assert "<legend>Figure</legend>" not in client.get("/plots/?figure=sky").text


def test_the_form_shows_what_is_drawn_when_nothing_is_chosen(client, papers):
    pie = client.get("/plots/?figure=pie").content.decode()
    map_of_facilities = client.get("/plots/?figure=heatmap&x=facility").content.decode()

    assert '<option value="facility" selected>' in pie
    assert '<option value="facility" selected>' in map_of_facilities
    assert '<option value="year" selected>' in map_of_facilities
    assert lines(client, "/plots/heatmap.csv?x=facility")[0].startswith("year × Facility,")
    assert lines(client, "/plots/heatmap.csv?y=year")[0].startswith("year × Facility,")


def test_what_the_form_sends_empty_is_in_no_address(client, papers):
    response = client.get("/plots/?figure=pie&by=facility&show=&minimum=&q=&year=2012&refereed=")

    assert response["HX-Replace-Url"] == "/plots/?figure=pie&year=2012&by=facility"
    assert b'href="/plots/pie.csv?year=2012&amp;by=facility"' in response.content
    assert "HX-Replace-Url" not in client.get("/plots/?figure=pie&by=planets")


def test_another_figure_keeps_the_papers_and_the_category(client, papers):
    CategoryFactory(name="Kind")
    plot = client.get("/plots/?figure=pie&by=kind&tag=vlti&show=3").context["plot"]
    by_author = client.get("/plots/?figure=pie&by=author").context["plot"]

    assert {name: address for name, address, _ in plot.tabs} == {
        "Years": "/plots/?figure=histogram&tag=vlti&by=kind",
        "Shares": "/plots/?figure=pie&tag=vlti&by=kind",
        "Heat map": "/plots/?figure=heatmap&tag=vlti&y=kind",
        "Citations": "/plots/?figure=citations&tag=vlti",
        "Sky": "/plots/?figure=sky&tag=vlti",
        "Network": "/plots/?figure=network&tag=vlti&by=kind",
        "Statistics": "/statistics/?tag=vlti",
    }
    assert all(client.get(address).status_code == 200 for _, address, _ in by_author.tabs)


REFUSED = [
    ("histogram", "by=planets", "by: “planets” is not known; give one of: facility, journal, refereed"),
    ("histogram", "by=year", "by: “year” is not known"),
    ("histogram", "by=hidden", "by: “hidden” is not known; give one of: facility, journal"),
    ("histogram", "tags=secretly", "tags: there is no tag “secretly”; /tags/ lists them all"),
    ("histogram", "by=journal&tags=vlti", "tags: “vlti” is not a tag of journal"),
    ("histogram", "mode=relative", "mode: “relative” is not known; give one of: absolute, share, cumulative"),
    ("histogram", "mode=share&mode=share", "mode: is given 2 times; give it once"),
    ("histogram", "show=400", "show: “400” is not a whole number from 1 to 40"),
    ("histogram", "minimum=-1", "minimum: “-1” is not a whole number from 1 to 999,999"),
    ("histogram", "format=exe", "format: there is no such parameter; known are size, links, by, tags"),
    ("histogram", "x=year", "x: there is no such parameter"),
    ("histogram", "year=20l2", "year: “20l2” is not a year"),
    ("histogram", "size=huge", "size: “huge” is not known; give one of: wide, half, narrow"),
    ("histogram", "by=%00", "by: "),
    ("pie", "divide=cake", "divide: “cake” is not known; give one of: papers, assignments"),
    ("heatmap", "x=journal&y=journal", "y: is the same as x; give two different ones"),
    ("network", "by=journal", "by: “journal” is not known; give one of: facility"),
    ("sky", "tag=secretly", "tag: there is no tag “secretly”"),
]


@pytest.mark.parametrize(("kind", "query", "said"), REFUSED)
def test_what_is_malformed_is_refused_by_name_with_what_is_allowed(client, papers, kind, query, said):
    for suffix in FORMATS:
        response = client.get(f"/plots/{kind}.{suffix}?{query}")
        assert response.status_code == 400
        assert said in response.content.decode()
        assert response["Content-Type"].startswith("text/plain")
    page = client.get(f"/plots/?figure={kind}&{query}")
    assert page.status_code == 400
    assert any(said in message for message in page.context["messages"])
    assert b"<object" not in page.content


def test_a_figure_has_room_for_forty_chosen_tags(client, papers):
    tags = [TagFactory(name=f"Tag {n}") for n in range(41)]
    query = "&".join(f"tags={tag.slug}" for tag in tags)

    refused, drawn = (
        client.get(f"/plots/histogram.svg?{query}"),
        client.get(f"/plots/histogram.svg?{query.rpartition('&')[0]}"),
    )

    assert refused.status_code == 400
    assert "41 tags are given; a figure has room for 40" in refused.content.decode()
    assert drawn.status_code == 200


@pytest.mark.parametrize("name", ["histogram.exe", "exe.svg", "histogram", "histogram.svg.svg", "..svg"])
def test_an_unknown_figure_or_format_is_answered_with_those_that_are(client, name):
    response = client.get(f"/plots/{name}")

    assert response.status_code == 404
    assert "figures are histogram, pie" in response.content.decode()
    assert ".svg, .png, .pdf, .csv" in response.content.decode()


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (
            "figure=exe",
            "“exe” is not known; give one of: histogram, pie, heatmap, network, sky, citations",
        ),
        ("figure=pie&figure=sky", "is given 2 times; give it once"),
        ("figure=exe&figure=pie", "is given 2 times; give it once"),
    ],
)
def test_the_builder_refuses_an_unknown_figure_and_two_at_once(client, papers, query, said):
    response = client.get(f"/plots/?{query}")

    assert response.status_code == 400
    assert response.context["messages"] == [f"figure: {said}"]


def test_home_shows_two_figures_and_the_list_leads_to_its_plots(client, papers):
    assert client.get("/").content.count(b"roomy-only") == 2
    assert b'href="/plots/?tag=vlti"' in client.get("/papers/?tag=vlti").content
