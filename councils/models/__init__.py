"""A city's council, its organs, assemblies and groups, who sits in them, who lives in the city, and whom its ballots ask."""

from __future__ import annotations

from councils.models.balloting import CouncilBallot, Electorate, ProxyRule, ProxyScope
from councils.models.council import (
    LEADING_ROLES,
    RESERVED_SLUGS,
    Body,
    BodyKind,
    BodyQuerySet,
    Council,
    CouncilOrganisation,
    CouncilQuerySet,
    District,
    Membership,
    MembershipQuerySet,
    Officer,
    OfficerRole,
    Procedure,
    Residence,
    Role,
    Theme,
)

__all__ = [
    "LEADING_ROLES",
    "RESERVED_SLUGS",
    "Body",
    "BodyKind",
    "BodyQuerySet",
    "Council",
    "CouncilBallot",
    "CouncilOrganisation",
    "CouncilQuerySet",
    "District",
    "Electorate",
    "Membership",
    "MembershipQuerySet",
    "Officer",
    "OfficerRole",
    "Procedure",
    "ProxyRule",
    "ProxyScope",
    "Residence",
    "Role",
    "Theme",
]
