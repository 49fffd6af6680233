"""``/admin/yield/``: what each search rule brought in, and what it cost."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from harvest.yields import RUNS, yields


@require_safe
def rules_yield(request):
    return render(request, "admin/desk/yield.html", request.desk | {"yields": yields(), "runs": RUNS})
