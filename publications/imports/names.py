"""The keys of journals and authors by name, made when they are missing."""

from publications.models import Author, Journal

ASKED = 5000
# So many names are remembered between batches; forgetting costs a query, no more.
REMEMBERED = 200_000


class Keys:
    """``{name: primary key}`` of a model, after `learn` was told the names."""

    def __init__(self):
        self.known = {}

    def __getitem__(self, name):
        return self.known[name]

    def learn(self, names):
        names = list(dict.fromkeys(names))
        if len(self.known) + len(names) > REMEMBERED:
            self.known.clear()
        self.look_up(names)
        missing = [name for name in names if name not in self.known]
        if missing:
            # Somebody else may make the same name meanwhile.
            self.model.objects.bulk_create(map(self.make, missing), batch_size=1000, ignore_conflicts=True)
            self.look_up(missing)

    def look_up(self, names):
        unknown = [name for name in names if name not in self.known]
        for start in range(0, len(unknown), ASKED):
            some = self.model.objects.filter(**{f"{self.field}__in": unknown[start : start + ASKED]})
            self.known.update(some.order_by().values_list(self.field, "pk"))


class JournalKeys(Keys):
    model, field = Journal, "bibstem"

    @staticmethod
    def make(bibstem):
        return Journal(bibstem=bibstem)


class AuthorKeys(Keys):
    model, field = Author, "name"
    make = staticmethod(Author.spelled)
