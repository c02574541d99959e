"""A declaration as a buyer types it, the link a company receives, and what the outbox holds."""

import datetime as dt
import re
from typing import Any

from django.test import Client
from django.urls import reverse

from raccord.echeances.models import Message
from raccord.marches.models import Brouillon, Engagement
from raccord.parcours.models import Offre
from raccord.socle import calendrier
from tests.distribution import Distribution, Personne

# Valid by their key, and fictitious.
SIRETS = ("13002526500013", "73282932000074", "44306184100047")


def contrat(**champs: Any) -> dict[str, str]:
    """Page 1, valid: two firm years, 150 000 euros."""
    aujourdhui = calendrier.aujourdhui()
    return {
        "reference": "2026-117",
        "objet": "Entretien des espaces verts",
        "objet_detaille": "Tonte, taille et plantations dans douze squares.",
        "montant_ferme": "150 000",
        "date_notification": (aujourdhui - dt.timedelta(days=20)).isoformat(),
        "date_fin_clause": (aujourdhui + dt.timedelta(days=700)).isoformat(),
        "date_fin_reconduction": (aujourdhui + dt.timedelta(days=1400)).isoformat(),
        "suivi": "moi",
        "continuer": "1",
    } | champs


def titulaire(**champs: Any) -> dict[str, str]:
    """Page 2, not divided."""
    return {
        "nombre": "1",
        "divise": "non",
        "lot-0-siret": SIRETS[0],
        "lot-0-nom": "Les Jardins du Nord",
        "continuer": "1",
    } | champs


def lots(*lignes: tuple[int, str, str], mutualiser: str = "non", **champs: Any) -> dict[str, str]:
    """Page 2, divided: (number, amount, SIRET) for each lot."""
    donnees = {"nombre": str(len(lignes)), "divise": "oui", "mutualiser": mutualiser, "continuer": "1"}
    for i, (numero, montant, siret) in enumerate(lignes):
        donnees |= {
            f"lot-{i}-numero": str(numero),
            f"lot-{i}-intitule": f"Secteur {numero}",
            f"lot-{i}-montant_ferme": montant,
            f"lot-{i}-siret": siret,
            f"lot-{i}-nom": f"Entreprise {siret[:3]}",
        }
    return donnees | champs


def offre(**champs: Any) -> dict[str, Any]:
    """Page 4, valid."""
    return {
        "intitule": "Découvrir les espaces verts",
        "domaines": ["service", "autre"],
        "missions": "Désherber, planter, entretenir les outils avec l'équipe.",
        "conditions": "",
        "remarque": "Vestiaire sur place.",
        "adresse": "3 rue des Jardins",
        "commune": "Roubaix (59100)",
        "date_debut": calendrier.aujourdhui().isoformat(),
        "date_fin": (calendrier.aujourdhui() + dt.timedelta(days=400)).isoformat(),
        "referent_nom": "Dominique Leroy",
        "referent_fonction": "Cheffe d'équipe",
        "referent_courriel": "d.leroy@jardins.example",
        "referent_telephone": "06 12 34 56 78",
        "second_nom": "Claude Petit",
        "second_fonction": "Ressources humaines",
        "second_courriel": "c.petit@jardins.example",
        "second_telephone": "",
        "secteur": "Paysage",
        "site_web": "www.jardins.example",
        "continuer": "1",
    } | champs


def proposition(**champs: Any) -> dict[str, Any]:
    """The public form, valid, without its hidden key."""
    return {
        "organisation": "Atelier du Viaduc",
        "siret": SIRETS[1],
        "contact_nom": "Sacha Martin",
        "contact_fonction": "Gérante",
        "contact_courriel": "sacha@viaduc.example",
        "contact_telephone": "06 11 22 33 44",
        "intitule": "Découvrir un atelier de menuiserie",
        "domaines": ["autre"],
        "taches": "Poncer, assembler, ranger le bois.",
        "heures": "150",
        "adresse": "8 quai du Viaduc",
        "commune": "Lille",
        "date_debut": calendrier.aujourdhui().isoformat(),
        "date_fin": (calendrier.aujourdhui() + dt.timedelta(days=200)).isoformat(),
        "remarque": "",
        "precision": "",
    } | champs


def poster(client: Client, nom: str, *args: Any, donnees: dict[str, Any]) -> Any:
    """A POST on a named page; what it redirects to is not followed."""
    return client.post(reverse(nom, args=args), donnees)


def commencer(personne: Personne, **champs: Any) -> Brouillon:
    """Page 1 sent from the empty form, as a browser does."""
    client = personne.client()
    envoi = client.get(reverse("parcours:declarer")).context["envoi"]
    reponse = client.post(envoi, contrat(**champs))
    assert reponse.status_code == 302, reponse.context["form"].errors
    return Brouillon.objects.get(pk=envoi.split("/")[2])


def brouillon_complet(distribution: Distribution) -> Brouillon:
    """A whole declaration, not sent: one company, 300 h, one offer."""
    client = distribution.acheteur.client()
    brouillon = commencer(distribution.acheteur)
    poster(client, "parcours:declarer_lots", brouillon.pk, donnees=titulaire())
    engagement = Engagement.objects.get(marche__brouillon=brouillon)
    donnees = {f"{engagement.pk}-heures": "300", "continuer": "1"}
    poster(client, "parcours:declarer_heures", brouillon.pk, donnees=donnees)
    reponse = poster(client, "parcours:declarer_offre", brouillon.pk, engagement.pk, donnees=offre())
    assert reponse.status_code == 302, reponse.context["form"].errors
    brouillon.refresh_from_db()
    return brouillon


def declaration_envoyee(distribution: Distribution) -> Offre:
    """The offer as the company receives it."""
    brouillon = brouillon_complet(distribution)
    poster(distribution.acheteur.client(), "parcours:declarer_verifier", brouillon.pk, donnees={})
    return Offre.objects.select_related("engagement", "referent", "rrh", "fiche").get(
        engagement__marche__brouillon=brouillon
    )


def lien_recu(code: str, courriel: str) -> str:
    """The path of the link in the last message of this kind to this address."""
    corps = Message.objects.filter(code=code, courriel=courriel).order_by("-cree_le").values_list("corps", flat=True)[0]
    trouve = re.search(r"https?://[^/\s]+(/lien/[^\s]+)", corps)
    assert trouve, corps
    return trouve.group(1)


def messages_envoyes(code: str) -> list[str]:
    """Addresses that a kind of message was written to, sorted."""
    return sorted(Message.objects.filter(code=code).values_list("courriel", flat=True))
