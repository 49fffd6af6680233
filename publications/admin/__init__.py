from publications.admin import accounts, libraries, papers, targets, vocabulary

__all__ = ["accounts", "libraries", "papers", "targets", "vocabulary"]
