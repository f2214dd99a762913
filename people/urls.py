"""Addresses of accounts. The names are allauth's, so that its own redirects find them."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, path, re_path

from people import account_views as account
from people import demo_urls, openid_views, token_views, views
from people import security_views as security

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
    path("hesap/giris/anahtar/", security.login_by_passkey, name="mfa_login_webauthn"),
    path("hesap/ikinci-adim/", security.authenticate, name="mfa_authenticate"),
    path("hesap/ikinci-adim/kod/", security.prove_by_code, name="mfa_reauthenticate"),
    path("hesap/ikinci-adim/anahtar/", security.prove_by_passkey, name="mfa_reauthenticate_webauthn"),
    path("hesap/guvenlik/", security.overview, name="mfa_index"),
    path("hesap/guvenlik/uygulama/", security.activate_app, name="mfa_activate_totp"),
    path("hesap/guvenlik/uygulama/kaldir/", security.deactivate_app, name="mfa_deactivate_totp"),
    path("hesap/guvenlik/kurtarma-kodlari/", security.codes, name="mfa_view_recovery_codes"),
    path("hesap/guvenlik/kurtarma-kodlari/yenile/", security.renew_codes, name="mfa_generate_recovery_codes"),
    path("hesap/guvenlik/anahtar/", security.add_passkey, name="mfa_add_webauthn"),
    path("hesap/guvenlik/anahtar/<int:pk>/kaldir/", security.remove_passkey, name="mfa_remove_webauthn"),
    path("hesap/dis-giris/", openid_views.begin, name="openid_begin"),
    path("hesap/dis-giris/bagla/", openid_views.link, name="openid_link"),
    path("hesap/dis-giris/kanit/", openid_views.prove, name="openid_prove"),
    path("hesap/dis-giris/donus/", openid_views.back, name="openid_back"),
    path("hesap/oturumlar/", security.session_list, name="session_list"),
    path("hesap/oturumlar/kapat/", security.session_end, name="session_end"),
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
