"""``python -m tests.sandbox``: stand-ins for ADS and SIMBAD, with the demonstration data, until Ctrl-C."""

import argparse
import signal
from pathlib import Path

from tests.ads_sandbox import AdsSandbox, Corpus
from tests.simbad_sandbox import SimbadSandbox
from tests.simbad_sandbox.demonstration import fill

READY = """\
A stand-in for ADS is at {ads}, one for SIMBAD at {simbad}.
Abstracts, citations and full texts are synthetic. In another terminal:

  export DEBUG=1 ADS_API_URL={ads} SIMBAD_TAP_URL={simbad}
  .venv/bin/python manage.py harvest
"""


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.sandbox", description=__doc__)
    parser.add_argument("--port", type=int, default=8099, help="of ADS")
    parser.add_argument("--simbad-port", type=int, default=8098)
    parser.add_argument("--state", type=Path, help="file in which the libraries outlive a restart")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    corpus = Corpus.of_demonstration_data()
    with AdsSandbox(corpus, options.port, options.state) as ads, SimbadSandbox(options.simbad_port) as simbad:
        fill(simbad)
        print(READY.format(ads=ads.url, simbad=simbad.url), flush=True)
        try:
            ads.thread.join()
        except KeyboardInterrupt:
            print("stopped")


if __name__ == "__main__":
    main()
