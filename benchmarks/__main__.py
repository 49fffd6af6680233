"""`make bench`: fills fresh databases with synthetic papers, then measures pages and an export on them."""

import argparse
import json
import os
import time

from benchmarks.databases import OUT, create, databases, run
from benchmarks.datasette import compare
from benchmarks.papers import write_papers


def main():
    options = read_options()
    for size in options.sizes:
        papers = OUT / f"papers-{size}.csv"
        OUT.mkdir(exist_ok=True)
        if not papers.exists() or not options.keep:
            write_papers(papers, size)
        for database in databases(size):
            print(f"\n{database.name}, {size:,} papers", flush=True)
            measure(database, papers, size, options.keep)
        print(f"\nDatasette, {size:,} papers, over HTTP")
        compare(papers, OUT)
    if "BENCH_DATABASE_URL" not in os.environ:
        print("\nSkipped: PostgreSQL (set BENCH_DATABASE_URL=postgres://user@host/olbin_bench)")


def read_options():
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int, default=[5_000, 300_000], help="numbers of papers")
    parser.add_argument("--keep", action="store_true", help="measure on the databases of the last run")
    return parser.parse_args()


def measure(database, papers, size, keep):
    filled = database.data_dir / "filled"
    if not (keep and filled.exists()):
        filled.unlink(missing_ok=True)
        fill(database, papers, size)
        filled.touch()
    print(f"{'':34}{'median ms':>10}{'p95 ms':>10}{'queries':>9}")
    for page in json.loads(run(database, "-m", "benchmarks.measure", "pages")):
        print(f"{page['name']:34}{page['median']:10.1f}{page['p95']:10.1f}{page['queries']:9}")
    export = json.loads(run(database, "-m", "benchmarks.measure", "export"))
    print(
        f"{export['name']:34}{export['rows_per_second']:,.0f} rows/s, "
        f"memory {export['before']:.0f} MB before, {export['peak']:.0f} MB at most",
        flush=True,
    )


def fill(database, papers, size):
    create(database)
    start = time.perf_counter()
    run(database, "manage.py", "import_papers", str(papers), "--create-categories")
    seconds = time.perf_counter() - start
    database.settle()
    print(f"{'import_papers':34}{size / seconds:,.0f} rows/s, {seconds:.0f} s")


if __name__ == "__main__":
    main()
