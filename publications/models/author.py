"""Authors, and their places in the lists of papers."""

from django.db import models

from publications.folding import author_key, fold
from publications.models.fields import CodePointField
from publications.models.search_text import reindex
from publications.models.validators import validate_joinable, validate_words


class AuthorQuerySet(models.QuerySet):
    def keys_under(self, letter):
        """``{"key", "spellings", "papers"}`` of each group of spellings whose key begins with ``letter``."""
        return (
            self.filter(key__startswith=letter)
            .order_by("key")
            .values("key")
            .annotate(
                spelling=models.Min("name"),
                spellings=models.Count("pk", distinct=True),
                papers=models.Count("authorships__paper", distinct=True),
            )
        )

    def with_paper_counts(self):
        return self.annotate(papers_count=models.Count("authorships"))


class Author(models.Model):
    """One spelling of a name as papers print it; never claimed to be one person."""

    name = CodePointField(max_length=250, unique=True, validators=[validate_joinable, validate_words])
    key = CodePointField(max_length=160, db_index=True, editable=False)
    folded = CodePointField(max_length=250, db_index=True, editable=False)
    collaboration = models.BooleanField(default=False)

    objects = AuthorQuerySet.as_manager()

    class Meta:
        ordering = ["folded", "name"]

    def __str__(self):
        return self.name

    def save(self, *args, **kwargs):
        renamed = not self._state.adding
        super().save(*args, **kwargs)
        if renamed:
            reindex(set(self.authorships.values_list("paper", flat=True)))

    @classmethod
    def spelled(cls, name):
        """An unsaved author with what follows from the spelling."""
        return cls(
            name=name,
            key=author_key(name),
            folded=fold(name)[:250],
            collaboration="," not in name and "collaboration" in name.casefold(),
        )


class Authorship(models.Model):
    """A place in the list of authors of a paper, counted from 1."""

    paper = models.ForeignKey("publications.Paper", models.CASCADE, related_name="authorships")
    author = models.ForeignKey(Author, models.PROTECT, related_name="authorships")
    position = models.PositiveIntegerField()
    orcid = models.CharField(max_length=19, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["paper", "position"], name="one_author_at_a_position")]

    def __str__(self):
        return f"{self.position}. {self.author}"

    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        reindex([self.paper_id])

    def delete(self, *args, **kwargs):
        deleted = super().delete(*args, **kwargs)
        reindex([self.paper_id])
        return deleted
