"""The tags that a decision page offers, and those that came back ticked."""

from harvest.models.rule import tags_of
from publications.models import Tag

MAIN_CATEGORY = "MainCategory"


class UnknownTags(Exception):
    """A tag that was sent is not in the vocabulary; the message says which, and what to do.

    ``known``: the others that were sent; ``unread``: what was typed and is none.
    """

    def __init__(self, message, known, unread=""):
        super().__init__(message)
        self.known, self.unread = known, unread


def vocabulary_to_give():
    """``{id: tag}`` of every tag that a paper may still get, with its category, in vocabulary order."""
    return {tag.pk: tag for tag in Tag.objects.to_give().select_related("category")}


class Offers:
    """Tags to tick: what the rules suggest, the parents that these lack, what the nearest papers carry.

    ``ticked``: the tags that came back from the page; None when it is shown for the first time, and what
    the rules suggest is ticked, with a sole parent. Of several absent parents none is.
    ``vocabulary``: `vocabulary_to_give`.
    """

    def __init__(self, rules, vocabulary, near=(), ticked=None):
        self.vocabulary = vocabulary
        self.by_rule = tags_of(rules, vocabulary.values())
        suggested = list(dict.fromkeys(tag.pk for tag in self.by_rule.values()))
        parents, sole = self.parents_of(suggested)
        self.ticked = {*suggested, *sole} if ticked is None else {tag.pk for tag in ticked}
        self.offered = {*suggested, *parents, *near, *self.ticked} & self.vocabulary.keys()

    def parents_of(self, tags):
        """``(offered, sole)``: the parents of tags without any of theirs, and those that are alone."""
        above = {}
        for child, parent in Tag.parents.through.objects.values_list("from_tag", "to_tag"):
            above.setdefault(child, []).append(parent)
        offered, sole, waiting = set(), set(), list(tags)
        while waiting:
            parents = above.get(waiting.pop(), [])
            if not {*parents} & {*tags, *sole}:
                offered |= {*parents}
                if len(parents) == 1:
                    sole |= {*parents}
                    waiting += parents
        return offered, sole

    def main(self):
        """``[(key, tag, ticked)]`` of the main categories; the key is a digit, or empty for a tenth."""
        tags = [tag for tag in self.vocabulary.values() if tag.category.name == MAIN_CATEGORY]
        keys = [*"123456789", *[""] * len(tags)]
        return [(key, tag, tag.pk in self.ticked) for key, tag in zip(keys, tags, strict=False)]

    def categories(self):
        """``[(category, [(tag, ticked)])]`` of the others, in vocabulary order."""
        grouped = {}
        for tag in self.vocabulary.values():
            if tag.pk in self.offered and tag.category.name != MAIN_CATEGORY:
                grouped.setdefault(tag.category, []).append((tag, tag.pk in self.ticked))
        return list(grouped.items())

    def has_main(self, tags):
        """True also when the vocabulary has no main categories to choose from."""
        return not self.main() or any(tag.category.name == MAIN_CATEGORY for tag in tags)


def tags_sent(sent):
    """The tags of a form that was sent: slugs in ``main`` and ``tags``, names in ``other``.

    Raises
    ------
    UnknownTags
    """
    slugs = [slug for slug in [*sent.getlist("main"), *sent.getlist("tags")] if slug]
    names = [name.strip() for text in sent.getlist("other") for name in text.split(";") if name.strip()]
    tags = Tag.objects.to_give().select_related("category")
    found = {**tags.by_slug(slugs), **{name: tag for name in names if (tag := tags.named(name))}}
    known = list(dict.fromkeys(found[name] for name in [*slugs, *names] if name in found))
    missing = [name for name in [*slugs, *names] if name not in found]
    retired = [name for name in missing if name in slugs or Tag.objects.named(name)]
    unknown = [name for name in missing if name not in retired]
    said = []
    if retired:
        said.append(
            f"Retired since this page was opened: {', '.join(retired)}. Choose again, or go on without."
        )
    if unknown:
        named = ", ".join(f"“{name[:60]}”" for name in unknown)
        said.append(f"other: the vocabulary has no tag {named}. Choose one of the list.")
    if said:
        raise UnknownTags(" ".join(said), known, "; ".join(unknown))
    return known
