"""Stand-ins for ESO telbib, OiDB and JMDC over HTTP: pages, limits, faults on demand."""

import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

TELBIB_PAGE = 500


class OtherDatabases:
    """``papers``: what each of them lists. ``fault``: a status, or a text that is answered instead.

    ``oidb_rows``: how many rows the TAP service gives at most, whatever is asked for.
    """

    def __init__(self):
        self.papers = []
        self.fault = None
        self.oidb_rows = 1000
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler_of(self))
        self.server.daemon_threads = True

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def telbib(self, asked):
        assert asked["telescope[]"] == ["vlti visitor", "vlti"]
        start = int(asked.get("start", ["0"])[0])
        page = self.papers[start : start + TELBIB_PAGE]
        articles = "".join(
            f"<article><title>x</title><bibcode>{escape(code)}</bibcode></article>" for code in page
        )
        return f'<?xml version="1.0"?><articles><numFound>{len(self.papers)}</numFound>{articles}</articles>'

    def oidb(self, asked):
        query = asked["QUERY"][0]
        found = re.fullmatch(
            r"SELECT DISTINCT TOP (\d+) bib_reference FROM oidb (?:WHERE bib_reference > '([^']*)' )?"
            r"ORDER BY bib_reference",
            query,
        )
        after = sorted(paper for paper in set(self.papers) if paper > (found[2] or ""))
        return "\r\n".join(["bib_reference", *after[: min(int(found[1]), self.oidb_rows)], ""])

    def jmdc(self, asked):
        rows = [f'"Vega","{code}","{1 + n % 3}",""' for n, code in enumerate(self.papers)]
        return "\n".join(['"ID1","BIBCODE","METHOD","NOTES"', *rows])


def handler_of(databases):
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_):
            pass

        def do_GET(self):
            address = urlsplit(self.path)
            name = address.path.split("/")[1]
            fault = databases.fault
            text = (
                fault if isinstance(fault, str) else getattr(databases, name)(parse_qs(address.query))
            ).encode()
            self.send_response(fault if isinstance(fault, int) else 200)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

    return Handler
