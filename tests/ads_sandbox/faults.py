"""Faults on demand: what goes wrong, on which call, how often."""

import re
from dataclasses import dataclass, field
from typing import Any

HTML = "<html><head><title>{status}</title></head><body><center><h1>{status}</h1></center></body></html>"


@dataclass
class Fault:
    """``kind``: status, drop_before, drop_after, slow, cut, broken_json, html, partial, short_page, do.

    ``path`` is searched for in the path and query of a call. The fault passes ``skip`` fitting calls by,
    then strikes ``times`` times (None: for ever). ``do`` calls ``action`` before the call is answered.
    """

    kind: str
    path: str = ""
    method: str = ""
    skip: int = 0
    times: int | None = 1
    status: int = 500
    body: str | None = None
    headers: dict = field(default_factory=dict)
    seconds: float = 0.0
    action: Any = None

    def strikes(self, method, path):
        if self.times == 0 or (self.method and method != self.method) or not re.search(self.path, path):
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True

    def page(self):
        """The body of a ``status``: what nginx would write unless one is given."""
        return HTML.format(status=self.status) if self.body is None else self.body
