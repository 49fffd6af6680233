"""Which libraries there are, which side is right, and what the database's side is."""

from collections import defaultdict

from django.db import transaction
from django.utils import timezone

from harvest.ads.libraries import LONGEST_DESCRIPTION, LONGEST_NAME, cut
from harvest.known import keys_of
from harvest.mending import waive_what_is_found
from harvest.models import BlocklistEntry, Candidate, FilteredBibstem, TagReview, Waiver
from harvest.recheck import labelling_rules
from harvest.sync_diff import Truth
from publications import bibcode as bibcodes
from publications.models import Identifier, Library, LibraryEntry, Paper, SourceRecord, Tag
from publications.models.history import create_with_history, delete_with_history, update_with_history

Source = SourceRecord.Source


class Side:
    """The database's side of a library.

    ``wanted()`` gives bibcode → its other identifiers; ``receive`` writes what came from ADS, of which
    ``refused`` cannot be taken over.
    """

    truth = Truth.OURS

    def __init__(self, name, description, bibcodes_wanted=None):
        self.name, self.description = name, description
        self.bibcodes_wanted = bibcodes_wanted

    def library(self):
        row, _ = Library.objects.get_or_create(name=self.name, defaults={"description": self.description})
        return row

    def wanted(self, identifiers):
        """``identifiers``: bibcode of a paper here → all its identifiers; not of one that came since."""
        return {bibcode: identifiers.get(bibcode, ()) for bibcode in self.bibcodes_wanted()}

    def count(self):
        """How many the database wants in it."""
        return len(self.wanted(defaultdict(list)))

    def refused(self, added):
        """Of what ADS has besides, what stays there: bibcode → why we cannot take it over."""
        return {bibcode: "no bibcode" for bibcode in added if not bibcodes.is_bibcode(bibcode)}

    def receive(self, library, added, removed, messages):
        """Nothing comes from ADS where the database is the truth."""


class TagSide(Side):
    def __init__(self, tag):
        super().__init__(f"tag-olbin {tag.name}", f"Papers with the tag “{tag.name}”")
        self.tag = tag

    def library(self):
        """The tag's library; its name follows that of the tag, but for one that a person gave it."""
        row = Library.objects.filter(tag=self.tag).first()
        if row is not None and (row.named_after, row.tag_slug) == (self.tag.name, self.tag.slug):
            return row
        # Of a tag that was merged and came back, perhaps under a newer name, the library is bound yet.
        row = row or Library.objects.filter(tag=None, tag_slug=self.tag.slug).first()
        if row is None:
            name = self.free_name(Library.objects.exclude(tag=None))
            description = cut(self.description, LONGEST_DESCRIPTION)
            row, _ = Library.objects.get_or_create(name=name, defaults={"description": description})
        elif row.named_after and row.named_after != self.tag.name:
            self.rename(row)
        row.tag, row.named_after, row.tag_slug = self.tag, self.tag.name, self.tag.slug
        row.save()
        return row

    def free_name(self, others):
        """A short name that none of ``others`` has."""
        name, number = cut(self.name, LONGEST_NAME), 2
        while others.filter(name=name).exists():
            name, number = f"{self.name[: LONGEST_NAME - 3]} {number}", number + 1
        return name

    def rename(self, row):
        """The tag was renamed: so is its library, at ADS with the next sync."""
        name = self.free_name(Library.objects.exclude(pk=row.pk))
        at_ads = row.name_at_ads or (row.name if row.ads_id else "")
        row.name, row.name_at_ads = name, at_ads if at_ads != name else ""
        row.description = cut(self.description, LONGEST_DESCRIPTION)

    def wanted(self, identifiers):
        papers = Paper.objects.tagged_with_all([self.tag])
        return {bibcode: identifiers.get(bibcode, ()) for bibcode in papers.values_list("bibcode", flat=True)}


class GivenUpSide(Side):
    """The library of a tag that was merged, retired or hidden: nothing is wanted in it any more."""

    def __init__(self, row):
        super().__init__(row.name, row.description)

    def wanted(self, identifiers):
        return {}


class CandidateSide(Side):
    def count(self):
        return Candidate.objects.pending().count()

    def wanted(self, identifiers):
        return {candidate.bibcode: candidate.names for candidate in Candidate.objects.pending()}


class BlocklistSide(Side):
    truth = Truth.MERGED

    def count(self):
        return BlocklistEntry.objects.count()

    def wanted(self, identifiers):
        return {entry.bibcode: entry.identifiers for entry in BlocklistEntry.objects.all()}

    def refused(self, added):
        here = papers_by_key(added)
        why = "in the database too, decide which is right"
        return super().refused(added) | {code: why for code in added if keys_of([code])[0] in here}

    def receive(self, library, added, removed, messages):
        for bibcode in added:
            BlocklistEntry.objects.get_or_create(
                bibcode=bibcode, defaults={"reason": BlocklistEntry.Reason.UNCURATED}
            )
        gone = BlocklistEntry.objects.filter(bibcode__in=removed)
        delete_with_history(list(gone), reason=f"removed from {library} at ADS")


class MarkSide(Side):
    """A mark on papers that are here."""

    truth = Truth.MERGED

    def refused(self, added):
        here = papers_by_key(added)
        return {bibcode: "no paper here" for bibcode in added if keys_of([bibcode])[0] not in here}


class TagReviewSide(MarkSide):
    """Papers that were checked against every active rule."""

    def wanted(self, identifiers):
        rules = {rule.pk: rule.looks_for for rule in labelling_rules()}
        done = {}
        for bibcode, rule, query in TagReview.objects.filter(missing=False, rule__in=rules).values_list(
            "paper__bibcode", "rule", "query"
        ):
            if rules[rule] == query:
                done[bibcode] = done.get(bibcode, 0) + 1
        return {
            bibcode: identifiers.get(bibcode, ()) for bibcode, count in done.items() if count == len(rules)
        }

    def receive(self, library, added, removed, messages):
        rules = labelling_rules()
        papers = papers_by_key([*added, *removed])
        checked = {papers[key].pk for key in keys_of(added)}
        known = {
            (review.paper_id, review.rule_id): review
            for review in TagReview.objects.filter(paper__in=checked)
        }
        new, changed = [], []
        for paper in sorted(checked):
            for rule in rules:
                review = known.get((paper, rule.pk))
                if review is None:
                    new.append(TagReview(paper_id=paper, rule=rule, query=rule.looks_for))
                elif review.missing or review.query != rule.looks_for:
                    review.missing, review.query = False, rule.looks_for
                    review.reviewed_at = timezone.now()
                    changed.append(review)
        create_with_history(TagReview, new)
        update_with_history(TagReview, changed, ["missing", "query", "reviewed_at"])
        gone = [papers[key] for key in keys_of(removed) if key in papers]
        TagReview.objects.filter(paper__in=gone).delete()


class CuratedSide(MarkSide):
    """Papers that are an exception of some consistency rule.

    What somebody put on ADS's list stays there, also when no rule found anything that could be waived.
    """

    def wanted(self, identifiers):
        waived = Waiver.objects.values_list("paper__bibcode", flat=True).distinct()
        return {
            bibcode: identifiers.get(bibcode, ()) for bibcode in [*waived.order_by(), *self.without_waivers()]
        }

    def without_waivers(self):
        """Entries that both sides have and that never were a waiver here."""
        entries = set(LibraryEntry.objects.filter(library__name=self.name).values_list("bibcode", flat=True))
        ever = Identifier.objects.filter(key__in=keys_of(entries), paper__in=Waiver.history.values("paper"))
        ever = set(ever.values_list("key", flat=True))
        return [bibcode for bibcode in sorted(entries) if keys_of([bibcode])[0] not in ever]

    def receive(self, library, added, removed, messages):
        papers = papers_by_key([*added, *removed])
        nothing_found = waive_what_is_found([papers[key] for key in keys_of(added)])
        messages += [
            f"{paper} is on ADS's {library}: no rule finds anything in it, so nothing was waived"
            for paper in nothing_found
        ]
        gone = [papers[key] for key in keys_of(removed) if key in papers]
        waivers = Waiver.objects.filter(paper__in=gone)
        delete_with_history(list(waivers), reason=f"removed from {library} at ADS")


class TheirSide(Side):
    """A list that others keep at ADS; we hold a copy."""

    truth = Truth.THEIRS

    def count(self):
        return LibraryEntry.objects.filter(library__name=self.name).count()

    def wanted(self, identifiers):
        return dict.fromkeys(
            LibraryEntry.objects.filter(library__name=self.name).values_list("bibcode", flat=True), ()
        )


def papers_by_key(bibcodes_wanted):
    keys = keys_of(bibcodes_wanted)
    return {
        identifier.key: identifier.paper
        for identifier in Identifier.objects.filter(key__in=keys).select_related("paper")
    }


def refereed_papers():
    """Refereed, and not in a journal that we wait for or leave out."""
    filtered = list(FilteredBibstem.objects.values_list("bibstem", flat=True))
    return [
        bibcode
        for bibcode in Paper.objects.filter(refereed=True).values_list("bibcode", flat=True)
        if not any(bibcodes.matches_bibstem(bibcode, bibstem) for bibstem in filtered)
    ]


def listed_by(source, **conditions):
    def bibcodes_listed():
        return SourceRecord.objects.filter(source=source, **conditions).values_list("bibcode", flat=True)

    return bibcodes_listed


def sides():
    """Every library that we keep, those of the tags last."""
    return fixed_sides() + [TagSide(tag) for tag in Tag.objects.public().select_related("category")]


def fixed_sides():
    """Those that no tag makes."""
    return [
        TheirSide("jmmc-non-interfero", "JMMC's papers that are not about interferometry"),
        TheirSide("jmmc-papers", "JMMC's own papers"),
        Side("olbin-refereed", "Refereed papers on optical long-baseline interferometry", refereed_papers),
        BlocklistSide("olbin-blocklist", "Papers that are not about optical long-baseline interferometry"),
        CandidateSide("olbin-candidates", "Papers that wait for a curator's decision"),
        TagReviewSide("olbin-tag-reviewed", "Papers whose tags were checked"),
        CuratedSide("olbin-tag-curated", "Papers whose tags are right although a rule finds something"),
        Side("telbib-vlti", "VLTI papers of ESO telbib", listed_by(Source.TELBIB)),
        Side("oidb-pubs", "Papers with data in OiDB", listed_by(Source.OIDB)),
        Side("jmdc-csv", "Papers in JMDC", listed_by(Source.JMDC)),
        Side(
            "jmdc-csv-interfero",
            "Papers in JMDC, measured by interferometry",
            listed_by(Source.JMDC, interferometric=True),
        ),
    ]


def identifiers_of_papers():
    """Bibcode of each paper here → all its identifiers."""
    known = {bibcode: [] for bibcode in Paper.objects.values_list("bibcode", flat=True)}
    for bibcode, value in Identifier.objects.values_list("paper__bibcode", "value"):
        # A paper may have come since the first of the two queries.
        known.setdefault(bibcode, []).append(value)
    return known


@transaction.atomic
def rows_of(all_sides):
    """Each side with its library's row, made when it was missing; and the libraries that were of a tag."""
    rows = [(side, side.library()) for side in all_sides]
    # A tag that came back has taken its library by now.
    given_up = Library.objects.given_up().exclude(ads_id=None).exclude(pk__in=[row.pk for _, row in rows])
    return rows + [(GivenUpSide(row), row) for row in given_up]
