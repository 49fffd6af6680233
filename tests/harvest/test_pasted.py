"""What is read from a pasted list, and what is said of the rest."""

import time

from hypothesis import given
from hypothesis import strategies as st

from harvest.pasted import MOST, read


def known(text):
    return [(entry.line, entry.identifiers) for entry in read(text)[0]]


def test_a_list_may_be_parted_by_lines_spaces_and_commas():
    text = "2012A&A...540A...5D, 10.1051/0004-6361/201118010\n\narXiv:1111.0001v2"

    assert known(text) == [
        (1, ["2012A&A...540A...5D"]),
        (1, ["10.1051/0004-6361/201118010"]),
        (3, ["1111.0001v2"]),
    ]


def test_what_is_no_identifier_is_named_with_its_line():
    entries, problems = read("2012A&A...540A...5D\nsome words")

    assert len(entries) == 1
    assert problems == [
        "line 2: “some” is no bibcode, DOI, arXiv id or address of a paper",
        "line 2: “words” is no bibcode, DOI, arXiv id or address of a paper",
    ]


BIB = r"""
% from somewhere
@comment{nothing}
@ARTICLE{2012A&A...540A...5D,
  author = {{D{\'e}}, A.}, title = "{A {Title}}",
  doi = {10.1051/0004-6361/201118010}, adsurl = {https://ui.adsabs.harvard.edu/abs/2012A&A...540A...5D}
}
@article{merand06, eprint = {astro-ph/0601001}}
@book{known_by_nothing, title = {x}}
@article{open, doi = {10.1086/312352},
"""


def test_a_bibtex_file_is_read_by_the_fields_that_identify_a_paper():
    assert known(BIB) == [
        (4, ["2012A&A...540A...5D", "10.1051/0004-6361/201118010"]),
        (8, ["astro-ph/0601001"]),
        (10, ["10.1086/312352"]),
    ]


def test_errors_of_a_bibtex_file_are_named_with_their_line():
    assert read(BIB)[1] == [
        "line 9: the entry “known_by_nothing” has no adsurl, doi or eprint to know it by",
        "line 10: the entry “open” is not closed; a brace is missing",
    ]


def test_what_is_past_the_most_entries_is_told():
    entries, problems = read("1111.0001\n" * (MOST + 1))

    assert len(entries) == MOST
    assert problems == [
        f"line {MOST + 1}: only the first {MOST:,} entries were read; paste the rest by itself"
    ]


def test_five_megabytes_of_nonsense_are_read_in_bounded_time():
    began = time.process_time()

    for text in ("@article{" * 500_000, "{" * 5_000_000, "a" * 5_000_000, "@a{b, doi={" * 450_000):
        read(text)

    assert time.process_time() - began < 30


@given(st.text(max_size=300))
def test_any_text_is_read_without_a_fault(text):
    entries, problems = read(text)

    assert all(entry.identifiers for entry in entries)
    assert all(problem.startswith("line ") for problem in problems)


def test_what_is_pasted_around_bibtex_entries_is_read_as_a_list():
    text = (
        "2012A&A...540A...5D, 10.1051/0004-6361/201118010\n"
        "% Encoding: UTF-8\n"
        "@article{key, title = {A {deep} title}, eprint = {1111.0001}}\n"
        "made by a program\n"
        "\n"
        "arXiv:2001.00001 nonsense\n"
        "@article{other,\n  doi = {10.1086/312352}\n} 2020A&A...641A..85C\n"
    )
    entries, problems = read(text)
    assert [(entry.line, entry.identifiers) for entry in entries] == [
        (1, ["2012A&A...540A...5D"]),
        (1, ["10.1051/0004-6361/201118010"]),
        (3, ["1111.0001"]),
        (6, ["2001.00001"]),
        (7, ["10.1086/312352"]),
        (9, ["2020A&A...641A..85C"]),
    ]
    assert problems == [
        "line 4: “made by a program” is in no entry and names no paper",
        "line 6: “nonsense” is no bibcode, DOI, arXiv id or address of a paper",
    ]


def test_entry_in_round_brackets_is_no_list():
    entries, problems = read("@article(key, doi = {10.1086/312352}, title = {A {deep} title})\n")
    assert ([entry.identifiers for entry in entries], problems) == ([["10.1086/312352"]], [])
