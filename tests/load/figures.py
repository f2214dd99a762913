"""The line a measurement prints: a figure, what it is compared with, and what else belongs to it."""

from __future__ import annotations

from typing import Any


def figure(
    name: str,
    value: float,
    unit: str,
    *,
    reference: str | None = None,
    reference_value: float | None = None,
    **more: Any,
) -> dict[str, Any]:
    """One JSON line. `ratio` is value / reference_value; both are measured in the same run, or there is no reference.

    `more` holds the further numbers of the figure, each with its unit in its name (`p99_ms`, `requests`).
    """
    ratio = value / reference_value if reference_value else None
    return {
        "figure": name,
        "value": rounded(value),
        "unit": unit,
        "reference": reference,
        "reference_value": rounded(reference_value),
        "ratio": rounded(ratio),
        **{key: rounded(number) for key, number in more.items()},
    }


def rounded(number: Any) -> Any:
    """Three digits that count, or all before the point; anything but a float as it is."""
    if not isinstance(number, float):
        return number
    return round(number) if abs(number) >= 1000 else float(f"{number:.3g}")


def percentile(sorted_values: list[float], percent: float) -> float:
    """The value below which `percent` of the sorted values lie (nearest rank)."""
    return sorted_values[min(len(sorted_values) - 1, int(len(sorted_values) * percent / 100))]
