"""The money and the plan behind implementations: budget lines, the strategic plan, and the units that answer for them."""
