"""A city's council, its organs, assemblies and groups, who sits in them, who lives in the city, and whom its ballots ask."""

from __future__ import annotations

from councils.models.balloting import CouncilBallot, Electorate, ProxyRule, ProxyScope
from councils.models.calendar import Holiday, HolidayKind, HolidaySource
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
    Residence,
    Role,
    Theme,
)
from councils.models.meeting import (
    CALLED_OFF,
    MeetingState,
    MeetingWeek,
    Month,
    MunicipalCalendar,
    MunicipalMeeting,
    MunicipalMeetingQuerySet,
    Weekday,
)
from councils.models.procedure import Holder, Procedure, ProcedureStep, Route, Step

__all__ = [
    "CALLED_OFF",
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
    "Holder",
    "Holiday",
    "HolidayKind",
    "HolidaySource",
    "MeetingState",
    "MeetingWeek",
    "Membership",
    "MembershipQuerySet",
    "Month",
    "MunicipalCalendar",
    "MunicipalMeeting",
    "MunicipalMeetingQuerySet",
    "Officer",
    "OfficerRole",
    "Procedure",
    "ProcedureStep",
    "ProxyRule",
    "ProxyScope",
    "Residence",
    "Role",
    "Route",
    "Step",
    "Theme",
    "Weekday",
]
