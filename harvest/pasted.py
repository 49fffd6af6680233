"""A pasted list of papers: bibcodes, DOIs, arXiv ids, addresses, or a BibTeX file. Pure.

A .bib file in the wild has errors, so entries are found by their heads and read by their few
fields that identify a paper; what cannot be read is told with its line.
"""

import re
from dataclasses import dataclass, field

from publications.search.identifiers import recognise

MOST = 2_000
HEAD = re.compile(r"^[ \t]*@[ \t]*([A-Za-z]+)[ \t]*[{(][ \t]*([^,\s{}]*)", re.MULTILINE)
FIELD = re.compile(r"\b(adsurl|doi|eprint|url|bibcode)\s*=\s*[{\"]+\s*([^{}\"\s,]+)", re.IGNORECASE)
NO_PAPER = {"comment", "string", "preamble"}
BRACE = re.compile(r"(?<!\\)[{}]")


@dataclass
class Entry:
    """One line of the list: how it was written, and the identifiers that it names, best first."""

    line: int
    written: str
    identifiers: list = field(default_factory=list)


def read(text):
    """``(entries, problems)`` of a pasted text; each problem names its line.

    A text with a BibTeX head is a BibTeX file, with a list around its entries where people pasted both;
    any other is a list parted by space, comma or line.
    """
    heads = list(HEAD.finditer(text))
    entries, problems = read_bibtex(text, heads) if heads else read_list(text)
    if heads:
        entries, problems = with_list_around(text, heads, entries, problems)
    if len(entries) > MOST:
        problems.append(
            f"line {entries[MOST].line}: only the first {MOST:,} entries were read; paste the rest by itself"
        )
    return entries[:MOST], problems


def read_list(text):
    entries, problems = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        whole = recognise(line)
        for written in [line.strip()] if whole else re.split(r"[\s,;]+", line.strip()):
            if not written:
                continue
            identifier = recognise(written)
            if identifier:
                entries.append(Entry(number, written[:250], [identifier]))
            else:
                problems.append(
                    f"line {number}: “{written[:60]}” is no bibcode, DOI, arXiv id or address of a paper"
                )
    return entries, problems


def with_list_around(text, heads, entries, problems):
    """What stands outside of the entries is read as a list, but for comments and lines that name no paper."""
    around, said = [], []
    for number, line in enumerate(without_entries(text, heads).splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("%"):
            continue
        found, unread = read_list(line)
        for entry in found:
            entry.line = number
        around += found
        if not found:
            said.append(f"line {number}: “{line.strip()[:60]}” is in no entry and names no paper")
        said += [problem.replace("line 1:", f"line {number}:", 1) for problem in unread if found]
    return sorted([*entries, *around], key=lambda entry: entry.line), [*problems, *said]


def without_entries(text, heads):
    """The text with blanks instead of the entries; its lines stay where they are."""
    pieces, at = [], 0
    nexts = [head.start() for head in heads[1:]] + [len(text)]
    for head, following in zip(heads, nexts, strict=True):
        if head.start() < at:
            continue
        # In round brackets it has no brace that closes it.
        end = following if "(" in head[0] else end_of_entry(text, head)
        pieces += [text[at : head.start()], re.sub(r"[^\n]", " ", text[head.start() : end])]
        at = end
    return "".join([*pieces, text[at:]])


def end_of_entry(text, head):
    """Behind the brace that closes it; of one that is not closed, the end of the text."""
    depth = 0
    for brace in BRACE.finditer(text, head.start()):
        depth += 1 if brace[0] == "{" else -1
        if depth == 0:
            return brace.end()
    return len(text)


def read_bibtex(text, heads):
    entries, problems = [], []
    ends = [head.start() for head in heads[1:]] + [len(text)]
    line, counted = 1, 0
    for head, end in zip(heads, ends, strict=True):
        line, counted = line + text.count("\n", counted, head.start()), head.start()
        if head[1].lower() in NO_PAPER:
            continue
        body = text[head.start() : end]
        entry = Entry(line, (head[2] or head[1])[:250], identifiers_in(head[2], body))
        if body.count("{") > body.count("}"):
            problems.append(
                f"line {line}: the entry “{entry.written[:60]}” is not closed; a brace is missing"
            )
        if entry.identifiers:
            entries.append(entry)
        else:
            problems.append(
                f"line {line}: the entry “{entry.written[:60]}” has no adsurl, doi or eprint to know it by"
            )
    return entries, problems


def identifiers_in(label, body):
    """What identifies the paper of an entry: its ADS address or label first, then DOI, arXiv id."""
    fields = {name.lower(): value for name, value in FIELD.findall(body)}
    written = [
        fields.get("adsurl"),
        fields.get("bibcode"),
        label,
        fields.get("doi"),
        fields.get("eprint"),
        fields.get("url"),
    ]
    found = [recognise(text.replace("\\", "")) for text in written if text]
    return list(dict.fromkeys(identifier for identifier in found if identifier))
