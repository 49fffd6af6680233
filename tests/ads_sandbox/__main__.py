"""``python -m tests.ads_sandbox --port 8099``: the stand-in with the demonstration data."""

import argparse
from pathlib import Path

from tests.ads_sandbox import AdsSandbox, Corpus


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.ads_sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8099)
    parser.add_argument("--state", type=Path, help="file in which the libraries outlive a restart")
    options = parser.parse_args()
    with AdsSandbox(Corpus.of_demonstration_data(), options.port, options.state) as sandbox:
        print(f"A stand-in for ADS is at {sandbox.url} (synthetic abstracts). In another terminal:")
        print(f"  export ADS_API_URL={sandbox.url}")
        print("  python manage.py harvest && python manage.py sync_libraries")
        try:
            sandbox.thread.join()
        except KeyboardInterrupt:
            print("stopped")


if __name__ == "__main__":
    main()
