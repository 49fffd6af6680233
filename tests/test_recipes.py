"""Each recipe of the documentation for programs does what it says, against a live site."""

import re
import shutil
import subprocess
import sys

import pytest
from django.conf import settings

from tests.factories import PaperFactory, TagFactory

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = (settings.BASE_DIR / "docs" / "api.md").read_text().split("## Recipes")[1].split("\n## ")[0]
RECIPES = re.findall(r"```(sh|python)\n(.*?)```", PAGE, re.S)
NEEDED = {"curl": "curl", "stilts": "stilts"}


@pytest.mark.parametrize(("language", "text"), RECIPES, ids=lambda part: part[:6].strip())
def test_a_recipe_runs_and_finds_the_papers(live_server, language, text):
    if not all(shutil.which(word) for word in NEEDED if text.startswith(word)):
        return
    tag = TagFactory(name="VLTI")
    for n in range(3):
        PaperFactory(bibcode=f"2021A&A...540....{n}D", tags=[tag], citations=n)
    PaperFactory(bibcode="2021A&A...541....9D")

    text = text.replace("https://publications.example.org", live_server.url)
    command = ["bash", "-c", text] if language == "sh" else [sys.executable, "-c", text]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)

    assert done.returncode == 0, done.stderr
    assert "3" in done.stdout.split() or "2021A&A...540....2D" in done.stdout
    assert "2021A&A...541....9D" not in done.stdout
