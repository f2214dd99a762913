"""Mail servers on this machine: an IMAP4rev1 server as far as reading needs one, and aiosmtpd for what is sent."""

from __future__ import annotations

import email
import imaplib
import re
import socketserver
import ssl
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from email import policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Mailbox:
    """What lies in the mailbox, under which uids, and what was asked of the server."""

    def __init__(self) -> None:
        self.mails: dict[int, bytes] = {}
        self.validity = 7
        self.asked: list[str] = []

    def put(self, raw: bytes) -> int:
        uid = max(self.mails, default=0) + 1
        self.mails[uid] = raw
        return uid


class _Session(socketserver.StreamRequestHandler):
    disable_nagle_algorithm = True

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        box: Mailbox = self.server.box
        self.say("* OK ready")
        while line := self.rfile.readline():
            tag, _, command = line.decode().strip().partition(" ")
            box.asked.append(command)
            word = command.upper()
            if word.startswith("CAPABILITY"):
                self.say("* CAPABILITY IMAP4rev1")
            elif word.startswith("LOGIN") and '"geheim"' not in command and "geheim" not in command:
                self.say(f"{tag} NO wrong password")
                continue
            elif word.startswith("EXAMINE"):
                self.say(f"* {len(box.mails)} EXISTS")
                self.say(f"* OK [UIDVALIDITY {box.validity}] valid")
            elif word.startswith("UID SEARCH"):
                first = int(re.search(r"UID (\d+):\*", word)[1])
                found = [uid for uid in sorted(box.mails) if uid >= first] or sorted(box.mails)[-1:]
                self.say(f"* SEARCH {' '.join(map(str, found))}")
            elif word.startswith("UID FETCH"):
                uid = int(word.split()[2])
                raw = box.mails[uid]
                if "RFC822.SIZE" in word:
                    date = imaplib.Time2Internaldate(time.time())
                    self.say(f"* 1 FETCH (UID {uid} RFC822.SIZE {len(raw)} INTERNALDATE {date})")
                else:
                    part = raw if "BODY.PEEK[]" in word else raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
                    name = "BODY[]" if "BODY.PEEK[]" in word else "BODY[HEADER]"
                    self.wfile.write(f"* 1 FETCH (UID {uid} {name} {{{len(part)}}}\r\n".encode() + part + b")\r\n")
            elif word.startswith("LOGOUT"):
                self.say("* BYE")
                self.say(f"{tag} OK")
                return
            self.say(f"{tag} OK done")


class ImapServer(socketserver.ThreadingTCPServer):
    """Listens at once; with `tls` it speaks TLS with a certificate nobody has signed."""

    allow_reuse_address = daemon_threads = True

    def __init__(self, *, tls: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.box = Mailbox()
        if tls:
            self.socket = _unsigned().wrap_socket(self.socket, server_side=True)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no error here."""

    @property
    def url(self) -> str:
        return f"imap://basvuru:geheim@127.0.0.1:{self.server_address[1]}/INBOX"


def _unsigned() -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
    pem = made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    pem += key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        file.write(pem)
        file.flush()
        context.load_cert_chain(file.name)
    return context


class _Keeps:
    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append(email.message_from_bytes(envelope.content, policy=policy.default))
        return "250 taken"


class SmtpServer(Controller):
    """Takes mails on a port the system gives."""

    def __init__(self) -> None:
        super().__init__(_Keeps(), hostname="127.0.0.1", port=0, ready_timeout=60)

    @property
    def mails(self) -> list[EmailMessage]:
        return self.handler.mails

    def factory(self):
        return SMTP(self.handler)

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()
