"""Two people, jobs or imports at one moment: the second sees what the first one did."""

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
PREPARE_TAGS = """
from tests.factories import TagFactory
TagFactory(name="VEGA"), TagFactory(name="SPICA")
"""
IMPORT_TAGGED = IMPORT.replace('"{bibcode}")', '"{bibcode}", tags=[(None, "VEGA")])')
MERGE = """
from django.contrib.auth.models import User
from harvest.vocabulary.changes import carry_out
from harvest.vocabulary.merging import Merge
from publications.models import Tag
tags = [Tag.objects.get(name=name) for name in ("VEGA", "SPICA")]
outcome = carry_out(Merge(*tags), None).name
"""
IMPORT_NEW_CATEGORY = """
from publications.imports.files import import_papers
outcome = import_papers({path!r}, create_categories=True).summary()
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


BLOCK = """
from django.contrib.auth.models import User
from harvest import curation
from harvest.models import Candidate
curation.block(Candidate.objects.get(), "only-cites", "", User.objects.get())
"""
LOOK = f"""
from django.db import transaction
from harvest.known import Known
with transaction.atomic():
    known = Known(lock=True)
    outcome = [known.is_here(["{BIBCODE}"]), known.block_of(["{BIBCODE}"])[0]]
"""


@pytest.mark.parametrize(("decide", "seen"), [(ACCEPT, [True, False]), (BLOCK, [False, True])])
def test_a_job_that_waits_for_a_decision_sees_it(site, tmp_path, decide, seen):
    site.shell(PREPARE)
    assert outcome_of_second(site, tmp_path, decide, LOOK) == seen


PROPOSE = f"""
from django.db import transaction
from harvest.known import Known
from harvest.models import Candidate
with transaction.atomic():
    outcome = Known(lock=True).candidate_of(["{ARXIV}"]) is not None
    if not outcome:
        Candidate.objects.create(bibcode="{ARXIV}", year=2020)
"""


def test_two_jobs_propose_a_paper_once(site, tmp_path):
    assert outcome_of_second(site, tmp_path, PROPOSE, PROPOSE) is True
    assert site.rows("SELECT bibcode FROM harvest_candidate") == [(ARXIV,)]


END_BLOCKS_SLOWLY = """
import pathlib, time
from harvest.known import Known
from harvest.models import BlocklistEntry
known = Known(lock=True)
pathlib.Path({folder!r}, "written").touch()
while not pathlib.Path({folder!r}, "starts").exists():
    time.sleep(0.02)
time.sleep(1)  # until the other one has locked what it can
BlocklistEntry.objects.all().delete()
"""
REOPEN = """
from django.contrib.auth.models import User
from harvest import curation
from harvest.models import BlocklistEntry
try:
    curation.reopen(BlocklistEntry.objects.get(), User.objects.get())
except curation.CannotDecide as error:
    outcome = str(error)
"""


def test_a_block_that_a_search_is_ending_is_reopened_once(site, tmp_path):
    site.shell(PREPARE + BLOCK)
    told = outcome_of_second(site, tmp_path, END_BLOCKS_SLOWLY.format(folder=str(tmp_path)), REOPEN)
    assert told == "somebody reopened it already"


PREPARE_UNDO = """
from django.contrib.auth.models import User
from publications.models import Category, Tag
from publications.models.history import act
person = User.objects.create_user("person")
tag = Tag.objects.create(name="VLTI", category=Category.objects.create(name="Facility"))
with act("described", person):
    tag.description = "of the act"
    tag.save()
"""
CHANGE = """
from publications.models import Tag
tag = Tag.objects.get()
tag.description = "of a colleague"
tag.save()
"""
UNDO = """
from django.contrib.auth.models import User
from publications.models import Act
from publications.undo import CannotUndo, undo
try:
    undo(Act.objects.get(), User.objects.get())
    outcome = "undone"
except CannotUndo as error:
    outcome = str(error)
"""


def test_an_undo_overwrites_no_change_of_the_same_moment(site, tmp_path):
    site.shell(PREPARE_UNDO)
    told = outcome_of_second(site, tmp_path, CHANGE, UNDO)
    assert told == "the tag “VLTI” was changed since: undo that first"
    assert site.rows("SELECT description FROM publications_tag") == [("of a colleague",)]


PREPARE_MEND = (
    """
from django.contrib.auth.models import User
from publications.models import Category, Paper, Tag, TagAssignment
from publications.imports.papers import PaperWriter
User.objects.create_user("person")
instruments = Category.objects.create(name="Instrument")
chara = Tag.objects.create(name="CHARA", category=Category.objects.create(name="Facility"))
mirc = Tag.objects.create(name="MIRC-X", category=instruments)
mirc.parents.add(chara)
"""
    + IMPORT.format(bibcode=BIBCODE)
    + """
TagAssignment.objects.create(paper=Paper.objects.get(), tag=mirc)
"""
)
RETIRE = """
from harvest.vocabulary.changes import carry_out
from harvest.vocabulary.retiring import Retire
from publications.models import Tag
carry_out(Retire(Tag.objects.get(name="CHARA")), None)
"""
MEND = """
from django.contrib.auth.models import User
from harvest.curation import CannotDecide
from harvest.mending import CannotMend, mend
from harvest.models import ConsistencyRule
from publications.models import Paper, Tag
wanted = {Paper.objects.get().pk: {Tag.objects.get(name="CHARA").pk}}
try:
    mend(ConsistencyRule.objects.get(number="12"), wanted, User.objects.get())
    outcome = "mended"
except (CannotMend, CannotDecide) as error:
    outcome = "refused"
"""


def test_a_tag_that_is_being_retired_mends_nothing(site, tmp_path):
    site.shell(PREPARE_MEND)
    assert outcome_of_second(site, tmp_path, RETIRE, MEND) == "refused"
    given = "SELECT t.name FROM publications_tagassignment a JOIN publications_tag t ON t.id = a.tag_id"
    assert site.rows(given) == [("MIRC-X",)]


TAGGED = "SELECT name FROM publications_tagassignment g JOIN publications_tag t ON t.id = g.tag_id"


def test_a_tag_that_an_import_is_giving_is_merged_with_that_paper(site, tmp_path):
    site.shell(PREPARE_TAGS)
    told = outcome_of_second(site, tmp_path, IMPORT_TAGGED.format(bibcode=BIBCODE), MERGE)
    assert told == "merged the tag VEGA into SPICA"
    assert site.rows(TAGGED) == [("SPICA",)]


def test_an_import_gives_what_a_tag_is_being_merged_into(site, tmp_path):
    site.shell(PREPARE_TAGS)
    told = outcome_of_second(site, tmp_path, MERGE, IMPORT_TAGGED.format(bibcode=BIBCODE))
    assert told == "1 created, 0 updated, 0 unchanged, 0 refused"
    assert site.rows(TAGGED) == [("SPICA",)]


def test_two_imports_that_make_the_same_category_take_turns(site, tmp_path):
    (tmp_path / "papers.csv").write_text(f"bibcode,Facility\n{BIBCODE},VLTI\n")
    code = IMPORT_NEW_CATEGORY.format(path=str(tmp_path / "papers.csv"))
    told = outcome_of_second(site, tmp_path, code, code)
    assert told == "0 created, 0 updated, 1 unchanged, 0 refused"
    assert site.rows("SELECT name FROM publications_category") == [("Facility",)]
    assert site.rows(TAGGED) == [("VLTI",)]
