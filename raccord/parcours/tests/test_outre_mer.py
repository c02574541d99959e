"""Overseas: communes are found, and no page needs an académie, a position or a calendar that is not there."""

import pytest
from django.test import Client

from raccord.parcours.models import Offre
from raccord.territoires.models import Commune
from tests.distribution import Distribution
from tests.fabriques_parcours import Fabrique

# Nouméa, Papeete, Uvea (no académie); Saint-Pierre, Saint-Denis, Cayenne, Mamoudzou, Fort-de-France, Ajaccio.
PACIFIQUE = {"98818": "Nouméa", "98735": "Papeete", "98613": "Uvea"}
AUTRES = {
    "97502": "Saint-Pierre",
    "97411": "Saint-Denis",
    "97302": "Cayenne",
    "97611": "Mamoudzou",
    "97209": "Fort-de-France",
    "2A004": "Ajaccio",
}


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "nom"), (PACIFIQUE | AUTRES).items())
def test_la_commune_se_trouve(client: Client, code: str, nom: str) -> None:
    commune = Commune.objects.get(pk=code)
    assert commune.nom == nom
    for question in (f"{nom} {commune.codes_postaux[0]}", commune.codes_postaux[0]):
        trouvees = client.get("/territoires/communes/", {"q": question}).json()["communes"]
        assert any(trouvee["libelle"].startswith(f"{nom} (9") or code == "2A004" for trouvee in trouvees), question


@pytest.mark.parametrize("code", [*PACIFIQUE, "97502", "97411", "2A004"])
def test_chaque_page_s_ouvre_la_bas(distribution: Distribution, code: str) -> None:
    d, fabrique = distribution, Fabrique(distribution)
    jeune = d.jeune(commune_id=code)
    parcours = fabrique.avec_heures(fabrique.en_cours(jeune=jeune))
    libre = d.offre_publiee()
    Offre.objects.filter(pk__in=[libre.pk, parcours.offre_id]).update(commune=code)
    ici = Commune.objects.get(pk=code)
    assert parcours.positionnement is not None
    for personne, adresses in (
        (
            d.tuteur,
            [
                f"/offres/{libre.pk}/",
                f"/offres/{parcours.offre_id}/",
                f"/jeunes/{jeune.pk}/",
                f"/parcours/{parcours.pk}/",
                f"/propositions/{parcours.positionnement.pk}/",
                f"/offres/{libre.pk}/reserver/",
            ],
        ),
        (d.national, ["/etat-des-lieux/", "/etat-des-lieux/?format=csv", f"/parcours/{parcours.pk}/", "/parcours/"]),
        (d.acheteur, [f"/offres/{libre.pk}/", f"/parcours/{parcours.pk}/"]),
        (d.coordonnateur, [f"/parcours/{parcours.pk}/", "/etat-des-lieux/", "/parcours/"]),
    ):
        client = personne.client()
        for adresse in adresses:
            assert client.get(adresse).status_code == 200, (adresse, ici.nom)
    page = Client().get(f"/offres/{libre.pk}/").content.decode()
    assert ici.nom in page and (code not in PACIFIQUE or f"Aucune : {ici.departement.nom}" in page)
    recherche = Client().get("/offres/", {"commune": ici.libelle, "rayon": "30"})
    assert recherche.status_code == 200
