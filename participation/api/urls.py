from __future__ import annotations

from django.urls import path
from drf_spectacular.views import SpectacularAPIView

from participation.api.views import ballots, comments, councils, drafts, nowhere, proposals, seals, supports

COUNCIL = "councils/<slug:council>/"
PROPOSAL = f"{COUNCIL}proposals/<slug:number>/"
DRAFT = f"{COUNCIL}drafts/<uuid:key>/"

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="api-schema"),
    path("councils/", councils.CouncilList.as_view(), name="api-councils"),
    path(COUNCIL, councils.CouncilDetail.as_view(), name="api-council"),
    path(f"{COUNCIL}bodies/", councils.BodyList.as_view(), name="api-bodies"),
    path(f"{COUNCIL}bodies/<slug:body>/", councils.BodyDetail.as_view(), name="api-body"),
    path(f"{COUNCIL}proposals/", proposals.ProposalList.as_view(), name="api-proposals"),
    path(PROPOSAL, proposals.ProposalDetail.as_view(), name="api-proposal"),
    path(f"{PROPOSAL}support/", supports.SupportView.as_view(), name="api-support"),
    path(f"{PROPOSAL}admit/", proposals.Admit.as_view(), name="api-admit"),
    path(f"{PROPOSAL}reject/", proposals.Reject.as_view(), name="api-reject"),
    path(f"{PROPOSAL}withdraw/", proposals.Withdraw.as_view(), name="api-withdraw"),
    path(f"{PROPOSAL}decline/", proposals.Decline.as_view(), name="api-decline"),
    path(f"{PROPOSAL}versions/", proposals.Revise.as_view(), name="api-revise"),
    path(f"{PROPOSAL}ballots/", proposals.OpenBallot.as_view(), name="api-open-ballot"),
    path(f"{COUNCIL}drafts/", drafts.DraftList.as_view(), name="api-drafts"),
    path(DRAFT, drafts.DraftDetail.as_view(), name="api-draft"),
    path(f"{DRAFT}submit/", drafts.DraftSubmit.as_view(), name="api-submit"),
    path("ballots/<int:pk>/", ballots.BallotDetail.as_view(), name="api-ballot"),
    path("ballots/<int:pk>/vote/", ballots.VoteView.as_view(), name="api-vote"),
    path("ballots/<int:pk>/votes/by-key/<uuid:key>/", ballots.VoteByKey.as_view(), name="api-vote-by-key"),
    path("ballots/<int:pk>/close/", ballots.BallotClose.as_view(), name="api-close-ballot"),
    path("threads/<int:pk>/comments/", comments.CommentList.as_view(), name="api-comments"),
    path("comments/<int:pk>/", comments.CommentDetail.as_view(), name="api-comment"),
    path("receipts/", seals.ReceiptList.as_view(), name="api-receipts"),
    path("receipts/<slug:code>/", seals.ReceiptDetail.as_view(), name="api-receipt"),
    path("receipts/<slug:code>/proof/", seals.ReceiptProof.as_view(), name="api-receipt-proof"),
    path("seals/", seals.SealList.as_view(), name="api-seals"),
    path("seals/<int:number>/", seals.SealDetail.as_view(), name="api-seal"),
    path("seals/<int:number>/growth/", seals.SealGrowth.as_view(), name="api-seal-growth"),
    path("entries/<int:pk>/proof/", seals.EntryProof.as_view(), name="api-entry-proof"),
    path("<path:rest>/", nowhere.Nowhere.as_view(), name="api-nowhere"),
]
