"""The stand-in's HTTP side: routes, tokens, quotas, faults."""

import copy
import json
import re
import socket
import struct
import sys
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from tests.ads_sandbox.corpus import Corpus
from tests.ads_sandbox.faults import Fault
from tests.ads_sandbox.libraries import Libraries, Refused
from tests.ads_sandbox.search import number, search

LONGEST_REQUEST_LINE = 4094
ROUTES = [
    ("GET", r"/search/query", "search/query", "search"),
    ("POST", r"/search/bigquery", "search/bigquery", "bigquery"),
    ("GET", r"/biblib/libraries", "biblib/libraries", "list_libraries"),
    ("POST", r"/biblib/libraries", "biblib/libraries", "create_library"),
    ("GET", r"/biblib/libraries/([\w-]+)", "biblib/libraries/<id>", "read_library"),
    ("POST", r"/biblib/documents/([\w-]+)", "biblib/documents", "edit_library"),
    ("PUT", r"/biblib/documents/([\w-]+)", "biblib/documents", "change_library"),
    ("DELETE", r"/biblib/documents/([\w-]+)", "biblib/documents", "delete_library"),
    ("POST", r"/export/(\w+)", "export", "export"),
    ("POST", r"/objects/query", "objects/query", "objects"),
]
LIMITS = {"search/query": 5000, "search/bigquery": 100}


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A caller that went away is no error of ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


class AdsSandbox:
    """``with AdsSandbox() as sandbox:`` serves ``sandbox.url`` until the block ends."""

    def __init__(self, corpus=None, port=0, state_file=None):
        self.corpus = Corpus() if corpus is None else corpus
        self.libraries = Libraries(self.corpus)
        self.faults = []
        self.calls = []
        self.limits = dict(LIMITS)
        self.used = {}
        self.bad_tokens = {"expired"}
        self.reset = datetime.now(UTC) + timedelta(hours=8)
        self.lock = threading.RLock()
        self.state_file = state_file
        if state_file and state_file.exists():
            self.libraries.load_json(json.loads(state_file.read_text()))
        self.server = Server(("127.0.0.1", port), handler_of(self))

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}/v1"

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    @contextmanager
    def as_it_was(self):
        """What the block makes of papers and libraries is forgotten behind it, with its calls and faults."""
        kept = self.corpus, self.libraries, self.used
        self.corpus, self.libraries, self.used = copy.deepcopy(kept)
        yield
        self.corpus, self.libraries, self.used = kept
        self.faults.clear()
        self.calls.clear()

    def fail(self, kind, path="", **details):
        """Ask for a fault; see `Fault`."""
        self.faults.append(Fault(kind, path, **details))

    def add(self, bibcode, **details):
        return self.corpus.add(bibcode, **details)

    def library(self, name, bibcodes=()):
        """A library that exists at ADS already, as somebody made it there."""
        made = self.libraries.create({"name": name, "public": True, "bibcode": list(bibcodes)})
        return self.libraries.known[made["id"]]

    def held(self, name):
        """The bibcodes of a library, by its name at ADS."""
        return set(self.libraries.named(name).bibcodes)

    def writes(self):
        return [call for call in self.calls if call[0] in ("POST", "PUT", "DELETE") and "/biblib/" in call[1]]

    def struck(self, method, path):
        with self.lock:
            return next((fault for fault in self.faults if fault.strikes(method, path)), None)

    def count(self, endpoint):
        """Count a call; the headers that say what is left, and whether it was too much."""
        with self.lock:
            limit = self.limits.get(endpoint, 1000)
            self.used[endpoint] = self.used.get(endpoint, 0) + 1
            left = limit - self.used[endpoint]
            headers = {
                "X-RateLimit-Limit": str(limit),
                "X-RateLimit-Remaining": str(max(left, 0)),
                "X-RateLimit-Reset": str(int(self.reset.timestamp())),
            }
            return headers, left < 0

    def remember(self):
        if self.state_file:
            self.state_file.write_text(json.dumps(self.libraries.to_json()))

    # --- one method for each route: (parameters, body, content type, parts of the address) → answer

    def search(self, parameters, body, content_type):
        return search(parameters, self.corpus, self.libraries.contents())

    def bigquery(self, parameters, body, content_type):
        if content_type.startswith("application/json"):
            raise Refused(
                400,
                {"message": "The browser (or proxy) sent a request that this server could not understand."},
            )
        lines = body.decode().splitlines()
        if (
            content_type.startswith("application/x-www-form-urlencoded")
            or len(lines) < 2
            or lines[0] != "bibcode"
        ):
            raise Refused(400, {"error": "Malformed request"})
        among = {record for record in map(self.corpus.find, lines[1:]) if record}
        return search(parameters, self.corpus, self.libraries.contents(), among)

    def list_libraries(self, parameters, body, content_type):
        known = [library.metadata() for library in self.libraries.known.values()]
        start = number(parameters.get("start"), 0)
        return {
            "count": len(known),
            "libraries": known[start : start + number(parameters.get("rows"), len(known))],
        }

    def create_library(self, parameters, body, content_type):
        return self.libraries.create(read_json(body))

    def read_library(self, parameters, body, content_type, library_id):
        rows = min(number(parameters.get("rows"), 20), 2000)
        raw = parameters.get("raw", "").lower() == "true"
        return self.libraries.read(library_id, number(parameters.get("start"), 0), rows, raw)

    def edit_library(self, parameters, body, content_type, library_id):
        return self.libraries.edit(library_id, read_json(body))

    def change_library(self, parameters, body, content_type, library_id):
        return self.libraries.change(library_id, read_json(body))

    def delete_library(self, parameters, body, content_type, library_id):
        return self.libraries.delete(library_id)

    def export(self, parameters, body, content_type, form):
        asked = read_json(body).get("bibcode")
        if not isinstance(asked, list):
            raise Refused(400, {"error": "no bibcode found in payload (parameter name is `bibcode`)"})
        records = {record.bibcode: record for record in map(self.corpus.find, asked[:2000]) if record}
        if not records:
            raise Refused(404, {"error": "no result from solr"})
        text = "".join(entry(records[bibcode]) for bibcode in sorted(records, reverse=True))
        return {"msg": f"Retrieved {len(records)} abstracts, starting with number 1.", "export": text}

    def objects(self, parameters, body, content_type):
        name = read_json(body)["query"][0].removeprefix("object:")
        return {"query": f"((=abs:{name} OR simbid:1) database:astronomy)"}


def entry(record):
    authors = " and ".join(record.authors[:200])
    return f"@ARTICLE{{{record.bibcode},\n  author = {{{authors}}},\n  title = {{{record.title}}}\n}}\n\n"


def read_json(body):
    try:
        read = json.loads(body)
    except ValueError as error:
        raise Refused(400, {"error": "Bad JSON"}) from error
    if not isinstance(read, dict):
        raise Refused(400, {"error": "Bad JSON"})
    return read


def handler_of(sandbox):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 65536  # headers and body in one packet: else each answer waits for an acknowledgement

        def do_GET(self):
            self.handle_call()

        do_POST = do_PUT = do_DELETE = do_GET

        def log_message(self, *_):
            pass

        def handle_call(self):
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            sandbox.calls.append((self.command, self.path))
            fault = sandbox.struck(self.command, self.path)
            kind = fault.kind if fault else None
            if kind == "do":
                fault.action(sandbox)
            if kind == "slow":
                time.sleep(fault.seconds)
            if kind == "drop_before":
                return self.drop()
            if kind == "status":
                return self.answer(fault.status, fault.page(), fault.headers)
            status, answer, headers = self.respond(body)
            if kind == "drop_after":
                return self.drop()
            return self.answer(status, spoiled(kind, answer), headers, cut=kind == "cut")

        def respond(self, body):
            """Status, answer (JSON or text), headers of a call that nothing spoils."""
            if len(f"{self.command} {self.path} HTTP/1.1") > LONGEST_REQUEST_LINE:
                return 400, f"<html>Request Line is too large ({len(self.path)} > 4094)</html>", {}
            token = self.headers.get("Authorization", "").removeprefix("Bearer ").strip()
            if not token or token in sandbox.bad_tokens:
                return 401, {"error": "Unauthorized"}, {}
            address = urlsplit(self.path)
            matches = [
                (method, endpoint, action, match.groups())
                for method, path, endpoint, action in ROUTES
                if (match := re.fullmatch("/v1" + path, address.path))
            ]
            if not matches:
                return 404, {"error": "Not found"}, {}
            for method, endpoint, action, parts in matches:
                if method == self.command:
                    return self.called(endpoint, action, parts, dict(parse_qsl(address.query)), body)
            return 405, {"message": "The method is not allowed for the requested URL."}, {}

        def called(self, endpoint, action, parts, parameters, body):
            headers, too_many = sandbox.count(endpoint)
            if too_many:
                wait = int((sandbox.reset - datetime.now(UTC)).total_seconds())
                return 429, {"error": "Too many requests"}, headers | {"Retry-After": str(max(wait, 0))}
            content_type = self.headers.get("Content-Type") or ""
            try:
                answer = getattr(sandbox, action)(parameters, body, content_type, *parts)
            except Refused as refused:
                return refused.status, refused.body, headers
            if self.command != "GET":
                sandbox.remember()
            return 200, answer, headers

        def answer(self, status, body, headers, cut=False):
            html = isinstance(body, str) and body.startswith("<")
            content = body.encode() if isinstance(body, str) else json.dumps(body).encode()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "text/html" if html else "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if cut else content)
            if cut:
                self.drop()

        def drop(self):
            """Reset the connection, as a dying machine does."""
            self.wfile.flush()
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()

    return Handler


def spoiled(kind, answer):
    """``answer`` as the fault ``kind`` leaves it."""
    if kind == "broken_json":
        return json.dumps(answer)[:-3] + "{["
    if kind == "html":
        return "<html><body>Please wait…</body></html>"
    if kind == "partial":
        documents = answer["response"]["docs"]
        header = {**answer["responseHeader"], "partialResults": True}
        kept = documents[: len(documents) // 2]
        return {
            **answer,
            "responseHeader": header,
            "response": {"numFound": len(kept), "start": 0, "docs": kept},
        }
    if kind == "short_page" and "response" in answer:
        documents = answer["response"]["docs"]
        return {**answer, "response": {**answer["response"], "docs": documents[: len(documents) // 2]}}
    if kind == "short_page":
        return {**answer, "documents": answer["documents"][: len(answer["documents"]) // 2]}
    return answer
