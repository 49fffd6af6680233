"""A change of the vocabulary: looked at first, carried out as one act, undone as one."""

import hashlib
from dataclasses import dataclass, field

from django.db import IntegrityError

from publications.models import Category, Tag
from publications.models.history import act
from publications.models.identifier import hold_the_door
from publications.models.tag import free_slug


class CannotChange(Exception):
    """Nothing was changed; the message says why, and what to do instead."""


class NotAsSeen(CannotChange):
    """It would not do what the preview said."""


@dataclass
class Effects:
    """What a change will do, in sentences. ``papers``: ``(sentence, query string of these papers or "")``."""

    papers: list = field(default_factory=list)
    libraries: list = field(default_factory=list)
    addresses: list = field(default_factory=list)
    rules: list = field(default_factory=list)
    notes: list = field(default_factory=list)

    @property
    def mark(self):
        """Two equal ones mean the same effects."""
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


class Change:
    """One change. ``title`` becomes the name of the act.

    ``check()`` raises `CannotChange`; ``foresee()`` gives the `Effects`; ``write(by)`` is called in the act.
    """

    def prepare(self):
        """What must be there before the act, and stays when the act is undone."""

    def tags(self):
        """The attributes that are tags."""
        return ("tag",)

    def lock(self):
        """Nobody gives, merges or retires one of its tags before the transaction ends."""
        wanted = {name: tag.pk for name in self.tags() if (tag := getattr(self, name))}
        locked = Tag.objects.select_for_update().select_related(None).order_by("pk")
        present = {tag.pk: tag for tag in locked.filter(pk__in=wanted.values())}
        for name, pk in wanted.items():
            if pk not in present:
                raise CannotChange(
                    f"the tag “{getattr(self, name)}” is in the vocabulary no more: "
                    "somebody merged or deleted it meanwhile"
                )
            setattr(self, name, present[pk])


def carry_out(change, by, seen=None):
    """Do ``change`` as one act of the user ``by``. Returns the `Act`.

    ``seen``: the mark of the effects that the user agreed to; None when nobody was shown any.

    Raises
    ------
    CannotChange
        Nothing was changed then. A `NotAsSeen` when its effects are others by now.
    """
    change.check()
    change.prepare()
    try:
        with act(change.title, by) as made:
            hold_the_door()  # an import gives no tag that is on its way out
            change.lock()
            change.check()
            if seen is not None and change.foresee().mark != seen:
                raise NotAsSeen("somebody changed the vocabulary or papers meanwhile: look at it again")
            change.write(by)
    except IntegrityError as error:
        raise CannotChange("somebody changed the same tags at this moment: try again") from error
    return made


class SlugsOfOthers:
    """Every slug that another tag than ``tag`` has or had."""

    def __init__(self, tag):
        self.tag = tag

    def __contains__(self, slug):
        others = Tag.objects.exclude(pk=self.tag.pk)
        return others.filter(slug=slug).exists() or others.filter(old_slugs__slug=slug).exists()


def slug_for(tag, name):
    return free_slug(name, SlugsOfOthers(tag))


def after_last(category):
    last = Tag.objects.filter(category=category).order_by("position").last()
    return (last.position if last else 0) + 1


def plural(number, one, many=None):
    """``1 paper``, ``2 papers``."""
    return f"{number} {one if number == 1 else many or one + 's'}"


def descendants(tag):
    """Keys of the tags below ``tag``, its own among them."""
    found, below = set(), {tag.pk}
    while below:
        found |= below
        below = set(Tag.objects.filter(parents__in=below).values_list("pk", flat=True)) - found
    return found


# --- What becomes of a tag's ADS library ---------------------------------------------------------


def library_given_up(tag):
    """Sentences on the library of a tag that visitors will not see any more."""
    library = getattr(tag, "library", None)
    if library is None or not library.ads_id:
        return []
    return [
        f"the ADS library “{library.name}” ({plural(library.held or 0, 'entry', 'entries')}) will be emptied "
        "by a sync once a person agrees to that plan; it leaves the public list of libraries at once"
    ]


def library_to_make(tag):
    return [] if getattr(tag, "library", None) else [f"the next sync makes the ADS library of “{tag.name}”"]


def home_of_retired():
    return Category.objects.for_retired()
