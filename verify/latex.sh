#!/usr/bin/env bash
# The BibTeX of the demonstration data, compiled by BibTeX and LaTeX: an error of either fails.
# Usage: verify/latex.sh PYTHON
set -euo pipefail
python=$1
for tool in pdflatex bibtex; do
    command -v "$tool" >/dev/null || { echo "LaTeX: skipped, there is no $tool here"; exit 0; }
done
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export DEBUG=1 DATA_DIR="$scratch" DATABASE_URL="sqlite:///$scratch/demo.sqlite3"
"$python" manage.py migrate --verbosity 0
"$python" manage.py load_demo --verbosity 0
"$python" manage.py shell --verbosity 0 -c "
from pathlib import Path
from publications.exports.bibtex import MACROS, papers_bib
from publications.models import Category, Paper

papers = Paper.objects.order_by('bibcode')
text = ''.join(papers_bib(papers, Category.objects.public(), papers.count()))
Path('$scratch/papers.bib').write_text(text, encoding='utf-8')
macros = ''.join(r'\newcommand{\%s}{%s}' % (name, name) for name in MACROS.values())
lines = [r'\documentclass{article}', r'\usepackage[T1]{fontenc}', macros, r'\begin{document}',
         r'\nocite{*}', r'\bibliographystyle{plain}', r'\bibliography{papers}', r'\end{document}']
Path('$scratch/papers.tex').write_text('\n'.join(lines), encoding='utf-8')
"
cd "$scratch"
pdflatex -interaction=nonstopmode -halt-on-error papers >/dev/null 2>&1 || { grep -A4 '^!' papers.log >&2; exit 1; }
bibtex papers >bibtex.out || { grep -v '^Warning' bibtex.out >&2; exit 1; }
for _ in 1 2; do
    pdflatex -interaction=nonstopmode -halt-on-error papers >/dev/null 2>&1 || { grep -A4 '^!' papers.log >&2; exit 1; }
done
echo "LaTeX: $(grep -c '^\\bibitem' papers.bbl) papers compiled without an error"
