"""The demonstration data: real papers, targets, lists and candidates; nothing is invented."""

import csv
import json
from pathlib import Path

from django.db import transaction

from harvest.evidence import Evidence
from harvest.models import BlocklistEntry, Candidate, FilteredBibstem, SearchRule
from harvest.rules import names_of
from publications.imports.papers import PaperWriter
from publications.imports.report import Report
from publications.imports.row import PaperRow
from publications.imports.targets import TargetRow, link_targets
from publications.imports.vocabulary import Vocabulary
from publications.models import (
    Category,
    DataState,
    Journal,
    Keyword,
    Library,
    LibraryEntry,
    Paper,
    SourceRecord,
    Tag,
    TargetLink,
)
from publications.models.search_text import reindex

DATA = Path(__file__).parent / "data"
LIBRARIES = {"jmmc-non-interfero": "jmmc_non_interfero", "jmmc-papers": "jmmc_software_papers"}
REASONS = {
    "blocklist_reported_by_telbib_not_refereed": BlocklistEntry.Reason.NOT_REFEREED,
    "blocklist_not_interferometry": BlocklistEntry.Reason.NOT_INTERFEROMETRY,
}
ORIGIN = "demonstration data"


class OwnPapersPresent(Exception):
    """The database holds papers that are no demonstration data."""


@transaction.atomic
def load():
    """Fill an empty database; False when the demonstration data is in already, which is left as it is.

    What curators did with it since then is kept: nothing is loaded a second time.

    Raises
    ------
    OwnPapersPresent
        A database of real work is never mixed with demonstration data.
    """
    if DataState.current().demonstration:
        return False
    if Paper.objects.exists():
        raise OwnPapersPresent
    known, jmdc = read("known_lists.json"), jmdc_rows()
    load_vocabulary(read("vocabulary.json")["categories"])
    load_papers(read("papers.json"), bare_papers(known, jmdc))
    name_journals(read("bibstems.json"))
    load_targets(read("papers.json"), jmdc)
    load_sources(jmdc)
    load_lists(known)
    load_candidates(read("candidates.json"))
    Candidate.objects.rank()
    DataState.mark_demonstration()
    return True


def read(name):
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def jmdc_rows():
    with open(DATA / "jmdc_links.csv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def interferometric(row):
    """Whether JMDC's star was measured by optical or intensity interferometry."""
    return "interferometry" in row["method"]


def load_vocabulary(categories):
    for position, described in enumerate(categories, start=1):
        category, _ = Category.objects.get_or_create(
            name=described["name"],
            defaults={
                "label": described.get("label", ""),
                "public": described.get("public", True),
                "position": position,
            },
        )
        for rank, tag in enumerate(described["tags"], start=1):
            Tag.objects.get_or_create(
                name_folded=tag["name"].casefold(),
                defaults={
                    "category": category,
                    "name": tag["name"],
                    "description": tag["description"],
                    "position": rank,
                },
            )
    tags = {tag.name: tag for tag in Tag.objects.all()}
    for tag in (tag for category in categories for tag in category["tags"] if tag["parents"]):
        tags[tag["name"]].parents.add(*(tags[parent] for parent in tag["parents"]))


def bare_papers(known, jmdc):
    """``{bibcode: columns}`` of the papers of which no more is known: JMDC's and the list of COAST."""
    bare = {row["bibcode"]: {} for row in jmdc if interferometric(row)}
    return bare | {bibcode: {"refereed": True} for bibcode in known["coast_refereed_papers"]}


def load_papers(papers, bare):
    described = [described_row(line, paper) for line, paper in enumerate(papers, start=1)]
    known = {row.bibcode for row in described}
    others = [bibcode for bibcode in bare if bibcode not in known]
    rows = described + [
        PaperRow(line, bibcode, bare[bibcode])
        for line, bibcode in enumerate(others, start=len(described) + 1)
    ]
    report = Report()
    PaperWriter(Vocabulary(), report, reason=ORIGIN, date_new=True).write(rows)
    if report.refused:
        raise ValueError(f"the demonstration data is damaged: {report.reasons[0]}")
    load_keywords({paper["bibcode"]: paper["keywords"] for paper in papers if paper["keywords"]})


def described_row(line, paper):
    texts = {name: paper[name] or "" for name in ("title", "volume", "page", "doi", "arxiv")}
    return PaperRow(
        line,
        paper["bibcode"],
        fields={
            **texts,
            "year": paper["year"],
            "pubdate": paper["pubdate"],
            "journal": paper["bibstem"],
            "refereed": paper["refereed"],
            "authors_complete": not paper.get("authors_truncated", False),
        },
        authors=paper["authors"],
        tags=[(category, name) for category, names in paper["tags"].items() for name in names],
    )


def load_keywords(keywords):
    names = {name for names in keywords.values() for name in names}
    Keyword.objects.bulk_create([Keyword.spelled(name) for name in sorted(names)], ignore_conflicts=True)
    keys = dict(Keyword.objects.filter(name__in=names).values_list("name", "pk"))
    papers = dict(Paper.objects.filter(bibcode__in=keywords).values_list("bibcode", "pk"))
    carried = Paper.keywords.through
    carried.objects.bulk_create(
        carried(paper_id=papers[bibcode], keyword_id=keys[name])
        for bibcode, names in keywords.items()
        for name in dict.fromkeys(names)
    )
    reindex(papers.values())


def name_journals(names):
    journals = list(Journal.objects.filter(name="", bibstem__in=names))
    for journal in journals:
        journal.name = names[journal.bibstem]
    Journal.objects.bulk_update(journals, ["name"])


def load_targets(papers, jmdc):
    """JMDC measured the star; else its name stands in the title, a keyword or the abstract."""
    measured, named = TargetLink.Kind.MEASURED, TargetLink.Kind.NAMED
    rows = [
        TargetRow(
            0, paper["bibcode"], target["name"], target["ra_deg"], target["dec_deg"], target["otype"] or "",
            measured if target["via"] == "JMDC" else named,
        )
        for paper in papers
        for target in paper["targets"]
    ]  # fmt: skip
    rows += [
        TargetRow(0, row["bibcode"], row["name"], float(row["ra"]), float(row["dec"]), row["otype"], measured)
        for row in jmdc
        if interferometric(row)
    ]
    link_targets(rows, Report())


def load_sources(jmdc):
    papers = dict(Paper.objects.values_list("bibcode", "pk"))
    seen = {row["bibcode"]: False for row in jmdc}
    seen |= {row["bibcode"]: True for row in jmdc if interferometric(row)}
    for bibcode, by_interferometry in seen.items():
        SourceRecord.objects.get_or_create(
            source=SourceRecord.Source.JMDC,
            bibcode=bibcode,
            defaults={"paper_id": papers.get(bibcode), "interferometric": by_interferometry},
        )


def load_lists(known):
    for bibstem in known["filtered_bibstems"]:
        FilteredBibstem.objects.get_or_create(bibstem=bibstem)
    for name, reason in REASONS.items():
        for bibcode in known[name]:
            BlocklistEntry.objects.get_or_create(bibcode=bibcode, defaults={"reason": reason})
    for name, entries in LIBRARIES.items():
        library, _ = Library.objects.get_or_create(name=name)
        for bibcode in known[entries]:
            LibraryEntry.objects.get_or_create(library=library, bibcode=bibcode)


def load_candidates(papers):
    """With the evidence that title and keywords give; of references and citations nothing is known."""
    facilities = SearchRule.objects.active().of_kind(SearchRule.Kind.FACILITY)
    evidence = Evidence(known=None, names=names_of(facilities.values_list("query", flat=True)))
    present = set(Candidate.objects.values_list("bibcode", flat=True))
    for paper in (paper for paper in papers if paper["bibcode"] not in present):
        candidate = Candidate(
            bibcode=paper["bibcode"],
            title=paper["title"],
            authors=paper["authors"],
            year=paper["year"],
            pubdate=paper["pubdate"],
            doi=paper["doi"] or "",
            arxiv=paper["arxiv"] or "",
            keywords=paper["keywords"],
        )
        candidate.weigh({"words": evidence.words(candidate), "nearest": evidence.nearest(candidate)})
        candidate.save()
