"""Passwords are hashed as an installation hashes them, but not for as long."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher

SLOW = {name: getattr(Argon2PasswordHasher, name) for name in ("memory_cost", "time_cost", "parallelism")}
QUICK = {"memory_cost": 64, "time_cost": 1, "parallelism": 1}


def hash_quickly() -> None:
    """In this process; the site under test does the same, or it would hash again whatever it checks."""
    for name, cost in QUICK.items():
        setattr(Argon2PasswordHasher, name, cost)
