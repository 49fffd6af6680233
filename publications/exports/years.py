"""years.csv: for each year how many papers there are in all, of each category, with each tag."""

from collections import Counter

from django.db.models import Count

from publications.exports.csv import table
from publications.models import Tag, TagAssignment


def years_csv(papers, categories, keep_tags=(), ignore_tags=()):
    """Yield the table of ``papers``, newest year first; each year of ``papers`` has its row.

    Counted are the papers with any of ``keep_tags`` (all when there are none) and none of
    ``ignore_tags``. The column of a category counts the papers that carry any of its tags.
    """
    categories = list(categories)
    order = {category.pk: number for number, category in enumerate(categories)}
    tags = sorted(
        Tag.objects.filter(category__in=order),
        key=lambda tag: (order[tag.category_id], tag.position, tag.name),
    )
    counted = papers.tagged_with_any(keep_tags) if keep_tags else papers
    counted = counted.tagged_with_none(ignore_tags) if ignore_tags else counted

    total = Counter(dict(counted.order_by().values_list("year").annotate(papers=Count("pk"))))
    columns = [counts_by(counted, "tag__category", category.pk) for category in categories]
    with_tag = tag_counts(counted)
    yield table([["YEAR", "total_pubs", *(c.name for c in categories), *(tag.name for tag in tags)]])
    for year in papers.order_by("-year").values_list("year", flat=True).distinct():
        yield table(
            [
                [
                    year,
                    total[year],
                    *(column[year] for column in columns),
                    *(with_tag[tag.pk, year] for tag in tags),
                ]
            ]
        )


def counts_by(papers, lookup, value):
    """How many of ``papers`` have an assignment with ``lookup`` = ``value``, by year."""
    carriers = papers.filter(pk__in=TagAssignment.objects.filter(**{lookup: value}).values("paper"))
    return Counter(dict(carriers.order_by().values_list("year").annotate(papers=Count("pk"))))


def tag_counts(papers):
    assignments = TagAssignment.objects.filter(paper__in=papers.order_by().values("pk")).order_by()
    counts = assignments.values_list("tag", "paper__year").annotate(papers=Count("pk"))
    return Counter({(tag, year): number for tag, year, number in counts})
