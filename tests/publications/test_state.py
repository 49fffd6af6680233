"""The number of the data's state rises with every committed change, whichever way it was made."""

import pytest
from django.apps import apps
from django.db import connection, transaction

from publications.models import DataState, Journal, Keyword
from publications.models.state import public_tables
from tests.factories import PaperFactory, TagFactory


@pytest.mark.django_db
def test_each_public_table_has_a_trigger_for_each_kind_of_change():
    tables = public_tables(apps.get_app_config("publications"))
    sql = (
        "SELECT tgname FROM pg_trigger"
        if connection.vendor == "postgresql"
        else "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    )
    with connection.cursor() as cursor:
        cursor.execute(sql)
        present = {name for (name,) in cursor.fetchall()}

    assert "publications_paper" in tables
    assert {f"{t}_state_{e}" for t in tables for e in ("INSERT", "UPDATE", "DELETE")} <= present


@pytest.mark.django_db(transaction=True)
def test_an_insert_an_update_bulk_sql_and_a_delete_each_raise_it():
    numbers = [DataState.current().number]

    paper = PaperFactory(tags=[TagFactory()])
    numbers.append(DataState.current().number)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE publications_paper SET citations = 5")
    numbers.append(DataState.current().number)
    paper.assignments.all().delete()
    numbers.append(DataState.current().number)
    Keyword.objects.bulk_create([Keyword.spelled("stars"), Keyword.spelled("dust")])
    numbers.append(DataState.current().number)

    assert numbers == sorted(set(numbers))


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_does_not_raise_it():
    before = DataState.current().number

    with transaction.atomic():
        Journal.objects.create(bibstem="ApJ")
        transaction.set_rollback(True)

    assert DataState.current().number == before


@pytest.mark.django_db(transaction=True)
def test_reading_does_not_raise_it():
    PaperFactory()
    before = DataState.current().number

    list(Journal.objects.all())

    assert DataState.current().number == before
