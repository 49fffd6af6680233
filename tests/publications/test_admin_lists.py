"""The lists of the admin, over HTTP: queries that do not grow, what a search finds, where counts lead."""

import re

import pytest
from django.urls import reverse

from publications import models
from tests.factories import PaperFactory, TagFactory, TargetFactory
from tests.publications.admin_models import MAY, address, make, short

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", MAY, ids=short)
def test_a_list_asks_as_many_queries_for_50_rows_as_for_one(
    model, client_superuser, django_assert_max_num_queries
):
    make(model)
    client_superuser.get(address(model, "changelist"))
    with django_assert_max_num_queries(30) as asked:
        client_superuser.get(address(model, "changelist"))
    at_one = len(asked)
    for number in range(2, 51):
        make(model, number)
    with django_assert_max_num_queries(at_one):
        answer = client_superuser.get(address(model, "changelist"))

    assert len(answer.context["cl"].result_list) >= 50


@pytest.mark.parametrize(
    "query", ["added__year=99999", "added__year=0", "tags=x", "authorships__author=x", "e=1"]
)
def test_a_malformed_address_of_a_list_is_no_failure(query, client_curator):
    answer = client_curator.get(address(models.Paper, "changelist") + "?" + query, follow=True)

    assert answer.status_code == 200


# --- Searching ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    ["Mérand", "merand", "MÉRAND", "Mérand, A", "kervella merand", "étude", "delta Cephei", "2015A&A...584",
     "2015a&a", "Mérand\0"],
)  # fmt: skip
def test_a_paper_is_found_by_folded_author_title_and_bibcode(words, merand, client_curator):
    PaperFactory(bibcode="2012ApJ...700....1X", title="Another", authors=["Smith, J."])
    answer = client_curator.get(address(models.Paper, "changelist"), {"q": words.rstrip("\0")})

    assert [paper.bibcode for paper in answer.context["cl"].result_list] == ["2015A&A...584A..80M"]


def test_a_paper_is_found_by_doi_and_by_an_old_bibcode(merand, client_curator):
    models.Identifier.of(merand, "2015arXiv151001940M").save()
    models.Identifier.of(merand, "10.1051/0004-6361/201527207").save()

    for words in ("2015arXiv151001940M", "https://doi.org/10.1051/0004-6361/201527207"):
        answer = client_curator.get(address(models.Paper, "changelist"), {"q": words})
        assert list(answer.context["cl"].result_list) == [merand], words


@pytest.mark.parametrize(
    ("model", "words", "found"),
    [
        (models.Author, "merand", "Mérand, Antoine"),
        (models.Target, "alpha ori", "* alf Ori"),
        (models.Target, "α Ori", "* alf Ori"),
        (models.Tag, "mirc-x", "MIRC-X"),
    ],
)
def test_names_are_found_however_they_are_spelled(model, words, found, merand, client_curator):
    TargetFactory(name="* alf Ori")
    TargetFactory(name="HD 1")
    TagFactory(name="MIRC-X")
    TagFactory(name="Other")
    answer = client_curator.get(address(model, "changelist"), {"q": words})

    assert [str(row) for row in answer.context["cl"].result_list] == [found]


@pytest.mark.parametrize(
    ("field", "term", "found"), [("tag", "pion\0", "PIONIER"), ("target", "α ori", "Betelgeuse")]
)
def test_completion_finds_tags_and_targets_and_survives_a_zero_byte(field, term, found, client_curator):
    TagFactory(name="PIONIER")
    models.TargetAlias.objects.create(target=TargetFactory(name="Betelgeuse"), name="* alf Ori")
    model = "tagassignment" if field == "tag" else "targetlink"
    answer = client_curator.get(
        reverse("admin:autocomplete"),
        {"app_label": "publications", "model_name": model, "field_name": field, "term": term},
    )

    assert [result["text"] for result in answer.json()["results"]] == [found]


@pytest.mark.parametrize("model", [models.Author, models.Keyword, models.Journal, models.Tag, models.Target])
def test_a_count_of_papers_leads_to_these_papers(model, client_curator):
    paper = PaperFactory(authors=["Mérand, A."], keywords=["stars"], tags=[TagFactory()])
    models.TargetLink.objects.create(paper=paper, target=TargetFactory(), kind="listed")
    PaperFactory(bibcode="2012ApJ...700....1X")
    page = client_curator.get(address(model, "changelist"), {"q": "A&A"} if model is models.Journal else {})
    url = re.search(r'href="(/admin/publications/paper/\?[^"]+)">1</a>', page.content.decode())[1]

    assert list(client_curator.get(url.replace("&amp;", "&")).context["cl"].result_list) == [paper]
