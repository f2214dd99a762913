"""The one who asks: their account, what they wrote and follow, what is stored about them, their tokens."""

from __future__ import annotations

from participation.api.views.me.access import MyData, MySessions, MyTokens, SessionEnd, TokenRevoke
from participation.api.views.me.account import Me, Mine, MyAgeBand, MyResidence
from participation.api.views.me.mine import MyFollowed, MyJoinRequests, MyNews, MyProposals

__all__ = [
    "Me",
    "Mine",
    "MyAgeBand",
    "MyData",
    "MyFollowed",
    "MyJoinRequests",
    "MyNews",
    "MyProposals",
    "MyResidence",
    "MySessions",
    "MyTokens",
    "SessionEnd",
    "TokenRevoke",
]
