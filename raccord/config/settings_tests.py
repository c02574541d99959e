"""Settings of the tests: the same product, with a throw-away server and no waiting."""

import os
from pathlib import Path

# Said before the settings are read: they start the server they name.
os.environ.setdefault("RACCORD_DOSSIER_BASE", str(Path(__file__).parents[2] / ".local" / "postgres-tests"))
os.environ.setdefault("RACCORD_BASE_DURABLE", "non")
# The browser's driver has its loop in the thread of the test; Django would refuse the database there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "oui")

from raccord.config.settings import *  # noqa: F403  settings are one flat namespace, read after the lines above

ALLOWED_HOSTS = ["*"]
WHITENOISE_AUTOREFRESH = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
SMS_FOURNISSEUR = "raccord.echeances.sms.Enregistre"
LOGGING = {}
# Where the test databases are created from.
NOM_BASE_ADMINISTRATION = "postgres"
