from publications.models.author import Author, Authorship
from publications.models.history import Act
from publications.models.identifier import Identifier
from publications.models.library import Library, LibraryEntry
from publications.models.paper import Journal, Keyword, Paper
from publications.models.search_text import KnownWord, SearchText
from publications.models.simbad import RemovedLink, SimbadReading
from publications.models.source import SourceRecord
from publications.models.state import DataState
from publications.models.tag import Category, Tag, TagAssignment, TagSlug
from publications.models.target import Target, TargetAlias, TargetLink

__all__ = [
    "Act",
    "Author",
    "Authorship",
    "Category",
    "DataState",
    "Identifier",
    "Journal",
    "Keyword",
    "KnownWord",
    "Library",
    "LibraryEntry",
    "Paper",
    "RemovedLink",
    "SearchText",
    "SimbadReading",
    "SourceRecord",
    "Tag",
    "TagAssignment",
    "TagSlug",
    "Target",
    "TargetAlias",
    "TargetLink",
]
