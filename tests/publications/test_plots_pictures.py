"""The pictures of figures: what is drawn, where, in which colour, and what its text says."""

import datetime
import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from publications.models import Category, Target, TargetLink
from publications.plots import colours
from tests.factories import CategoryFactory, PaperFactory, TagFactory, TargetFactory
from tests.publications.figure_files import SVG, lines, picture

pytestmark = pytest.mark.django_db


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
