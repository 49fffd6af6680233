"""The first week of docs/curators.md, its commands as written: from the old XML to the first sync."""

import re
import shlex

import pytest
from django.conf import settings as site
from django.core.management import call_command
from django.urls import reverse

from harvest.models import Candidate
from publications.models import Library, Paper, Tag

WEEK = (site.BASE_DIR / "docs" / "curators.md").read_text().split("## A first week")[1].split("\n## ")[0]
COMMANDS = re.findall(r"^\.venv/bin/python manage\.py ([^#\n]+)", WEEK, re.M)
XML = str(site.BASE_DIR / "tests" / "data" / "predecessor.xml")
GRAVITY, BARE, FOUND = "2020A&A...642A.162G", "1986Natur.320..595B", "2021A&A...645A...1C"


def run(command):
    call_command(*shlex.split(command.replace("predecessor.xml", XML)), verbosity=0)


@pytest.mark.django_db
def test_the_week_leads_from_the_predecessors_xml_to_the_first_sync(
    ads, ads_sandbox, client, curator, capsys
):
    ads_sandbox.add(GRAVITY, title="A title", authors=["Ada, B."])
    ads_sandbox.add(BARE, title="Another title", authors=["Bester, M."])
    ads_sandbox.add(FOUND, body="an optical interferometer, the VLTI", references=[GRAVITY])
    *monday, friday = COMMANDS

    for command in monday:
        run(command)
    assert Paper.objects.get(bibcode=BARE).author_names == ["Bester, M."]
    assert ads_sandbox.writes() == []
    parents = {tag.name: {parent.name for parent in tag.parents.all()} for tag in Tag.objects.all()}
    assert (parents["PAVO"], parents["oidb"], parents["VLTI"]) == ({"CHARA", "SUSI"}, {"JMMC"}, set())
    assert not Tag.objects.get(name="oidb").category.public
    run("harvest")
    client.force_login(curator)
    candidate = Candidate.objects.get()
    page = client.get(reverse("admin:triage-next"), follow=True)
    assert 'value="vlti" checked' in page.content.decode()
    client.post(
        reverse("admin:triage-candidate", args=[candidate.pk]),
        {"decision": "accept", "main": "instrumentation", "tags": ["vlti"]},
    )
    run(friday)

    assert ads_sandbox.held("olbin-refereed") == {GRAVITY, BARE, FOUND}
    assert ads_sandbox.held("tag-olbin VLTI") == {GRAVITY, FOUND}
    assert ads_sandbox.held("tag-olbin Instrumentation") == {FOUND}
    written = ads_sandbox.writes()
    run(friday)
    assert ads_sandbox.writes() == written
    assert not Library.objects.filter(ads_id=None).exclude(name__startswith="jmmc-").exists()
