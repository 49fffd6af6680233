"""categories.json: each category and its tags."""

from publications.models import Tag


def categories_json(categories):
    """A JSON object with ``categories`` in order; parents of other categories than these are left out."""
    categories = list(categories)
    tags = (
        Tag.objects.filter(category__in=categories).order_by("position", "name").prefetch_related("parents")
    )
    shown = {category.pk for category in categories}
    by_category = {pk: [] for pk in shown}
    for tag in tags:
        parents = [parent.name for parent in tag.parents.all() if parent.category_id in shown]
        by_category[tag.category_id].append(
            {"name": tag.name, "slug": tag.slug, "description": tag.description, "parents": parents}
        )
    return {
        "categories": [
            {
                "name": category.name,
                "label": str(category),
                "description": category.description,
                "tags": by_category[category.pk],
            }
            for category in categories
        ]
    }
