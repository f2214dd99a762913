from __future__ import annotations

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from participation.api import views

COUNCIL = "councils/<slug:council>/"
PROPOSAL = f"{COUNCIL}proposals/<slug:number>/"
DRAFT = f"{COUNCIL}drafts/<uuid:key>/"

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("councils/", views.CouncilList.as_view(), name="api-councils"),
    path(COUNCIL, views.CouncilDetail.as_view(), name="api-council"),
    path(f"{COUNCIL}bodies/", views.BodyList.as_view(), name="api-bodies"),
    path(f"{COUNCIL}bodies/<slug:body>/", views.BodyDetail.as_view(), name="api-body"),
    path(f"{COUNCIL}proposals/", views.ProposalList.as_view(), name="api-proposals"),
    path(PROPOSAL, views.ProposalDetail.as_view(), name="api-proposal"),
    path(f"{PROPOSAL}support/", views.SupportView.as_view(), name="api-support"),
    path(f"{PROPOSAL}admit/", views.Admit.as_view(), name="api-admit"),
    path(f"{PROPOSAL}reject/", views.Reject.as_view(), name="api-reject"),
    path(f"{PROPOSAL}withdraw/", views.Withdraw.as_view(), name="api-withdraw"),
    path(f"{PROPOSAL}decline/", views.Decline.as_view(), name="api-decline"),
    path(f"{PROPOSAL}versions/", views.Revise.as_view(), name="api-revise"),
    path(f"{PROPOSAL}ballots/", views.OpenBallot.as_view(), name="api-open-ballot"),
    path(f"{COUNCIL}drafts/", views.DraftList.as_view(), name="api-drafts"),
    path(DRAFT, views.DraftDetail.as_view(), name="api-draft"),
    path(f"{DRAFT}submit/", views.DraftSubmit.as_view(), name="api-submit"),
    path("ballots/<int:pk>/", views.BallotDetail.as_view(), name="api-ballot"),
    path("ballots/<int:pk>/vote/", views.VoteView.as_view(), name="api-vote"),
    path("ballots/<int:pk>/close/", views.BallotClose.as_view(), name="api-close-ballot"),
    path("threads/<int:pk>/comments/", views.CommentList.as_view(), name="api-comments"),
    path("comments/<int:pk>/", views.CommentDetail.as_view(), name="api-comment"),
]
