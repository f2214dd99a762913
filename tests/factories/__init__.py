"""Rows for tests. Factories write states directly; what an action must refuse is tested through the action."""

from __future__ import annotations

from tests.factories.articles import article_of
from tests.factories.ballots import BallotFactory
from tests.factories.base import Factory
from tests.factories.councils import (
    SHORT,
    BodyFactory,
    CouncilFactory,
    DistrictFactory,
    PersonFactory,
    ProcedureFactory,
    ThemeFactory,
    whole_way,
)
from tests.factories.discussions import CharterFactory, CommentFactory, ThreadFactory
from tests.factories.lending import a_picture, lent_item_of, loan_of
from tests.factories.membership import (
    CouncilOrganisationFactory,
    MembershipFactory,
    OfficerFactory,
    OrganisationFactory,
    RepresentativeFactory,
    ResidenceFactory,
    token,
)
from tests.factories.opinions import AssemblyTallyFactory, MunicipalMeetingFactory, OpinionFactory
from tests.factories.partnerships import partnership_of, signed_partnership
from tests.factories.proposals import (
    CARRIED,
    HOLDERS_OF,
    FollowFactory,
    ProposalBallotFactory,
    ProposalFactory,
    SupportFactory,
    carry,
)
from tests.factories.requests import file_of, mail_of, request_of
from tests.factories.solidarity import another_organisation, matched_posts, post_of

__all__ = [
    "CARRIED",
    "HOLDERS_OF",
    "SHORT",
    "AssemblyTallyFactory",
    "BallotFactory",
    "BodyFactory",
    "CharterFactory",
    "CommentFactory",
    "CouncilFactory",
    "CouncilOrganisationFactory",
    "DistrictFactory",
    "Factory",
    "FollowFactory",
    "MembershipFactory",
    "MunicipalMeetingFactory",
    "OfficerFactory",
    "OpinionFactory",
    "OrganisationFactory",
    "PersonFactory",
    "ProcedureFactory",
    "ProposalBallotFactory",
    "ProposalFactory",
    "RepresentativeFactory",
    "ResidenceFactory",
    "SupportFactory",
    "ThemeFactory",
    "ThreadFactory",
    "a_picture",
    "another_organisation",
    "article_of",
    "carry",
    "file_of",
    "lent_item_of",
    "loan_of",
    "mail_of",
    "matched_posts",
    "partnership_of",
    "post_of",
    "request_of",
    "signed_partnership",
    "token",
    "whole_way",
]
