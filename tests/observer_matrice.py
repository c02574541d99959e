"""Prints the permission matrix as observed: `pytest tests/observer_matrice.py -n 0 -s > observe.txt`.

A tool, not a test: read each line before putting it into `tests/matrice.txt`; that reading is the test.
"""

import re

from django.db import transaction
from django.urls import get_resolver, reverse

from tests.distribution import Distribution
from tests.monde import COLONNES, Monde
from tests.test_matrice import TABLE_LUE, Annuler, statuts

# Which object stands for an argument, when its name does not say it.
CLES = {
    "offre_id": "offre_publiee",
    "marche_id": "marche",
    "reservation_id": "reservation",
    "positionnement_id": "positionnement",
    "parcours_id": "parcours",
    "transfert_id": "transfert",
    "jeune_id": "jeune",
    "document_id": "document",
    "adhesion_id": "adhesion",
    "brouillon_id": "brouillon",
    "engagement_id": "engagement",
    "signalement_id": "signalement",
    "copie_id": "copie",
    "jeton": "jeton",
    "invitation_id": "invitation",
    "demande_id": "demande",
    "absence_id": "absence",
    "assistance_id": "aide",
    "organisation_id": "organisation",
    "tuteur_id": "portefeuille",
    "passation_id": "passation",
}
PROPRES = {
    "comptes:entrer": ("jeton_connexion",),
    "comptes:invitation": ("jeton_invitation",),
    "comptes:redemander_invitation": ("jeton_invitation",),
    "comptes:nommer": ("adhesion_collegue",),
    "comptes:demettre": ("adhesion_collegue",),
    "comptes:retirer_membre": ("adhesion_collegue",),
    "comptes:absence": ("adhesion_collegue",),
    "parcours:retirer": ("offre_publiee",),
    "parcours:remettre": ("offre_a_reprendre",),
    "parcours:archiver": ("offre_a_reprendre",),
    "parcours:accueillir": ("offre_a_instruire",),
    "parcours:decliner": ("offre_a_instruire",),
    "parcours:modifier_offre": ("offre_a_confirmer",),
    "parcours:preuve": ("parcours_signe",),
    "parcours:preuve_page": ("parcours_signe",),
    "parcours:declarer_offre": ("brouillon", "engagement_brouillon"),
    "parcours:convention": ("parcours_signable",),
    "parcours:dates": ("parcours_signable",),
    "parcours:annuler": ("parcours_signable",),
    "parcours:demarrer": ("parcours_a_venir",),
    "parcours:reprendre": ("parcours_interrompu",),
    "parcours:suite": ("parcours_signe",),
    "parcours:bilan_pdf": ("parcours_signe",),
    "parcours:relancer_bilan": ("parcours_termine",),
    "parcours:rouvrir_bilan": ("parcours_termine",),
    "parcours:bilan_sans_voix": ("parcours_termine", "voix"),
    "parcours:rencontre_absence": ("positionnement_rencontre",),
    "parcours:rencontre_accord": ("positionnement_tenu",),
    "parcours:rencontre_agenda": ("positionnement_rencontre",),
    "parcours:rencontre_avance": ("positionnement_rencontre",),
}


def test_observer(distribution: Distribution) -> None:
    resolveur = get_resolver()
    noms = _noms(resolveur, "")
    for nom in sorted(noms):
        cles = TABLE_LUE[nom][0] if nom in TABLE_LUE else PROPRES.get(nom, noms[nom])
        try:
            with transaction.atomic():
                monde = Monde(distribution)
                adresse = reverse(nom, args=[monde.argument(cle) for cle in cles])
                for methode in ("GET", "POST"):
                    ligne = statuts(monde, adresse, methode)
                    nom_complet = "|".join([nom, *cles])
                    print(f"{methode:<4} {nom_complet:<60} {' '.join(map(str, ligne))}")
                raise Annuler
        except Annuler:
            pass
        except Exception as erreur:  # a tool that shows everything, broken pages included
            print(f"#    {nom} {cles} : {type(erreur).__name__} {erreur}"[:300])
    assert len(COLONNES) == 10


def _noms(resolveur, espace: str) -> dict[str, tuple[str, ...]]:
    noms: dict[str, tuple[str, ...]] = {}
    for motif in resolveur.url_patterns:
        if hasattr(motif, "url_patterns"):
            noms |= _noms(motif, f"{espace}{motif.namespace}:" if motif.namespace else espace)
        else:
            arguments = re.findall(r"<\w+:(\w+)>", str(motif.pattern))
            noms[f"{espace}{motif.name}"] = tuple(CLES.get(argument, argument) for argument in arguments)
    return noms
