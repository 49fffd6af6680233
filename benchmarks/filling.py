"""Databases full of synthetic papers."""

import time

from benchmarks.databases import create, run


def fill_with_papers(database, papers, targets, size):
    """A new database with the papers and targets of these files; ``size``: how many papers."""
    database.filled.unlink(missing_ok=True)
    create(database)
    start = time.perf_counter()
    run(database, "manage.py", "import_papers", str(papers), "--create-categories")
    seconds = time.perf_counter() - start
    run(database, "manage.py", "import_targets", str(targets))
    database.settle()
    print(f"{'import_papers':34}{size / seconds:,.0f} rows/s, {seconds:.0f} s", flush=True)
