"""Django's settings, read from the environment that the supervisor gives (``contracts/environment.py``).

The module also imports without any of it, so that types are checked and the API is described without a database:
what is missing is then found at the first use.
"""

from __future__ import annotations

import logging
import os
import secrets
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from zhiyin.contracts.links import part_link

#: which database role this process has: "web" (row-level security), "engine" (worker) or "owner" (migrations)
DATABASE_ROLE = os.environ.get("ZHIYIN_DB_ROLE", "web")
_DATABASE_URLS = {role: os.environ.get(f"ZHIYIN_DB_{role.upper()}", "") for role in ("owner", "engine", "web")}

#: no request may hold up the others, nor the readers of the log, which wait for open transactions
#: what is prepared is planned once for all values (zhiyin/apps/tenancy/prepared.py)
_LIMITS = {
    "web": "-c statement_timeout=15s -c idle_in_transaction_session_timeout=30s -c plan_cache_mode=force_generic_plan"
}


def database_settings(url: str) -> dict[str, Any]:
    """Return Django's settings of one libpq URL."""
    given = conninfo_to_dict(url) if url else {}
    options = {
        name: value for name, value in given.items() if name not in ("user", "password", "dbname", "host", "port")
    }
    return {
        "ENGINE": "zhiyin.config.database",
        "NAME": given.get("dbname", "zhiyin"),
        "USER": given.get("user", ""),
        "PASSWORD": given.get("password", ""),
        "HOST": given.get("host", ""),
        "PORT": given.get("port", ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            "application_name": f"zhiyin-{DATABASE_ROLE}",
            "connect_timeout": 5,
            "prepare_threshold": 5,  # else psycopg prepares nothing; of Django's own statements it never does
            "options": _LIMITS.get(DATABASE_ROLE, ""),
            **options,
        },
    }


def role_names() -> dict[str, str]:
    """Return the names of the three database roles, which an external database may call otherwise."""
    return {role: str(conninfo_to_dict(url).get("user", role)) if url else role for role, url in _DATABASE_URLS.items()}


SECRET_KEY = os.environ.get("ZHIYIN_SECRET_KEY") or secrets.token_hex(32)
TICKET_KEY = os.environ.get("ZHIYIN_TICKET_KEY") or secrets.token_hex(32)
VAULT_KEY = os.environ.get("ZHIYIN_VAULT_KEY") or secrets.token_hex(32)
DATA_DIR = os.environ.get("ZHIYIN_DATA", "")
RUN_DIR = os.environ.get("ZHIYIN_RUN", "")
#: where the front listens: beyond this machine, the first company is made with a setup code
FRONT_HOST = os.environ.get("ZHIYIN_HTTP_HOST", "")
#: where SIP telephones register; without an address of its own it is the one the page was opened at
SIP_ADDRESS = os.environ.get("ZHIYIN_PUBLIC_ADDRESS", "")
SIP_PORT = int(os.environ.get("ZHIYIN_SIP_PORT") or 5060)
SIP_IS_ENCRYPTED = os.environ.get("ZHIYIN_ENCRYPTION", "offered") != "offered"
SIP_HAS_TLS = bool(os.environ.get("ZHIYIN_TLS_CERT"))
ENGINE_LINK = part_link(os.environ, "engine")

DEBUG = False
#: ``web`` listens on a unix socket alone; whichever name the browser used came through the front
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "zhiyin.config.urls"
WSGI_APPLICATION = "zhiyin.config.wsgi.application"
APPEND_SLASH = False
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = False
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 40_000_000

INSTALLED_APPS = [
    "django.contrib.postgres",
    "django.contrib.sessions",
    "procrastinate.contrib.django",
    "zhiyin.apps.tenancy",
    "zhiyin.apps.audit",
    "zhiyin.apps.queues",
    "zhiyin.apps.flows",
    "zhiyin.apps.channels",
    "zhiyin.apps.accounts",
    "zhiyin.apps.fields",
    "zhiyin.apps.customers",
    "zhiyin.apps.interactions",
    "zhiyin.apps.assistance",
    "zhiyin.apps.recordings",
    "zhiyin.apps.monitoring",
    "zhiyin.apps.integrations",
    "zhiyin.apps.setup",
    "zhiyin.apps.notifications",
    "zhiyin.apps.followups",
    "zhiyin.apps.announcements",
    "zhiyin.apps.timeline",
    "zhiyin.apps.exchange",
    "zhiyin.apps.privacy",
    "zhiyin.apps.views",
    "zhiyin.apps.signin",
    "zhiyin.apps.routing",
    "zhiyin.apps.surveys",
    "zhiyin.apps.flow_traffic",
    "zhiyin.apps.external_services",
    "zhiyin.apps.trials",
    "zhiyin.apps.entries",
]

MIDDLEWARE = [
    "zhiyin.config.web_metrics.RequestTimes",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "zhiyin.apps.accounts.middleware.TenantTransaction",
    "zhiyin.config.api_text.RefuseBrokenText",
]

DATABASE_URL = _DATABASE_URLS.get(DATABASE_ROLE, "")
DATABASES = {"default": database_settings(DATABASE_URL)}
#: how the worker reaches the database where it does a user's work; see tenancy/roles.py
WEB_DATABASE = database_settings(_DATABASE_URLS["web"])

AUTH_USER_MODEL = "accounts.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "name")},
    },
]

_IS_TLS = bool(os.environ.get("ZHIYIN_TLS_CERT"))
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_ENGINE = "zhiyin.apps.accounts.session_store"
SESSION_COOKIE_NAME = "zhiyin_session"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = _IS_TLS
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "zhiyin_csrf"
CSRF_HEADER_NAME = "HTTP_X_CSRFTOKEN"
CSRF_COOKIE_SECURE = _IS_TLS
CSRF_COOKIE_SAMESITE = "Lax"

#: functions (tenant) -> part of the engine's settings; see tenancy/publication.py
ENGINE_SETTINGS_SECTIONS = [
    "zhiyin.apps.accounts.queries.engine_section",
    "zhiyin.apps.channels.queries.engine_section",
    "zhiyin.apps.customers.lists.queries.engine_section",
    "zhiyin.apps.entries.queries.engine_section",
    "zhiyin.apps.external_services.queries.engine_section",
    "zhiyin.apps.flows.queries.engine_section",
    "zhiyin.apps.queues.queries.engine_section",
    "zhiyin.apps.routing.queries.engine_section",
    "zhiyin.apps.trials.queries.engine_section",
]
#: functions (actor, action, kind, subject, after) that are told of each act in its transaction
AUDIT_READERS = ["zhiyin.apps.integrations.outbox.note_audited"]
#: hosts (or host:port) inside private networks that users may let the product call, also without TLS
INTERNAL_HOSTS = frozenset(os.environ.get("ZHIYIN_INTERNAL_HOSTS", "").lower().replace(",", " ").split())
#: the folder below which companies exchange files, each in its own; "": none
EXCHANGE_FOLDER = os.environ.get("ZHIYIN_EXCHANGE_FOLDER", "")
#: function (request) -> what the API key that it shows is worth, or None
KEY_AUTHENTICATION = "zhiyin.apps.integrations.key_access.authenticate_key"
#: function (text, language) -> WAV file that says it; "" where the product has no voice
PROMPT_SPEAKER = "zhiyin.config.prompts.speech.speak"
#: function (bytes of a file of sound) -> ``flows.audio.LineSound``
PROMPT_READER = "zhiyin.config.prompts.recordings.read_recording"

#: customers with whom somebody has to do just now, whosever they are (zhiyin/apps/customers/visibility.py)
CUSTOMERS_AT_HAND = [
    "zhiyin.apps.interactions.customers_at_hand.customers_shown_to",
    "zhiyin.apps.followups.queries.customers_planned_for",
]
#: which apps keep something of customers, in the order in which it is erased: each module has ``forget_customer``,
#: ``count_of_customer`` and ``export_customer`` (tenant, customer_id). Without ``as_web`` it works with the worker's
#: own rights. A table that is added is named in zhiyin/apps/privacy/inventory.py.
PERSONAL_DATA = [
    {"name": "recordings", "by": "zhiyin.apps.recordings.erasing", "as_web": False},
    {"name": "wrap_ups", "by": "zhiyin.apps.interactions.erasing_notes", "as_web": True},
    {"name": "recommendations", "by": "zhiyin.apps.assistance.erasing", "as_web": True},
    {"name": "followups", "by": "zhiyin.apps.followups.erasing", "as_web": True},
    {"name": "notifications", "by": "zhiyin.apps.notifications.erasing", "as_web": True},
    {"name": "exchange", "by": "zhiyin.apps.exchange.erasing", "as_web": True},
    {"name": "integrations", "by": "zhiyin.apps.integrations.erasing", "as_web": True},
    {"name": "survey_answers", "by": "zhiyin.apps.surveys.erasing", "as_web": False},
    {"name": "contact_values", "by": "zhiyin.apps.interactions.erasing", "as_web": False},
    {"name": "customer", "by": "zhiyin.apps.customers.erasing", "as_web": True},
]
#: function (request, list, format) -> a list as a file, within limits and written down (zhiyin/apps/rest/listing.py)
EXPORT_GATE = "zhiyin.apps.exchange.export_gate.answer"

#: functions (tenant) -> how it stands with interfaces to other systems (zhiyin/domain/interface_health.py)
INTERFACES = [
    "zhiyin.apps.integrations.health.interfaces_of",
    "zhiyin.apps.exchange.plans.health.interfaces_of",
    "zhiyin.apps.signin.health.interfaces_of",
    "zhiyin.apps.channels.health.interfaces_of",
    "zhiyin.apps.external_services.speech.interfaces_of",
]

#: functions (tenant, customer_ids) -> when each customer was touched last (zhiyin/apps/customers/pool.py)
CUSTOMER_TOUCHES = ["zhiyin.apps.interactions.queries.last_contacts_of"]
#: who knows something of a customer before the first word (zhiyin/apps/customers/known.py)
KNOWN_SOURCES = [
    "zhiyin.apps.customers.known_record.known_by_record",
    "zhiyin.apps.customers.lists.queries.known_lists",
    "zhiyin.apps.interactions.matters.known_by_wrap_ups",
]

#: modules beside the apps that hold tasks
PROCRASTINATE_IMPORT_PATHS = ["zhiyin.apps.customers.duplicates_tasks", "zhiyin.config.upkeep"]

LOGGING_CONFIG = None
#: refusals are answers; what breaks is logged where it is caught
logging.getLogger("django.request").setLevel(logging.CRITICAL)
