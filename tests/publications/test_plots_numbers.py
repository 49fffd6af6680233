"""The numbers of figures, in tables and captions: groups, shares, citations, and where each leads."""

import numpy as np
import pytest

from publications.plots.impact import h_index
from tests.factories import CategoryFactory, PaperFactory, TagFactory
from tests.publications.figure_files import SVG, lines, picture

pytestmark = pytest.mark.django_db


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


def test_a_hundred_years_fit_into_a_heat_map(client):
    for year in (1868, 1891, 1920, 1974, 2005):
        PaperFactory(bibcode=f"{year}A&A...540A...5D", tags=[TagFactory(name="VLTI")])

    assert lines(client, "/plots/heatmap.csv")[0] == (
        "Facility × year,1865–1869,1890–1894,1920–1924,1970–1974,2005–2009"
    )


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


def test_h_index_of_known_lists():
    # The example of Hirsch's definition in Wikipedia: 10, 8, 5, 4, 3 → 4 and 25, 8, 5, 3, 3 → 3.
    assert h_index(np.array([10, 8, 5, 4, 3])) == 4
    assert h_index(np.array([25, 8, 5, 3, 3])) == 3
    assert h_index(np.array([], dtype=int)) == 0
