"""What each kind of entry does to screens: one module for each app below."""


def register() -> None:
    """Fill the registries of topics, frames and states."""
