"""``python -m tests.simbad_sandbox --port 8098``: the stand-in with the stars of JMDC's list."""

import argparse
import csv
from collections import defaultdict
from pathlib import Path

from tests.simbad_sandbox import SimbadSandbox


def fill(simbad, path):
    """Objects and papers of a CSV file with the columns bibcode, name, ra, dec, otype."""
    numbers, papers = {}, defaultdict(dict)
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            oid = numbers.setdefault(row["name"], len(numbers) + 1)
            simbad.add_object(oid, row["name"], float(row["ra"]), float(row["dec"]), otype=row["otype"])
            papers[row["bibcode"]][oid] = None
    for bibcode, objects in papers.items():
        simbad.add_paper(bibcode, *objects)


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.simbad_sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8098)
    parser.add_argument("file", type=Path, help="such as harvest/data/jmdc_links.csv")
    options = parser.parse_args()
    with SimbadSandbox(options.port) as simbad:
        fill(simbad, options.file)
        print(f"A stand-in for SIMBAD is at {simbad.url}. In another terminal:")
        print(f"  export SIMBAD_TAP_URL={simbad.url}")
        print("  python manage.py resolve_targets")
        try:
            simbad.thread.join()
        except KeyboardInterrupt:
            print("stopped")


if __name__ == "__main__":
    main()
