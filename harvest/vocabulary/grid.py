"""Tags given and taken one by one, many at a time: each only where it was asked for."""

from dataclasses import dataclass, field

from django.db import transaction

from publications.models import Act, Paper, Tag, TagAssignment
from publications.models.history import act, create_with_history, delete_with_history


@dataclass
class Outcome:
    """``act`` is None when all was so already; ``gone``: names of tags that are not given any more."""

    act: Act | None = None
    given: int = 0
    taken: int = 0
    gone: list = field(default_factory=list)


@transaction.atomic
def change_tags(wanted, by):
    """Give and take tags. ``wanted``: (key of a paper, key of a tag) → whether the paper has it afterwards.

    Every other assignment stays as it is, and so do those of a tag that was retired or merged meanwhile.
    Returns an `Outcome`.
    """
    papers, tags = locked(wanted)
    present = {
        (given.paper_id, given.tag_id): given
        for given in TagAssignment.objects.filter(paper__in=papers, tag__in=tags).select_related(
            "paper", "tag"
        )
    }
    possible = {cell: on for cell, on in wanted.items() if cell[0] in papers and cell[1] in tags}
    give = [
        TagAssignment(paper=papers[paper], tag=tags[tag], given_by=by)
        for (paper, tag), on in possible.items()
        if on and (paper, tag) not in present
    ]
    take = [present[cell] for cell, on in possible.items() if not on and cell in present]
    outcome = Outcome(None, len(give), len(take), names_of({tag for _, tag in wanted} - tags.keys()))
    if give or take:
        with act(title(give, take), by) as outcome.act:
            create_with_history(TagAssignment, give)
            delete_with_history(take)
    return outcome


def locked(wanted):
    """Papers and tags by key: nobody else tags these papers, or retires these tags, meanwhile."""
    tags = Tag.objects.to_give().select_for_update(of=("self",), no_key=True).order_by("pk")
    tags = {tag.pk: tag for tag in tags.filter(pk__in={tag for _, tag in wanted})}
    papers = Paper.objects.defer("abstract").select_for_update(no_key=True).order_by("pk")
    return {paper.pk: paper for paper in papers.filter(pk__in={paper for paper, _ in wanted})}, tags


def title(give, take):
    if len(give) + len(take) == 1:
        (assignment,) = [*give, *take]
        return (
            f"tagged {assignment.paper}: {assignment.tag}"
            if give
            else f"took the tag {assignment.tag} off {assignment.paper}"
        )
    papers = {assignment.paper_id for assignment in [*give, *take]}
    return f"tags of {len(papers)} papers: {len(give)} given, {len(take)} taken off"


def names_of(keys):
    """Last names of tags, also of those that are no more."""
    return [name for _, name in sorted(dict(
        Tag.history.filter(id__in=keys).order_by("history_id").values_list("id", "name")
    ).items())]  # fmt: skip
