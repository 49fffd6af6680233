"""The table under a figure: numbers, and the papers that each of them counts."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Cell:
    """A number of a table: ``value`` as the figure shows it, of ``n`` papers that ``where`` selects."""

    value: float
    n: int
    where: tuple | None = None

    @property
    def text(self):
        return f"{self.value:,.1f}" if isinstance(self.value, float) else f"{self.value:,}"


@dataclass
class Table:
    """``heads`` (width + 1), the first over the labels of the rows; ``rows``: (Group, list of Cell).

    A head names the unit of what is not a number of papers.
    """

    heads: list
    rows: list = field(default_factory=list)


def counted(n, where):
    return Cell(int(n), int(n), where)
