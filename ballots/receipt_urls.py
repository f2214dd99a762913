"""Addresses of the look-up of receipts, which belongs to no council."""

from django.urls import path

from ballots import receipt_views

urlpatterns = [
    path("makbuz/", receipt_views.receipt_lookup, name="receipt_lookup"),
    path("makbuz/kanit.json", receipt_views.receipt_proof, name="receipt_proof"),
]
