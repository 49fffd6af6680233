"""Rows of a file → papers, in batches; each batch is one transaction with a fixed number of queries."""

from collections import defaultdict
from datetime import UTC, datetime, time

from django.db import transaction
from django.utils import timezone

from publications import bibcode as bibcodes
from publications.imports.matching import Matcher
from publications.imports.names import AuthorKeys, JournalKeys
from publications.imports.report import BadRow
from publications.models import Authorship, Identifier, Paper, SourceRecord, TagAssignment
from publications.models.history import create_with_history, delete_with_history, update_with_history
from publications.models.identifier import hold_the_door
from publications.models.paper import described_by_bibcode
from publications.models.search_text import reindex

BATCH = 1000
DERIVED = ("sort_date", "sort_author", "sort_title")


class PaperWriter:
    """Creates and updates papers; a row that changes nothing writes nothing.

    ``date_new``: whether a new paper of which the file gives no date of entry is dated now.
    """

    def __init__(self, vocabulary, report, *, reason, date_new):
        self.vocabulary = vocabulary
        self.report = report
        self.reason = reason
        self.added = timezone.now().replace(microsecond=0) if date_new else None
        self.matcher = Matcher(report)
        self.journals = JournalKeys()
        self.authors = AuthorKeys()

    @transaction.atomic
    def write(self, rows):
        hold_the_door()
        self.vocabulary.read()  # tags may have been merged or retired since the last batch
        good = []
        tags = {}
        for row in rows:
            try:
                tags[row.number] = self.vocabulary.tags_of(row)
                good.append(row)
            except BadRow as error:
                self.report.refuse(row.line, error)
        matched = self.matcher.match(good)
        self.create([row for row, pk, _ in matched if pk is None], tags)
        self.update([match for match in matched if match[1] is not None], tags)

    def create(self, rows, tags):
        if not rows:
            return
        described = {row.number: described_by_bibcode(row.bibcode) | given(row.fields) for row in rows}
        self.journals.learn(fields["bibstem"] for fields in described.values())
        self.authors.learn(name for row in rows for name in row.authors or [])
        papers = []
        for row in rows:
            fields = described[row.number]
            fields["journal_id"] = self.journals[fields.pop("bibstem")]
            fields["added"] = midnight(fields["added"]) if "added" in fields else self.added
            paper = Paper(bibcode=row.bibcode, **fields)
            paper.derive(first_author=row.authors[0] if row.authors else "")
            papers.append(paper)
        create_with_history(Paper, papers, reason=self.reason)
        pairs = list(zip(papers, rows, strict=True))
        for paper, row in pairs:
            self.matcher.created(row, paper.pk)
        Identifier.objects.bulk_create([i for paper in papers for i in identifiers(paper)], batch_size=1000)
        self.add_authors(pairs)
        reindex(paper.pk for paper in papers)
        self.add_tags([(paper.pk, tag) for paper, row in pairs for tag in sorted(tags[row.number])])
        SourceRecord.objects.link()
        self.report.created += len(papers)

    def update(self, matched, tags):
        keys = [pk for _, pk, _ in matched]
        papers = Paper.objects.defer("abstract").in_bulk(keys)
        names = names_of([pk for row, pk, _ in matched if row.authors is not None])
        preprints = [(row, pk) for row, pk, _ in matched if is_a_step_back(row, papers[pk])]
        named = self.keep_identifiers(Identifier.of(papers[pk], row.bibcode) for row, pk in preprints)
        for row, _ in preprints:
            for name in OF_THE_JOURNAL:
                row.fields.pop(name, None)
        back = {row.number for row, _ in preprints}
        matched = [(row, pk, known or row.number in back) for row, pk, known in matched]
        for row in (row for row, _, known in matched if not known):
            take_from_bibcode(row)
        changed, fields = [], set()
        rewritten = [(papers[pk], row) for row, pk, _ in matched if row.authors not in (None, names[pk])]
        self.journals.learn(
            described_by_bibcode(row.bibcode)["bibstem"]
            if row.fields["journal"] is None
            else row.fields["journal"]
            for row, _, _ in matched
            if "journal" in row.fields
        )
        first = {paper.pk: (row.authors or [""])[0] for paper, row in rewritten}
        for row, pk, known in matched:
            differing = self.apply(papers[pk], row, known, first.get(pk))
            if differing:
                changed.append(papers[pk])
                fields |= differing
        if changed:
            update_with_history(Paper, changed, sorted(fields), reason=self.reason)
        touched = {paper.pk for paper in changed} | set(first) | named
        touched |= self.add_identifiers([papers[pk] for pk in keys])
        self.replace_authors(rewritten)
        reindex(sorted(touched))
        touched |= self.replace_tags(matched, tags)
        self.report.updated += len(touched)
        self.report.unchanged += len(matched) - len(touched)

    def apply(self, paper, row, known, first_author):
        """Give ``paper`` the row's values; returns the names of the fields that changed."""
        before = {name: getattr(paper, name) for name in (*TRACKED, *DERIVED)}
        if not known:
            paper.bibcode = row.bibcode
        fields = dict(row.fields)
        described = described_by_bibcode(paper.bibcode)
        if "journal" in fields:
            paper.journal_id = self.journals[fields.pop("journal") or described["bibstem"]]
        if "year" in fields:
            paper.year = fields.pop("year") or described["year"]
        if "added" in fields:
            paper.added = entry_date(fields.pop("added"), paper.added)
        if "citations" in fields and fields["citations"] != paper.citations:
            paper.citations_on = None
        for name, value in fields.items():
            setattr(paper, name, value)
        paper.derive(first_author)
        return {name.removesuffix("_id") for name, value in before.items() if getattr(paper, name) != value}

    def add_identifiers(self, papers):
        """Keep each present identifier that is not kept yet; returns the keys of those papers."""
        return self.keep_identifiers(identifier for paper in papers for identifier in identifiers(paper))

    def keep_identifiers(self, given):
        """Keep those that are not kept yet; returns the keys of their papers."""
        present = {identifier.key: identifier for identifier in given}
        kept = set(Identifier.objects.filter(key__in=list(present)).values_list("key", flat=True))
        missing = [identifier for key, identifier in present.items() if key not in kept]
        Identifier.objects.bulk_create(missing, batch_size=1000)
        return {identifier.paper_id for identifier in missing}

    def replace_authors(self, pairs):
        """Write the lists of authors anew; an ORCID stays with its name."""
        if not pairs:
            return
        self.authors.learn(name for _, row in pairs for name in row.authors)
        old = Authorship.objects.filter(paper__in=[paper.pk for paper, _ in pairs])
        known = old.exclude(orcid="").values_list("paper", "author", "orcid")
        orcids = {(paper, author): orcid for paper, author, orcid in known}
        old.delete()
        self.add_authors(pairs, orcids)

    def add_authors(self, pairs, orcids=None):
        authorships = []
        for paper, row in pairs:
            for position, name in enumerate(row.authors or [], start=1):
                author = self.authors[name]
                orcid = orcids.get((paper.pk, author), "") if orcids else ""
                authorships.append(
                    Authorship(paper_id=paper.pk, author_id=author, position=position, orcid=orcid)
                )
        Authorship.objects.bulk_create(authorships, batch_size=2000)

    def add_tags(self, pairs):
        if pairs:
            assignments = [TagAssignment(paper_id=paper, tag_id=tag) for paper, tag in pairs]
            create_with_history(TagAssignment, assignments, reason=self.reason)

    def replace_tags(self, matched, tags):
        """Give and take tags as the rows say; returns the keys of the papers that this changed."""
        held = defaultdict(dict)
        assignments = TagAssignment.objects.filter(paper__in=[pk for _, pk, _ in matched])
        for pk, paper, tag, category in assignments.values_list("pk", "paper", "tag", "tag__category__name"):
            held[paper][tag] = (pk, category)
        given_up, new = [], []
        for row, pk, _ in matched:
            new += [(pk, tag) for tag in sorted(tags[row.number] - held[pk].keys())]
            given_up += [
                assignment
                for tag, (assignment, category) in held[pk].items()
                if tag not in tags[row.number] and category in row.replaced
            ]
        removed = list(TagAssignment.objects.filter(pk__in=given_up)) if given_up else []
        papers = {paper for paper, _ in new} | {assignment.paper_id for assignment in removed}
        delete_with_history(removed, reason=self.reason)
        self.add_tags(new)
        return papers


TRACKED = (
    "bibcode", "title", "year", "pubdate", "journal_id", "volume", "page", "doi", "arxiv", "refereed",
    "citations", "citations_on", "added",
)  # fmt: skip


def given(fields):
    """The values of a new paper's row; what is empty and can be read from its bibcode is left to that."""
    read = {
        name: value for name, value in fields.items() if name not in {"year", "journal"} or value is not None
    }
    if "journal" in read:
        read["bibstem"] = read.pop("journal")
    return read


def identifiers(paper):
    """Unsaved identifiers of a paper, each key once."""
    found = {
        i.key: i for i in (Identifier.of(paper, value) for value in paper.present_identifiers()) if i.key
    }
    return list(found.values())


def names_of(papers):
    names = defaultdict(list)
    if papers:
        authorships = Authorship.objects.filter(paper__in=papers).order_by("paper", "position")
        for paper, name in authorships.values_list("paper", "author__name"):
            names[paper].append(name)
    return names


def midnight(value):
    """A date of entry as it is kept: a date without a time is midnight (UTC)."""
    if value is None or isinstance(value, datetime):
        return value
    return datetime.combine(value, time(), UTC)


def entry_date(value, stored):
    """What a file's ``value`` makes of a ``stored`` time: a date does not touch a time of that day."""
    same_day = stored is not None and not isinstance(value, datetime) and value == stored.date()
    return stored if same_day else midnight(value)


# What a preprint says of these is no news of the paper that was published since.
OF_THE_JOURNAL = ("journal", "year", "pubdate", "volume", "page", "doi", "refereed")


def is_a_step_back(row, paper):
    """Whether a row calls a paper that was published by the name of its preprint."""
    return bibcodes.is_preprint(row.bibcode) and not bibcodes.is_preprint(paper.bibcode)


def take_from_bibcode(row):
    """A new bibcode says where the paper stands now, where the file has no columns for that."""
    described = described_by_bibcode(row.bibcode)
    row.fields.setdefault("journal", None)
    row.fields.setdefault("year", None)
    for name in ("volume", "page"):
        row.fields.setdefault(name, described[name])
