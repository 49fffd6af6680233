"""What a process measured on a database, and how it is printed."""

import json

from benchmarks.databases import run


def measured(database, *what):
    return json.loads(run(database, "-m", "benchmarks.measure", *what))


def print_pages(pages):
    print(f"{'page':34}{'median ms':>10}{'p95 ms':>10}{'queries':>9}")
    for page in pages:
        print(f"{page['name']:34}{page['median']:10.1f}{page['p95']:10.1f}{page['queries']:9}", flush=True)
