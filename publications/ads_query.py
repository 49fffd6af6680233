"""The present selection as a query of NASA ADS; what ADS cannot express is named, never dropped."""

import re
from dataclasses import dataclass, field

from publications.models import Library
from publications.search.identifiers import recognise
from publications.search.language import And, Not, Or, parse, written

OURS = "olbin-refereed"
MOST_EXACT = 50
EARLIEST, LATEST = 1000, 9999
# Fields that ADS knows under the same name.
SAME = {"author", "title", "abs", "keyword", "bibstem", "doi", "arxiv"}
YEAR = re.compile(r"\s*[0-9]{4}\s*", re.ASCII)


@dataclass
class AdsQuery:
    """``text`` is the query, ``left_out`` says in words what is not in it."""

    text: str
    left_out: list = field(default_factory=list)


def exact(bibcodes):
    """A query that finds just these papers."""
    return "bibcode:({})".format(" OR ".join(quoted(bibcode) for bibcode in bibcodes))


def quoted(text):
    return '"{}"'.format(text.replace("\\", "").replace('"', ""))


def translated(selection):
    """The `AdsQuery` of a valid selection (`PaperFilterSet`)."""
    return Translator(selection).query()


class Translator:
    """One selection; a method for each kind of condition, None where ADS has nothing like it."""

    def __init__(self, selection):
        self.selection = selection
        self.left_out = []
        bound = Library.objects.filter(ads_id__isnull=False)
        self.ids = dict(bound.values_list("name", "ads_id"))
        self.tag_ids = dict(bound.filter(tag__isnull=False).values_list("tag", "ads_id"))

    def query(self):
        parts = [self.ours(), self.words(), self.tags(), *self.excluded(), *self.parameters()]
        return AdsQuery(" ".join(part for part in parts if part), self.left_out)

    def ours(self):
        if OURS in self.ids:
            return f"docs(library/{self.ids[OURS]})"
        self.left_out.append(f"that the papers are in this database (its library {OURS} is not at ADS yet)")
        return None

    def words(self):
        words = self.selection.data.get("q")
        if not words:
            return None
        identifier = recognise(words)
        return f"identifier:{quoted(identifier)}" if identifier else self.node(parse(words))

    def node(self, node):
        """A part of the search language; ADS's own has the same operators."""
        match node:
            case And(parts):
                return joined(" AND ", map(self.node, parts))
            case Or(parts):
                before = len(self.left_out)
                asked = [self.node(part) for part in parts]
                # Less one alternative, it would find too little: then nothing of it is asked.
                return joined(" OR ", asked) if all(asked) else self.left_whole(before, written(node))
            case Not(part):
                before = len(self.left_out)
                asked = self.node(part)
                # Less a part of what it excludes, it would exclude too much.
                complete = len(self.left_out) == before
                return f"(*:* -{asked})" if complete else self.left_whole(before, written(node))
        return self.term(node)

    def term(self, term):
        text = quoted(term.text)
        if term.field in SAME:
            return f"{term.field}:{text}"
        if term.field == "year":
            return f"year:{term.text.strip()}"
        if term.field == "target":
            return f"object:{text}"
        if term.field == "bibcode":
            return (
                f"identifier:*{term.text.strip()}*" if len(term.text.strip()) < 19 else f"identifier:{text}"
            )
        if term.field == "tag":
            return self.left(written(term))
        fields = ["abs", "author", *(["year"] if YEAR.fullmatch(term.text) else [])]
        return joined(" OR ", [f"{name}:{text}" for name in fields])

    def left(self, what):
        self.left_out.append(what)
        return

    def left_whole(self, before, what):
        """Name the whole, in place of those of its parts that were named since ``before``."""
        self.left_out[before:] = [what]
        return

    def library_of(self, tag):
        if tag.pk in self.tag_ids:
            return f"docs(library/{self.tag_ids[tag.pk]})"
        return self.left(f"the tag {tag.name} (its library is not at ADS yet)")

    def tags(self):
        tags, before = self.selection.value("tag") or [], len(self.left_out)
        asked = [self.library_of(tag) for tag in tags]
        any_of = self.selection.value("op") == "or" and len(tags) > 1
        if any_of and not all(asked):
            names = ", ".join(tag.name for tag in tags)
            why = "not all of their libraries are at ADS yet"
            return self.left_whole(before, f"any of the tags {names} ({why})")
        return joined(" OR " if any_of else " AND ", asked)

    def excluded(self):
        return [
            f"-{library}" for tag in self.selection.value("not") or [] if (library := self.library_of(tag))
        ]

    def parameters(self):
        """The parameters beside words and tags."""
        value, given = self.selection.value, self.selection.data.getlist
        first, last = value("year") or (None, None)
        fewest, most = value("authors") or (None, None)
        pieces = [
            f"year:[{EARLIEST if first is None else first} TO {LATEST if last is None else last}]"
            if value("year")
            else None,
            {"yes": "property:refereed", "no": "property:notrefereed"}.get(value("refereed")),
            value("journal") and f"bibstem:{quoted(value('journal').bibstem)}",
            value("author") and f"author:{quoted(value('author'))}",
            value("first-author") and f"author:{quoted('^' + value('first-author').lstrip('^'))}",
            f"author_count:[{fewest} TO {most or 99999}]" if fewest else None,
            value("keyword") and f"keyword:{quoted(value('keyword'))}",
            value("target") and f"object:{quoted(value('target').name)}",
        ]
        for name, words in LEFT_OUT.items():
            if values := list(filter(None, given(name))):
                self.left(f"{words} {', '.join(values)}")
        return pieces


LEFT_OUT = {
    "bibcode": "the choice of papers:",
    "ra": "the position’s right ascension",
    "dec": "the position’s declination",
    "radius": "the radius around it, in degrees:",
    "added": "the day of entry",
    "source": "the source",
    "catalogue": "the mark “catalogue”:",
    "untagged": "no tag of the category",
}


def joined(operator, parts):
    parts = [part for part in parts if part]
    return f"({operator.join(parts)})" if len(parts) > 1 else "".join(parts)
