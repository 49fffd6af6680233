"""Times of the cone search, in the database and over HTTP: ``python -m benchmarks.cone 100000 1000000``.

On SQLite, and on PostgreSQL when BENCH_DATABASE_URL names one, whose databases are made anew.
"""

import argparse
import os

from benchmarks.databases import create, databases, run


def main():
    parser = argparse.ArgumentParser(prog="python -m benchmarks.cone", description=__doc__)
    parser.add_argument(
        "sizes", nargs="*", type=int, default=[100_000, 1_000_000], help="numbers of positions"
    )
    parser.add_argument("--keep", action="store_true", help="measure on the databases of the last run")
    options = parser.parse_args()
    for size in options.sizes:
        for database in databases(f"cone_{size}"):
            measure(database, size, options.keep)
    if "BENCH_DATABASE_URL" not in os.environ:
        print("\nSkipped: PostgreSQL (set BENCH_DATABASE_URL=postgres://user@host/olbin_bench)")


def measure(database, size, keep):
    filled = database.data_dir / "filled"
    print(f"\n{database.name}, {size:,} positions", flush=True)
    if not (keep and filled.exists()):
        filled.unlink(missing_ok=True)
        create(database)
        run(database, "-m", "benchmarks.cone_sky", str(size))
        database.settle()
        filled.touch()
    print(run(database, "-m", "benchmarks.cone_measure", str(size)), end="", flush=True)


if __name__ == "__main__":
    main()
