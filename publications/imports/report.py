"""What an import did, and what it refused."""

from dataclasses import dataclass, field

KEPT = 1000


class ImportRefused(Exception):
    """The whole file cannot be read; nothing of it was imported."""


class BadRow(ValueError):
    """A row that cannot be imported; the others are."""


@dataclass
class Report:
    """Counts, and for the first `KEPT` refused rows ``(line, reason)``; remarks are of rows that are in."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    reasons: list = field(default_factory=list)
    remarks: list = field(default_factory=list)
    made: dict = field(default_factory=dict)

    def refuse(self, line, reason):
        self.refused += 1
        if len(self.reasons) < KEPT:
            self.reasons.append((line, str(reason)))

    def remark(self, line, text):
        self.count("remarks")
        if len(self.remarks) < KEPT:
            self.remarks.append((line, text))

    def count(self, what, number=1):
        """Count something besides the rows: tags made, links added."""
        self.made[what] = self.made.get(what, 0) + number

    def lines(self):
        """The refused rows and the remarks as text, in the order of the file."""
        told = [f"line {line}: {text}" for line, text in sorted(self.reasons + self.remarks)]
        more = self.refused + self.made.get("remarks", 0) - len(told)
        return [*told, f"… and {more} more"] if more else told

    def summary(self):
        counts = {"created": self.created, "updated": self.updated, "unchanged": self.unchanged}
        counts |= self.made | {"refused": self.refused}
        return ", ".join(f"{number} {what}" for what, number in counts.items())
