"""Addresses of ballots."""

from django.urls import path

from ballots import receipt_views, views

BALLOT = "oylama/<int:pk>/"

urlpatterns = [
    path(BALLOT, views.ballot_detail, name="ballot_detail"),
    path(BALLOT + "kutu/", views.ballot_box, name="ballot_box"),
    path(BALLOT + "oy/", views.ballot_vote, name="ballot_vote"),
    path(BALLOT + "vekalet/", views.ballot_proxy, name="ballot_proxy"),
    path(BALLOT + "vekalet/<int:proxy_id>/oy/", views.ballot_vote_for, name="ballot_vote_for"),
    path(BALLOT + "liste/", views.ballot_roll_call, name="ballot_roll_call"),
    path(BALLOT + "kapat/", views.ballot_close, name="ballot_close"),
    path(BALLOT + "baskan/", views.ballot_decide_tie, name="ballot_decide_tie"),
    path(BALLOT + "makbuz/", receipt_views.ballot_receipt, name="ballot_receipt"),
    path(BALLOT + "makbuz/<int:times>.json", receipt_views.ballot_receipt_proof, name="ballot_receipt_proof"),
]
