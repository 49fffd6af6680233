"""ADS libraries: read in full, written in small portions, never trusted without reading back."""

from dataclasses import dataclass

from harvest.ads.errors import AdsResponseError, AdsUnavailable

ROWS = 2000
PORTION = 200
LONGEST_NAME, LONGEST_DESCRIPTION = 50, 200


class LibraryMissing(AdsResponseError):
    """The library does not exist at ADS, or not for us."""


@dataclass(frozen=True)
class LibraryInfo:
    """``modified`` moves on no-op writes too, but never stays when the content changes."""

    ads_id: str
    name: str
    description: str
    public: bool
    count: int
    modified: str

    @property
    def mark(self):
        """Two equal ones mean the same content; empty when ADS does not say when it changed."""
        return self.modified and f"{self.modified} {self.count}"


def cut(text, longest):
    """As ADS would cut it; done by us, because ADS tests uniqueness before it cuts."""
    return text if len(text) <= longest else text[: longest - 3] + "..."


class Libraries:
    def __init__(self, session):
        self.session = session

    def all(self):
        """Every library of our account."""
        try:
            answer = self.session.get("biblib/libraries").json()
            known = [read_info(one) for one in answer["libraries"]]
        except (KeyError, TypeError) as error:
            raise AdsUnavailable("ADS's list of libraries has another shape than documented") from error
        if len(known) < answer.get("count", 0):
            raise AdsUnavailable(f"ADS announced {answer['count']} libraries and gave {len(known)}")
        return known

    def read(self, ads_id):
        """Information and the bibcodes exactly as stored, all of them, or an error.

        Raises
        ------
        LibraryMissing
        AdsUnavailable
            Also when fewer bibcodes came than the library says it has, or it changed between two pages.
        """
        bibcodes, marks = [], set()
        while True:
            parameters = {"raw": "true", "rows": ROWS, "start": len(bibcodes)}
            answer = self.call("get", f"biblib/libraries/{ads_id}", params=parameters)
            try:
                info, page = read_info(answer["metadata"]), list(answer["documents"])
            except (KeyError, TypeError) as error:
                raise AdsUnavailable("ADS's answer on a library has another shape than documented") from error
            bibcodes += page
            marks.add(info.mark)
            if len(bibcodes) >= info.count or not page:
                break
        if len(set(bibcodes)) != info.count:
            raise AdsUnavailable(
                f"library {info.name} has {info.count} entries, {len(set(bibcodes))} were read"
            )
        if len(marks) > 1:
            raise AdsUnavailable(f"library {info.name} was changed at ADS while it was read")
        return info, set(bibcodes)

    def exists(self, ads_id):
        """Whether ADS has the library, and lets us read it."""
        try:
            self.call("get", f"biblib/libraries/{ads_id}", params={"raw": "true", "rows": 1})
        except LibraryMissing:
            return False
        return True

    def create(self, name, description, public=True):
        """The id of a new, empty library. ``name`` must be free: look first.

        An `AdsUnavailable` leaves it open whether it was made.
        """
        body = {
            "name": cut(name, LONGEST_NAME),
            "description": cut(description, LONGEST_DESCRIPTION),
            "public": public,
        }
        answer = self.call("post", "biblib/libraries", json=body)
        if not isinstance(answer, dict) or not isinstance(answer.get("id"), str):
            raise AdsUnavailable("ADS made a library and did not say which")
        return answer["id"]

    def add(self, ads_id, bibcodes):
        """Ask ADS to add; what it really did, only `read` can tell."""
        self.edit(ads_id, "add", bibcodes)

    def remove(self, ads_id, bibcodes):
        """Ask ADS to remove: the strings must be exactly those that `read` gave."""
        self.edit(ads_id, "remove", bibcodes)

    def rename(self, ads_id, name, description):
        """Give a library another name, which must be free; its id and its followers stay.

        An `AdsUnavailable` leaves it open whether it was renamed; doing so twice is refused.
        """
        body = {"name": cut(name, LONGEST_NAME), "description": cut(description, LONGEST_DESCRIPTION)}
        self.call("put", f"biblib/documents/{ads_id}", json=body)

    def edit(self, ads_id, action, bibcodes):
        bibcodes = sorted(bibcodes)
        for start in range(0, len(bibcodes), PORTION):
            body = {"action": action, "bibcode": bibcodes[start : start + PORTION]}
            try:
                # Adding or removing twice is the same as once.
                self.call("post", f"biblib/documents/{ads_id}", json=body, repeatable=True)
            except LibraryMissing:
                raise
            except AdsResponseError as error:
                # "Not able to be added": unknown at ADS, or there already under another name.
                if error.status != 400:
                    raise

    def call(self, method, path, **options):
        try:
            return self.session.request(method, path, **options).json()
        except AdsResponseError as error:
            if error.status in (403, 404, 410):
                raise LibraryMissing(str(error), error.status) from error
            raise


def read_info(meta):
    return LibraryInfo(
        ads_id=meta["id"],
        name=meta["name"],
        description=meta.get("description") or "",
        public=bool(meta.get("public")),
        count=int(meta["num_documents"]),
        modified=meta.get("date_last_modified") or "",
    )
