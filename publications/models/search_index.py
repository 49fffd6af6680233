"""How each database finds words in `SearchText`: set up after each ``migrate``, by vendor.

SQLite: an FTS5 table over the columns of `SearchText` (external content, so the text is kept
once), with triggers. Columns and order of values are the index's own, so a phrase is exact.
PostgreSQL: a generated ``tsvector`` of all words, without positions; a condition on one column
or a phrase is checked again on the text (`publications.search.words`).
"""

from django.db import connections

from publications.models.search_text import SearchText

TABLE = SearchText._meta.db_table
FTS = f"{TABLE}_fts"


def install_search_index(sender, using, **kwargs):
    """Receiver of ``post_migrate``: (re)create what is missing; it loses and repeats nothing."""
    connection = connections[using]
    with connection.cursor() as cursor:
        if TABLE not in connection.introspection.table_names(cursor):
            return
        if connection.vendor == "postgresql":
            install_tsvector(cursor, connection)
        else:
            install_fts(cursor)


def install_tsvector(cursor, connection):
    columns = {column.name for column in connection.introspection.get_table_description(cursor, TABLE)}
    if "words" not in columns:
        for statement in POSTGRESQL:
            cursor.execute(statement)


def install_fts(cursor):
    cursor.execute("SELECT sql FROM sqlite_master WHERE name = %s", [FTS])
    present = cursor.fetchone()
    if present is None or present[0] != FTS_TABLE:
        cursor.execute(f"DROP TABLE IF EXISTS {FTS}")
        cursor.execute(FTS_TABLE)
        cursor.execute(f"INSERT INTO {FTS} ({FTS}) VALUES ('rebuild')")  # noqa: S608
    for event, trigger in SQLITE_TRIGGERS.items():
        cursor.execute(f"DROP TRIGGER IF EXISTS {FTS}_{event}")
        cursor.execute(f"CREATE TRIGGER {FTS}_{event} {trigger}")


COLUMNS = SearchText.COLUMNS
# Words are ASCII and parted by spaces; a bar stands between values; trigrams hold the rest.
TOKENIZER = "ascii tokenchars '#&.:+*_''-|'"
FTS_TABLE = (
    f"CREATE VIRTUAL TABLE {FTS} USING fts5({', '.join(COLUMNS)}, content='{TABLE}', "
    f"content_rowid='paper_id', columnsize=0, tokenize=\"{TOKENIZER}\")"
)
OLD = ", ".join(f"OLD.{name}" for name in COLUMNS)
NEW = ", ".join(f"NEW.{name}" for name in COLUMNS)
# The index forgets a row only when it is told again what the row said.
FORGET = f"INSERT INTO {FTS} ({FTS}, rowid, {', '.join(COLUMNS)}) VALUES ('delete', OLD.paper_id, {OLD});"  # noqa: S608
LEARN = f"INSERT INTO {FTS} (rowid, {', '.join(COLUMNS)}) VALUES (NEW.paper_id, {NEW});"  # noqa: S608
SQLITE_TRIGGERS = {
    "insert": f"AFTER INSERT ON {TABLE} BEGIN {LEARN} END",
    "delete": f"AFTER DELETE ON {TABLE} BEGIN {FORGET} END",
    "update": f"AFTER UPDATE ON {TABLE} WHEN ({OLD}) IS NOT ({NEW}) BEGIN {FORGET} {LEARN} END",
}

WORDS = " || ".join(name for name in COLUMNS if name != "first_author")
POSTGRESQL = [
    # The long texts live beside the table, so that a word of 50,000 papers reads few pages.
    f"ALTER TABLE {TABLE} SET (toast_tuple_target = 128)",
    *[f"ALTER TABLE {TABLE} ALTER COLUMN {name} SET STORAGE MAIN" for name in COLUMNS if name != "abstract"],
    f"""
    ALTER TABLE {TABLE} ADD COLUMN words tsvector GENERATED ALWAYS AS (
        array_to_tsvector(array_remove(string_to_array({WORDS}, ' '), ''))
    ) STORED
    """,
    # The planner does not count what a vector beside the table costs to read; without statistics
    # it takes every word for a rare one, and so the index.
    f"ALTER TABLE {TABLE} ALTER COLUMN words SET STATISTICS 0",
    f"CREATE INDEX {TABLE}_words ON {TABLE} USING gin (words) WITH (fastupdate = off)",
]
