"""What texts of the environment are taken for, and how those that cannot be meant are refused."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from olbin import environment
from tests.test_settings import PRODUCTION, manage


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("publications.example.org", ["publications.example.org"]),
        ("a.example.org, b.example.org,", ["a.example.org", "b.example.org"]),
        (".example.org,[::1],127.0.0.1,*", [".example.org", "[::1]", "127.0.0.1", "*"]),
    ],
)
def test_hosts_are_names(text, hosts):
    assert environment.hosts(text) == hosts


@pytest.mark.parametrize(
    ("text", "hosts", "address"),
    [
        ("https://a.example.org/olbin/", ["b"], "https://a.example.org/olbin"),
        ("", ["*", ".example.org"], "https://example.org"),
        ("", ["*"], "https://localhost"),
    ],
)
def test_address_of_the_site_is_given_or_that_of_its_first_host(text, hosts, address):
    assert environment.site_url(text, hosts) == address


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("postgres://olbin:hunter%2F2@127.0.0.1:5432/name", {"PASSWORD": "hunter/2", "NAME": "name"}),
        ("postgresql://olbin@/name?host=/run/postgresql", {"USER": "olbin", "NAME": "name"}),
        ("sqlite:////srv/a@b.sqlite3", {"NAME": "/srv/a@b.sqlite3"}),
    ],
)
def test_databases_are_read(text, expected):
    found = environment.database(text)
    assert {name: found[name] for name in expected} == expected


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("ALLOWED_HOSTS", "https://publications.example.org"),
        ("ALLOWED_HOSTS", "publications.example.org:8000"),
        ("ALLOWED_HOSTS", "a.example.org b.example.org"),
        ("ALLOWED_HOSTS", ","),
        ("SITE_URL", "publications.example.org"),
        ("SITE_URL", "https://"),
        ("API_RATE", "300"),
        ("API_RATE", "0/min"),
        ("SECURE_SSL_REDIRECT", "ture"),
        ("DATABASE_URL", "postgres://olbin:1?x@127.0.0.1/olbin"),
        ("TRUSTED_PROXIES", "one"),
        ("CACHE_URL", "nonsense"),
        ("DATABASE_URL", "nonsense"),
        ("DATABASE_URL", "mysql://olbin@127.0.0.1/olbin"),
        ("DATABASE_URL", "postgres://olbin:hunter/2@127.0.0.1:5432/olbin"),
        ("DATABASE_URL", "postgres://olbin:hunter@2/x@127.0.0.1:5432/olbin"),
        ("DATA_DIR", "/dev/null"),
    ],
)
def test_what_cannot_be_meant_stops_the_start_in_one_line_that_names_it(tmp_path, variable, text):
    run = manage(tmp_path, "check", **{**PRODUCTION, variable: text})
    assert run.returncode == 1
    (line,) = run.stderr.splitlines()
    assert line.startswith(f"{variable}: ")
    assert "hunter" not in line


def test_an_empty_variable_is_not_set(tmp_path):
    names = [
        "SITE_URL",
        "DATABASE_URL",
        "CACHE_URL",
        "API_RATE",
        "TRUSTED_PROXIES",
        "SECURE_SSL_REDIRECT",
        "DEBUG",
    ]
    empty = dict.fromkeys(names, "")
    asked = (
        "from django.conf import settings as s\n"
        "print(s.SITE_URL, s.API_RATE, s.IVOA_AUTHORITY, s.SECURE_SSL_REDIRECT)"
    )
    run = manage(tmp_path, "shell", "--verbosity", "0", "-c", asked, **PRODUCTION, **empty)
    assert run.stdout.split() == [
        "https://publications.example.org", "300/min", "publications.example.org", "True",
    ]  # fmt: skip


def test_a_proxy_that_redirects_by_itself_passes_the_deployment_checks(tmp_path):
    run = manage(
        tmp_path, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION, SECURE_SSL_REDIRECT="False"
    )
    assert run.returncode == 0, run.stderr


def test_a_database_is_refused_as_improperly_configured():
    with pytest.raises(ImproperlyConfigured, match="%40"):
        environment.database("postgres://a:b@c/d@e/f")
