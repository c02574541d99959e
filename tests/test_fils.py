"""Every timeline, read by everybody: contacts, who are level 2, are named only to those to whom level 2 is open."""

import pytest
from bs4 import BeautifulSoup
from django.urls import reverse

from raccord.comptes.enums import Role
from raccord.comptes.models import Contact
from raccord.parcours.actions import transfert as actions_transfert
from raccord.parcours.models import Transfert
from raccord.socle import journal
from raccord.socle.contexte import Contexte
from tests.distribution import Distribution
from tests.fabriques_parcours import Fabrique
from tests.monde import COLONNES

# Who may read each timeline, and of those to whom level 2 is open.
LECTEURS = {
    "parcours:offre": {"acheteur", "acheteur_collegue", "tuteur", "tuteur_collegue", "coordonnateur", "national"},
    "parcours:reservation": {"tuteur", "tuteur_collegue", "coordonnateur", "national"},
    "parcours:positionnement": {
        "acheteur",
        "acheteur_collegue",
        "tuteur",
        "tuteur_collegue",
        "coordonnateur",
        "national",
    },
    "parcours:parcours": {"acheteur", "acheteur_collegue", "tuteur", "tuteur_collegue", "coordonnateur", "national"},
    "parcours:transfert": {"coordonnateur", "coordonnateur_etranger", "national"},
    "marches:marche": {"acheteur", "acheteur_collegue", "national"},
    "jeunes:jeune": {"tuteur", "tuteur_collegue"},
}
NIVEAU_2 = {"acheteur", "acheteur_collegue", "tuteur", "national"}


@pytest.mark.parametrize("ecran", LECTEURS)
def test_un_contact_n_est_nomme_qu_a_qui_lit_le_niveau_2(distribution: Distribution, ecran: str) -> None:
    d, fabrique = distribution, Fabrique(distribution)
    parcours = fabrique.avec_heures(fabrique.en_cours())
    assert parcours.offre.engagement is not None and parcours.positionnement is not None
    transfert = actions_transfert.demander(
        d.coordonnateur.contexte, parcours.pk, vers_id=d.coordonnateur_etranger.organisation.pk, motif="Il déménage."
    )
    objets = {
        "parcours:offre": parcours.offre,
        "parcours:reservation": parcours.positionnement.reservation,
        "parcours:positionnement": parcours.positionnement,
        "parcours:parcours": parcours,
        "parcours:transfert": Transfert.objects.get(pk=transfert.pk),
        "marches:marche": parcours.offre.engagement.marche,
        "jeunes:jeune": parcours.jeune,
    }
    objet = objets[ecran]
    chez_l_acheteur = Contact.objects.create(
        organisation=d.acheteur.organisation, nom="Yvonne Lemaire", courriel="y.lemaire@essai.example"
    )
    for role, personne in ((Role.ENTREPRISE, d.referent), (Role.ACHETEUR, chez_l_acheteur)):
        qui = Contexte(role=role, contact_id=personne.pk, organisation_id=personne.organisation_id)
        journal.inscrire(qui, objet, "essai.lire", "a fait un essai")
    lecteurs = set()
    for colonne in COLONNES:
        if colonne == "visiteur":
            continue
        reponse = getattr(d, colonne).client().get(reverse(ecran, args=[objet.pk]))
        fil = BeautifulSoup(reponse.content, "html.parser").select_one(".rc-fil")
        if reponse.status_code != 200 or fil is None:
            continue
        lecteurs.add(colonne)
        texte = fil.get_text(" ")
        nommes = colonne in NIVEAU_2 and ecran != "jeunes:jeune"
        for personne in (d.referent, chez_l_acheteur):
            assert (personne.nom in texte) == nommes, (ecran, colonne, personne.nom)
            assert personne.organisation.nom in texte, (ecran, colonne, "l'organisation se lit toujours")
            assert nommes or personne.nom not in reponse.content.decode(), (ecran, colonne, "nulle part ailleurs")
    assert lecteurs == LECTEURS[ecran]
