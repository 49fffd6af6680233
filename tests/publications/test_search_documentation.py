"""docs/search.md says what is: its examples are queries, its fields are all the fields."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from publications.search.language import parse
from publications.search.terms import FIELDS

PAGE = Path(settings.BASE_DIR, "docs", "search.md").read_text(encoding="utf-8")
MINUTE = PAGE.partition("## In one minute")[2].partition("## Words")[0]
TABLE = PAGE.partition("## Fields")[2].partition("### Authors")[0]
EXAMPLES = [q for row in re.findall(r"^\| (`.*?) \|", MINUTE, re.M) for q in re.findall("`([^`]+)`", row)]
EXAMPLES += [
    q for row in re.findall(r"^\| `\w+:` .*\| (.*) \|$", TABLE, re.M) for q in re.findall("`([^`]+)`", row)
]


@pytest.mark.parametrize("q", EXAMPLES)
def test_an_example_is_a_query(q):
    assert parse(q)


def test_each_field_has_its_row():
    assert re.findall(r"^\| `(\w+):` ", TABLE, re.M) == FIELDS
