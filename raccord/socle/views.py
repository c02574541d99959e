"""The gallery of components: every piece, in every state, outside production."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from raccord.socle import forms
from raccord.socle.gabarits import Colonne, LigneFil, PointCarte
from raccord.socle.mots import date_fr


class ExempleForm(forms.VersionMixin):
    """One field of each kind."""

    sections = (
        forms.Section("L’entreprise", ("nom", "siret", "courriel", "telephone"), "Ces lignes viennent de l’annonce."),
        forms.Section("Le parcours", ("heures", "debut", "creneau", "taches", "tenue", "domaines", "cv", "accord")),
    )

    objet = forms.ChampTexte(label="Objet du marché", help_text="En quelques mots, comme dans l’avis.")
    duree = forms.ChampChoix(
        label="Durée proposée",
        choices=(
            ("150", forms.Libelle("150 h", "1 mois : découvrir un métier")),
            ("300", forms.Libelle("300 h", "2 mois : construire un projet")),
            ("450", forms.Libelle("450 h", "3 mois : confirmer un projet")),
        ),
    )
    nom = forms.ChampTexte(label="Nom de l’entreprise")
    siret = forms.ChampSiret(label="SIRET", help_text="14 chiffres, sur un devis ou une facture.")
    courriel = forms.ChampCourriel(label="Courriel du référent")
    telephone = forms.ChampTelephone(label="Téléphone", required=False)
    heures = forms.ChampHeures(label="Heures par semaine", maxi=35)
    debut = forms.ChampDate(label="Premier jour")
    creneau = forms.ChampDateHeure(label="Rendez-vous", required=False)
    taches = forms.ChampTexteLong(label="Tâches prévues", max_length=400, help_text="Des mots simples, sans sigle.")
    tenue = forms.ChampOuiNon(label="La tenue est-elle fournie ?")
    domaines = forms.ChampChoixMultiple(
        label="Domaines", choices=(("accueil", "Accueil"), ("commerce", "Commerce-vente")), required=False
    )
    cv = forms.ChampFichier(label="CV", required=False)
    accord = forms.ChampCase(label="Le jeune est d’accord pour que son CV soit transmis")


class FiltreForm(forms.Formulaire):
    """Filters of a list of offers."""

    marquer_facultatifs = False
    q = forms.ChampTexte(label="Que cherchez-vous ?", required=False)
    lieu = forms.ChampTexte(label="Ville ou code postal", required=False)
    rayon = forms.ChampChoix(
        label="Rayon",
        required=False,
        choices=(("10", "10 km"), ("30", "30 km"), ("60", "60 km")),
        widget=forms.Select,
    )


def _etat(code: str, mots: str) -> SimpleNamespace:
    return SimpleNamespace(etat=code, get_etat_display=lambda: mots)


def _fautif() -> ExempleForm:
    """What the second of two editors sees, with mistakes besides."""
    saisie = QueryDict(mutable=True)
    saisie.update(
        {
            "objet": "Nettoyage des locaux, lots 1 et 2",
            "nom": "Atelier du Viaduc",
            "siret": "130025265",
            "courriel": "camille.roy@",
            "telephone": "06 12",
            "heures": "-3",
            "debut": "31/12/2026",
            "taches": "Accueillir les visiteurs. " * 20,
            "version": "1",
        }
    )
    initial = {"objet": "Nettoyage des locaux", "nom": "Atelier du Viaduc", "telephone": "+33612345678"}
    return ExempleForm(saisie, {}, initial=initial, version="2", prefix=None, auto_id="faute_%s")


def _contexte(maintenant: dt.datetime) -> dict[str, Any]:
    jour = timezone.localdate(maintenant)
    return {
        "form": ExempleForm(version="1", initial={"telephone": "+262692123456", "debut": jour}),
        "form_fautif": _fautif(),
        "form_filtre": FiltreForm(auto_id="filtre_%s"),
        "etats": [
            _etat("brouillon", "brouillon"),
            _etat("publiee", "publiée"),
            _etat("reservee", "réservée"),
            _etat("convention_a_signer", "convention à signer"),
            _etat("interrompu", "interrompu"),
        ],
        "offre": _etat("publiee", "disponible"),
        "domaines": ["Accueil", "Administration"],
        "raisons": ["Tout près de chez elle : 12 minutes de bus", "Elle cherche à parler avec du monde"],
        "adresse": "12 rue du Viaduc\n59100 Roubaix",
        "dans_trois_jours": jour + dt.timedelta(days=3),
        "dans_dix_jours": jour + dt.timedelta(days=10),
        "suivi": {
            "ligne": "Depuis 6 jours · 1 rappel lundi · prochain jeudi : les ressources humaines",
            "depuis": jour - dt.timedelta(days=6),
            "dits": [f"le {date_fr(jour - dt.timedelta(days=1))} : le second contact"],
            "a_venir": [f"le {date_fr(jour + dt.timedelta(days=2))} : les ressources humaines"],
        },
        "aujourdhui": jour,
        "retard": jour - dt.timedelta(days=2),
        "debut": jour + dt.timedelta(days=20),
        "fin": jour + dt.timedelta(days=80),
        "fil": [
            LigneFil(le=maintenant - dt.timedelta(minutes=12), qui="Nadia Berger", organisation="MLDS Lille",
                     texte="a proposé trois créneaux", detail="Mardi ou jeudi matin, plutôt."),
            LigneFil(le=maintenant - dt.timedelta(days=1), qui="Paul Henri", organisation="Atelier du Viaduc",
                     texte="a accepté la présentation", ton="succes"),
            LigneFil(le=maintenant - dt.timedelta(days=9), texte="Rappel envoyé : sans réponse depuis 5 jours.",
                     ton="attention", url="#fil", libelle_url="Voir le message"),
            LigneFil(le=maintenant - dt.timedelta(days=40), texte="L’offre a été publiée."),
        ],
        "jalons": [
            {"libelle": "Offre publiée", "etat": "fait", "detail": "3 mars"},
            {"libelle": "Rencontre", "etat": "en_cours", "detail": "dans 4 jours"},
            {"libelle": "Parcours", "etat": "a_venir"},
            {"libelle": "Bilan", "etat": "a_venir"},
        ],
        "page": Paginator(range(200), 10).page(7),
        "colonnes": ["Entreprise", "Commune", Colonne("Heures", nombre=True), "Échéance"],
        "lignes": [
            ["Atelier du Viaduc", "Roubaix", "300", "12 mai 2026"],
            ["Les Jardins de la Lys", "Armentières", "150", "2 juin 2026"],
        ],
        "points": [
            PointCarte(latitude=50.63, longitude=3.06, titre="Agent d’accueil", url="#carte", detail="Lille, 300 h"),
            PointCarte(latitude=50.63, longitude=3.06, titre="Aide-comptable", url="#carte", detail="Lille, 150 h"),
            PointCarte(latitude=45.76, longitude=4.83, titre="Vente de fleurs", url="#carte", detail="Lyon, 450 h"),
            PointCarte(latitude=48.11, longitude=-1.68, titre="Cuisine", url="#carte", detail="Rennes, 300 h"),
        ],
    }  # fmt: skip


@login_not_required
@require_safe
def galerie(request: HttpRequest) -> HttpResponse:
    """Every component in its states; 404 in production."""
    if not settings.DEMO:
        raise Http404
    return render(request, "composants/galerie.html", _contexte(timezone.now()))
