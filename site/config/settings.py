"""All settings of the site. Every one is read from the environment; a bad value stops the start."""

import os
import sys
import tempfile
from pathlib import Path

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from config.logs import FORMS, logging_settings
from config.static import tree_hash

django_stubs_ext.monkeypatch()  # so that ModelAdmin[Webinar] and Feed[Edition, str] mean at run time what they say
env = environ.FileAwareEnv()
BASE_DIR = Path(__file__).resolve().parents[2]

# --- where things are ---------------------------------------------------------------------------------
DATA_DIR = Path(env.str("DATA_DIR", default=str(BASE_DIR / "data"))).resolve()
DEBUG = env.bool("DEBUG", default=False)
# Set by `manage.py quickstart`: mail goes to a folder, the demo may sign in, all on loopback.
QUICKSTART = env.bool("QUICKSTART", default=False)


# --- safety -------------------------------------------------------------------------------------------
def _secret_key() -> str:
    """The key from the environment, or the one quickstart made in the data folder; never a built-in one."""
    if key := str(env.str("SECRET_KEY", default="")):
        return key
    made = DATA_DIR / "secret_key"
    if made.is_file():
        return made.read_text().strip()
    if "pytest" in sys.modules or os.environ.get("SILD_TOOLING"):  # linters and tests sign nothing that lasts
        return "only-for-tests-and-linters-" + "0" * 40
    raise ImproperlyConfigured("SECRET_KEY is not set. Set it, or start with: python3 manage.py quickstart")


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = env.list("SECRET_KEY_FALLBACKS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
HTTPS = env.bool("HTTPS", default=False)
# The one proxy whose X-Forwarded-* headers are believed (an address, or "" for none).
TRUSTED_PROXY = env.str("TRUSTED_PROXY", default="")
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS if HTTPS and host != "*"]

_cookie = "__Host-" if HTTPS else ""
SESSION_COOKIE_NAME = f"{_cookie}sessionid"
CSRF_COOKIE_NAME = f"{_cookie}csrftoken"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
# What config.checks says in plain words: no https, so no redirect, no secure cookies; DEBUG.
SILENCED_SYSTEM_CHECKS = [f"security.W{number}" for number in ("004", "008", "012", "016", "018")]
CSRF_FAILURE_VIEW = "config.errors.csrf_failure"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 14
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY else None
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

# --- the site -----------------------------------------------------------------------------------------
# Multiplies every budget of the live room (how often one person may ask, vote, …); load tests raise it.
BUDGET_FACTOR = env.float("BUDGET_FACTOR", default=1.0)
# How often one participant may do what, where it is not as webinars/live/budgets.py has it: "ask=3/5,vote=30/60" is
# three questions at once and then five a minute, and so on; "others" is every command that has none of its own.
BUDGETS: dict[str, tuple[int, float]] = {}
for _verb, _said in env.dict("BUDGETS", default={}).items():
    try:
        _burst, _rate = int(_said.partition("/")[0]), float(_said.partition("/")[2])
    except ValueError as error:
        raise ImproperlyConfigured(f"BUDGETS: {_verb}={_said} is not like ask=3/5") from error
    if _burst < 1 or _rate <= 0:
        raise ImproperlyConfigured(f"BUDGETS: {_verb}={_said} would let nobody do it")
    BUDGETS[_verb] = _burst, _rate
# How many sockets one address may open at once, and how many a second from then on. A ministry is one address.
SOCKET_BURST = env.int("SOCKET_BURST", default=3000)
SOCKET_RATE = env.int("SOCKET_RATE", default=100)
if min(SOCKET_BURST, SOCKET_RATE) < 1 or BUDGET_FACTOR <= 0:
    raise ImproperlyConfigured(
        "SOCKET_BURST and SOCKET_RATE are at least 1, and BUDGET_FACTOR is more than 0"
    )
# Administrators may say otherwise on the site itself (config.site_settings).
SITE_NAME = env.str("SITE_NAME", default="Sild")
# While nobody administers the site, its front page leads to the one that opens it (config.first_run).
FIRST_RUN = env.bool("FIRST_RUN", default=True)
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")

INSTALLED_APPS = [
    "config",
    "accounts",
    "taggit",  # before knowledge, whose admin takes its empty table out of sight
    "knowledge",
    "webinars",
    "channels",
    "allauth",
    "allauth.account",
    "allauth.usersessions",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "config.security.HeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.languages.OfferedLanguages",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.ReaderMiddleware",
    "config.first_run.FirstRun",
    "config.errors.Explained",
]
ROOT_URLCONF = "config.urls"
ASGI_APPLICATION = "config.asgi.application"
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
                "config.context.site",
            ],
        },
    }
]

# --- data ---------------------------------------------------------------------------------------------
DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{DATA_DIR / 'db.sqlite3'}")}
if "sqlite" in DATABASES["default"]["ENGINE"]:
    DATABASES["default"] |= {
        "ENGINE": "config.sqlite",
        "OPTIONS": {"transaction_mode": "IMMEDIATE", "timeout": 10},
        "TEST": {"NAME": f"{tempfile.gettempdir()}/sild-test-{os.getpid()}.sqlite3"},
        "CONN_MAX_AGE": None,
    }
else:
    DATABASES["default"] |= {
        "OPTIONS": {"pool": {"min_size": 2, "max_size": 20, "timeout": 3}},
        "CONN_HEALTH_CHECKS": True,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="")
if REDIS_URL:
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            "CONFIG": {"hosts": [REDIS_URL]},
        }
    }
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# --- people -------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.backends.DemoAwareBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "accounts.passwords.NoWordsOfOurs"},
]
ACCOUNT_ADAPTER = "accounts.adapter.Adapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupDetails"
ACCOUNT_FORMS = {
    "login": "accounts.entrance.Login",
    "signup": "accounts.entrance.Signup",
    "add_email": "accounts.entrance.AddEmail",
    "change_email": "accounts.entrance.ChangeEmail",
    "change_password": "accounts.entrance.ChangePassword",
    "set_password": "accounts.entrance.SetPassword",
    "reset_password": "accounts.entrance.ResetPassword",
    "reset_password_from_key": "accounts.entrance.ResetPasswordKey",
    "reauthenticate": "accounts.entrance.Reauthenticate",
    "confirm_email_verification_code": "accounts.entrance.ConfirmEmail",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "webinars:home"
LOGOUT_REDIRECT_URL = "webinars:home"

# --- mail ---------------------------------------------------------------------------------------------
MAIL_DIR = DATA_DIR / "mail"
if QUICKSTART:
    EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    EMAIL_FILE_PATH = MAIL_DIR
else:
    vars().update(env.email_url("EMAIL_URL", default="smtp://localhost:25"))
EMAIL_TIMEOUT = 15  # seconds; a mail server that never answers must not hold a job for ever
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Sild <webinars@localhost>")

# --- languages and time -------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("et", _("Estonian")), ("uk", _("Ukrainian")), ("mn", _("Mongolian"))]
# A fresh catalogue kept with the data, where the checkout cannot be written, wins over a stale one in it.
LOCALE_PATHS = [DATA_DIR / "locale", BASE_DIR / "site" / "locale"]
USE_I18N = USE_TZ = True
FORMAT_MODULE_PATH = ["config.formats"]
TIME_ZONE = env.str("TIME_ZONE", default="UTC")

# --- static files: one address per release ------------------------------------------------------------
STATICFILES_DIRS = [BASE_DIR / "site" / "static"]
STATIC_HASH = tree_hash(STATICFILES_DIRS[0])
STATIC_URL = f"/static/{STATIC_HASH}/"
STATIC_ROOT = DATA_DIR / "static" / STATIC_HASH
MEDIA_ROOT = DATA_DIR / "media"
MEDIA_URL = "/media/"

# --- logs ---------------------------------------------------------------------------------------------
LOG_LEVEL = env.str("LOG_LEVEL", default="WARNING")
# For people ("line") or, one object a line, for what collects logs ("json").
LOG_FORMAT = env.str("LOG_FORMAT", default="line" if QUICKSTART else "json")
if LOG_FORMAT not in FORMS:
    raise ImproperlyConfigured(f"LOG_FORMAT is {LOG_FORMAT!r}; it is one of: {', '.join(FORMS)}")
LOGGING = logging_settings(LOG_LEVEL, LOG_FORMAT)
