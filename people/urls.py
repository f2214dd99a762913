"""Addresses of accounts. The names are allauth's, so that its own redirects find them."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, path, re_path

from people import account_views as account
from people import demo_urls, token_views, views

urlpatterns: list[URLPattern | URLResolver] = [
    path("dil/", views.set_language, name="set_language"),
    path("ben/anahtarlar/", token_views.tokens, name="tokens"),
    path("ben/anahtarlar/yeni/", token_views.token_new, name="token_new"),
    path("ben/anahtarlar/<int:token_id>/iptal/", token_views.token_revoke, name="token_revoke"),
    path("hesap/giris/", account.login, name="account_login"),
    path("hesap/kayit/", account.sign_up, name="account_signup"),
    path("hesap/cikis/", account.logout, name="account_logout"),
    path("hesap/kapali/", account.closed, name="account_inactive"),
    path("hesap/kod/", account.request_login_code, name="account_request_login_code"),
    path("hesap/kod/onay/", account.confirm_login_code, name="account_confirm_login_code"),
    path("hesap/parola-sorma/", account.reauthenticate, name="account_reauthenticate"),
    path("hesap/e-posta/", account.address, name="account_email"),
    path("hesap/e-posta/onay/", account.confirmation_sent, name="account_email_verification_sent"),
    re_path(r"^hesap/e-posta/onay/(?P<key>[-:\w]+)/$", account.confirm_address, name="account_confirm_email"),
    path("hesap/parola/degistir/", account.change_password, name="account_change_password"),
    path("hesap/parola/belirle/", account.set_password, name="account_set_password"),
    path("hesap/parola/sifirla/", account.reset_password, name="account_reset_password"),
    path("hesap/parola/sifirla/gonderildi/", account.reset_password_sent, name="account_reset_password_done"),
    path("hesap/parola/sifirla/tamam/", account.reset_password_done, name="account_reset_password_from_key_done"),
    re_path(
        r"^hesap/parola/sifirla/(?P<uidb36>[0-9A-Za-z]{1,13})-(?P<key>.+)/$",
        account.reset_password_from_key,
        name="account_reset_password_from_key",
    ),
    *(demo_urls.urlpatterns if settings.DEMO else []),
]
