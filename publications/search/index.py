"""The door to the index for everything that writes papers."""

from publications.models.search_text import reindex

__all__ = ["reindex"]
