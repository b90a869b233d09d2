"""Django settings. Everything a site may set comes from the environment; docs/reference/settings.md lists it."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP
from django.utils.translation import gettext_lazy as _
from psycopg.conninfo import conninfo_to_dict

from confrere.post import servers

HERE = Path(__file__).resolve().parent

#: Address of the application role (or of the owner, in the process that migrates): a libpq URL.
DATABASE = os.environ.get("CONFRERE_DATABASE", "postgresql:///confrere")
DEMO = os.environ.get("CONFRERE_DEMO") == "1"
if DEMO and "DATABASE_URL" in os.environ:
    raise ImproperlyConfigured("The demo never runs on a database that DATABASE_URL names. Unset one of the two.")
DEBUG = False
SECRET_KEY = os.environ.get("CONFRERE_SECRET_KEY", "")
#: Folder of keys, kept apart from the database and its backups.
KEYS = Path(os.environ.get("CONFRERE_KEYS", "keys"))
#: Folder of the server's halves of the workbooks' locks: apart from database and keys, and in no backup.
SHARES = Path(os.environ.get("CONFRERE_SHARES", "shares"))
HOST = os.environ.get("CONFRERE_HOST", "localhost")
ORIGIN = os.environ.get("CONFRERE_ORIGIN", f"https://{HOST}")
ALLOWED_HOSTS = [HOST]
CSRF_TRUSTED_ORIGINS = [ORIGIN]
SECURE = ORIGIN.startswith("https://")

ROOMS = ["vault", "post", "people", "surveys", "coaching", "service", "trial", "evidence", "lounge", "web"]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django_htmx",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    *(f"confrere.{room}" for room in ROOMS),
]
MIDDLEWARE = [
    # Outermost what every answer carries: pages, files, refusals.
    "confrere.web.middleware.headers",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "confrere.web.middleware.refuse_strange_hosts",
    "django.middleware.security.SecurityMiddleware",
    "confrere.web.middleware.refuse_unreadable",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "confrere.web.middleware.busy_database",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "confrere.people.middleware.limit_sessions",
    "confrere.web.middleware.notice_foreign_fields",
    "confrere.web.middleware.refusals",
]
ROOT_URLCONF = "confrere.web.urls"
WSGI_APPLICATION = "confrere.web.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [HERE / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "confrere.web.frame.frame",
            ],
        },
    },
]

_address = conninfo_to_dict(DATABASE)
_options: dict[str, object] = {
    key: value for key, value in _address.items() if key not in {"dbname", "user", "password", "host", "port"}
}
# Bound on the server, so that no user's text ever stands in a statement that the server may log.
_options["server_side_binding"] = True
if os.environ.get("CONFRERE_PREPARE") == "1":
    # A statement that comes back is planned once for each connection. Not through a pooler that mixes connections.
    _options["prepare_threshold"] = 3
if os.environ.get("CONFRERE_POOL", "1") == "1":
    # Shorter than a person's patience: an exhausted pool answers 503 instead of hanging.
    _options["pool"] = {"min_size": 1, "max_size": 10, "timeout": 4}
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": _address.get("dbname", "confrere"),
        "USER": _address.get("user", ""),
        "PASSWORD": _address.get("password", ""),
        "HOST": _address.get("host", ""),
        "PORT": _address.get("port", ""),
        "OPTIONS": _options,
    }
}
#: smtp://user:password@host:587 (STARTTLS when offered with ?tls=yes), smtps://host:465, or file:///folder.
MAILERS = servers.mailers(os.environ.get("CONFRERE_SMTP_URL", ""))
#: The site's own sender, so that letters do not look like fraud.
DEFAULT_FROM_EMAIL = os.environ.get("CONFRERE_SENDER", f"confrere@{HOST}")
DKIM_SELECTOR = os.environ.get("CONFRERE_DKIM_SELECTOR", "")
DNS_SERVER = os.environ.get("CONFRERE_DNS", "")
#: The mailbox for reports about addresses that refuse mail: imaps://user:password@host/INBOX or maildir:///folder.
BOUNCES = os.environ.get("CONFRERE_BOUNCES_URL", "")
#: Inside the house, and still called by webhooks: "host:port", several with spaces between them.
CALLS_INSIDE = frozenset(os.environ.get("CONFRERE_CALLS_INSIDE", "").split())
# Deferred verbs stand in the rooms' actions.
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "actions"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "web_cache"}}

AUTH_USER_MODEL = "people.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
# Sign-in: a mailed code, then passkeys; no passwords, no sign-up. Limits are counted before anything is computed.
ACCOUNT_ADAPTER = "confrere.people.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # the code proves the address; nobody signs up
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_REAUTHENTICATION_TIMEOUT = 15 * 60
ACCOUNT_SESSION_REMEMBER = True  # the cookie lives as long as the session may: SESSION_COOKIE_AGE
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "request_login_code": "20/m/ip,3/m/key", "workbook_code": "10/10m/key"}
MFA_ADAPTER = "confrere.people.adapters.PasskeyAdapter"
MFA_FORMS = {
    "add_webauthn": "confrere.people.forms.AddPasskeyForm",
    "authenticate_webauthn": "confrere.people.forms.SecondPasskeyForm",
    "login_webauthn": "confrere.people.forms.LoginPasskeyForm",
    "reauthenticate_webauthn": "confrere.people.forms.ProvePasskeyForm",
}
MFA_SUPPORTED_TYPES = ["webauthn"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # accounts are made by a programme, never by whoever types an address
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
SESSION_COOKIE_AGE = 24 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "confrere.web.errors.csrf_failed"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = SECURE
if os.environ.get("CONFRERE_PROXY") == "1":
    # Only behind a proxy that sets this header itself, whatever a browser sends.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}


def _named(variable: str) -> list[tuple[str, ...]]:
    """Pairs "name: number" with ";" between them, as the site writes them."""
    pairs = os.environ.get(variable, "").split(";")
    return [tuple(part.strip() for part in pair.split(":", 1)) for pair in pairs if ":" in pair]


#: Local numbers for the page "help now", besides 988; whom a physician can turn to when coaching is not enough.
HELP_NUMBERS = _named("CONFRERE_HELP_NUMBERS")
PHYSICIAN_HEALTH = _named("CONFRERE_PHYSICIAN_HEALTH")
EMPLOYEE_ASSISTANCE = _named("CONFRERE_EMPLOYEE_ASSISTANCE")
#: A first talk without a record: a number, its hours, a live room, and, only if the site wants it, a mailbox.
CONSULTATION = {
    "phone": os.environ.get("CONFRERE_CONSULTATION_PHONE", ""),
    "hours": os.environ.get("CONFRERE_CONSULTATION_HOURS", ""),
    "room": os.environ.get("CONFRERE_CONSULTATION_ROOM", ""),
    "mail": os.environ.get("CONFRERE_CONSULTATION_MAIL", ""),
}
#: Pages that keep nothing, so that not even the time of a session's last use is noted.
KEEPS_NOTHING = ("/help-now/", "/coaching-or-therapy/", "/consultation/", "/check-sheet/")

# What people upload stays in memory: a badge never lies on a disk in clear. A larger one does not arrive.
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 32 * 2**20
#: The institution's own sign-in, which says who is one of its physicians; empty for none.
SIGN_ON = (
    {
        "issuer": os.environ["CONFRERE_SIGN_ON_ISSUER"],
        "client": os.environ.get("CONFRERE_SIGN_ON_CLIENT", "confrere"),
        "secret": os.environ.get("CONFRERE_SIGN_ON_SECRET", ""),
        "scope": os.environ.get("CONFRERE_SIGN_ON_SCOPE", "openid profile"),
        "claim": os.environ.get("CONFRERE_SIGN_ON_CLAIM", "groups"),
        "group": os.environ.get("CONFRERE_SIGN_ON_GROUP", "physicians"),
    }
    if "CONFRERE_SIGN_ON_ISSUER" in os.environ
    else {}
)

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English"))]
LOCALE_PATHS = [HERE.parent / "locale"]

STATIC_URL = "/static/"
STATIC_ROOT = Path(os.environ.get("CONFRERE_STATIC", "static"))
WHITENOISE_USE_FINDERS = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"without_words": {"()": "confrere.web.logs.WithoutWords"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "filters": ["without_words"]}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"django.security.DisallowedHost": {"level": "CRITICAL"}},
}
SILENCED_SYSTEM_CHECKS = [
    "auth.W004",  # an address is unique in any letter case by a constraint over lower(email)
]
