"""The documentation names what an operator meets: every variable, every command, and no other."""

import ast
import re

import pytest
from django.conf import settings
from django.core.management import get_commands

from publications.filters import PaperFilterSet

DOCS = settings.BASE_DIR / "docs"
PAGES = [*sorted(DOCS.glob("*.md")), settings.BASE_DIR / "README.md"]
OURS = sorted(name for name, app in get_commands().items() if app in {"publications", "harvest"})


def variables_read():
    """Names that `settings.py` reads: ``env.kind("NAME", …)``, ``text(…)`` and ``required(…)``."""
    tree = ast.parse((settings.BASE_DIR / "olbin" / "settings.py").read_text())
    for call in ast.walk(tree):
        named = isinstance(call, ast.Call) and call.args and isinstance(call.args[0], ast.Constant)
        if named and re.fullmatch(r"env(\.\w+)?|text|required", ast.unparse(call.func)):
            yield call.args[0].value


def test_the_settings_read_the_variables_that_this_test_finds():
    assert {"DEBUG", "SECRET_KEY", "DATABASE_URL", "DATA_DIR"} <= set(variables_read())


@pytest.mark.parametrize("variable", sorted(set(variables_read())))
def test_each_variable_is_in_the_table_of_the_operations_page(variable):
    assert re.search(rf"^\| `{variable}` \|", (DOCS / "operations.md").read_text(), re.M)


def test_nothing_else_reads_the_environment():
    readers = [
        path.relative_to(settings.BASE_DIR).as_posix()
        for app in ("olbin", "publications", "harvest")
        for path in (settings.BASE_DIR / app).rglob("*.py")
        if re.search(r"os\.(environ\b(?!\.setdefault)|getenv)", path.read_text())
    ]

    assert readers == []


@pytest.mark.parametrize("command", OURS)
def test_each_command_is_in_the_documentation(command):
    assert any(re.search(rf"\b{command}\b", page.read_text()) for page in PAGES)


@pytest.mark.parametrize("parameter", sorted(PaperFilterSet.get_filters()))
def test_each_parameter_of_a_selection_is_in_the_documentation(parameter):
    table = (DOCS / "api.md").read_text().split("## Parameters of a selection")[1].split("##")[0]

    assert re.search(rf"^\| [^|]*`{re.escape(parameter)}`", table, re.M)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_command_of_a_page_exists(page):
    named = set(re.findall(r"manage\.py ([a-z_]+)", page.read_text()))

    assert named <= set(get_commands())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_make_target_of_a_page_exists(page):
    makefile = (settings.BASE_DIR / "Makefile").read_text()
    named = set(re.findall(r"`make ([a-z]+)", page.read_text()))

    assert named <= set(re.findall(r"^([a-z]+):", makefile, re.M))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_each_link_to_a_file_of_the_project_leads_to_one(page):
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text()):
        assert (page.parent / target).exists(), target
