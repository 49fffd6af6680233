"""A curator accepts a paper while an import brings the same one in: it comes once, without an error."""

import json
import time

import pytest

from tests.harvest.site import kill

BIBCODE, ARXIV = "2020A&A...641A..85C", "2020arXiv200100001C"
PREPARE = f"""
from django.contrib.auth.models import User
from harvest.models import Candidate
User.objects.create_user("person")
Candidate.objects.create(bibcode="{BIBCODE}", identifiers=["{ARXIV}"], year=2020)
"""
IMPORT = """
from publications.imports.papers import PaperWriter
from publications.imports.report import Report
from publications.imports.row import PaperRow
from publications.imports.vocabulary import Vocabulary
report = Report()
PaperWriter(Vocabulary(), report, reason="test", date_new=True).write([PaperRow(1, "{bibcode}")])
outcome = report.summary()
"""
ACCEPT = """
from django.contrib.auth.models import User
from harvest import curation
from harvest.models import Candidate
try:
    outcome = curation.accept(Candidate.objects.get(), [], User.objects.get()).bibcode
except curation.CannotDecide as error:
    outcome = str(error)
"""
FIRST = """
import pathlib, time
from django.db import transaction
with transaction.atomic():
    exec({code!r})
    pathlib.Path({folder!r}, "written").touch()
    while not pathlib.Path({folder!r}, "may-end").exists():
        time.sleep(0.02)
"""
SECOND = """
import json, pathlib
pathlib.Path({folder!r}, "starts").touch()
exec({code!r})
pathlib.Path({folder!r}, "outcome").write_text(json.dumps(outcome))
"""


def wait_for(path, *processes):
    end = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < end, path
        assert all(process.poll() in (None, 0) for process in processes)
        time.sleep(0.02)


def outcome_of_second(site, folder, first, second):
    """Start ``second`` while the transaction of ``first`` is open; what the second one says."""
    processes = []
    try:
        for code, sign in ((FIRST, "written"), (SECOND, "starts")):
            own = first if code is FIRST else second
            filled = code.format(code=own, folder=str(folder))
            processes.append(site.start("manage.py", "shell", "--no-imports", "-c", filled))
            wait_for(folder / sign, *processes)
        time.sleep(0.5)  # until it waits for the first one
        (folder / "may-end").touch()
        assert [process.wait(timeout=60) for process in processes] == [0, 0]
    finally:
        for process in processes:
            kill(process)
    return json.loads((folder / "outcome").read_text())


@pytest.mark.parametrize("bibcode", [BIBCODE, ARXIV])
def test_who_accepts_what_an_import_is_bringing_is_told_so(site, tmp_path, bibcode):
    site.shell(PREPARE)
    told = outcome_of_second(site, tmp_path, IMPORT.format(bibcode=bibcode), ACCEPT)
    assert told == f"{BIBCODE} is in the database already, as {bibcode}"
    assert site.rows("SELECT bibcode FROM publications_paper") == [(bibcode,)]
    assert site.rows("SELECT status FROM harvest_candidate") == [("pending",)]


@pytest.mark.parametrize("bibcode", [BIBCODE, ARXIV])
def test_an_import_of_what_is_being_accepted_finds_the_paper(site, tmp_path, bibcode):
    site.shell(PREPARE)
    told = outcome_of_second(site, tmp_path, ACCEPT, IMPORT.format(bibcode=bibcode))
    assert told.startswith("0 created")
    assert site.rows("SELECT bibcode FROM publications_paper") == [(BIBCODE,)]
