"""PostgreSQL's COPY of the columns of an export: how fast the same facts leave the database at all."""

import time

import psycopg

from benchmarks.papers import read_vocabulary

PLAIN = "p.bibcode, p.title, p.year, p.pubdate, j.bibstem, p.volume, p.page, p.doi, p.arxiv"
FACTS = f"{PLAIN}, j.name, p.refereed, p.citations, p.citations_on, p.authors_complete, p.added"
# Values of which a paper has several: (columns, table of one row for each paper).
AUTHORS = (
    "authors.names",
    "(SELECT paper_id, string_agg(name, '; ' ORDER BY position) AS names FROM publications_authorship "
    "JOIN publications_author a ON a.id = author_id GROUP BY paper_id) authors",
)
KEYWORDS = (
    "keywords.names",
    "(SELECT paper_id, string_agg(name, '; ' ORDER BY name) AS names FROM publications_paper_keywords "
    "JOIN publications_keyword k ON k.id = keyword_id GROUP BY paper_id) keywords",
)
TARGETS = (
    "targets.names",
    "(SELECT paper_id, string_agg(name, '; ' ORDER BY slug) AS names FROM publications_targetlink "
    "JOIN publications_target t ON t.id = target_id GROUP BY paper_id) targets",
)
TAGS = (
    "tags.names, tags.given_at",
    "(SELECT paper_id, string_agg(t.name, '; ' ORDER BY c.position, t.position) AS names, "
    "max(given_at) AS given_at FROM publications_tagassignment JOIN publications_tag t ON t.id = tag_id "
    "JOIN publications_category c ON c.id = category_id WHERE c.public GROUP BY paper_id) tags",
)


def tags_by_category():
    categories = list(read_vocabulary())
    columns = ", ".join(
        f"string_agg(t.name, '; ' ORDER BY t.position) FILTER (WHERE c.name = '{name}') AS c{n}"
        for n, name in enumerate(categories)
    )
    return (
        ", ".join(f"tags.c{n}" for n in range(len(categories))),
        f"(SELECT paper_id, {columns} FROM publications_tagassignment "
        "JOIN publications_tag t ON t.id = tag_id JOIN publications_category c ON c.id = category_id "
        "GROUP BY paper_id) tags",
    )


EVERYTHING = [AUTHORS, KEYWORDS, TAGS, TARGETS]
# What each export holds, and its order.
COLUMNS = {
    "csv": (f"{PLAIN}, p.refereed, p.citations, p.added", [AUTHORS, tags_by_category()], "p.bibcode"),
    "xml": ("p.bibcode, p.title, p.pubdate, p.added", [TAGS], "p.bibcode"),
    "bib": (FACTS, [AUTHORS, KEYWORDS], "p.sort_date DESC, p.bibcode"),
    "ris": (FACTS, [AUTHORS, KEYWORDS], "p.sort_date DESC, p.bibcode"),
    "json": (FACTS, EVERYTHING, "p.sort_date DESC, p.bibcode"),
    "vot": (FACTS, EVERYTHING, "p.sort_date DESC, p.bibcode"),
    "atom": (FACTS, [AUTHORS, TAGS], "p.added DESC NULLS LAST, p.bibcode"),
}


def statement(extension):
    plain, several, order = COLUMNS[extension]
    columns = ", ".join([plain, *(columns for columns, _ in several)])
    tables = "".join(
        f" LEFT JOIN {table} ON {table.rpartition(' ')[2]}.paper_id = p.id" for _, table in several
    )
    return (
        f"COPY (SELECT {columns} FROM publications_paper p JOIN publications_journal j ON j.id = p.journal_id"
        f"{tables} ORDER BY {order}) TO STDOUT (FORMAT csv)"
    )


def rows_per_second(url, extension):
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        start = time.perf_counter()
        with cursor.copy(statement(extension)) as copy:
            for _ in copy:
                pass
        return cursor.rowcount / (time.perf_counter() - start)
