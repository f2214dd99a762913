"""Settings of one installation. Everything comes from the environment; every default is safe."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from csp.constants import NONCE, NONE, SELF

from participation.logs import configure_logging

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

# --- Mode -----------------------------------------------------------------------------------------
# DEMO opens the page of demo people and shows mails on a page; never set it on a real installation.
DEMO: bool = env.bool("DEMO", default=False)
DEBUG: bool = env.bool("DEBUG", default=False)
VAR_DIR = Path(env.str("VAR_DIR", default=str(BASE_DIR / "var")))


def _kept_secret() -> str:
    """The secret key from the environment, or one made once and kept readable by the owner only."""
    given: str = env.str("SECRET_KEY", default="")
    if given:
        return given
    path = VAR_DIR / "secret_key"
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
        return path.read_text().strip()


SECRET_KEY = _kept_secret()
# Keys the hash of national identity numbers; kept apart so that rotating SECRET_KEY does not orphan the hashes.
IDENTITY_KEY: str = env.str("IDENTITY_KEY", default="") or SECRET_KEY

# --- Addresses ------------------------------------------------------------------------------------
SITE_URL: str = env.str("SITE_URL", default="http://127.0.0.1:8000").rstrip("/")
_site = urlsplit(SITE_URL)
IS_HTTPS = _site.scheme == "https"
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", default=[_site.hostname or "127.0.0.1", "127.0.0.1", "localhost"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", default=[SITE_URL])
# Full origins that may open a live connection; scheme, host and port are compared exactly.
LIVE_ORIGINS: list[str] = env.list("LIVE_ORIGINS", default=[SITE_URL])

# --- Parts ----------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "participation.apps.ParticipationConfig",
    "realtime",
    "notifications",
    "impact",
    "proposals",
    "servicerequests",
    "articles",
    "lending",
    "solidarity",
    "partnerships",
    "workinggroups",
    "councils",
    "organisations",
    "ballots",
    "discussions",
    "people",
    "journal",
    "turkish",
    "participation.apps.AdministrationConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "rest_framework",
    "drf_spectacular",
    "django_htmx",
    "django_structlog",
    "csp",
    "channels",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",  # outside of WhiteNoise: files carry the policy too
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "participation.middleware.RequestIdMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "people.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "participation.page_cache.PageCacheMiddleware",
    "people.middleware.PersonMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "participation.middleware.SecondStepMiddleware",
    "councils.middleware.CouncilMiddleware",
    "people.middleware.PersonalPagesMiddleware",
]

ROOT_URLCONF = "participation.urls"
ASGI_APPLICATION = "participation.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "participation.context.site",
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "participation.templatetags.interface",
                "turkish.templatetags.turkish_text",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
INSTALLED_APPS.append("django.forms")

# --- Database -------------------------------------------------------------------------------------
# DATABASE_URL names a PostgreSQL 15 or newer; without it the embedded one under var/ serves.
EMBEDDED = not env.str("DATABASE_URL", default="")


def _database() -> dict[str, Any]:
    from participation.embedded import database_url

    url = env.str("DATABASE_URL", default="") or database_url()
    database: dict[str, Any] = environ.Env.db_url_config(url)
    database["ENGINE"] = "django.db.backends.postgresql"
    database["CONN_MAX_AGE"] = 0
    options = database.setdefault("OPTIONS", {})
    options["options"] = "-c lock_timeout=8000 -c statement_timeout=30000 -c idle_in_transaction_session_timeout=60000"
    size = env.int("DATABASE_POOL", default=24)
    if size:
        options["pool"] = {"min_size": 1, "max_size": size, "timeout": 10}
    return database


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- Redis, cache, live, tasks --------------------------------------------------------------------
REDIS_URL: str = env.str("REDIS_URL", default="")
LIVE_BUS: str = REDIS_URL or "memory"
CACHES = (
    {
        "default": {
            "BACKEND": "participation.cache.SteadyRedisCache",
            "LOCATION": REDIS_URL,
            "KEY_PREFIX": "meydan",
        }
    }
    if REDIS_URL
    else {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 20_000}}}
)
CELERY_BROKER_URL = REDIS_URL or "memory://localhost/"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 300} if REDIS_URL else {}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "Europe/Istanbul"
CELERY_BEAT_SCHEDULE = {
    "sweep-undelivered-entries": {"task": "journal.tasks.sweep", "schedule": 2.0},
    "keep-impact": {"task": "impact.tasks.refresh", "schedule": 2.0},
    "write-open-data": {"task": "impact.tasks.write_open_data", "schedule": 3_600.0},
    "seal-the-log": {"task": "journal.tasks.seal_when_due", "schedule": 30.0},
    "declare-ended-ballots": {"task": "ballots.tasks.declare_ended_ballots", "schedule": 5.0},
    "follow-rolls": {"task": "ballots.tasks.follow_rolls", "schedule": 60.0},
    "end-support-periods": {"task": "proposals.tasks.end_support_periods", "schedule": 60.0},
    "escalate-overdue": {"task": "proposals.tasks.escalate_overdue", "schedule": 600.0},
    "recount-due-dates": {"task": "proposals.tasks.recount_due_dates", "schedule": 86_400.0},
    "remind-of-protocols": {"task": "partnerships.tasks.remind", "schedule": 3_600.0},
    "send-board-letters": {"task": "solidarity.tasks.send_tellings", "schedule": 60.0},
    "remind-of-returns": {"task": "lending.tasks.remind", "schedule": 600.0},
    "write-holidays": {"task": "councils.tasks.write_holidays", "schedule": 86_400.0},
    "keep-reviews": {"task": "proposals.tasks.keep_reviews", "schedule": 300.0},
    "read-request-mail": {"task": "servicerequests.tasks.read_mail", "schedule": 60.0},
    "forget-request-mails": {"task": "servicerequests.tasks.forget_mails", "schedule": 86_400.0},
    "tell-request-clocks": {"task": "servicerequests.tasks.tell_clocks", "schedule": 300.0},
    "recount-requests": {"task": "servicerequests.tasks.recount_requests", "schedule": 86_400.0},
    "close-answered-requests": {"task": "servicerequests.tasks.close_answered", "schedule": 3_600.0},
    "tell-steps": {"task": "notifications.tasks.tell_steps", "schedule": 2.0},
    "send-notice-mails": {"task": "notifications.tasks.send_mails", "schedule": 10.0},
    "gather-digests": {"task": "notifications.tasks.gather_digests", "schedule": 300.0},
    "forget-old-notices": {"task": "notifications.tasks.forget_old", "schedule": 86_400.0},
    "note-missed-meetings": {"task": "proposals.tasks.note_missed_meetings", "schedule": 600.0},
    "clear-sessions": {"task": "people.tasks.clear_sessions", "schedule": 86_400.0},
    "forget-kept-answers": {"task": "people.tasks.forget_kept_answers", "schedule": 3_600.0},
}
# From when on /saglik/ says that the log is sealed late: a row waits an hour at most while the sealer runs.
SEALING_LATE_SECONDS: int = env.int("SEALING_LATE_SECONDS", default=3_900)

# --- People and sessions --------------------------------------------------------------------------
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["people.backends.Backend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "people.passwords.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
# Where a log-in leads that began nowhere in particular: `participation.pages.after_login`.
LOGIN_REDIRECT_URL = "after_login"
ACCOUNT_ADAPTER = "people.adapter.AccountAdapter"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "people.forms.SignUpExtraForm"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = False
ACCOUNT_CONFIRM_EMAIL_ON_GET = False
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_FORMS = {
    "login": "people.account_forms.LoginForm",
    "signup": "people.account_forms.SignUpForm",
    "add_email": "people.account_forms.AddEmailForm",
    "change_password": "people.account_forms.ChangePasswordForm",
    "set_password": "people.account_forms.SetPasswordForm",
    "reset_password": "people.account_forms.ResetPasswordForm",
    "reset_password_from_key": "people.account_forms.ResetPasswordKeyForm",
    "user_token": "people.account_forms.UserTokenForm",
    "request_login_code": "people.account_forms.RequestLoginCodeForm",
    "confirm_login_code": "people.account_forms.ConfirmLoginCodeForm",
    "reauthenticate": "people.account_forms.ReauthenticateForm",
}
# One address per account, changed by confirming the new one; the old address hears of it.
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_LOGIN_BY_CODE_FORMAT = {"numeric": True, "length": 8, "dashed": True}
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 10 * 60
ACCOUNT_DEFAULT_HTTP_PROTOCOL = _site.scheme or "http"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 10 * 60
# The second step of a log-in. Whoever may act on the matters of others needs it; days they have to set it up, from the
# first log-in on which they are asked.
SECOND_STEP_GRACE_DAYS: int = env.int("SECOND_STEP_GRACE_DAYS", default=0)
# Keys the stored secrets of second steps; kept apart so that rotating SECRET_KEY does not orphan them.
SECOND_STEP_KEY: str = env.str("SECOND_STEP_KEY", default="") or SECRET_KEY
MFA_ADAPTER = "people.mfa.Adapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_ISSUER = "Meydan"
# Nobody logs in without a verified address; a change of address under way must not stand in the way of the second step.
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_FORMS = {
    "authenticate": "people.mfa_forms.AuthenticateForm",
    "reauthenticate": "people.mfa_forms.ReauthenticateForm",
    "activate_totp": "people.mfa_forms.ActivateTOTPForm",
    "add_webauthn": "people.mfa_forms.AddPasskeyForm",
}
# A log-in outside, by OpenID Connect: issuer such as https://giris.example.org, registered with the address
# SITE_URL + /hesap/dis-giris/donus/. Without an issuer there is none.
OPENID_ISSUER: str = env.str("OPENID_ISSUER", default="")
OPENID_CLIENT_ID: str = env.str("OPENID_CLIENT_ID", default="")
OPENID_CLIENT_SECRET: str = env.str("OPENID_CLIENT_SECRET", default="")
OPENID_NAME: str = env.str("OPENID_NAME", default="e-Devlet")
_prefix = "__Host-" if IS_HTTPS else ""
SESSION_ENGINE = "people.sessions"
SESSION_COOKIE_NAME = f"{_prefix}meydan_session"
CSRF_COOKIE_NAME = f"{_prefix}meydan_csrf"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_NAME = "meydan_language"
CSRF_FAILURE_VIEW = "participation.views.csrf_failure"

# --- Mail -----------------------------------------------------------------------------------------
# EMAIL_URL such as smtp+tls://user:password@host:587; without it mails go to the console, in demo mode to a page too.
vars().update(environ.Env.email_url_config(env.str("EMAIL_URL", default="consolemail://")))
if DEMO and not env.str("EMAIL_URL", default=""):
    EMAIL_BACKEND = "people.demo_mail.DemoMailBackend"
DEFAULT_FROM_EMAIL: str = env.str("DEFAULT_FROM_EMAIL", default=f"Meydan <meydan@{_site.hostname or 'localhost'}>")
SERVER_EMAIL = DEFAULT_FROM_EMAIL

# Requests by e-mail. The mailbox is read when it is named: imaps://user:password@host:993/INBOX (`imap+tls://` for STARTTLS).
REQUEST_MAIL_URL: str = env.str("REQUEST_MAIL_URL", default="")
# Its address; mails of a request are answered to it with a signed part after a plus, so the server must take plus addresses.
REQUEST_MAIL_ADDRESS: str = env.str("REQUEST_MAIL_ADDRESS", default="")
# Whose Authentication-Results count (RFC 8601): the authserv-id of the server that takes the mails in.
REQUEST_MAIL_AUTHSERV: str = env.str("REQUEST_MAIL_AUTHSERV", default="")
# The council of mails that name none after the plus, by its slug; the first one without it.
REQUEST_MAIL_COUNCIL: str = env.str("REQUEST_MAIL_COUNCIL", default="")
# The type of requests by e-mail, by its slug.
REQUEST_MAIL_TYPE: str = env.str("REQUEST_MAIL_TYPE", default="talep")
REQUEST_MAIL_MAX_BYTES: int = env.int("REQUEST_MAIL_MAX_BYTES", default=25 * 1024 * 1024)

# --- Language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "tr"
LANGUAGES = [("tr", "Türkçe"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
TIME_ZONE = "Europe/Istanbul"
USE_TZ = True

# --- Files ----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
WHITENOISE_USE_FINDERS = True
# Files change under a running demo: looked up at each request (0.6 ms), they are never served with an old length.
WHITENOISE_AUTOREFRESH = DEBUG or DEMO
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": env.str("MEDIA_ROOT", default=str(VAR_DIR / "media"))},
    },
    "staticfiles": {
        "BACKEND": env.str("STATIC_STORAGE", default="django.contrib.staticfiles.storage.StaticFilesStorage")
    },
}
# What `manage.py train_matters` has learned; without it matters are suggested by the rule of words alone.
MATTER_MODEL: str = env.str("MATTER_MODEL", default=str(VAR_DIR / "matters.json"))
MEDIA_ROOT = STORAGES["default"]["OPTIONS"]["location"]  # type: ignore[index]
# Open data: how many days stay, and the licence everybody may use them under.
OPEN_DATA_DAYS: int = env.int("OPEN_DATA_DAYS", default=30)
OPEN_DATA_LICENCE: str = env.str("OPEN_DATA_LICENCE", default="CC-BY-4.0")
OPEN_DATA_LICENCE_TITLE: str = env.str("OPEN_DATA_LICENCE_TITLE", default="Creative Commons Attribution 4.0")
OPEN_DATA_LICENCE_URL: str = env.str("OPEN_DATA_LICENCE_URL", default="https://creativecommons.org/licenses/by/4.0/")
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_621_440
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
DATA_UPLOAD_MAX_NUMBER_FILES = 12
FILE_UPLOAD_PERMISSIONS = 0o640
ATTACHMENT_MAX_BYTES: int = env.int("ATTACHMENT_MAX_BYTES", default=10 * 1024 * 1024)
# Map tiles such as https://tiles.example.org/{z}/{x}/{y}.png; empty draws a plain outline of the districts.
MAP_TILE_URL: str = env.str("MAP_TILE_URL", default="")
MAP_TILE_ATTRIBUTION: str = env.str("MAP_TILE_ATTRIBUTION", default="")

# --- Security -------------------------------------------------------------------------------------
SECURE_SSL_REDIRECT: bool = env.bool("SECURE_SSL_REDIRECT", default=False)
SECURE_HSTS_SECONDS = 31_536_000 if IS_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = IS_HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if env.bool("BEHIND_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
_tiles = urlsplit(MAP_TILE_URL)
_live = [origin.replace("http", "ws", 1) for origin in LIVE_ORIGINS]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:", *([f"{_tiles.scheme}://{_tiles.netloc}"] if _tiles.netloc else [])],
        "font-src": [SELF],
        "connect-src": [SELF, *_live],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# --- API ------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "participation.api.authentication.TokenAuthentication",
        "participation.api.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticatedOrReadOnly"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["participation.api.parsers.PlainJSONParser"],
    "DEFAULT_SCHEMA_CLASS": "participation.api.describing.Schema",
    "DEFAULT_PAGINATION_CLASS": "participation.api.pagination.KeysetPagination",
    "EXCEPTION_HANDLER": "participation.api.problems.problem_response",
    "DEFAULT_THROTTLE_CLASSES": [
        "rest_framework.throttling.AnonRateThrottle",
        "rest_framework.throttling.UserRateThrottle",
        "participation.api.throttles.TokenRateThrottle",
    ],
    "DEFAULT_THROTTLE_RATES": {
        "anon": env.str("API_RATE_VISITOR", default="300/min"),
        "user": env.str("API_RATE_PERSON", default="600/min"),
        "token": env.str("API_RATE_TOKEN", default="300/min"),
    },
    "NUM_PROXIES": env.int("NUM_PROXIES", default=0),
}
ALLAUTH_TRUSTED_PROXY_COUNT: int = env.int("NUM_PROXIES", default=0)
# Votes sent through the API by people who are signed in are answered before Django (participation.express).
EXPRESS_LANE: bool = env.bool("EXPRESS_LANE", default=True)
SPECTACULAR_SETTINGS = {
    "TITLE": "Meydan API",
    "VERSION": "1",
    "DESCRIPTION": "Kent konseylerinin açık arayüzü: konseyler, organlar, öneriler, destekler, oylamalar, yorumlar.",
    "SERVE_INCLUDE_SCHEMA": False,
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "PartnershipStateEnum": "partnerships.models.State",
        "LoanStateEnum": "lending.models.State",
        "BoardSideEnum": "solidarity.models.Side",
        "StageEnum": "proposals.stages.Stage",
        "BaseEnum": "ballots.models.Base",
        "BodyKindEnum": "councils.models.BodyKind",
        "HolidayKindEnum": "councils.models.HolidayKind",
        "ResolutionEnum": "servicerequests.states.Resolution",
        "AnswerResolutionEnum": "participation.api.views.requests.desk.ANSWERS",
        "AttachmentKindEnum": "proposals.models.AttachmentKind",
        "RoleEnum": "councils.models.Role",
        "NoticeRoleEnum": "notifications.models.Role",
        "FrequencyEnum": "notifications.models.Frequency",
        "AtOnceOrNeverEnum": "notifications.frequencies.AT_ONCE_OR_NEVER",
        "ReasonEnum": "proposals.reasons.Reason",
        "AmendmentKindEnum": "proposals.amending.AmendmentKind",
        "AmendmentStateEnum": "proposals.amending.AmendmentState",
        "AmendmentReasonEnum": "proposals.amending.AmendmentReason",
        "MeetingStateEnum": "councils.models.MeetingState",
        "RowOutcomeEnum": "councils.meetings.comparing.ROW_OUTCOMES",
        "OpinionStateEnum": "proposals.opinion_states.OpinionState",
        "TallyStateEnum": "proposals.models.TallyState",
        "DecisionStateEnum": "proposals.models.DecisionState",
        "DecisionOutcomeEnum": "proposals.models.Outcome",
        "DecisionDocumentKindEnum": "proposals.models.DocumentKind",
    },
}

# --- Logs -----------------------------------------------------------------------------------------
LOGGING = configure_logging(
    json=env.bool("LOG_JSON", default=not (DEMO or DEBUG)), level=env.str("LOG_LEVEL", default="INFO")
)
DJANGO_STRUCTLOG_CELERY_ENABLED = True
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"

ADMIN_ENABLED: bool = env.bool("ADMIN_ENABLED", default=True)
