"""A real browser over a live server. Chromium is the machine's own."""

import os
import shutil
import sqlite3
from contextlib import closing

import pytest
from django.core.management import call_command
from django.db import connection

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
         "--disable-background-networking", "--disable-component-update"]  # fmt: skip
# What Chromium notes when a form comes back: with its mistakes, from the sign-in, for somebody was quicker.
REFUSED = ["a status of 400", "a status of 401", "a status of 409", "Response Status Error Code 401"]


@pytest.fixture(scope="session")
def browser():
    if not CHROMIUM:
        pytest.skip("no Chromium: install it, or name it in CHROMIUM")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def loaded():
    """A database in memory for a copy of the demonstration data, once they were loaded."""
    with closing(sqlite3.connect(":memory:", check_same_thread=False)) as copy:
        yield copy


@pytest.fixture
def demonstration(transactional_db, loaded):
    """Loading takes seconds: on SQLite all but the first test get a copy."""
    if connection.vendor == "sqlite" and loaded.execute("SELECT * FROM sqlite_master").fetchone():
        connection.ensure_connection()
        loaded.backup(connection.connection)
        return
    call_command("load_demo", verbosity=0)
    if connection.vendor == "sqlite":
        connection.connection.backup(loaded)


@pytest.fixture
def open_page(browser, live_server, demonstration):
    """``open_page(path, width=…, dark=…, javascript=…)`` → a Playwright page.

    It fails the test when the page complains in the console or asks another host.
    """
    contexts, complaints = [], []

    def open_(path, *, width=1280, dark=False, javascript=True):
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            java_script_enabled=javascript,
        )
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console",
            lambda message: (
                any(words in message.text for words in REFUSED)
                or complaints.append(f"{path}: {message.text}")
            ),
        )
        page.on(
            "request",
            lambda request: (
                request.url.startswith((live_server.url, "data:"))
                or complaints.append(f"{path} asks {request.url}")
            ),
        )
        page.goto(live_server.url + path)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert complaints == []
