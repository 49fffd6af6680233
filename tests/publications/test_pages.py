"""The public pages: addresses, statuses, queries that do not grow, nothing hidden."""

import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from publications.models import Identifier, TagSlug, Target, TargetLink
from tests.factories import HiddenTagFactory, JournalFactory, PaperFactory, TagFactory, TargetFactory

pytestmark = pytest.mark.django_db
BIBCODE = "2012A&A...540A...5D"
PAGES = [
    *("/", "/papers/", f"/papers/{BIBCODE}/", "/tags/", "/tags/vlti/", "/journals/", "/journals/A&A/"),
    *(
        "/additions/",
        "/about/",
        "/authors/",
        "/blocklist/",
        "/ads/",
        "/libraries/",
        "/papers.csv",
        "/papers.xml",
        "/categories.json",
        "/statistics/years.csv",
    ),
]


def body(response):
    return (b"".join(response.streaming_content) if response.streaming else response.content).decode()


@pytest.mark.parametrize("address", PAGES)
def test_each_page_answers_with_rows_and_shows_no_hidden_tag(client, address):
    tags = [TagFactory(name="VLTI"), HiddenTagFactory(name="Secretly")]
    PaperFactory(bibcode=BIBCODE, tags=tags, authors=["Mérand, A.", "GRAVITY Collaboration"])

    response = client.get(address)

    assert response.status_code == 200
    text = body(response)
    for word in ("Secretly", "secretly", "HIDDEN", "JMMC</"):
        assert word not in text


@pytest.mark.parametrize(
    "address", ["/", "/papers/", "/tags/", "/papers.csv", "/papers.xml", "/tags/secretly/"]
)
def test_a_curator_sees_the_hidden_tags_never_from_a_shared_cache(client, curator, address):
    PaperFactory(bibcode=BIBCODE, tags=[HiddenTagFactory(name="Secretly")])
    client.force_login(curator)

    response = client.get(address)

    assert "Secretly" in body(response)
    assert "private" in response["Cache-Control"]


@pytest.mark.parametrize("address", ["/papers/?tag=secretly", "/papers.csv?tag=secretly", "/tags/secretly/"])
def test_asking_for_a_hidden_tag_is_answered_as_for_an_unknown_one(client, address):
    PaperFactory(tags=[HiddenTagFactory(name="Secretly")])

    hidden, unknown = client.get(address), client.get(address.replace("secretly", "unknowns"))

    assert hidden.status_code == unknown.status_code
    assert body(hidden).replace("secretly", "unknowns") == body(unknown)


@pytest.mark.parametrize("address", PAGES)
def test_the_number_of_queries_does_not_grow_with_the_rows(client, address):
    vlti, journal = TagFactory(name="VLTI"), JournalFactory()

    def add(numbers):
        for n in numbers:
            PaperFactory(
                bibcode=BIBCODE if n == 0 else f"2012A&A...541{n:.>5}D",
                journal=journal,
                tags=[vlti, TagFactory(name=f"Tag {n % 2}")],
                authors=[f"Name{n}, A.", f"Other{n}, B."],
            )

    add(range(3))
    with CaptureQueriesContext(
        connection,
    ) as few:
        body(client.get(address))
    add(range(3, 50))
    with CaptureQueriesContext(connection) as many:
        body(client.get(address))

    assert len(many) == len(few), "\n".join(query["sql"][:200] for query in many)


@pytest.mark.parametrize("written", ["2012A&A...540A...5D", "2012A%26A...540A...5D"])
def test_an_ampersand_of_a_bibcode_may_be_written_both_ways(client, written):
    PaperFactory(bibcode=BIBCODE)

    assert client.get(f"/papers/{written}/").status_code == 200


@pytest.mark.parametrize(
    "old", ["2011arXiv1111.0001D", "10.1051/0004-6361/201100001", "arXiv:1111.0001v2", "2012a&a...540a...5d"]
)
def test_an_old_identifier_leads_to_the_present_bibcode_for_good(client, old):
    paper = PaperFactory(bibcode=BIBCODE, doi="10.1051/0004-6361/201100001", arxiv="1111.0001")
    Identifier.of(paper, "2011arXiv1111.0001D").save()

    response = client.get(f"/papers/{old}/")

    assert response.status_code == 301
    assert response["Location"] == "/papers/2012A&A...540A...5D/"


def test_an_unknown_bibcode_is_not_found_and_named(client):
    response = client.get("/papers/1999A&A...999..999X/")

    assert response.status_code == 404
    assert "1999A&amp;A...999..999X" in response.content.decode()


def test_an_old_slug_of_a_tag_redirects(client):
    TagSlug.objects.create(slug="ngst", tag=TagFactory(name="JWST"))

    response = client.get("/tags/ngst/")

    assert (response.status_code, response["Location"]) == (301, "/tags/jwst/")


@pytest.mark.parametrize("path", ["/papers/", "/papers.csv", "/papers.xml"])
def test_the_same_refusal_stands_in_each_format(client, path):
    response = client.get(path + "?year=20l2")

    assert response.status_code == 400
    assert "year: “20l2” is not a year or a range of years" in body(response)


def test_a_page_past_the_end_is_refused_and_says_which_is_the_last(client):
    PaperFactory()

    response = client.get("/papers/?page=2")

    assert response.status_code == 400
    assert "page: there is no page 2; the last one is 1" in response.content.decode()


def test_a_list_by_citations_shows_those_that_are_known(client):
    PaperFactory(title="Cited", citations=12)
    PaperFactory(title="Cited once", citations=1)
    PaperFactory(title="Not asked yet", citations=None)

    text = client.get("/papers/?sort=-citations").text

    assert re.findall(r"<span>(\d+ citations?)</span>", text) == ["12 citations", "1 citation"]
    assert "citations</span>" not in client.get("/papers/").text


def test_a_list_is_sorted_anew_by_links_that_keep_the_selection(client):
    for _ in range(2):
        PaperFactory(title="Dust")

    text = client.get("/papers/?q=dust&sort=title&per_page=1&page=2").text

    assert '<summary class="button quiet">Sort: title</summary>' in text
    assert '<a href="?q=dust&amp;per_page=1&amp;sort=-citations">most cited</a>' in text
    assert '<a href="?q=dust&amp;per_page=1&amp;sort=title" aria-current="true">title</a>' in text
    assert '<input type="hidden" name="sort" value="title">' in text


def test_a_refused_order_can_be_chosen_anew(client):
    text = client.get("/papers/?sort=x&year=2012").text

    assert "Sort: choose</summary>" in text
    assert '<a href="?year=2012&amp;sort=title">title</a>' in text


def test_ticked_papers_are_taken_as_list_csv_or_bibtex_where_there_are_any(client):
    PaperFactory(title="Dust")

    text = client.get("/papers/?q=dust").text

    assert re.findall(r'formaction="([^"]+)"', text) == ["/papers.csv", "/papers.bib"]
    assert "The papers that you ticked" not in client.get("/papers/?q=nothingfound").text


def test_the_numbers_of_a_facet_tell_of_how_many_papers_it_is_not_known_whether_refereed(client):
    for known in (True, True, False, None, None, None):
        PaperFactory(refereed=known)

    assert '<li>not known<span class="n">3</span></li>' in client.get("/papers/").text
    assert "<li>not known" not in client.get("/papers/?refereed=yes").text


def test_newsletter_parameters_are_dropped_by_a_redirect(client):
    response = client.get("/papers/?utm_source=x&year=2012&fbclid=y")

    assert (response.status_code, response["Location"]) == (302, "/papers/?year=2012")


def test_markup_of_a_title_is_shown_and_script_is_not(client):
    PaperFactory(bibcode=BIBCODE, title="H<SUB>2</SUB>O &amp; <script>alert(1)</script> in <I>stars")

    text = client.get(f"/papers/{BIBCODE}/").content.decode()

    assert "H<sub>2</sub>O &amp; alert(1) in <i>stars</i>" in text
    assert "<script>alert" not in text


@pytest.mark.parametrize(
    ("query", "status"),
    [("until=2026-03", 200), ("until=2026-13", 400), ("until=", 400), ("until=x%00", 400)],
)
def test_additions_take_a_month(client, query, status):
    assert client.get(f"/additions/?{query}").status_code == status


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("until=abc", "until: “abc” is not a month; give one such as 2026-03"),
        ("until=2026-13", "until: “2026-13” is not a month; give one such as 2026-03"),
        ("until=", "until: “” is not a month; give one such as 2026-03"),
        ("until=2026-11&until=2026-10", "until: is given 2 times; give it once"),
        ("unitl=2026-11", "unitl: there is no such parameter; known are until"),
    ],
)
def test_additions_are_refused_in_the_same_words_as_their_text(client, query, said):
    page, plain = client.get(f"/additions/?{query}"), client.get(f"/additions/.txt?{query}")

    assert (page.status_code, plain.status_code) == (400, 400)
    assert f"<li>{said}</li>" in page.text
    assert plain.text == f"{said}\n"


def test_the_newsletter_text_is_found_without_the_slash(client):
    response = client.get("/additions.txt?until=2026-03")

    assert (response.status_code, response["Location"]) == (301, "/additions/.txt?until=2026-03")


@pytest.mark.parametrize(("name", "asked"), [("* alf Ori", True), ("***", False)])
def test_a_star_that_is_not_here_can_be_asked_for_at_simbad(client, name, asked):
    response = client.get("/papers/", {"target": name})

    assert response.status_code == 400
    assert (f"Ask SIMBAD for “{name}”" in response.text) is asked
    assert "Ask SIMBAD" not in client.get("/papers/?year=x").text


def test_an_addition_stands_in_the_quarter_of_its_day(client):
    PaperFactory(bibcode=BIBCODE)  # added on 2026-03-01

    assert BIBCODE.replace("&", "&amp;") in client.get("/additions/?until=2026-05").content.decode()
    assert BIBCODE.replace("&", "&amp;") not in client.get("/additions/?until=2026-02").content.decode()


@pytest.mark.parametrize(
    "query", ["keep-tag=nope", "ignore-tag=secretly", "tag=vlti"], ids=["unknown", "hidden", "other name"]
)
def test_the_table_of_years_refuses_what_it_does_not_know(client, query):
    HiddenTagFactory(name="Secretly")

    response = client.get(f"/statistics/years.csv?{query}")

    assert response.status_code == 400
    assert response.content.decode().startswith(query.split("=")[0] + ": ")


def test_health_is_told_without_asking_the_database(client, django_assert_num_queries):
    with django_assert_num_queries(0):
        assert client.get("/healthz").status_code == 200


def test_the_newsletter_text_holds_plain_titles_and_addresses(client):
    PaperFactory(bibcode=BIBCODE, title="H<SUB>2</SUB>O &amp; ice", authors=["Mérand, A."])

    text = client.get("/additions/.txt?until=2026-03").content.decode()

    assert "1 paper\n" in text
    assert "H2O & ice\n  Mérand, A., 2012, A&A\n" in text
    assert "/papers/2012A&A...540A...5D/" in text


@pytest.mark.parametrize(
    ("page", "cited"), [("arXiv:astro-ph/0003347",) * 2, ("L97-L100", "L97"), ("A5", "A5"), ("9-e12", "9")]
)
def test_a_paper_is_cited_by_its_first_page_or_its_whole_identifier(client, page, cited):
    paper = PaperFactory(bibcode=BIBCODE, page=page, volume="540", authors=["Mérand, A."])

    for address in (paper.get_absolute_url(), "/papers/", "/additions/.txt?until=2026-03"):
        assert f", {cited}" + ("<" if "txt" not in address else "\n") in client.get(address).text
    assert f"SP  - {cited}\r\n" in body(client.get("/papers.ris"))


def test_the_search_box_completes_tags_and_authors_but_no_hidden_tag(client):
    PaperFactory(tags=[TagFactory(name="GRAVITY"), HiddenTagFactory(name="Gravely")], authors=["Grave, A."])

    text = client.get("/complete/?q=grav").content.decode()

    assert "tag:&quot;GRAVITY&quot;" in text
    assert "author:&quot;Grave, A.&quot;" in text
    assert "Gravely" not in text


def test_words_that_name_a_tag_a_target_and_an_author_say_so(client):
    tag = TagFactory(name="PIONIER")
    PaperFactory(title="On PIONIER", tags=[tag], authors=["Pionier, B."])

    named = client.get("/papers/?q=pionier").context["named"]

    assert [(each.kind, each.name, each.papers) for each in named] == [
        ("Tag", "PIONIER", 1),
        ("Author", "Pionier, B.", 1),
    ]


def test_a_selection_by_target_leads_to_its_page(client):
    star = TargetFactory(name="HD 39801")
    star.papers.add(PaperFactory(), through_defaults={"kind": "measured"})

    for query in ("target=HD39801", "q=hd+39801"):
        assert (
            f'Target <a href="{star.get_absolute_url()}">HD 39801</a>: 1 paper<'
            in client.get(f"/papers/?{query}").text
        )


def test_a_misspelled_word_is_answered_with_what_it_may_have_meant(client):
    PaperFactory(title="Interferometry of stars")

    text = client.get("/papers/?q=interferomtry").content.decode()

    assert "Did you mean" in text
    assert "q=interferometry" in text


@pytest.mark.parametrize("address", ["/authors/?letter=1", "/authors/?page=9", "/authors/nobody/"])
def test_authors_that_are_not_there_are_not_found(client, address):
    assert client.get(address).status_code == 404


def test_an_author_page_gathers_spellings_and_claims_no_person(client):
    PaperFactory(authors=["Mérand, A."])
    PaperFactory(authors=["Merand, Antoine"])
    PaperFactory(authors=["Merand, B."])

    response = client.get("/authors/merand-a/")

    assert response.context["page"].paginator.count == 2
    assert "may be one person or several" in response.content.decode()


def test_the_sitemap_lists_papers_and_public_tags(client):
    PaperFactory(bibcode=BIBCODE, tags=[TagFactory(name="VLTI"), HiddenTagFactory(name="Secretly")])

    text = "".join(
        client.get(f"/{name}.xml").content.decode()
        for name in ("sitemap", "sitemap-papers", "sitemap-tags", "sitemap-journals", "sitemap-pages")
    )

    assert "/papers/2012A&amp;A...540A...5D/" in text
    assert "/tags/vlti/" in text
    assert "secretly" not in text


@pytest.mark.parametrize(("count", "said"), [(13, "all 13"), (302, "300 of 302")])
def test_a_paper_lists_its_targets_and_of_a_catalogue_the_first(client, count, said):
    paper = PaperFactory()
    targets = Target.objects.bulk_create(
        Target(name=f"HD {number}", slug=f"hd-{number}") for number in range(count)
    )
    TargetLink.objects.bulk_create(TargetLink(paper=paper, target=t, kind="listed") for t in targets)

    text = client.get(paper.get_absolute_url()).text

    assert f"<summary>{said}</summary>" in text
    assert text.count('<a href="/targets/hd-') == min(count, 300)
    assert ("2 more are in the" in text) == (count > 300)


def test_machines_read_a_paper_from_the_head_of_its_page(client):
    PaperFactory(bibcode=BIBCODE, title="</script><b>x</b> & y", authors=["Mérand, A."], pubdate="2012-04-00")

    text = client.get(f"/papers/{BIBCODE}/").content.decode()

    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', text)[1])
    assert data["author"] == [{"@type": "Person", "name": "Mérand, A."}]
    assert data["datePublished"] == "2012-04"
    assert '<meta name="citation_author" content="Mérand, A.">' in text
    assert '<link rel="canonical" href="http://127.0.0.1:8000/papers/2012A&amp;A...540A...5D/">' in text
