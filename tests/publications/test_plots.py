"""Figures: what they accept, what they say, how they are kept, and that nothing hidden is in them."""

import datetime
import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from PIL import Image

from publications.models import Category, Target, TargetLink
from publications.plots import colours
from publications.plots.forms import FORMS
from publications.plots.impact import h_index
from tests.factories import CategoryFactory, HiddenTagFactory, PaperFactory, TagFactory, TargetFactory

pytestmark = pytest.mark.django_db
SVG = "{http://www.w3.org/2000/svg}"
FORMATS = ["svg", "png", "pdf", "csv"]
TITLES = {"svg": b"<?xml", "png": b"\x89PNG", "pdf": b"%PDF-", "csv": b""}


@pytest.fixture
def papers():
    """Four papers: two with one facility, one with both, one with none."""
    vlti, chara = TagFactory(name="VLTI"), TagFactory(name="CHARA")
    secret = HiddenTagFactory(name="Secretly")
    found = [
        PaperFactory(bibcode="2012A&A...540A...5D", tags=[vlti, secret], authors=["Mérand, A."], citations=4),
        PaperFactory(bibcode="2012A&A...541A...5D", tags=[chara], keywords=["stars"], citations=0),
        PaperFactory(bibcode="2013ApJ...770...12W", tags=[vlti, chara], refereed=False),
        PaperFactory(bibcode="2014ApJ...780...12W", refereed=None),
    ]
    TargetLink.objects.create(paper=found[0], target=TargetFactory(name="Betelgeuse"), kind="named")
    return found


def picture(client, address):
    response = client.get(address)
    assert response.status_code == 200, response.content
    return ElementTree.fromstring(response.content)


def lines(client, address):
    return client.get(address).content.decode().split("\r\n")


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize("suffix", FORMATS)
def test_each_figure_has_each_format_also_of_nothing(client, papers, kind, suffix):
    for query in ("", "year=1999"):
        response = client.get(f"/plots/{kind}.{suffix}?{query}")

        assert response.status_code == 200
        assert response.content.startswith(TITLES[suffix])
        assert f"olbin-{kind}.{suffix}" in response["Content-Disposition"]
        assert response["Cache-Control"].startswith("public")
        if query and suffix == "csv":
            assert response.content.count(b"\r\n") == 1, "only the heads"
        if query and suffix == "svg":
            assert "No paper meets" in response.content.decode()


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


def test_hidden_tags_are_in_no_figure_but_a_curator_s_which_nobody_else_gets(client, curator, papers):
    addresses = [
        "/plots/",
        "/plots/pie.csv?by=hidden",
        "/plots/histogram.csv?tags=secretly",
        "/statistics/",
    ]
    for _ in range(2):
        for address in addresses:
            text = client.get(address).content.decode()
            assert "Secretly" not in text
            assert "JMMC" not in text
        client.force_login(curator)
        responses = [client.get(address) for address in addresses]
        assert all("Secretly" in response.content.decode() for response in responses)
        assert "JMMC (internal)" in responses[0].content.decode()
        assert responses[1].content.decode().startswith("JMMC (internal),papers")
        assert {response["Cache-Control"] for response in responses} == {"private, no-store"}
        client.logout()


def test_a_picture_carries_its_own_policy_title_description_and_links(client, papers):
    response = client.get("/plots/histogram.svg?by=facility&tag=vlti")
    root = ElementTree.fromstring(response.content)

    assert response["Content-Security-Policy"].startswith("default-src 'none'; style-src 'unsafe-inline'")
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert root[0].tag == SVG + "title"
    assert root[0].text == "Papers by year and Facility"
    assert root[1].tag == SVG + "desc"
    assert "2 papers (VLTI)" in root[1].text
    assert "mark:" not in response.content.decode()
    assert not list(root.iter(SVG + "script"))
    links = {anchor.find(SVG + "title").text: anchor.attrib["href"] for anchor in root.iter(SVG + "a")}
    assert links["CHARA, 2013: 1 paper"] == "/papers/?tag=vlti&tag=chara&year=2013"


def test_a_picture_to_take_away_leads_here_from_anywhere(client, papers, settings):
    settings.SITE_URL = "https://olbin.example"
    page = client.get("/plots/?figure=pie&tag=vlti").text

    saved = re.search(r'href="(/plots/pie.svg[^"]*)"', page)[1].replace("&amp;", "&")
    shown = re.search(r'data="(/plots/pie.svg[^"]*)"', page)[1].replace("&amp;", "&")

    assert {a.attrib["href"] for a in picture(client, saved).iter(SVG + "a")} == {
        "https://olbin.example/papers/?tag=vlti&not=chara"
    }
    assert {a.attrib["href"] for a in picture(client, shown).iter(SVG + "a")} == {
        "/papers/?tag=vlti&not=chara"
    }


def test_names_are_text_in_a_picture_whatever_is_in_them(client):
    PaperFactory(tags=[TagFactory(name="$x$ <b>&\u202e王")], authors=["王, 小明"])

    root = picture(client, "/plots/histogram.svg?by=facility")
    authors = client.get("/plots/pie.png?by=author")

    assert any("$x$ <b>&" in (text.text or "") for text in root.iter(SVG + "text"))
    assert authors.status_code == 200


def test_a_picture_is_two_pixels_for_each_of_the_page(client, papers):
    image = Image.open(io.BytesIO(client.get("/plots/histogram.png?size=wide").content))

    assert image.width == 2 * 960


@pytest.mark.parametrize("kind", ["histogram", "citations"])
def test_the_year_that_is_not_over_is_hatched_and_said(client, papers, kind):
    now = datetime.datetime.now(datetime.UTC).year
    before = client.get(f"/plots/{kind}.svg").content.decode()
    PaperFactory(bibcode=f"{now}A&A...540A...5D", citations=2)

    after = client.get(f"/plots/{kind}.svg").content.decode()

    assert "<pattern" not in before
    assert "<pattern" in after
    assert f"Hatched: {now} so far." in after


def test_groups_that_overlap_have_a_line_for_the_number_of_papers(client, papers):
    overlapping = client.get("/plots/histogram.svg?by=facility").content.decode()
    parted = client.get("/plots/histogram.svg?by=refereed").content.decode()

    in_panels = client.get("/plots/histogram.svg?by=facility&style=side&size=narrow").content.decode()
    assert "papers, each counted once (line)" in overlapping
    assert "papers (own scale)" in in_panels
    assert "papers, each counted once (line)" not in parted


def test_other_and_untagged_are_never_hidden(client, papers):
    assert lines(client, "/plots/histogram.csv?by=facility&show=1")[0] == (
        "Year,papers,VLTI,other tags (1),untagged"
    )
    assert lines(client, "/plots/pie.csv?by=facility") == [
        *("Facility,papers", "VLTI,1", "CHARA,1", "several,1", "untagged,1", "")
    ]
    assert lines(client, "/plots/pie.csv?by=facility&divide=assignments&show=1") == [
        *("Facility,assignments", "VLTI,2", "other tags (1),2", "untagged,1", "")
    ]


def test_a_share_is_in_per_cent_with_two_decimals(client, papers):
    for n in range(2):
        PaperFactory(bibcode=f"2013A&A...540....{n}D")

    shares = lines(client, "/plots/histogram.csv?by=facility&mode=share&year=2013")
    page = client.get("/plots/?by=facility&mode=share&year=2013").context["plot"]

    assert shares == ["Year,papers,VLTI (%),CHARA (%),untagged (%)", "2013,3,33.33,33.33,66.67", ""]
    assert [text for text, _ in dict(page.rows)["2013"]] == ["3", "33.3", "33.3", "66.7"]


def test_chosen_tags_of_several_categories_stand_beside_the_rest(client, papers):
    papers[3].assignments.create(tag=TagFactory(name="Review", category=CategoryFactory(name="Kind")))

    assert lines(client, "/plots/histogram.csv?tags=vlti&tags=review") == [
        *("Year,papers,VLTI,Review,none of these", "2012,2,1,0,1", "2013,1,1,0,0", "2014,1,0,1,0", "")
    ]


def test_collaborations_can_be_left_out_of_the_authors(client):
    PaperFactory(authors=["Mérand, A.", "GRAVITY Collaboration"])

    assert lines(client, "/plots/pie.csv?by=author&divide=assignments&collaborations=no") == [
        *("author,assignments", '"Mérand, A.",1', "")
    ]


def test_authors_are_seen_unless_papers_are_divided(client):
    PaperFactory(authors=["Mérand, A.", "Perrin, G."])
    PaperFactory(authors=["Perrin, G."])
    authors = ["author,assignments", '"Perrin, G.",2', '"Mérand, A.",1', ""]

    plot = client.get("/plots/?figure=pie&by=author").context["plot"].plot
    chosen = client.get("/plots/?figure=pie&by=author&style=pie").context["plot"].plot

    assert (plot.style, chosen.style) == ("bars", "pie")
    assert lines(client, "/plots/pie.csv?by=author") == authors
    assert lines(client, "/plots/pie.csv?by=author&style=pie") == authors
    assert lines(client, "/plots/pie.csv?by=author&divide=papers") == [
        *("author,papers", '"Perrin, G.",1', "several,1", "")
    ]


def test_an_author_is_a_link_where_the_list_tells_this_spelling_from_others(client):
    for n, name in enumerate(["Mérand, A.", "Mérand, Antoine", "Perrin, G.", "GRAVITY Collaboration"]):
        PaperFactory(bibcode=f"2012A&A...540....{n}D", authors=[name])

    plot = client.get("/plots/?figure=pie&by=author&style=bars").context["plot"]

    assert {label: address for label, ((_, address),) in plot.rows} == {
        "GRAVITY Collaboration": "/papers/?author=GRAVITY%20Collaboration",
        "Mérand, A.": None,
        "Mérand, Antoine": None,
        "Perrin, G.": "/papers/?author=Perrin,%20G.",
    }


def test_a_rest_of_many_leaves_the_others_their_length(client):
    for n in range(20):
        PaperFactory(bibcode=f"2012A&A...540..{n:.>3}D", authors=[f"Name{n}, A."])

    caption = client.get("/plots/?figure=pie&by=author&style=bars&show=2").context["plot"].caption
    assert "A bar with a gap is longer than drawn." in caption
    caption = client.get("/plots/?figure=pie&by=author&style=bars&show=18").context["plot"].caption
    assert "gap" not in caption


def test_a_caption_names_a_few_values_and_counts_many(client, papers):
    TagFactory(name="NPOI")
    more = [PaperFactory(bibcode=f"2012A&A...540..{n:.>3}D") for n in range(5)]
    chosen = "&".join(f"bibcode={paper.bibcode.replace('&', '%26')}" for paper in [papers[2], *more])

    few = client.get("/plots/?not=chara&not=npoi&year=2012").context["plot"].caption
    many = client.get(f"/plots/?{chosen}").context["plot"].caption

    assert few.startswith("6 papers (not: CHARA, NPOI; Year: 2012).")
    assert many.startswith("6 papers (Chosen: 6 values).")


def test_two_tags_joined_by_or_leave_no_address_for_a_third(client, papers):
    TagFactory(name="NPOI")
    plot = client.get("/plots/?by=facility&tag=vlti&tag=npoi&op=or").context["plot"]

    assert plot.address((("tag", "vlti"),)) == "/papers/?tag=vlti"
    assert plot.address((("tag", "chara"),)) is None
    assert plot.address((("year", (2012, 2012)),)) == "/papers/?tag=vlti&tag=npoi&op=or&year=2012"


def test_the_untagged_are_asked_for_by_their_category(client, papers):
    parted = client.get("/plots/?figure=pie&by=facility").context["plot"]
    once_more = client.get("/plots/?figure=pie&by=facility&untagged=facility").context["plot"]

    assert dict(parted.rows)["untagged"] == [("1", "/papers/?untagged=Facility")]
    assert dict(once_more.rows)["untagged"] == [("1", "/papers/?untagged=facility")]


def test_the_untagged_of_a_second_category_are_asked_for_by_its_tags(client, papers):
    """``untagged`` may be given once only."""
    TagFactory(name="Review", category=CategoryFactory(name="Kind", label="Kind of paper"))
    asked = "/plots/?figure=pie&by=facility&untagged=Kind"
    given = client.get(asked).context["plot"]
    crossed = client.get("/plots/?figure=heatmap&x=kind&y=facility").context["plot"]

    assert "(Untagged: Kind of paper)" in given.caption
    assert dict(given.rows)["untagged"] == [("1", "/papers/?untagged=Kind&not=vlti&not=chara")]
    assert dict(crossed.rows)["untagged"] == [("1", "/papers/?untagged=Facility&not=review")]


def test_a_figure_is_drawn_once_for_each_state_of_the_data(client, papers):
    first = client.get("/plots/histogram.svg?by=facility").content
    with CaptureQueriesContext(
        connection,
    ) as again:
        assert client.get("/plots/histogram.svg?by=facility").content == first
    assert not [query for query in again if "publications_paper" in query["sql"]]

    PaperFactory(tags=[TagFactory(name="VLTI")])
    assert client.get("/plots/histogram.svg?by=facility").content != first


def test_a_picture_that_a_reader_has_is_not_sent_again(client, papers):
    first = client.get("/plots/pie.svg")

    again = client.get("/plots/pie.svg", headers={"If-None-Match": first["ETag"]})

    assert again.status_code == 304
    assert again.content == b""


def test_a_tag_keeps_its_colour_in_every_selection(client):
    category = Category.objects.create(name="Facility")
    tags = [TagFactory(name=f"Tag {n}", category=category) for n in range(12)]
    for n, tag in enumerate(tags):
        for _ in range(12 - n):
            PaperFactory(tags=[tag], refereed=n > 5)

    def fill_of(label, query):
        root = picture(client, f"/plots/pie.svg?style=bars&show=12&{query}")
        for anchor in root.iter(SVG + "a"):
            if anchor.find(SVG + "title").text.startswith(f"{label}:"):
                return re.search(r"fill: (#\w+)", anchor.find(SVG + "path").attrib["style"])[1]
        return None

    assert fill_of("Tag 7", "") == fill_of("Tag 7", "refereed=yes") == colours.TEN[7]
    assert fill_of("Tag 11", "") in colours.GREYS


def test_a_hundred_years_fit_into_a_heat_map(client):
    for year in (1868, 1891, 1920, 1974, 2005):
        PaperFactory(bibcode=f"{year}A&A...540A...5D", tags=[TagFactory(name="VLTI")])

    assert lines(client, "/plots/heatmap.csv")[0] == (
        "Facility × year,1865–1869,1890–1894,1920–1924,1970–1974,2005–2009"
    )


def test_more_targets_than_points_are_drawn_as_cells_that_hold_them_all(client):
    targets = Target.objects.bulk_create(
        Target(name=f"HD {n}", slug=f"hd-{n}", ra=n * 0.17 % 360, dec=n * 0.089 % 180 - 90)
        for n in range(2001)
    )
    paper, near = PaperFactory(), targets[1]
    TargetLink.objects.bulk_create(
        TargetLink(paper=one, target=target, kind=TargetLink.Kind.LISTED)
        for one, linked in ((paper, targets), (PaperFactory(), [targets[0], near]))
        for target in linked
    )

    titles = [title.text for title in picture(client, "/plots/sky.svg").iter(SVG + "title")]

    cells = [re.search(r": (\d+) papers?, (\d+) targets?$", title) for title in titles]
    assert sum(int(cell[2]) for cell in cells if cell) == 2001
    # One paper is linked to them all, another to two of the same cell.
    assert sorted(int(cell[1]) for cell in cells if cell)[-2:] == [1, 2]


@pytest.mark.parametrize("size", ["wide", "half", "narrow"])
def test_the_name_of_an_hour_hides_no_target(client, size):
    paper = PaperFactory()
    for ra in range(0, 360, 5):
        TargetLink.objects.create(paper=paper, target=TargetFactory(ra=ra, dec=0), kind="named")

    drawn = list(picture(client, f"/plots/sky.svg?size={size}").iter())

    hours = [n for n, element in enumerate(drawn) if re.fullmatch(r"\d+h", element.text or "")]
    stars = [n for n, element in enumerate(drawn) if element.tag == SVG + "a"]
    places = [star.attrib for n in stars for star in drawn[n].iter(SVG + "use")]
    assert (len(hours), len(places)) == (3 if size == "narrow" else 5, 72)
    assert max(hours) < min(stars), "what is drawn later lies above"
    for n in hours:
        for place in places:
            away = [abs(float(drawn[n].attrib[axis]) - float(place[axis])) for axis in "xy"]
            assert max(away) > 7, "points: a letter's height"


def test_a_narrow_heat_map_continues_below_and_loses_no_column(client):
    tags = [TagFactory(name=f"Facility {n:02}") for n in range(40)]
    PaperFactory(tags=[*tags, TagFactory(name="GRAVITY", category=CategoryFactory(name="Instrument"))])

    root = picture(client, "/plots/heatmap.svg?x=facility&y=instrument&show=40&size=narrow")

    texts = [text.text for text in root.iter(SVG + "text")]
    assert {tag.name for tag in tags} <= set(texts)
    assert texts.count("GRAVITY") > 1


def test_a_cell_of_a_heat_map_has_its_number_however_narrow(client):
    for n in range(12):
        tags = [
            TagFactory(name="VLTI"),
            TagFactory(name=f"I {n}", category=CategoryFactory(name="Instrument")),
        ]
        PaperFactory(tags=tags)
    for _ in range(99):
        PaperFactory(tags=tags)

    root = picture(client, "/plots/heatmap.svg?x=instrument&y=facility&show=40&size=narrow")

    texts = [text.text for text in root.iter(SVG + "text")]
    assert texts.count("1") == 11
    assert texts.count("100") == 1


def test_the_citations_say_when_ads_counted_them(client):
    for day, citations in (("2026-05-01", 4), ("2026-06-01", 0), ("2026-07-01", None), (None, 1)):
        PaperFactory(citations=citations, citations_on=day)

    description = picture(client, "/plots/citations.svg")[1].text
    assert "h-index 1, median 1.0 citations of a paper." in description
    assert "Counted by ADS between 2026-05-01 and 2026-06-01." in description
    assert "Left out: 1 paper without a known number." in description


def test_a_year_of_citations_is_a_link_only_when_all_its_papers_are_counted(client, papers):
    PaperFactory(bibcode="2012A&A...542A...5D", citations=None)
    PaperFactory(bibcode="2013A&A...542A...5D", citations=3, refereed=True)

    root = picture(client, "/plots/citations.svg?refereed=yes")

    assert [a.attrib["href"] for a in root.iter(SVG + "a")] == ["/papers/?refereed=yes&year=2013"]
    titles = [title.text for title in root.iter(SVG + "title")]
    assert "2012: median 2.0, quartiles 1.0 and 3.0, 2 papers" in titles


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        ("citations", "ADS's number of citations is not known for any of these papers."),
        ("network", "None of these papers carries a tag of this category."),
        ("sky", "None of these papers is linked to a target with a known position."),
    ],
)
def test_papers_without_what_a_figure_shows_are_not_called_none(client, papers, figure, said):
    page = client.get(f"/plots/?figure={figure}&year=2014").content.decode()
    described = " ".join(
        text.text for text in picture(client, f"/plots/{figure}.svg?year=2014").iter(SVG + "text")
    )

    assert said in page.replace("&#x27;", "'")
    assert f"{said} There is nothing to draw." in described
    assert "No paper meets" not in page + described


def test_a_network_draws_the_strongest_pairs_and_its_table_has_all(client):
    PaperFactory(tags=[TagFactory(name=f"Facility {n:02}") for n in range(20)])

    root = picture(client, "/plots/network.svg?show=20")

    drawn = [title.text for title in root.iter(SVG + "title") if " + " in title.text]
    assert len(drawn) == 100
    assert "Drawn are the strongest 100 of 190 pairs; the table has all." in root[1].text
    assert len(lines(client, "/plots/network.csv?show=20")) == 1 + 20 + 190 + 1


LONG_NAMES = [
    "Data reduction and calibration",
    "Sparse Aperture Masking (SAM)",
    "Dual-field and phase referencing",
    "Integrated optics and fibres",
    "Spectro-interferometry",
    "Brown dwarfs and substellar companions",
]


@pytest.mark.parametrize("size", ["wide", "half", "narrow"])
def test_names_in_a_network_are_whole_on_two_lines_if_need_be(client, size):
    names = [*LONG_NAMES, "HYPERTELESCOPES", *(f"Technique {n}" for n in range(13))]
    PaperFactory(tags=[TagFactory(name=name) for name in names])

    root = picture(client, f"/plots/network.svg?size={size}")

    texts = [text.text for text in root.iter(SVG + "text")]
    written = {*texts, *(f"{one}{gap}{two}" for one in texts for two in texts for gap in (" ", ""))}
    assert set(names) <= written


def test_a_network_for_a_telephone_is_wide_and_its_names_begin_beside_the_dots(client):
    names = ["VLTI", "CHARA", "JWST", "IACT", "NPOI", "LBTI", "PTI", "Mark III", "HYPERTELESCOPES", "LIFE"]
    PaperFactory(tags=[TagFactory(name=name) for name in names])

    root = picture(client, "/plots/network.svg?size=narrow")

    dots = {}
    for anchor in root.iter(SVG + "a"):
        name, path = anchor.find(SVG + "title").text.partition(":")[0], anchor.find(SVG + "path")
        numbers = np.array(re.findall(r"-?[0-9.]+", path.attrib["d"]), dtype=float).reshape(-1, 2)
        if name in names:
            dots[name] = (numbers.min(axis=0) + numbers.max(axis=0)) / 2, np.ptp(numbers[:, 0]) / 2
    places = {text.text: text.attrib for text in root.iter(SVG + "text") if text.text in names}
    assert dots.keys() == places.keys() == set(names)
    across = [centre[0] for centre, _ in dots.values()]
    assert max(across) - min(across) > float(root.attrib["width"].removesuffix("pt")) / 2
    for name, (centre, radius) in dots.items():
        begin = [float(places[name][axis]) for axis in "xy"]
        assert np.hypot(*(begin - centre)) > radius + 3, "points"


def test_dark_paper_changes_each_colour_of_a_picture(client, papers):
    now = datetime.datetime.now(datetime.UTC).year
    PaperFactory(bibcode=f"{now}A&A...540A...5D", tags=[TagFactory(name="VLTI")])
    root = picture(client, "/plots/histogram.svg?by=facility")

    rules = root[2].text
    for element in root.iter():
        if "url(" in (element.attrib.get("style", "")):
            continue
        for paint in ("fill", "stroke"):
            found = re.search(rf"{paint}: (#\w+)", element.attrib.get("style", ""))
            colour = found[1] if found else element.attrib.get(paint, "")
            if colour.startswith("#") and colour != "#000000":
                assert f'[style*="{paint}: {colour}"],[{paint}="{colour}"]' in rules, (element.tag, colour)


def test_h_index_of_known_lists():
    # The example of Hirsch's definition in Wikipedia: 10, 8, 5, 4, 3 → 4 and 25, 8, 5, 3, 3 → 3.
    assert h_index(np.array([10, 8, 5, 4, 3])) == 4
    assert h_index(np.array([25, 8, 5, 3, 3])) == 3
    assert h_index(np.array([], dtype=int)) == 0


def test_statistics_are_of_refereed_papers_and_say_so(client, papers):
    refereed, everything = client.get("/statistics/"), client.get("/statistics/?refereed=")

    assert "2 papers" in refereed.content.decode()
    assert "<strong>Refereed papers only</strong>" in refereed.content.decode()
    assert "cannot be compared by counts alone" in refereed.content.decode()
    assert "4 papers" in everything.content.decode()
    assert "Refereed or not." in everything.content.decode()
    assert client.get("/statistics/?year=1999").status_code == 200


def test_each_number_of_the_statistics_leads_to_as_many_papers(client, papers):
    TagFactory(name="Review", category=CategoryFactory(name="Kind", position=0))
    Category.objects.filter(name="Facility").update(position=1)
    papers[0].assignments.create(tag=TagFactory(name="Review"))
    text = client.get("/statistics/?refereed=").content.decode()

    links = re.findall(r'<td class="n"><a href="([^"]+)">(\d+)</a>', text)

    assert "Facility × year: Review" in text
    assert len(links) > 20
    for address, n in links:
        page = client.get(address.replace("&amp;", "&")).context["page"]
        assert page.paginator.count == int(n), address


def test_malformed_statistics_are_refused(client, papers):
    response = client.get("/statistics/?refereed=perhaps&foo=1")

    assert response.status_code == 400
    assert "refereed: “perhaps” is not known" in response.content.decode()
    assert "foo: there is no such parameter" in response.content.decode()
    assert b'name="year"' in response.content


def test_home_shows_two_figures_and_the_list_leads_to_its_plots(client, papers):
    assert client.get("/").content.count(b"roomy-only") == 2
    assert b'href="/plots/?tag=vlti"' in client.get("/papers/?tag=vlti").content


def test_a_figure_that_did_not_change_may_still_be_embedded(client):
    first = client.get("/plots/histogram.svg")

    again = client.get("/plots/histogram.svg", headers={"if-none-match": first["ETag"]})

    assert again.status_code == 304
    for header in ("Content-Security-Policy", "X-Frame-Options"):
        assert again[header] == first[header]
