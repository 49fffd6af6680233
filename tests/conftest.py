"""Facts that hold for every test: no network but this machine, warnings are errors, a time limit."""

import os

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import override_settings

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Playwright's loop runs in the thread of the test


@pytest.fixture(autouse=True, scope="session")
def _quick_passwords():
    """Hashing a password as slowly as it should be takes longer than most tests."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(autouse=True)
def _fresh_cache():
    cache.clear()


@pytest.fixture(autouse=True)
def _state_at_once(request):
    """A test's own transaction never commits; let its changes raise the state of the data at once."""
    uses_database = "db" in request.fixturenames or request.node.get_closest_marker("django_db")
    if connection.vendor == "postgresql" and uses_database:
        request.getfixturevalue("db")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS publications_raise_state IMMEDIATE")


@pytest.fixture
def curator(db):
    """A signed-in person's account with exactly the rights of the group ``curator``."""
    from django.contrib.auth.models import Group, User

    user = User.objects.create_user("curator", password="a long password", is_staff=True)
    user.groups.add(Group.objects.get(name="curator"))
    return user


def pytest_terminal_summary(terminalreporter):
    if os.environ.get("CI") and terminalreporter.stats.get("skipped"):
        terminalreporter.write_line("CI=true: a skipped test is a failure", red=True)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("CI") and exitstatus == 0 and reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture
def ads_sandbox():
    """An empty stand-in for ADS, served over HTTP."""
    from tests.ads_sandbox import AdsSandbox

    with AdsSandbox() as sandbox:
        yield sandbox
