"""Django's settings for the desk: the ledger's, and what people at a browser need.

Read from the environment, besides what `ledger.settings` reads: GONGKAI_DESK_URL, the address at which staff open the desk
(default http://127.0.0.1:8765; with https:// cookies are sent over TLS alone), GONGKAI_DESK_KEY, the secret that signs
sessions (default: the file `desk.key` in GONGKAI_HOME, which `python -m desk prepare` makes), and GONGKAI_DESK_PROXIES, how
many reverse proxies stand before it (default 0).
"""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from ledger.settings import (
    DATABASES,
    DEFAULT_AUTO_FIELD,
    HOME,
    LANGUAGE_CODE,
    TIME_ZONE,
    USE_TZ,
)

__all__ = ["DATABASES", "DEFAULT_AUTO_FIELD", "LANGUAGE_CODE", "TIME_ZONE", "USE_TZ"]

ROOM = Path(__file__).parent
KEY_FILE = HOME / "desk.key"
URL = urlsplit(os.environ.get("GONGKAI_DESK_URL", "http://127.0.0.1:8765"))
PROXIES = int(os.environ.get("GONGKAI_DESK_PROXIES", "0"))
TLS = URL.scheme == "https"


def key() -> str:
    """The secret that signs sessions; empty where there is none yet, and Django refuses to work with that."""
    if given := os.environ.get("GONGKAI_DESK_KEY"):
        return given
    return KEY_FILE.read_text(encoding="ascii").strip() if KEY_FILE.is_file() else ""


SECRET_KEY = key()
DEBUG = False
ALLOWED_HOSTS = sorted({URL.hostname or "127.0.0.1", "127.0.0.1", "localhost"})
CSRF_TRUSTED_ORIGINS = [f"{URL.scheme}://{URL.netloc}"]
ROOT_URLCONF = "desk.urls"
WSGI_APPLICATION = "desk.wsgi.application"
AUTH_USER_MODEL = "desk.Person"
INSTALLED_APPS = [
    "ledger",
    "desk",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "django_otp",
    "django_otp.plugins.otp_static",
    "django_otp.plugins.otp_totp",
    "django_htmx",
    "django_prose_editor",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "desk.language.LanguageMiddleware",
    "desk.access.BoundMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "desk.access.DoorMiddleware",
    "axes.middleware.AxesMiddleware",
]
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "DIRS": [],
    "APP_DIRS": True,
    "OPTIONS": {
        "context_processors": [
            "django.template.context_processors.request",
            "django.template.context_processors.i18n",
            "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages",
            "desk.access.seat_of",
        ],
        "builtins": ["django.templatetags.i18n", "django.templatetags.static", "desk.templatetags.desk"],
    },
}]

# what is said, and in which language: Chinese is written in the code, English comes from desk/locale
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [ROOM / "locale"]

# passwords, sessions, throttling, second factor
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "desk.passwords.LengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
SESSION_COOKIE_AGE = 9 * 3600  # a working day, by our clock; the browser's cookie goes when the browser is closed
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = TLS
SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "gongkai", "gongkai_csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "desk.views.errors.csrf"
AXES_FAILURE_LIMIT = 6
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "desk.views.errors.locked_out"
AXES_RESET_ON_SUCCESS = True
AXES_IPWARE_PROXY_COUNT = PROXIES
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "rescued"]  # what it writes down of a failed login holds none of these
OTP_TOTP_ISSUER = "Gongkai"

# what the browser is told
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31_536_000 if TLS else 0
SECURE_SSL_REDIRECT = False  # the proxy that holds the certificate does that
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
X_FRAME_OPTIONS = "SAMEORIGIN"  # the signer sees the real page framed beside the signature
CONTENT_SECURITY_POLICY = {"DIRECTIVES": {
    "default-src": [NONE], "script-src": [SELF], "style-src": [SELF], "img-src": [SELF, "data:"], "font-src": [SELF], "connect-src": [SELF],
    "frame-src": [SELF], "object-src": [NONE], "base-uri": [NONE], "form-action": [SELF], "frame-ancestors": [SELF], "manifest-src": [SELF],
}}

# static files come from the packages themselves, through the same server
STATIC_URL = "static/"
STATIC_ROOT = None  # nothing is collected: WhiteNoise reads the packages' own folders once, as the server starts
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
WHITENOISE_MAX_AGE = 3600

# uploads: the request is bounded before any of it is kept
REQUEST_LIMIT = 100 * 1024 * 1024  # bytes of a whole request, files and all
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024  # of words; files are bounded one by one
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {"gongkai": {"level": "INFO"}},
}
