"""Figures of a selection of papers.

`dimensions` says how papers are parted (by tags of a category, journal, year …), `series` counts
(pure, arrays in and numbers out), `figures` draws the numbers, `formats` writes the drawing.
The time of a drawing depends on the numbers in it, never on how many papers were counted.
"""
