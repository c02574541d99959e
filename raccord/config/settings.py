"""Settings. Every variable has a default that makes the demo work; production is asked for by name."""

from email.utils import parseaddr
from importlib.resources import files
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from raccord.comptes.proconnect import reglages as proconnect
from raccord.config.bases import bases, statistiques
from raccord.socle import environnement as env

RACINE = Path(__file__).resolve().parents[2]
PAQUET = RACINE / "raccord"

MODE = env.choix("RACCORD_MODE", {"demo", "production"}, "demo")
DEMO = MODE == "demo"
DEBUG = env.booleen("RACCORD_DEBUG")
SECRET_KEY = env.secret("RACCORD_CLE_SECRETE", "demonstration-sans-aucun-secret-ne-jamais-servir-en-vrai", demo=DEMO)
CLE_DOCUMENTS = env.secret(
    "RACCORD_CLE_DOCUMENTS", "demonstration-cle-des-documents-ne-jamais-servir-en-vrai", demo=DEMO
)
# They open what they sealed until `raccord tourner-les-cles` has sealed it again; then they may be forgotten.
ANCIENNES_CLES_DOCUMENTS = env.liste("RACCORD_ANCIENNES_CLES_DOCUMENTS")
# ClamAV's daemon: tcp://machine:3310, or the path of its socket. In production no file is kept that it has not seen.
CLAMD = env.texte("RACCORD_CLAMD")
if not DEMO and DEBUG:
    raise ImproperlyConfigured("RACCORD_DEBUG montre l'intérieur du service : jamais avec RACCORD_MODE=production.")
if not DEMO and SECRET_KEY == CLE_DOCUMENTS:
    raise ImproperlyConfigured("RACCORD_CLE_SECRETE et RACCORD_CLE_DOCUMENTS sont les mêmes : donnez-en deux.")
ALLOWED_HOSTS = env.hotes("RACCORD_HOTES", "localhost,127.0.0.1,[::1]", demo=DEMO)
CSRF_TRUSTED_ORIGINS = env.liste("RACCORD_ORIGINES")
# The address that messages point to: a link in a mail has no request to learn it from.
ADRESSE_PUBLIQUE = env.adresse_publique("RACCORD_ADRESSE", "http://localhost:8000", demo=DEMO)
# The State brand is reserved to State services; the demo and any other host wear the neutral theme.
THEME_ETAT = env.booleen("RACCORD_THEME_ETAT")

# Said on the legal pages; an instance in service names its own.
CONTACT = env.texte("RACCORD_CONTACT", "bonjour@raccord.example")
EDITEUR = env.texte("RACCORD_EDITEUR", "Instance de démonstration, sans éditeur : données fictives")
HEBERGEUR = env.texte("RACCORD_HEBERGEUR", "Machine de la personne qui a lancé la démonstration")

DOSSIER_LOCAL = env.chemin("RACCORD_DOSSIER", RACINE / ".local")
DOSSIER_DOCUMENTS = env.chemin("RACCORD_DOCUMENTS", DOSSIER_LOCAL / "documents")

INSTALLED_APPS = [
    "raccord.socle",
    "raccord.territoires",
    "raccord.comptes",
    "raccord.echeances",
    "raccord.documents",
    "raccord.marches",
    "raccord.jeunes",
    "raccord.parcours",
    "raccord.rgpd",
    *(["raccord.demo"] if DEMO else []),
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django.forms",
    "csp",
    "django_htmx",
    "pgtrigger",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "raccord.socle.intergiciel.middleware_entetes",
    "raccord.socle.traces.middleware_requete",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "raccord.comptes.intergiciel.ConnexionRequise",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "raccord.comptes.intergiciel.middleware_contexte",
    "raccord.socle.intergiciel.MotifDuGeste",
    "raccord.comptes.assistance.intergiciel.AssistanceEnLecture",
    "raccord.socle.intergiciel.ErreursMetier",
    "raccord.socle.intergiciel.middleware_fragments",
]

ROOT_URLCONF = "raccord.config.urls"
WSGI_APPLICATION = "raccord.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PAQUET / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "raccord.socle.gabarits.contexte_commun",
                "raccord.comptes.gabarits.navigation",
            ],
            "builtins": ["raccord.socle.templatetags.raccord", "raccord.socle.templatetags.blocs"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

DATABASES = bases(
    env.texte("DATABASE_URL"),
    cle_secrete=SECRET_KEY,
    dossier_local=env.chemin("RACCORD_DOSSIER_BASE", DOSSIER_LOCAL / "postgres"),
    url_application=env.texte("DATABASE_URL_APPLICATION"),
    durable=env.booleen("RACCORD_BASE_DURABLE", True),
)
STATISTIQUES = statistiques(
    env.texte("DATABASE_URL"), cle_secrete=SECRET_KEY, url_statistiques=env.texte("DATABASE_URL_STATISTIQUES")
)
# Slices whose tables the application only reads: `charger_territoires` writes them as the owner.
TRANCHES_DE_REFERENCE = {"territoires"}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "comptes.Utilisateur"
AUTHENTICATION_BACKENDS = ["sesame.backends.ModelBackend"]
LOGIN_URL = "comptes:connexion"
LOGIN_REDIRECT_URL = "echeances:ma_journee"
SESAME_MAX_AGE = 15 * 60
SESAME_ONE_TIME = True
SESAME_TOKENS = ["sesame.tokens_v2"]
SESAME_TOKEN_NAME = "jeton"  # noqa: S105  the name of a form field, not a secret
OTP_TOTP_ISSUER = "Raccord"
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0  # tries are counted by `socle.limites`
# None: the button is not shown, everything else works.
PROCONNECT = proconnect.depuis_environnement(demo=DEMO)

LANGUAGE_CODE = "fr"
TIME_ZONE = "Europe/Paris"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = DOSSIER_LOCAL / "static"
STATICFILES_DIRS: list[Path | tuple[str, Path]] = [PAQUET / "static"]
if THEME_ETAT:
    DSFR = Path(str(files("dsfr"))) / "static" / "dsfr" / "dist"
    STATICFILES_DIRS += [PAQUET / "static_etat", ("dsfr/dist/fonts", DSFR / "fonts")]
    STATICFILES_DIRS += [("dsfr/dist/favicon", DSFR / "favicon")]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "raccord.socle.statiques.Statiques"},
}

SESSION_COOKIE_AGE = 12 * 3600  # a visitor's; somebody who signs in has the length of their roles, `comptes.sessions`
# `__Host-`: the browser takes it only over HTTPS, for this very host.
SESSION_COOKIE_NAME = "raccord_session" if DEMO else "__Host-raccord_session"
CSRF_COOKIE_NAME = "csrftoken" if DEMO else "__Host-csrftoken"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "raccord.socle.erreurs.formulaire_perime"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not DEMO
SECURE_HSTS_SECONDS = 0 if DEMO else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = not DEMO
DERRIERE_PROXY = env.booleen("RACCORD_DERRIERE_PROXY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if DERRIERE_PROXY else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS: list[str] = []

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
DATA_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 6 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
EMAIL_HOST = env.texte("RACCORD_SMTP_HOTE", "localhost")
EMAIL_PORT = env.entier("RACCORD_SMTP_PORT", 25)
EMAIL_HOST_USER = env.texte("RACCORD_SMTP_UTILISATEUR")
EMAIL_HOST_PASSWORD = env.texte("RACCORD_SMTP_MOT_DE_PASSE")
SMTP_TLS = env.choix("RACCORD_SMTP_TLS", {"oui", "non", "direct"}, "non")  # STARTTLS, in clear, TLS at once (465)
EMAIL_USE_TLS, EMAIL_USE_SSL = SMTP_TLS == "oui", SMTP_TLS == "direct"
EMAIL_TIMEOUT = env.entier("RACCORD_SMTP_DELAI", 20)  # seconds for one answer of the server
# The domain of this address is also that of our Message-IDs.
DEFAULT_FROM_EMAIL = env.expediteur("RACCORD_EXPEDITEUR", "Raccord <ne-pas-repondre@raccord.example>", demo=DEMO)
# Where servers send back what they cannot deliver, and where `raccord lire-retours` finds it: a Maildir's path or
# imaps://utilisateur:mot-de-passe@serveur/Dossier. Without it, nobody learns of an address that died after acceptance.
ADRESSE_RETOURS = env.texte("RACCORD_ADRESSE_RETOURS") or parseaddr(DEFAULT_FROM_EMAIL)[1]
BOITE_RETOURS = env.texte("RACCORD_BOITE_RETOURS")
# School holidays that no library knows (Corse, overseas, years to come), as an administrator fills them from the texts.
VACANCES_LOCALES = env.periodes("RACCORD_VACANCES")
# A provider asked by HTTP (`echeances/sms.py`). Without it, somebody who has only a telephone is to be called.
SMS_FOURNISSEUR = "raccord.echeances.sms.Http"
SMS_URL = env.texte("RACCORD_SMS_URL")
SMS_JETON = env.texte("RACCORD_SMS_JETON")
SMS_EXPEDITEUR = env.texte("RACCORD_SMS_EXPEDITEUR", "Raccord")
if not DEMO and SMS_URL and not SMS_URL.startswith("https://"):
    raise ImproperlyConfigured("RACCORD_SMS_URL porte un secret et des numéros : donnez une adresse https://…")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "raccord.socle.traces.LigneJson"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": env.texte("RACCORD_NIVEAU_TRACES", "INFO")},
    # Django's own request log writes the path, and a link's path is a secret: ours writes the route instead.
    "loggers": {
        "django.request": {"level": "CRITICAL", "propagate": True},
        "django.server": {"handlers": [], "propagate": False},
        "django.security.csrf": {"level": "CRITICAL", "propagate": True},
        "fontTools": {"level": "WARNING"},
        "weasyprint": {"level": "ERROR"},
    },
}
