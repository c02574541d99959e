"""Every page of the permission matrix that answers HTML, for one role each; and the forms, badly filled.

What is examined: see `visite.Visite`. An error in the console fails in `ouvrir`.
"""

import pytest

from tests.monde import COLONNES
from tests.navigateur.visite import Visite
from tests.test_matrice import TABLE_LUE

# Whose page is looked at when several may open it: the one who acts there has the most on it.
PREFERES = ("tuteur", "acheteur", "coordonnateur", "national", "visiteur")

pytestmark = pytest.mark.usefixtures("horloge")


def adresses_de(colonne: str) -> list[str]:
    """Names of the addresses that this role opens here: for each, the first of PREFERES who gets 200."""
    choisies = []
    for nom, (_, methodes) in sorted(TABLE_LUE.items()):
        ouvertes = {COLONNES[i] for i, statut in enumerate(methodes.get("GET", ())) if statut == 200}
        if next((role for role in PREFERES if role in ouvertes), None) == colonne:
            choisies.append(nom)
    return choisies


# --- The matrix ------------------------------------------------------------------------------------


@pytest.mark.parametrize("colonne", [colonne for colonne in PREFERES if adresses_de(colonne)])
def test_pages_de_la_matrice(visite: Visite, colonne: str) -> None:
    visite.entrer(colonne)
    client = visite.monde.client(colonne)
    for nom in adresses_de(colonne):
        chemin = visite.adresse(nom, *TABLE_LUE[nom][0])
        if client.get(chemin)["Content-Type"].startswith("text/html"):
            visite.voir(chemin, f"{nom} ({colonne})")
    visite.conclure(au_moins=1)


# --- Forms -----------------------------------------------------------------------------------------

FORMULAIRES: dict[str, tuple[tuple[str, ...], ...]] = {
    "visiteur": (
        ("comptes:connexion",),
        ("comptes:demander", "organisation"),
        ("comptes:invitation", "jeton_invitation"),
        ("parcours:proposer",),
    ),
    "acheteur": (
        ("comptes:inviter",),
        ("comptes:retirer_membre", "adhesion_collegue"),
        ("comptes:absence", "adhesion_collegue"),
        ("parcours:declarer",),
        ("parcours:declarer_lots", "brouillon"),
        ("parcours:declarer_offre", "brouillon", "engagement_brouillon"),
        ("parcours:retirer", "offre_publiee"),
    ),
    "tuteur": (
        ("parcours:confier_portefeuille", "portefeuille"),
        ("jeunes:creer",),
        ("jeunes:modifier", "jeune"),
        ("jeunes:fiche", "jeune"),
        ("jeunes:prolonger_acces", "jeune", "acces_partage"),
        ("jeunes:retirer_acces", "jeune", "acces_partage"),
        ("jeunes:retrait", "retrait"),
        ("parcours:reserver", "offre_publiee"),
        ("parcours:positionnement_preparer", "reservation"),
        ("parcours:rencontre_avance", "positionnement_rencontre"),
        ("parcours:rencontre_accord", "positionnement_tenu"),
        ("parcours:convention", "parcours_signable"),
        ("parcours:adapter", "parcours"),
        ("parcours:interrompre", "parcours"),
        ("parcours:heures", "parcours"),
        ("parcours:suite", "parcours_signe"),
    ),
    "coordonnateur": (("parcours:confier", "parcours"),),
    "coordonnateur_etranger": (("parcours:transfert", "transfert"),),
    "national": (("parcours:decliner", "offre_a_instruire"),),
}


@pytest.mark.parametrize(
    "colonnes", [("visiteur", "acheteur", "national"), ("tuteur",), ("coordonnateur", "coordonnateur_etranger")]
)
def test_formulaires_mal_remplis(visite: Visite, colonnes: tuple[str, ...]) -> None:
    for colonne in colonnes:
        visite.entrer(colonne)
        for nom, *cles in FORMULAIRES[colonne]:
            visite.mal_remplir(visite.adresse(nom, *cles), nom)
    visite.conclure(au_moins=2)
