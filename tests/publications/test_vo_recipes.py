"""The recipes of docs/vo.md, run as they stand there against a running server."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.publications.vo_sky import small_sky

PAGE = Path(__file__).resolve().parents[2] / "docs" / "vo.md"
RECIPES = re.findall(r"```(sh|python)\n(.*?)```", PAGE.read_text(), re.DOTALL)


@pytest.mark.timeout(180)
@pytest.mark.parametrize(("language", "recipe"), RECIPES)
def test_a_recipe_finds_the_papers_on_betelgeuse(transactional_db, live_server, tmp_path, language, recipe):
    small_sky()
    (tmp_path / "stars.csv").write_text("name,ra,dec\nBetelgeuse,88.793,7.407\n")
    recipe = recipe.replace("https://publications.example.org", live_server.url)
    command = ["sh", "-c", recipe] if language == "sh" else [sys.executable, "-W", "ignore", "-c", recipe]
    tool = recipe.split()[0]
    if language == "sh" and shutil.which(tool) is None:
        pytest.skip(f"{tool} is not installed")
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "alf Ori" in done.stdout or "2009A&A...508..923H" in done.stdout


def test_the_page_has_recipes():
    assert len(RECIPES) >= 6
