"""The site as production runs it: hashed static files, a strict policy, redirects to TLS."""

import json
import os
import re
import subprocess
import sys

import pytest
from django.conf import settings

from tests.test_settings import PRODUCTION, manage

# Started in a process of its own, because the settings of the tests are those of development.
ASK = """
import json, sys
from io import BytesIO
from wsgiref.util import setup_testing_defaults
from olbin.wsgi import application

answers = {}
for path, forwarded, method in json.loads(sys.argv[1]):
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "wsgi.input": BytesIO()}
    environ["HTTP_HOST"] = "publications.example.org"
    if forwarded:
        environ["HTTP_X_FORWARDED_PROTO"] = forwarded
    setup_testing_defaults(environ)
    def start(status, headers, exc_info=None):
        answers[path] = {"status": int(status[:3]), "headers": {k.lower(): v for k, v in headers}}
    body = application(environ, start)
    answers[path]["body"] = b"".join(body).decode("utf-8", "replace")
    getattr(body, "close", lambda: None)()
print(json.dumps(answers))
"""


@pytest.fixture(scope="module")
def production(tmp_path_factory):
    """Asks the WSGI application of a migrated, collected production site: path → status, headers, body."""
    data = tmp_path_factory.mktemp("production")
    for command in (["collectstatic", "--noinput", "--verbosity", "0"], ["migrate", "--verbosity", "0"]):
        done = manage(data, *command, **PRODUCTION)
        assert done.returncode == 0, done.stderr

    def ask(path, forwarded="https", method="GET"):
        run = subprocess.run(
            [sys.executable, "-c", ASK, json.dumps([[path, forwarded, method]])],
            cwd=settings.BASE_DIR,
            env={"PATH": os.environ["PATH"], "DATA_DIR": str(data), **PRODUCTION},
            capture_output=True,
            text=True,
        )
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)[path]

    return ask


def test_static_files_carry_a_hash_and_may_be_kept_for_ever(production):
    page = production("/about/")
    stylesheet = re.search(r'href="(/static/publications/style\.[0-9a-f]{12}\.css)"', page["body"])

    assert stylesheet, page["body"][:2000]
    answer = production(stylesheet[1])
    assert answer["status"] == 200
    assert "immutable" in answer["headers"]["cache-control"]


def test_the_policy_allows_no_script_or_style_inside_a_page(production):
    policy = production("/")["headers"]["content-security-policy"]

    assert "unsafe-inline" not in policy
    assert "unsafe-eval" not in policy
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy


def test_a_request_without_tls_is_redirected_except_for_the_health_checks(production):
    assert production("/about/", forwarded=None)["status"] == 301
    assert production("/healthz", forwarded=None)["status"] == 200
    assert production("/readyz", forwarded=None)["status"] == 200


def test_browsers_are_told_to_stay_with_tls(production):
    assert "max-age=31536000" in production("/about/")["headers"]["strict-transport-security"]


def test_an_unknown_page_shows_no_traceback(production):
    answer = production("/no/such/page")

    assert answer["status"] == 404
    assert "Traceback" not in answer["body"]


def test_a_host_that_is_not_ours_is_refused(tmp_path):
    asked = (
        "from django.test import Client\n"
        "print(Client().get('/healthz', headers={'host': 'evil.example'}).status_code)"
    )

    run = manage(tmp_path, "shell", "--verbosity", "0", "-c", asked, **PRODUCTION)

    assert run.stdout.strip() == "400", run.stderr


def test_without_its_static_files_the_site_is_not_ready(tmp_path):
    assert manage(tmp_path, "migrate", "--verbosity", "0", **PRODUCTION).returncode == 0
    asked = (
        "from django.test import Client\n"
        "answer = Client().get('/readyz', headers={'host': 'publications.example.org'})\n"
        "print(answer.status_code, answer.text)"
    )
    run = manage(tmp_path, "shell", "--verbosity", "0", "-c", asked, **PRODUCTION)
    assert run.stdout.startswith("503 static files are missing: run collectstatic"), run.stderr


def test_head_is_answered_without_a_body(production):
    answer = production("/about/", method="HEAD")
    assert (answer["status"], answer["body"]) == (200, "")
    assert int(answer["headers"]["content-length"]) == len(production("/about/")["body"].encode())


def test_a_worker_without_a_broker_does_not_look_for_one(tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "celery", "-A", "olbin", "worker", "--loglevel", "info"],
        cwd=settings.BASE_DIR,
        env={"PATH": os.environ["PATH"], "DATA_DIR": str(tmp_path), **PRODUCTION},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert run.returncode != 0
    assert "CELERY_BROKER_URL is not set" in run.stderr
