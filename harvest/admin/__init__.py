from harvest.admin import blocklist, candidates, consistency, findings, rules, runs, suggestions

__all__ = ["blocklist", "candidates", "consistency", "findings", "rules", "runs", "suggestions"]
