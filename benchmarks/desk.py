"""Times of the curators' desk: ``python -m benchmarks.desk 5000``, pending candidates beside 5,000 papers.

On SQLite, and on PostgreSQL when BENCH_DATABASE_URL names one, whose databases are made anew.
"""

import argparse

from benchmarks.databases import OUT, databases, run
from benchmarks.filling import fill_with_papers
from benchmarks.papers import write_papers, write_targets
from benchmarks.tables import measured, print_pages

PAPERS = 5_000


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.desk", description=__doc__)
    parser.add_argument("candidates", nargs="?", type=int, default=5_000, help="how many wait")
    parser.add_argument("--keep", action="store_true", help="measure on the databases of the last run")
    options = parser.parse_args()
    for database in databases(f"desk_{options.candidates}"):
        print(f"\n{database.name}, {options.candidates:,} candidates wait, {PAPERS:,} papers", flush=True)
        if not (options.keep and database.filled.exists()):
            fill_desk(database, options.candidates)
        print_pages(measured(database, "desk"))


def fill_desk(database, candidates):
    papers, targets = OUT / f"papers-{PAPERS}.csv", OUT / f"targets-{PAPERS}.csv"
    OUT.mkdir(exist_ok=True)
    write_papers(papers, PAPERS)
    write_targets(targets, papers)
    fill_with_papers(database, papers, targets, PAPERS)
    run(database, "-m", "benchmarks.candidates", str(candidates))
    database.settle()
    database.filled.touch()


if __name__ == "__main__":
    main()
