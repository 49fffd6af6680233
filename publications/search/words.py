"""Words and phrases as conditions on papers, on either database.

SQLite answers from the FTS5 table, where a phrase is exact and a column can be named.
PostgreSQL answers from one ``tsvector`` of all words; a phrase, or a word of one column, is
looked for again in the text of those papers only. All words come from `words_of` or
`trigrams`, so they hold no quotation mark, backslash or space, and parameters carry them.
"""

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from publications.folding import trigrams
from publications.models.search_index import FTS, TABLE

# The long text last: PostgreSQL reads it only when the others do not have the phrase.
ANYWHERE = ("title", "keywords", "authors", "year", "abstract")
BIBCODES = ("bibcodes",)


class Wanted:
    """Successive ``words`` inside one value of one of ``columns``; ``prefix``: the last may go on."""

    def __init__(self, words, columns=ANYWHERE, prefix=False):
        self.words, self.columns, self.prefix = list(words), columns, prefix

    def fts(self):
        text = " ".join(self.words)
        return f'({{{" ".join(self.columns)}}} : "{text}"{" *" if self.prefix else ""})'

    def tsquery(self):
        quoted = ["'" + word.replace("'", "''") + "'" for word in self.words]
        return " & ".join(quoted) + (":*" if self.prefix else "")

    def postgresql(self):
        """SQL and parameters of the condition on a row."""
        sql, parameters = "words @@ %s::tsquery", [self.tsquery()]
        if self.columns == ANYWHERE and len(self.words) == 1:
            return sql, parameters
        text = " " + " ".join(self.words) + ("" if self.prefix else " ")
        there = " OR ".join(f"strpos({column}, %s) > 0" for column in self.columns)
        return f"({sql} AND ({there}))", parameters + [text] * len(self.columns)


def having(*alternatives):
    """Papers in which one of ``alternatives`` (`Wanted`) is found."""
    if connection.vendor == "postgresql":
        conditions = [wanted.postgresql() for wanted in alternatives]
        # A union, for with OR in one condition each vector is read beside the index.
        select = f"SELECT paper_id FROM {TABLE} WHERE "  # noqa: S608 (our own names)
        sql = " UNION ".join(select + sql for sql, _ in conditions)
        parameters = [parameter for _, found in conditions for parameter in found]
    else:
        sql = f"SELECT rowid FROM {FTS} WHERE {FTS} MATCH %s"  # noqa: S608
        parameters = [" OR ".join(wanted.fts() for wanted in alternatives)]
    return Q(pk__in=RawSQL(sql, parameters))  # noqa: S611 (table and column names are our own)


def part_of_bibcode(part):
    return Wanted(trigrams(part), BIBCODES)
