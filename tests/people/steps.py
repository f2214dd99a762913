"""A telephone for tests: it shows the codes of an account's app."""

from __future__ import annotations

import hashlib
import re
import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import encrypt
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from django.urls import reverse
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData

from people.models import Person


def code_now(secret: str, *, periods: int = 0) -> str:
    """The code an app shows now, or some periods of 30 s later.

    A code of before (`periods=-1`) is accepted until the next full half minute only, which may be a moment away: what is to
    be accepted twice is the code of now, then that of the next period.
    """
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + periods))


def give_app(person: Person) -> str:
    """Set up a code app without the pages; its secret."""
    secret = generate_totp_secret()
    Authenticator.objects.create(user=person, type="totp", data={"secret": encrypt(secret)})
    return secret


def give_passkey(person: Person, *, host: str = "127.0.0.1") -> Authenticator:
    """A passkey as a browser would have registered it; its private key is thrown away."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    credential = AttestedCredentialData.create(Aaguid.NONE, b"sixteen bytes id", key)
    flags = AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.UV | AuthenticatorData.FLAG.AT
    data = AuthenticatorData.create(hashlib.sha256(host.encode()).digest(), flags, 0, credential)
    client_data = CollectedClientData.create("webauthn.create", b"challenge", f"https://{host}")
    name = websafe_encode(credential.credential_id)
    answer = {
        "clientDataJSON": websafe_encode(client_data),
        "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
    }
    kept = {"id": name, "rawId": name, "type": "public-key", "clientExtensionResults": {}, "response": answer}
    return Authenticator.objects.create(user=person, type="webauthn", data={"name": "Telefonum", "credential": kept})


def secret_on(page: Any) -> str:
    """The secret a page of set-up shows as text."""
    return re.search(r'<code class="secret">([^<]+)</code>', page.content.decode())[1].replace(" ", "")


def password_given(client: Client, person: Person, password: str, **more: str) -> Any:
    return client.post(reverse("account_login"), {"login": person.email, "password": password} | more)
