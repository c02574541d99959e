"""Settings of the tests: the same product, with a throw-away server and no waiting."""

from raccord.config.bases import bases
from raccord.config.settings import *  # noqa: F403  settings are one flat namespace by nature
from raccord.config.settings import DOSSIER_LOCAL, SECRET_KEY
from raccord.socle import environnement as env

DATABASES = bases(
    env.texte("DATABASE_URL"),
    cle_secrete=SECRET_KEY,
    dossier_local=DOSSIER_LOCAL / "postgres-tests",
    url_application="",
    durable=False,
)
ALLOWED_HOSTS = ["*"]
WHITENOISE_AUTOREFRESH = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
LOGGING = {}
# Where the test databases are created from.
NOM_BASE_ADMINISTRATION = "postgres"
