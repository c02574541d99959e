"""Settings of the tests: the same product, with a throw-away server and no waiting."""

import os
from pathlib import Path

# Said before the settings are read: they start the server they name.
os.environ.setdefault("RACCORD_DOSSIER_BASE", str(Path(__file__).parents[2] / ".local" / "postgres-tests"))
os.environ.setdefault("RACCORD_BASE_DURABLE", "non")

from raccord.config.settings import *  # noqa: E402, F403  settings are one flat namespace, read after the lines above

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
