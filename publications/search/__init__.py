"""The search language (docs/search.md): text → tree → condition on papers.

``parse(q)`` reads a query, ``matching(tree, user)`` makes the condition, a `Q` for
``Paper.objects.filter``. Both raise `QueryError`, whose text names the fault and its place.
"""
