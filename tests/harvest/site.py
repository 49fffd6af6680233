"""A site of its own for a test: other processes can use its database, be killed, and be looked at."""

import json
import os
import re
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import requests

ROOT = Path(__file__).resolve().parents[2]
PEOPLE = """
from django.contrib.auth.models import Group, User
person = User.objects.create_user("ada", password="a long password", is_staff=True)
person.groups.add(Group.objects.get(name="curator"))
"""


class Site:
    """``database_url`` names a migrated database; ``folder`` holds its locks."""

    def __init__(self, database_url, folder, ads_url, **environment):
        self.database_url = database_url
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(folder),
            "DEBUG": "1",
            "DATABASE_URL": database_url,
            "DATA_DIR": str(folder),
            "ADS_API_URL": ads_url,
            **environment,
        }

    def start(self, *command, stderr=subprocess.DEVNULL):
        """A process of the site, in a group of its own; its output is thrown away.

        It can be interrupted, also where the tests run in the background of a shell, which ignores that.
        """
        return subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=self.environment, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=stderr,
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip

    def manage(self, *arguments, check=True):
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT, env=self.environment, capture_output=True, text=True, timeout=100, check=False,
        )  # fmt: skip
        assert not check or done.returncode == 0, done.stderr
        return done

    def shell(self, code):
        """Run ``code`` in the site; what it prints as JSON."""
        return json.loads(self.manage("shell", "--no-imports", "-c", code).stdout or "null")

    def rows(self, query):
        if self.database_url.startswith("sqlite"):
            with closing(
                sqlite3.connect(self.database_url.removeprefix("sqlite:///"), timeout=20)
            ) as database:
                return database.execute(query).fetchall()
        with psycopg.connect(self.database_url) as database:
            return database.execute(query).fetchall()

    def wait_for(self, query, condition, seconds=60):
        """Until the rows of ``query`` meet ``condition``; the rows."""
        end = time.monotonic() + seconds
        while not condition(rows := self.rows(query)):
            assert time.monotonic() < end, f"{query}: {rows}"
            time.sleep(0.1)
        return rows


def kill(process, how=signal.SIGKILL):
    """Kill a process that we started, with its children."""
    if process.poll() is None:
        os.killpg(process.pid, how)
    process.wait(timeout=30)


def free_port():
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def own_redis(folder):
    """The address of a Redis server of the test's own that answers; None when the machine has none."""
    program = shutil.which("redis-server")
    if program is None:
        yield None
        return
    port = free_port()
    server = subprocess.Popen(
        [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)],
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        until_it_listens(port, server)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        kill(server)


def until_it_listens(port, server):
    end = time.monotonic() + 30
    while time.monotonic() < end and server.poll() is None:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(f"nothing listens on port {port}")


@contextmanager
def served(site):
    """The site over HTTP; gives a function that asks it as the curator Ada."""
    site.shell(PEOPLE)
    base = f"http://127.0.0.1:{free_port()}"
    server = site.start("manage.py", "runserver", "--noreload", base.removeprefix("http://"))
    browser = requests.Session()

    def ask(path, **form):
        answer = browser.get(base + (path if not form else "/admin/"))
        if form:
            token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', answer.text)[1]
            answer = browser.post(base + path, {**form, "csrfmiddlewaretoken": token})
        answer.raise_for_status()
        return answer

    try:
        end = time.monotonic() + 40
        while True:
            try:
                browser.get(f"{base}/healthz", timeout=2)
                break
            except requests.ConnectionError:
                assert time.monotonic() < end
                time.sleep(0.1)
        ask("/admin/login/", username="ada", password="a long password", next="/admin/")
        yield ask
    finally:
        kill(server, signal.SIGTERM)


def until_ended(ask, address):
    end = time.monotonic() + 60
    while "hx-trigger" in (text := ask(address).text):
        assert time.monotonic() < end, text
        time.sleep(0.1)
    return text
