"""ADS's libraries (biblib): what they store, and how they surprise."""

import base64
import time
import uuid
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

LONGEST_NAME, LONGEST_DESCRIPTION = 50, 200


class Refused(Exception):
    """An answer other than 200: its status and its body (JSON, or text for an HTML page)."""

    def __init__(self, status, body):
        super().__init__(status, body)
        self.status, self.body = status, body


def now():
    return datetime.now(UTC).replace(tzinfo=None).isoformat()


def cut(text, longest):
    return text if len(text) <= longest else text[: longest - 3] + "..."


@dataclass
class Library:
    id: str
    name: str
    description: str = ""
    public: bool = False
    asked_name: str = ""
    bibcodes: list = field(default_factory=list)
    created: str = field(default_factory=now)
    modified: str = field(default_factory=now)

    def __setattr__(self, name, value):
        """Whoever changes the list of bibcodes, and whether it changes or not, the date moves."""
        super().__setattr__(name, value)
        if name == "bibcodes":
            super().__setattr__("modified", now())

    def metadata(self):
        return {
            "name": self.name,
            "id": self.id,
            "description": self.description,
            "num_documents": len(self.bibcodes),
            "date_created": self.created,
            "date_last_modified": self.modified,
            "permission": "owner",
            "public": self.public,
            "num_users": 1,
            "owner": "sandbox",
        }


class Libraries:
    def __init__(self, corpus):
        self.corpus = corpus
        self.known = {}
        # Seconds between reading and writing a list: two writers at once lose each other's entries.
        self.write_delay = 0.0

    def contents(self):
        return {library.id: library.bibcodes for library in self.known.values()}

    def named(self, name):
        return next(library for library in self.known.values() if library.name == name)

    def get(self, library_id, missing=410):
        if len(library_id) != 22:
            raise Refused(500, "<html>Internal Server Error</html>")
        if library_id not in self.known:
            raise Refused(missing, {"error": "Library does not exist."})
        return self.known[library_id]

    def create(self, body):
        name = body.get("name") or f"Untitled {len(self.known) + 1}"
        if not isinstance(name, str) or not isinstance(body.get("bibcode", []), list):
            raise Refused(400, {"error": "Wrong type of input."})
        # The test of uniqueness uses the name before it is cut: a long one can be made again and again.
        if any(library.name == name for library in self.known.values()):
            raise Refused(409, {"error": "Name supplied for the library already exists."})
        library = Library(
            base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("="),
            cut(name, LONGEST_NAME),
            cut(body.get("description") or "", LONGEST_DESCRIPTION),
            bool(body.get("public")),
            name,
            list(dict.fromkeys(body.get("bibcode", []))),
        )
        self.known[library.id] = library
        answer = {"name": library.name, "id": library.id, "description": library.description}
        return answer | ({"bibcode": library.bibcodes} if body.get("bibcode") else {})

    def read(self, library_id, start, rows, raw):
        library = self.get(library_id)
        metadata = library.metadata()
        page = sorted(library.bibcodes)[start : start + rows]
        if raw:
            said = "Only the raw library was requested."
            return {"documents": page, "metadata": metadata, "updates": {}, "solr": said}
        renamed = {code: self.corpus.find(code) for code in page}
        updates = [{old: r.bibcode} for old, r in renamed.items() if r and r.bibcode != old]
        if updates:
            new_names = {old: new for update in updates for old, new in update.items()}
            library.bibcodes = list(dict.fromkeys(new_names.get(code, code) for code in library.bibcodes))
        return {
            "documents": [record.bibcode for record in renamed.values() if record],
            "solr": {"responseHeader": {"status": 0}},
            "metadata": metadata,
            "updates": {"num_updated": len(updates), "duplicates_removed": 0, "update_list": updates},
        }

    def edit(self, library_id, body):
        library = self.get(library_id, missing=403)
        if body.get("action") not in ("add", "remove"):
            raise Refused(500 if "action" not in body else 400, {})
        if not body.get("bibcode"):
            raise Refused(500, "<html>Internal Server Error</html>")
        stored = list(library.bibcodes)
        time.sleep(self.write_delay)
        if body["action"] == "add":
            return self.add(library, stored, body["bibcode"])
        removed = [code for code in body["bibcode"] if code in stored]
        library.bibcodes = [code for code in stored if code not in removed]
        return {"number_removed": len(removed), "bibcodes": removed or ""}

    def add(self, library, stored, identifiers):
        records = {identifier: self.corpus.find(identifier) for identifier in identifiers}
        if len(identifiers) > 200:
            # Server-side pages of 200 without a tie-break: some are missed.
            for identifier in identifiers[200::150]:
                records[identifier] = None
        canonical = {identifier: r.bibcode for identifier, r in records.items() if r}
        # "Invalid" is what is not verbatim the canonical form, even when it was resolved and stored.
        invalid = [identifier for identifier in identifiers if canonical.get(identifier) != identifier]
        new = [code for code in dict.fromkeys(canonical.values()) if code not in stored]
        library.bibcodes = stored + new
        if not new and invalid:
            raise Refused(
                400,
                {"error": f"No specified identifiers were able to be added. invalid_bibcodes: {invalid}"},
            )
        return {"number_added": len(new)} | ({"invalid_identifiers": invalid} if invalid else {})

    def change(self, library_id, body):
        library = self.get(library_id)
        name = body.get("name")
        if name and len(name) > LONGEST_NAME:
            raise Refused(500, "<html>Internal Server Error</html>")
        if name and any(other.name == name for other in self.known.values()):
            raise Refused(409, {"error": "Name supplied for the library already exists."})
        changed = {
            key: body[key] for key in ("name", "description", "public") if body.get(key) not in (None, "")
        }
        for key, value in changed.items():
            setattr(library, key, value)
        return changed

    def delete(self, library_id):
        del self.known[self.get(library_id).id]
        return {}

    def to_json(self):
        return [asdict(library) for library in self.known.values()]

    def load_json(self, rows):
        self.known = {row["id"]: Library(**row) for row in rows}
