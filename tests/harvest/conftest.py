import shutil
from contextlib import contextmanager

import psycopg
import pytest
from django.db import connection, transaction
from django.test import override_settings

from harvest.ads.client import AdsClient
from tests.ads_sandbox import AdsSandbox
from tests.factories import CategoryFactory, TagFactory
from tests.harvest.site import Site


@pytest.fixture(autouse=True)
def _own_data_dir(settings, tmp_path):
    """Locks of a test never meet those of another one."""
    settings.DATA_DIR = tmp_path


@pytest.fixture
def desk(client, curator):
    """A client that a curator is signed in with."""
    client.force_login(curator)
    return client


@pytest.fixture
def main():
    """Two tags of the main category."""
    category = CategoryFactory(name="MainCategory", position=0)
    return [TagFactory(name=name, category=category) for name in ("Astrophysical results", "Instrumentation")]


def client_of(sandbox):
    """A client of the stand-in that does not wait between tries."""
    return AdsClient.at(sandbox.url, "token", sleep=lambda seconds: None, timeout=(2, 5))


@pytest.fixture
def ads(ads_sandbox, settings):
    settings.ADS_API_URL = ads_sandbox.url
    settings.ADS_API_TOKEN = "token"
    return client_of(ads_sandbox)


@pytest.fixture(scope="module")
def stand_in(django_db_setup, django_db_blocker, tmp_path_factory):
    """A context in which a module fills the database and the stand-in once, for all of its tests.

    They run in its transaction, which is rolled back behind the last of them.
    """

    @contextmanager
    def filling():
        with django_db_blocker.unblock(), AdsSandbox() as sandbox, transaction.atomic():
            with override_settings(
                ADS_API_URL=sandbox.url, ADS_API_TOKEN="token", DATA_DIR=tmp_path_factory.mktemp("module")
            ):
                yield sandbox
            transaction.set_rollback(True)

    return filling


@pytest.fixture(scope="session")
def migrated_database(tmp_path_factory, worker_id, django_db_setup, django_db_blocker):
    """A function that makes a migrated, empty database that other processes can use; its address.

    Copies of one: migrating takes seconds.
    """
    with django_db_blocker.unblock():
        vendor, parameters = connection.vendor, connection.settings_dict
    folder = tmp_path_factory.mktemp("databases")
    made = []
    if vendor == "sqlite":
        model = folder / "model.sqlite3"
        Site(f"sqlite:///{model}", folder, "http://127.0.0.1").manage("migrate", "-v0")

        def make():
            made.append(folder / f"{len(made)}.sqlite3")
            shutil.copy(model, made[-1])
            return f"sqlite:///{made[-1]}"

        yield make
        return
    server = "postgres://{USER}:{PASSWORD}@{HOST}:{PORT}".format(**parameters)
    # Where no test of a session has a database of Django's, the name is that of no worker yet.
    model = f"{parameters['NAME']}_{worker_id}_model"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:

        def make():
            made.append(f"{model}_{len(made)}")
            admin.execute(f'DROP DATABASE IF EXISTS "{made[-1]}"')
            admin.execute(f'CREATE DATABASE "{made[-1]}" TEMPLATE "{model}"')
            return f"{server}/{made[-1]}"

        admin.execute(f'DROP DATABASE IF EXISTS "{model}"')
        admin.execute(f'CREATE DATABASE "{model}"')
        Site(f"{server}/{model}", folder, "http://127.0.0.1").manage("migrate", "-v0")
        yield make
        for name in [*made, model]:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
def site(migrated_database, tmp_path, ads_sandbox):
    """A site with an empty database, whose ADS is the stand-in."""
    return Site(migrated_database(), tmp_path, ads_sandbox.url)
