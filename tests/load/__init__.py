"""Measurements on the real server with the demo's data; `make bench` prints them as JSON lines.

A measurement is a module here with a function `measure(site)` that yields dictionaries; its name is the module's.
"""
