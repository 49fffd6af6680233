"""`make bench`: fills fresh databases with synthetic papers; measures pages, figures, exports."""

import argparse
import os

from benchmarks import copy
from benchmarks.databases import OUT, PostgreSQL, databases
from benchmarks.datasette import compare
from benchmarks.filling import fill_with_papers
from benchmarks.pages import EXPORTS
from benchmarks.papers import write_papers, write_targets
from benchmarks.tables import measured, print_pages


def main():
    options = read_options()
    for size in options.sizes:
        papers, targets = OUT / f"papers-{size}.csv", OUT / f"targets-{size}.csv"
        OUT.mkdir(exist_ok=True)
        if not papers.exists() or not options.keep:
            write_papers(papers, size)
            write_targets(targets, papers)
        for database in databases(size):
            print(f"\n{database.name}, {size:,} papers", flush=True)
            if not (options.keep and database.filled.exists()):
                fill_with_papers(database, papers, targets, size)
                database.filled.touch()
            measure(database)
        print(f"\nDatasette, {size:,} papers, over HTTP")
        compare(papers, OUT)
    if "BENCH_DATABASE_URL" not in os.environ:
        print("\nSkipped: PostgreSQL (set BENCH_DATABASE_URL=postgres://user@host/olbin_bench)")


def read_options():
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[5_000, 300_000], help="numbers of papers")
    parser.add_argument("--keep", action="store_true", help="measure on the databases of the last run")
    return parser.parse_args()


def measure(database):
    print_pages(measured(database, "pages"))
    print(f"{'figure, median ms':34}{'changed':>10}{'cold':>10}{'warm':>10}", flush=True)
    for figure in measured(database, "figures"):
        print(f"{figure['name']:34}{figure['changed']:10.1f}{figure['cold']:10.1f}{figure['warm']:10.1f}")
    print(f"{'export':34}{'rows/s':>10}{'MB before':>11}{'MB at most':>12}{'COPY, rows/s':>14}", flush=True)
    for extension in EXPORTS:
        export = measured(database, "export", extension)
        beside = ""
        if isinstance(database, PostgreSQL):
            beside = f"{copy.rows_per_second(database.url, extension):14,.0f}"
        print(
            f"{'/papers.' + extension:34}{export['rows_per_second']:10,.0f}"
            f"{export['before']:11.0f}{export['peak']:12.0f}{beside}",
            flush=True,
        )


if __name__ == "__main__":
    main()
