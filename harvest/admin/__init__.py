from harvest.admin import blocklist, candidates

__all__ = ["blocklist", "candidates"]
