#!/usr/bin/env bash
# Lighthouse on pages of the demonstration data, as on a telephone: accessibility, good practice and findability
# have to be perfect; speed is told, as it depends on the machine.
# Usage: verify/lighthouse.sh PYTHON  (CHROME_PATH names the browser)
set -euo pipefail
python=$1
command -v lighthouse >/dev/null || { echo "Lighthouse: skipped, there is no lighthouse here (npm has it)"; exit 0; }
[ -n "${CHROME_PATH:-}" ] || { echo "Lighthouse: skipped, there is no Chromium here"; exit 0; }
scratch=$(mktemp -d)
trap 'kill "${server:-}" 2>/dev/null || true; rm -rf "$scratch"' EXIT
export CHROME_PATH DEBUG=1 DATA_DIR="$scratch" DATABASE_URL="sqlite:///$scratch/demo.sqlite3"
port=$("$python" -c "import socket; s = socket.socket(); s.bind(('127.0.0.1', 0)); print(s.getsockname()[1])")
site=http://127.0.0.1:$port
export SITE_URL=$site
"$python" manage.py migrate --verbosity 0
"$python" manage.py load_demo --verbosity 0
"$python" manage.py runserver "127.0.0.1:$port" --noreload >"$scratch/site.log" 2>&1 &
server=$!
curl --silent --fail --retry 30 --retry-connrefused --retry-delay 1 -o /dev/null "$site/healthz"
failed=
for path in / /papers/ /papers/1999ApJ...525L..97M/ /plots/ /statistics/ /targets/ /check/ /about/; do
    lighthouse "$site$path" --quiet --output=json --output-path="$scratch/report.json" \
        --only-categories=accessibility,best-practices,seo,performance \
        --chrome-flags="--headless --no-sandbox --disable-background-networking --disable-component-update"
    "$python" - "$path" "$scratch/report.json" <<'PYTHON' || failed=yes
import json
import sys

path, report = sys.argv[1], json.load(open(sys.argv[2]))
scores = {name: round(100 * category["score"]) for name, category in report["categories"].items()}
print(f"Lighthouse: {path:34} " + ", ".join(f"{name} {score}" for name, score in scores.items()))
must = [name for name in scores if name != "performance"]
for name in must:
    for ref in report["categories"][name]["auditRefs"]:
        audit = report["audits"][ref["id"]]
        if ref["weight"] and audit["score"] not in (None, 1):
            print(f"    {name}: {audit['title']}")
sys.exit(any(scores[name] < 100 for name in must))
PYTHON
done
[ -z "$failed" ]
