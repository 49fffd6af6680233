"""Whatever a title or a name holds, a file stays one that its readers can read."""

import json
import re
from xml.etree import ElementTree

import pytest
import rispy
from hypothesis import given, settings
from hypothesis import strategies as st
from pybtex.database import parse_string
from pylatexenc.latexwalker import LatexWalker

from publications.exports import latex
from publications.exports.atom import entry as atom_entry
from publications.exports.bibtex import entry
from publications.exports.papers_json import facts, text
from publications.exports.records import Record
from publications.exports.ris import described, line
from publications.exports.votable import row

PIECES = [
    "<SUB>", "</SUB>", "<sup>", "$", "{", "}", "\\", "&amp;", "&", "%", "@", '"', "\n", "#", "_", "^",
    "é", "α", "日", "\x0b", "x", "2", " and ", ",", "~", "]]>", "\u2009", r"\alpha", "ER  - ",
]  # fmt: skip
NASTY = st.lists(st.sampled_from(PIECES) | st.characters(), max_size=12).map("".join)


def record(title="", author="Mérand, A.", **values):
    known = {
        "pk": 1, "bibcode": "2012A&A...540A...5D", "title": title, "year": 2012, "pubdate": "2012-04-00",
        "bibstem": "A&A", "journal": "", "volume": "540", "page": "A5", "doi": "", "arxiv": "",
        "refereed": None,
        "citations": None, "citations_on": None, "authors_complete": True, "added": None,
        "authors": [(author, False)], "keywords": [title], "tags": [], "targets": [], "updated": None,
    }  # fmt: skip
    return Record(**(known | values))


@given(NASTY, NASTY)
@settings(max_examples=300, deadline=None)
def test_bibtex_stays_one_entry_of_balanced_latex(title, author):
    written = entry(record(title, "x" + author, doi=title, arxiv=title, volume=title, page=title))

    database = parse_string(written, "bibtex")
    (found,) = database.entries.values()
    assert found.fields["year"] == "2012"
    assert len(found.persons["author"]) == 1
    for name in ("title", "keywords", "volume"):
        LatexWalker(found.fields.get(name, ""), tolerant_parsing=False).get_latex_nodes()


@given(NASTY, NASTY)
@settings(max_examples=200, deadline=None)
def test_xml_is_well_formed_and_json_and_ris_are_one_record(title, author):
    nasty = record(title, author)
    as_utf8 = {"encoding": "utf-8", "errors": "strict"}

    ElementTree.fromstring(atom_entry(nasty).encode(**as_utf8))
    ElementTree.fromstring(row(facts(nasty)).encode(**as_utf8))
    assert json.loads(text(facts(nasty)))["authors"] == [author]
    lines = [f"{tag}  - {line(value)}" for tag, value in described(nasty) if value]
    assert len(rispy.loads("\r\n".join([*lines, "ER  - ", ""]))) == 1


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("H<SUB>2</SUB>O", "H$_{2}$O"),
        ("<I>K</I><SUP>th</SUP> & {co}", r"K$^{\mathrm{th}}$ \& {\textbraceleft}co{\textbraceright}"),
        (r"The $\alpha$ Ori disk at $10^{5}$ K", r"The $\alpha$ Ori disk at $10^{5}$ K"),
        ("costs $5", r"costs \$5"),
        (r"$x^2^3$", r"\$x{\textasciicircum}2{\textasciicircum}3\$"),
        (r"$\input{/etc/passwd}$", r"\${\textbackslash}input{\textbraceleft}/etc/passwd{\textbraceright}\$"),
        ("S&lt;SUB&gt;", r"S{\ensuremath{<}}SUB{\ensuremath{>}}"),
        ("M☉ and 日本", r"M{\ensuremath{\odot}} and 日本"),
        ("a<SUB>é</SUB>", r"a\textsubscript{{\'e}}"),
        ("Пётр", "Пётр"),
    ],
)
def test_a_title_becomes_latex(given, expected):
    assert latex.title(given) == expected


def test_no_command_of_the_text_survives_but_known_mathematics():
    assert not re.search(r"\\(?:write|input|def)", latex.title(r"\input{x} $\write18{ls}$ \def\x{}"))
