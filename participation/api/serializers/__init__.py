"""Shapes of the open interface. Serializers say what is read and what may be sent; rules live in the actions."""

from __future__ import annotations

from participation.api.serializers.ballots import (
    BallotSerializer,
    ChairDecisionSerializer,
    OpenBallotSerializer,
    OptionSerializer,
    ReceiptSerializer,
    TallySerializer,
    VoteSerializer,
)
from participation.api.serializers.councils import (
    BodySerializer,
    CouncilDetailSerializer,
    CouncilSerializer,
    DistrictSerializer,
    OrganisationNameSerializer,
    ThemeSerializer,
)
from participation.api.serializers.discussions import (
    CommentSerializer,
    EditCommentSerializer,
    NewCommentSerializer,
)
from participation.api.serializers.fields import (
    CodedReasonSerializer,
    DegreesField,
    NothingSerializer,
    ReasonSerializer,
    SlugField,
    Strict,
    TextField,
    address,
    float_of,
)
from participation.api.serializers.proposals import (
    AttachmentSerializer,
    DraftSerializer,
    MergeSerializer,
    MoveSerializer,
    ProposalDetailSerializer,
    ProposalSerializer,
    RevisionSerializer,
    SplitSerializer,
    SupportSerializer,
    SupportStateSerializer,
)
from participation.api.serializers.seals import (
    GrowthSerializer,
    ProofSerializer,
    SealSerializer,
    StandingSerializer,
    VoteRecordSerializer,
)

__all__ = [
    "AttachmentSerializer",
    "BallotSerializer",
    "BodySerializer",
    "ChairDecisionSerializer",
    "CodedReasonSerializer",
    "CommentSerializer",
    "CouncilDetailSerializer",
    "CouncilSerializer",
    "DegreesField",
    "DistrictSerializer",
    "DraftSerializer",
    "EditCommentSerializer",
    "GrowthSerializer",
    "MergeSerializer",
    "MoveSerializer",
    "NewCommentSerializer",
    "NothingSerializer",
    "OpenBallotSerializer",
    "OptionSerializer",
    "OrganisationNameSerializer",
    "ProofSerializer",
    "ProposalDetailSerializer",
    "ProposalSerializer",
    "ReasonSerializer",
    "ReceiptSerializer",
    "RevisionSerializer",
    "SealSerializer",
    "SlugField",
    "SplitSerializer",
    "StandingSerializer",
    "Strict",
    "SupportSerializer",
    "SupportStateSerializer",
    "TallySerializer",
    "TextField",
    "ThemeSerializer",
    "VoteRecordSerializer",
    "VoteSerializer",
    "address",
    "float_of",
]
