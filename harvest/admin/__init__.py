from harvest.admin import blocklist, candidates, findings, rules, runs, suggestions

__all__ = ["blocklist", "candidates", "findings", "rules", "runs", "suggestions"]
