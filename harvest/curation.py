"""A curator's decisions on candidates. Each is one transaction, and the first of two wins."""

from datetime import date

from django.utils import timezone

from harvest.known import keys_of
from harvest.models import BlocklistEntry, Candidate, PaperFlag, TagReview
from publications.models import (
    Author,
    Authorship,
    Identifier,
    Journal,
    Keyword,
    Paper,
    SourceRecord,
    Tag,
    TagAssignment,
    TargetLink,
)
from publications.models.history import act, create_with_history, delete_with_history
from publications.models.identifier import hold_the_door
from publications.models.paper import described_by_bibcode
from publications.models.search_text import reindex


class CannotDecide(Exception):
    """The decision is not possible; the message says why."""


def accept(candidate, tags, by):
    """Make a candidate a `Paper` with ``tags``.

    Raises
    ------
    CannotDecide
        When somebody decided before, the paper is here already under some identifier or on the blocklist,
        or a tag is retired.
    """
    with act(f"accepted {candidate.bibcode}", by):
        hold_the_door()
        candidate = take(candidate)
        tags = still_in_use(tags)
        refuse_what_is_here(candidate)
        if entry := BlocklistEntry.objects.filter(bibcode__in=candidate.names).first():
            raise CannotDecide(
                f"{candidate.bibcode} is on the blocklist as {entry} ({entry.get_reason_display()}): "
                "end that block first, or block the candidate"
            )
        paper = create_paper(candidate)
        assignments = [TagAssignment(paper=paper, tag=tag, given_by=by) for tag in tags]
        create_with_history(TagAssignment, assignments)
        decide(candidate, Candidate.Status.ACCEPTED, by)
    return paper


def block(candidate, reason, note, by):
    """Put a candidate on the blocklist for a ``reason`` of `BlocklistEntry.Reason`."""
    if reason not in BlocklistEntry.Reason.values or reason == BlocklistEntry.Reason.UNCURATED:
        raise CannotDecide(f"{reason!r} is no reason to block: choose one of the list")
    with act(f"blocked {candidate.bibcode}", by):
        hold_the_door()
        candidate = take(candidate)
        refuse_what_is_here(candidate)
        if reason == BlocklistEntry.Reason.NOT_REFEREED and candidate.refereed:
            raise CannotDecide(
                f"ADS calls {candidate.bibcode} refereed, so that this block would end with the next search: "
                "choose another reason"
            )
        names = [name for name in candidate.names if name]
        blocked = {"reason": reason, "note": note, "blocked_by": by, "identifiers": names}
        entry, _ = BlocklistEntry.objects.update_or_create(bibcode=candidate.bibcode, defaults=blocked)
        decide(candidate, Candidate.Status.BLOCKED, by)
    return entry


def postpone(candidate, until, by):
    """Put a candidate off until the date ``until``; it stays pending."""
    if until <= date.today():
        raise CannotDecide("a candidate is put off to a date to come")
    with act(f"postponed {candidate.bibcode} to {until}", by):
        candidate = take(candidate)
        candidate.postponed_until = until
        candidate.save()
    return candidate


def together(name, decisions, by):
    """Take several decisions, functions without arguments, as one act: all of them, or none."""
    with act(name, by):
        hold_the_door()
        for decision in decisions:
            decision()


def comment(candidate, text, by):
    """Keep a curator's words with a candidate, below those of others."""
    with act(f"commented on {candidate.bibcode}", by):
        candidate = locked(candidate)
        candidate.note = f"{candidate.note}\n{by}, {date.today()}: {text}".strip()
        candidate.save()
    return candidate


def withdraw(candidate, by):
    """Take a candidate away that came into the database another way."""
    with act(f"withdrew {candidate.bibcode}", by):
        candidate = take(candidate)
        if not paper_of(candidate):
            raise CannotDecide(f"{candidate.bibcode} is not in the database: accept or block it")
        delete_with_history([candidate])


def reopen(entry, by):
    """End a block on purpose. Returns the candidate, pending again; None when it never was one."""
    with act(f"reopened {entry.bibcode}", by):
        hold_the_door()
        entry = BlocklistEntry.objects.select_for_update().filter(pk=entry.pk).first()
        if entry is None:
            raise CannotDecide("somebody reopened it already")
        candidate = Candidate.objects.filter(bibcode=entry.bibcode, status=Candidate.Status.BLOCKED).first()
        delete_with_history([entry])
        if candidate:
            candidate.open_again()
            candidate.save()
    return candidate


def locked(candidate):
    present = Candidate.objects.select_for_update().filter(pk=candidate.pk).first()
    if present is None:
        raise CannotDecide(f"{candidate.bibcode} is no candidate any more")
    return present


def take(candidate):
    """The candidate's row, locked, when it is still pending."""
    present = locked(candidate)
    if present.status != Candidate.Status.PENDING:
        raise CannotDecide(
            f"{present.bibcode} was {present.status} by {present.decided_by} already, "
            f"on {present.decided_at:%Y-%m-%d at %H:%M} UTC; nothing was changed"
        )
    return present


def still_in_use(tags):
    """``tags``, each once, locked: nobody retires one of them before the transaction ends."""
    tags = list(dict.fromkeys(tags))
    present = Tag.objects.to_give().select_for_update(of=("self",), no_key=True).order_by("pk")
    present = set(present.filter(pk__in=[tag.pk for tag in tags]))
    if gone := [tag.name for tag in tags if tag not in present]:
        raise CannotDecide(retired(gone))
    return tags


def retired(names):
    named = ", ".join(f"“{name}”" for name in names)
    return (
        f"the tag {named} was retired meanwhile: choose another one, or none"
        if len(names) == 1
        else (f"the tags {named} were retired meanwhile: choose others, or none")
    )


def paper_of(candidate):
    """The paper that is here already under some identifier of a candidate, or None."""
    return Paper.objects.filter(identifiers__key__in=keys_of(candidate.names)).first()


def refuse_what_is_here(candidate):
    if found := paper_of(candidate):
        raise CannotDecide(f"{candidate.bibcode} is in the database already, as {found.bibcode}")


def decide(candidate, status, by):
    candidate.status, candidate.decided_by, candidate.decided_at = status, by, timezone.now()
    candidate.postponed_until = None
    candidate.save()


def create_paper(candidate):
    known = described_by_bibcode(candidate.bibcode)
    journal, _ = Journal.objects.get_or_create(bibstem=known["bibstem"], defaults={"name": candidate.journal})
    paper = Paper(
        bibcode=candidate.bibcode,
        title=candidate.title,
        year=candidate.year or known["year"],
        pubdate=candidate.pubdate,
        journal=journal,
        volume=candidate.volume or known["volume"],
        page=candidate.page or known["page"],
        doi=candidate.doi,
        arxiv=candidate.arxiv,
        abstract=candidate.abstract,
        refereed=candidate.refereed,
        citations=candidate.citations,
        citations_on=None if candidate.citations is None else candidate.found_at.date(),
        added=timezone.now(),
        details_read=candidate.found_at if candidate.identifiers else None,
    )
    paper.derive(first_author=(candidate.authors or [""])[0])
    paper.save()
    set_authors(paper, candidate.authors)
    set_keywords(paper, candidate.keywords)
    add_identifiers(paper, candidate.names)
    reindex([paper.pk])
    return paper


# Who calls these brings the search up to date afterwards, once (`reindex`).


def set_authors(paper, names):
    """Make ``names`` the authors of a paper, in order; a name that is no one line is mended."""
    names = [" ".join(name.replace(";", ",").split())[:250] for name in names]
    known = {author.name: author for author in Author.objects.filter(name__in=names)}
    missing = [name for name in dict.fromkeys(names) if name and name not in known]
    Author.objects.bulk_create([Author.spelled(name) for name in missing], ignore_conflicts=True)
    known |= {author.name: author for author in Author.objects.filter(name__in=missing)}
    paper.authorships.all().delete()
    Authorship.objects.bulk_create(
        Authorship(paper=paper, author=known[name], position=position)
        for position, name in enumerate((name for name in names if name), start=1)
    )


def set_keywords(paper, names):
    names = list(dict.fromkeys(name[:200] for name in names if name.strip()))
    Keyword.objects.bulk_create([Keyword.spelled(name) for name in names], ignore_conflicts=True)
    paper.keywords.set(Keyword.objects.filter(name__in=names))


def add_identifiers(paper, names):
    """Keep every identifier ever seen; one that leads to another paper stays with that one."""
    Identifier.objects.bulk_create(
        [Identifier.of(paper, name[:250]) for name in names if name], ignore_conflicts=True
    )
    SourceRecord.objects.filter(bibcode__in=names, paper=None).update(paper=paper)


def add_missing_tag(review, by):
    """Give a paper the tag of the rule that matches it. Returns the `Act`.

    Raises
    ------
    CannotDecide
        When somebody judged it before, or the vocabulary lacks the tag.
    """
    with act(f"tagged {review.paper} as the rule {review.rule} says", by) as made:
        review = take_review(review)
        tag = review.rule.tag
        if tag is None:
            raise CannotDecide(f"the vocabulary has no tag “{review.rule.tag_name}”")
        still_in_use([tag])
        if not TagAssignment.objects.filter(paper=review.paper, tag=tag).exists():
            create_with_history(TagAssignment, [TagAssignment(paper=review.paper, tag=tag, given_by=by)])
        judge(review, by)
    return made


def dismiss(review, by):
    """Mark a paper as checked against a rule: the tag is not wanted. Returns the `Act`."""
    with act(f"no {review.rule.tag_name} for {review.paper}, against the rule {review.rule}", by) as made:
        judge(take_review(review), by)
    return made


def take_review(review):
    """The review's row, locked, when nobody has judged it."""
    present = TagReview.objects.select_for_update(of=("self",)).filter(pk=review.pk).first()
    if present is None or not present.missing:
        by = present and present.by
        raise CannotDecide(f"{review.paper} was judged by {by or 'a run of the job'} already")
    return present


def judge(review, by):
    review.missing, review.by = False, by
    review.save()


def merge(flag, by):
    """Make the two papers of a merge flag one: the first gets all that people and jobs said of the other.

    Raises
    ------
    CannotDecide
        When somebody merged them before.
    """
    paper, other = flag.paper, flag.other
    with act(f"merged {other.bibcode} into {paper.bibcode}", by):
        hold_the_door()
        if not PaperFlag.objects.filter(pk=flag.pk).exists():
            raise CannotDecide(f"{other.bibcode} was merged already")
        list(Paper.objects.filter(pk__in=[paper.pk, other.pk]).order_by("pk").select_for_update(no_key=True))
        carried = set(paper.assignments.values_list("tag_id", flat=True))
        tags = [given.tag for given in other.assignments.select_related("tag") if given.tag_id not in carried]
        create_with_history(TagAssignment, [TagAssignment(paper=paper, tag=tag, given_by=by) for tag in tags])
        waived = set(paper.waivers.values_list("rule_id", flat=True))
        for waiver in other.waivers.exclude(rule__in=waived):
            waiver.paper = paper
            waiver.save()
        take_reviews(paper, other)
        TargetLink.objects.hand_over(other.target_links.all(), paper=paper)
        settled = [*paper.removed_links.values_list("target", flat=True),
                   *paper.target_links.values_list("target", flat=True)]  # fmt: skip
        other.removed_links.exclude(target__in=settled).update(paper=paper)
        paper.source_records.add(*other.source_records.all())
        other.identifiers.update(paper=paper)
        other.delete()
        reindex([paper.pk])


def take_reviews(paper, other):
    """What people judged of ``other`` holds for ``paper``, where nobody judged that one."""
    judged = other.tag_reviews.exclude(by=None)
    delete_with_history(paper.tag_reviews.filter(missing=True, rule__in=judged.values("rule")))
    for review in judged.exclude(rule__in=paper.tag_reviews.values("rule")):
        review.paper = paper
        review.save()
