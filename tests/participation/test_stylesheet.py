"""The style sheet: every pair of text and ground can be read in both themes, and the file stays small."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator

import pytest

from participation import stylesheet

TEXT_ON_GROUND = [
    *(
        (text, ground)
        for text in ("ink", "soft", "quiet", "link", "brick-ink")
        for ground in ("paper", "card", "sunken")
    ),
    *((text, "petrol-wash") for text in ("ink", "soft", "link")),
    ("on-petrol", "petrol"),
    ("on-petrol", "petrol-hover"),
    ("on-deep", "deep"),
    ("saffron-ink", "saffron-wash"),
    ("saffron-ink", "paper"),
    ("saffron-ink", "card"),
    ("ink", "saffron-wash"),
    ("quiet", "saffron-wash"),
    ("link", "saffron-wash"),
    ("olive-ink", "olive-wash"),
    ("olive-ink", "card"),
    ("ink", "olive-wash"),
    ("brick-ink", "brick-wash"),
]
# Borders of controls, rings of focus and bars need 3:1 (WCAG 1.4.11).
SHAPE_ON_GROUND = [
    ("edge", "paper"),
    ("edge", "card"),
    ("focus", "paper"),
    ("focus", "card"),
    ("saffron", "deep"),
    ("petrol", "card"),
    ("olive", "card"),
    ("brick", "card"),
]


def themes() -> dict[str, dict[str, str]]:
    """The colours of both themes; the dark one changes some of the light one's."""
    source = (stylesheet.SOURCES / "tokens.css").read_text(encoding="utf-8")
    light_source, _, dark_source = source.partition("(prefers-color-scheme: dark)")
    light = dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", light_source))
    return {"light": light, "dark": light | dict(re.findall(r"--([a-z-]+):\s*(#[0-9a-f]{6})", dark_source))}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2.2 defines it, 0 (black) to 1 (white)."""
    shares = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def pairs() -> Iterator[tuple[str, str, str, float]]:
    for theme in ("light", "dark"):
        yield from ((theme, text, ground, 4.5) for text, ground in TEXT_ON_GROUND)
        yield from ((theme, shape, ground, 3.0) for shape, ground in SHAPE_ON_GROUND)


def test_contrast_is_computed_as_wcag_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize(("theme", "front", "ground", "least"), list(pairs()))
def test_colours_can_be_told_apart(theme, front, ground, least):
    colours = themes()[theme]

    assert contrast(colours[front], colours[ground]) >= least


def test_the_joined_file_keeps_its_layers_in_order_and_stays_under_the_budget():
    css = stylesheet.bundle()

    assert css.startswith("@layer tokens,base,layout,parts,large,print;\n")
    assert css.count("{") == css.count("}")
    assert len(gzip.compress(css.encode())) < 25_000


def test_squeezing_keeps_every_rule():
    assert stylesheet.squeeze("/* a\n note */\n.a {\n\n  color: red /* b */\n}\n") == ".a {\ncolor: red\n}"


def test_every_source_is_joined_once():
    joined = [path for paths in stylesheet.layered_sources().values() for path in paths]

    assert sorted(joined) == sorted(stylesheet.SOURCES.rglob("*.css"))
