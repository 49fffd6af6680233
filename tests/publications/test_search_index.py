"""The index follows every change of a paper, and survives a rebuilt table."""

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from publications.models import Author, Authorship, Keyword, KnownWord, Paper, SearchText
from publications.models.search_index import install_search_index
from publications.search.index import reindex
from publications.search.matching import searched
from tests.factories import PaperFactory


def found(q):
    return Paper.objects.filter(searched(q)).count()


def check_fts():
    """SQLite compares its index with the texts, and fails when they differ."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO publications_searchtext_fts (publications_searchtext_fts, rank) "
                "VALUES ('integrity-check', 1)"
            )


@pytest.mark.django_db
def test_each_change_of_a_paper_is_found_at_once():
    paper = PaperFactory(title="old title")
    paper.title = "new words"
    paper.save()
    keyword = Keyword.spelled("dust")
    keyword.save()
    paper.keywords.add(keyword)
    author = Author.spelled("Mérand, A.")
    author.save()
    authorship = Authorship.objects.create(paper=paper, author=author, position=1)
    assert (found("old"), found("new"), found("keyword:dust"), found("author:^Mérand")) == (0, 1, 1, 1)

    keyword.name, keyword.folded = "gas", "gas"
    keyword.save()
    assert (found("dust"), found("gas")) == (0, 1)
    keyword.papers.remove(paper)
    authorship.delete()
    assert (found("gas"), found("merand")) == (0, 0)

    check_fts()
    paper.delete()
    check_fts()
    assert (found("new"), SearchText.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_papers_written_in_bulk_are_found_after_one_call():
    ids = [PaperFactory(title=f"star {number}").pk for number in range(3)]
    Paper.objects.update(title="changed")

    reindex(ids)

    assert (found("star"), found("changed")) == (0, 3)


@pytest.mark.django_db
def test_a_paper_with_endless_words_and_much_text_is_indexed():
    PaperFactory(title="x" * 5000, abstract=" ".join(f"w{number}" for number in range(20000)))

    assert found("x" * 100) == 1
    assert found("w19999") == 1


@pytest.mark.django_db(transaction=True)
def test_the_index_survives_its_set_up_and_a_lost_one_comes_back():
    PaperFactory(title="star")
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE publications_searchtext DROP COLUMN words")
        else:
            cursor.execute("DROP TRIGGER publications_searchtext_fts_insert")
            cursor.execute("DROP TABLE publications_searchtext_fts")
    for _ in range(2):
        install_search_index(apps.get_app_config("publications"), "default")

    PaperFactory(title="stars")
    assert found("star") == 2


@pytest.mark.django_db(transaction=True)
def test_a_rebuilt_table_keeps_the_index_in_step():
    """What a migration does on SQLite: a new table, its triggers gone."""
    paper = PaperFactory(title="star")
    field = SearchText._meta.get_field("year")
    with connection.schema_editor() as editor:
        if connection.vendor == "sqlite":
            editor._remake_table(SearchText, alter_fields=[(field, field)])
    install_search_index(apps.get_app_config("publications"), "default")

    paper.title = "dust"
    paper.save()
    check_fts()
    assert (found("star"), found("dust")) == (0, 1)


@pytest.mark.django_db
def test_rebuild_search_indexes_all_papers(capsys):
    PaperFactory(title="star")
    Paper.objects.update(title="fringes")
    SearchText.objects.all().delete()

    call_command("rebuild_search")

    assert found("fringe") == 1
    assert Paper.objects.get().sort_title == "fringes"
    assert list(KnownWord.objects.values_list("word", flat=True)) == ["fringes"]
    assert capsys.readouterr().out == "1 papers indexed\n"


@pytest.mark.django_db
def test_a_thousand_papers_cost_as_many_queries_as_one(django_assert_max_num_queries):
    ids = [PaperFactory(authors=["Mérand, A."]).pk for _ in range(20)]

    with django_assert_max_num_queries(10):
        reindex(ids)
