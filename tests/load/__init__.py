"""Measurements on the real server; `make bench` prints them as JSON lines.

A measurement is a module here with a function `measure()` that yields figures (`figures.figure`); `ONLY=` takes the
module's name. It starts its own server (`site.Site`) with the data it needs, and measures its references in the same
run, because what one machine can do differs from the next and from hour to hour.
"""
