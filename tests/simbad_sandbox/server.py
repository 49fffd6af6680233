"""TAP /sync and /capabilities. A query is run by SQLite, after what CDS's parser would refuse was refused."""

import re
import sqlite3
import threading
from email.parser import BytesParser
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl
from xml.etree import ElementTree
from xml.sax.saxutils import escape

SCHEMA = """
CREATE TABLE ref (oidbib INTEGER PRIMARY KEY, bibcode TEXT, doi TEXT, nbobject INTEGER);
CREATE TABLE basic (
    oid INTEGER PRIMARY KEY, main_id TEXT, ra REAL, dec REAL, pmra REAL, pmdec REAL, otype TEXT
);
CREATE TABLE has_ref (oidref INTEGER, oidbibref INTEGER, obj_freq INTEGER);
CREATE TABLE ident (oidref INTEGER, id TEXT COLLATE simbad);
CREATE INDEX has_ref_of ON has_ref (oidbibref);
CREATE INDEX ident_of ON ident (oidref);
"""
CAPABILITIES = """<?xml version="1.0"?><vosi:capabilities xmlns:vosi="http://www.ivoa.net/xml/VOSICapabilities/v1.0">
<capability standardID="ivo://ivoa.net/std/TAP"><outputLimit><default unit="row">{rows}</default>
<hard unit="row">{rows}</hard></outputLimit></capability></vosi:capabilities>"""


class SimbadSandbox:
    """``with SimbadSandbox() as simbad:`` serves ``simbad.url`` until the block ends.

    ``hard_limit`` rows at once. ``faults`` strike the next queries, one each: ``"503"``, ``"drop"``
    (the connection), ``"half"`` (an answer that breaks off), ``"error"`` (QUERY_STATUS).
    """

    def __init__(self, port=0, hard_limit=50_000):
        self.hard_limit = hard_limit
        self.faults = []
        self.queries = []
        self.lock = threading.RLock()
        self.database = sqlite3.connect(":memory:", check_same_thread=False)
        self.database.create_collation("simbad", alike)
        self.database.executescript(SCHEMA)
        self.server = ThreadingHTTPServer(("127.0.0.1", port), handler_of(self))
        self.server.daemon_threads = True

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}/sim-tap"

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
        self.database.close()

    def add_paper(self, bibcode, *objects, doi=None):
        """A paper with ``objects``: numbers, or (number, times) pairs."""
        with self.lock:
            found = self.database.execute(
                "INSERT INTO ref (bibcode, doi, nbobject) VALUES (?, ?, ?)", (bibcode, doi, len(objects))
            )
            for item in objects:
                oid, times = item if isinstance(item, tuple) else (item, 1)
                self.database.execute("INSERT INTO has_ref VALUES (?, ?, ?)", (oid, found.lastrowid, times))

    def add_object(self, oid, name, ra=None, dec=None, *, pmra=None, pmdec=None, otype="*", names=()):
        with self.lock:
            self.database.execute(
                "INSERT OR REPLACE INTO basic VALUES (?, ?, ?, ?, ?, ?, ?)",
                (oid, name, ra, dec, pmra, pmdec, otype),
            )
            self.database.execute("DELETE FROM ident WHERE oidref = ?", (oid,))
            self.database.executemany("INSERT INTO ident VALUES (?, ?)", [(oid, n) for n in (name, *names)])

    def remove(self, bibcode, oid):
        with self.lock:
            self.database.execute(
                "DELETE FROM has_ref WHERE oidref = ? "
                "AND oidbibref = (SELECT oidbib FROM ref WHERE bibcode = ?)",
                (oid, bibcode),
            )

    def run(self, query, uploads, most):
        """(column names, rows, whether they were cut)."""
        if re.search(r"ORDER BY \w+\.", query):
            raise ValueError("Encountered a qualified name in ORDER BY")
        with self.lock:
            for name, rows in uploads.items():
                column, values = rows
                self.database.execute(f'DROP TABLE IF EXISTS "upload_{name}"')
                self.database.execute(f'CREATE TABLE "upload_{name}" ("{column}")')
                self.database.executemany(f'INSERT INTO "upload_{name}" VALUES (?)', [(v,) for v in values])
            cursor = self.database.execute(query.replace("TAP_UPLOAD.", "upload_"))
            rows = cursor.fetchmany(most + 1)
            return [column[0] for column in cursor.description], rows[:most], len(rows) > most


def alike(one, other):
    """SIMBAD compares identifiers whatever their capitals and spaces."""
    one, other = ("".join(name.split()).casefold() for name in (one, other))
    return (one > other) - (one < other)


def handler_of(sandbox):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_):
            """Quiet: tests read what was asked from ``sandbox.queries``."""

        def do_GET(self):
            self.answer(200, CAPABILITIES.format(rows=sandbox.hard_limit))

        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            fault = sandbox.faults.pop(0) if sandbox.faults else None
            if fault == "503":
                self.answer(503, "<html>busy</html>")
            elif fault == "drop":
                self.close_connection = True
                self.connection.close()
            else:
                fields, uploads = read_form(self.headers["Content-Type"], body)
                status, text = reply(sandbox, fields, uploads, fault)
                self.answer(status, text[: len(text) // 2] if fault == "half" else text)

        def answer(self, status, text):
            body = text.encode()
            self.send_response(status)
            self.send_header("Content-Type", "text/xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    return Handler


def read_form(content_type, body):
    """({field: value}, {upload: (column, values)}) of a form, which is multipart when it uploads."""
    if content_type == "application/x-www-form-urlencoded":
        return dict(parse_qsl(body.decode())), {}
    message = BytesParser().parsebytes(b"Content-Type: " + content_type.encode() + b"\r\n\r\n" + body)
    fields, files = {}, {}
    for part in message.get_payload():
        name = part.get_param("name", header="content-disposition")
        (files if part.get_filename() else fields)[name] = part.get_payload(decode=True).decode()
    uploads = {}
    for item in fields["UPLOAD"].split(";"):
        name, parameter = item.split(",param:")
        root = ElementTree.fromstring(files[parameter])
        field = root.find(".//{*}FIELD")
        convert = int if field.get("datatype") == "long" else str
        uploads[name] = field.get("name"), [convert(cell.text) for cell in root.findall(".//{*}TD")]
    return fields, uploads


def reply(sandbox, fields, uploads, fault):
    sandbox.queries.append(fields["QUERY"])
    most = min(int(fields.get("MAXREC", sandbox.hard_limit)), sandbox.hard_limit)
    try:
        if fault == "error" or fields["FORMAT"] != "votable/td":
            raise ValueError("the service has a bad day")
        columns, rows, cut = sandbox.run(fields["QUERY"], uploads, most)
    except (ValueError, sqlite3.Error) as error:
        return 400, document(f'<INFO name="QUERY_STATUS" value="ERROR">{escape(str(error))}</INFO>')
    head = "".join(f'<FIELD name="{name}" datatype="char" arraysize="*"/>' for name in columns)
    data = "".join(
        "<TR>" + "".join(f"<TD>{'' if v is None else escape(str(v))}</TD>" for v in row) + "</TR>"
        for row in rows
    )
    end = '<INFO name="QUERY_STATUS" value="OVERFLOW"/>' if cut else ""
    table = f"<TABLE>{head}<DATA><TABLEDATA>{data}</TABLEDATA></DATA></TABLE>"
    return 200, document(f'<INFO name="QUERY_STATUS" value="OK"/>{table}{end}')


def document(content):
    return (
        '<?xml version="1.0"?><VOTABLE version="1.4" xmlns="http://www.ivoa.net/xml/VOTable/v1.3">'
        f'<RESOURCE type="results">{content}</RESOURCE></VOTABLE>'
    )
