"""What each kind of entry does to screens: one module for each app below."""

from __future__ import annotations


def register() -> None:
    """Fill the registries of topics, frames and states."""
    from realtime.reactions import ballots, councils, discussions, proposals

    for module in (discussions, ballots, proposals, councils):
        module.register()
