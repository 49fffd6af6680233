"""What the stand-in knows of papers: records under all their identifiers."""

import json
import re
import zlib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from publications import bibcode as bibcodes

DATA = Path(__file__).resolve().parents[2] / "harvest" / "data"
NOT_REFEREED = {
    "arXiv",
    "astro.ph",
    "physics.optics",
    "SPIE",
    "AAS",
    "DPS",
    "BAAS",
    "ATel",
    "CBET",
    "yCat",
    "IAUS",
}
SYNTHETIC = "Synthetic abstract of the stand-in for ADS; not the text of this paper."


def identifier_key(identifier):
    """As ADS's type ``identifier_string`` compares: no case, hyphens, underscores, spaces, prefixes."""
    text = re.sub(r"^(?:doi:|arxiv:)", "", identifier.strip().casefold())
    return re.sub(r"[-_ ]", "", text)


def normalised(text):
    return " " + " ".join(re.findall(r"[^\W_]+", text)) + " "


@dataclass(eq=False)
class Record:
    bibcode: str
    number: int = 0
    title: str = ""
    authors: list = field(default_factory=list)
    year: int = 0
    pubdate: str = ""
    doi: str = ""
    arxiv: str = ""
    keywords: list = field(default_factory=list)
    abstract: str = ""
    body: str = ""
    refereed: bool = True
    collections: list = field(default_factory=lambda: ["astronomy"])
    pub: str = ""
    references: list = field(default_factory=list)
    alternates: list = field(default_factory=list)
    entry_date: str = "2020-01-01T00:00:00Z"
    doctype: str = "article"

    @property
    def identifiers(self):
        arxiv = [f"arXiv:{self.arxiv}"] if self.arxiv else []
        return [self.bibcode, *self.alternates, *([self.doi] if self.doi else []), *arxiv]

    @property
    def bibstem(self):
        odd = not bibcodes.is_bibcode(self.bibcode)
        return self.bibcode[4:9].strip(".") if odd else bibcodes.parse(self.bibcode).bibstem

    @cached_property
    def texts(self):
        """Field → (text as written, text in lower case), both as words between single spaces."""
        metadata = " ".join([self.title, self.abstract, *self.keywords])
        plain = {
            "title": self.title,
            "abstract": self.abstract,
            "keyword": " ".join(self.keywords),
            "abs": metadata,
            "full": f"{metadata} {self.body}",
        }
        return {name: (normalised(text), normalised(text).casefold()) for name, text in plain.items()}


class Corpus:
    def __init__(self):
        self.records = {}
        self.known_as = {}
        self.cited_by = {}
        # What was looked for in the texts and found; they never change, so only a new record ends it.
        self.with_words = {}

    def add(self, bibcode, **details):
        """A record; the year is the bibcode's unless given."""
        details.setdefault("year", int(bibcode[:4]))
        details.setdefault("pubdate", f"{details['year']}-00-00")
        details.setdefault("abstract", SYNTHETIC)
        record = Record(bibcode, number=len(self.records) + 1, **details)
        self.records[bibcode] = record
        self.with_words.clear()
        self.index(record)
        return record

    def index(self, record):
        for identifier in record.identifiers:
            self.known_as[identifier_key(identifier)] = record
        for cited in record.references:
            self.cited_by.setdefault(cited, set()).add(record)

    def find(self, identifier):
        """The record under any of its identifiers, or None."""
        return self.known_as.get(identifier_key(identifier))

    def publish(self, bibcode, as_, refereed=True):
        """ADS's bibcode of a record becomes ``as_``; the old one stays as an alternate."""
        record = self.records.pop(self.find(bibcode).bibcode)
        record.alternates.append(record.bibcode)
        record.bibcode, record.refereed = as_, refereed
        self.records[as_] = record
        self.index(record)
        return record

    def merge(self, bibcode, into):
        """ADS finds that two records are one: ``bibcode`` becomes another name of ``into``."""
        gone = self.records.pop(bibcode)
        record = self.records[into]
        record.alternates += gone.identifiers
        self.index(record)

    def delete(self, bibcode):
        record = self.records.pop(bibcode)
        self.known_as = {key: known for key, known in self.known_as.items() if known is not record}

    def cite(self, citing, cited):
        record = self.records[citing]
        record.references.append(cited)
        self.index(record)

    def citing(self, record):
        return {
            known for name in record.identifiers for known in self.cited_by.get(name, ()) if self.holds(known)
        }

    def holds(self, record):
        return self.records.get(record.bibcode) is record

    @classmethod
    def of_demonstration_data(cls):
        corpus = cls()
        papers = json.loads((DATA / "papers.json").read_text())
        others = json.loads(Path(__file__).with_name("not_interferometry.json").read_text())
        journals = json.loads((DATA / "bibstems.json").read_text())
        lists = json.loads((DATA / "known_lists.json").read_text())
        bare = {line.split(",")[0] for line in (DATA / "jmdc_links.csv").read_text().splitlines()[1:]}
        bare |= {bibcode for name, known in lists.items() if name != "filtered_bibstems" for bibcode in known}
        for paper in papers:
            corpus.add_demonstration(
                paper,
                journals,
                " ".join(tag for tags in paper["tags"].values() for tag in tags) + " optical interferometer",
            )
        for paper in others:
            corpus.add_demonstration(paper, journals, stray_words(paper["bibcode"]))
        for bibcode in sorted(bare - corpus.records.keys()):
            corpus.add(
                bibcode,
                title=f"Synthetic title of {bibcode}",
                authors=[f"{bibcode[18]}., Synthetic"],
                body="a synthetic text on an optical interferometer",
                refereed=bibcode not in lists["blocklist_reported_by_telbib_not_refereed"]
                and bibcodes.parse(bibcode).bibstem not in NOT_REFEREED,
            )
        corpus.invent_references([paper["bibcode"] for paper in papers])
        return corpus

    def add_demonstration(self, paper, journals, body):
        refereed = paper.get("refereed", paper["bibstem"] not in NOT_REFEREED)
        self.add(
            paper["bibcode"],
            **{key: paper[key] for key in ("title", "authors", "year", "keywords")},
            **{key: paper[key] or "" for key in ("doi", "arxiv")},
            pubdate=paper["pubdate"] or f"{paper['year']}-00-00",
            pub=journals.get(paper["bibstem"], ""),
            refereed=bool(refereed),
            body=f"a synthetic text: {body}",
        )

    def invent_references(self, field_bibcodes):
        """Each record cites up to five older papers of the field: the same ones each time."""
        ordered = sorted(field_bibcodes)
        for bibcode in sorted(self.records):
            seed = zlib.crc32(bibcode.encode())
            if bibcode in field_bibcodes or seed % 3 == 0:
                older = [other for other in ordered if other < bibcode] or ordered[:0]
                for step in range(min(5, len(older))):
                    self.cite(bibcode, older[(seed >> step * 3) % len(older)])


def stray_words(bibcode):
    """The full text of a paper that does not belong: one in eight names a facility all the same."""
    names = ["VLTI", "CHARA", "NPOI", "Keck Interferometer"]
    seed = zlib.crc32(bibcode.encode())
    return "interferometry " + (names[seed // 8 % len(names)] if seed % 8 == 0 else "of another kind")
