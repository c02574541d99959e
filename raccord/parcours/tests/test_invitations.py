"""Calendars: one UID all its life, a number that only grows, nobody's name but the tutors' and the company's."""

import datetime as dt
from collections import defaultdict
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, transaction
from django.utils import timezone
from icalendar import Calendar

from raccord.echeances.facteur import expedier
from raccord.echeances.models import Message
from raccord.parcours.actions import positionnement as actions
from raccord.parcours.actions import rencontre
from raccord.parcours.actions.passation import confier
from raccord.parcours.actions.reponse import acter, revenir
from raccord.parcours.actions.reservation import liberer, reserver
from raccord.parcours.creneaux import CreneauPris, CreneauRefuse
from raccord.parcours.invitations import annuler
from raccord.parcours.models import Offre, Positionnement, RendezVous
from raccord.socle import identite
from raccord.socle.exceptions import ErreurMetier
from tests import coulisses
from tests.distribution import Distribution, contact, organisation
from tests.fabriques_positionnement import accepte, jour, ouvrir_lien, prepare, rencontre_fixee, reservation, transmis


def parts(positionnement: Positionnement) -> list[tuple[Message, Any, Any]]:
    """Each calendar part in the outbox, in the order written: the message, the calendar, its entry."""
    lignes = []
    for message in Message.objects.filter(objet_id=positionnement.pk).exclude(calendrier="").order_by("cree_le", "pk"):
        agenda = Calendar.from_ical(message.calendrier)
        (entree,) = agenda.walk("VEVENT")
        lignes.append((message, agenda, entree))
    return lignes


def par_personne(positionnement: Positionnement) -> dict[str, list[tuple[str, int]]]:
    """What each address received: methods and numbers, by growing number."""
    recus: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for message, agenda, entree in parts(positionnement):
        recus[message.courriel].append((str(agenda["method"]), int(entree["sequence"])))
    return {qui: sorted(liste, key=lambda paire: paire[1]) for qui, liste in recus.items()}


def test_toute_la_vie_d_une_rencontre(distribution: Distribution) -> None:
    d = distribution
    positionnement = rencontre_fixee(d)
    actions.contre_proposer(d.contexte_referent, positionnement.pk, creneaux=[jour(6, 9)], apres_accord=True)
    assert {tuple(recus) for recus in par_personne(positionnement).values()} == {(("REQUEST", 0),)}, "tenu une heure"
    acter(positionnement.pk)
    (creneau,) = positionnement.creneaux.filter(propose_par="entreprise")
    actions.choisir(d.tuteur.contexte, positionnement.pk, creneau_id=creneau.pk)
    actions.refuser(d.contexte_referent, positionnement.pk, motif="dates", precisions="Non.", apres_accord=True)
    acter(positionnement.pk)
    attendus = [("REQUEST", 0), ("CANCEL", 1), ("REQUEST", 2), ("CANCEL", 3)]
    recus = par_personne(positionnement)
    jeune = positionnement.jeune
    assert recus == dict.fromkeys(
        [d.referent.courriel, d.tuteur.utilisateur.courriel, d.acheteur.utilisateur.courriel, jeune.courriel], attendus
    )
    assert {entree["uid"] for _, _, entree in parts(positionnement)} == {f"{positionnement.pk}@raccord"}
    for message, agenda, entree in parts(positionnement):
        assert entree["status"] == ("CANCELLED" if agenda["method"] == "CANCEL" else "CONFIRMED")
        assert entree["organizer"] == "mailto:ne-pas-repondre@raccord.example"
        invites = entree["attendee"] if isinstance(entree["attendee"], list) else [entree["attendee"]]
        adresses = {str(invite).removeprefix("mailto:") for invite in invites}
        assert message.courriel in adresses and d.tuteur.utilisateur.courriel in adresses
        for secret in (jeune.nom, jeune.prenom, "17 ans"):
            assert secret not in message.calendrier
        if message.jeune_id:
            assert d.referent.courriel not in adresses
        else:
            assert jeune.courriel not in adresses and d.referent.courriel in adresses
    premiere = min((entree for _, _, entree in parts(positionnement)), key=lambda entree: int(entree["sequence"]))
    assert premiere["dtstart"].dt == jour(3) and premiere["dtend"].dt == jour(3) + dt.timedelta(hours=1)
    assert b"Z" in premiere["dtstart"].to_ical()


def test_le_courriel_porte_l_invitation(distribution: Distribution) -> None:
    positionnement = rencontre_fixee(distribution)
    expedier()
    (envoye,) = [m for m in mail.outbox if m.to == [distribution.referent.courriel] and "Rencontre fixée" in m.subject]
    corps = envoye.message()
    (part,) = [p for p in corps.walk() if p.get_content_type() == "text/calendar"]
    assert part.get_param("method") == "REQUEST" and corps.get_content_type() == "multipart/alternative"
    texte = part.get_payload(decode=True)
    assert isinstance(texte, bytes)
    assert Calendar.from_ical(texte).walk("VEVENT")[0]["uid"] == f"{positionnement.pk}@raccord"


@pytest.mark.parametrize("fin", ["abandon", "liberation", "undo"])
def test_chaque_facon_de_finir_annule(distribution: Distribution, fin: str) -> None:
    d, positionnement = distribution, rencontre_fixee(distribution)
    if fin == "abandon":
        actions.arreter(d.tuteur.contexte, positionnement.pk, motif="injoignable")
    elif fin == "liberation":
        liberer(d.tuteur.contexte, positionnement.reservation_id, motif="injoignable")
    else:
        with transaction.atomic():
            assert annuler(positionnement) and not annuler(positionnement)
    assert set(map(tuple, par_personne(positionnement).values())) == {(("REQUEST", 0), ("CANCEL", 1))}


def test_une_rencontre_tenue_plus_tot_libere_sans_alarmer(distribution: Distribution) -> None:
    positionnement = rencontre_fixee(distribution)
    rencontre.avancer(distribution.tuteur.contexte, positionnement.pk, rencontre_le=timezone.now())
    assert RendezVous.objects.get().annule_le is not None
    assert not Message.objects.filter(code__contains="rencontre_annulee").exists()
    recus = par_personne(positionnement)
    assert recus[distribution.acheteur.utilisateur.courriel] == [("REQUEST", 0), ("CANCEL", 1)]


def test_le_numero_ne_peut_que_croitre(distribution: Distribution) -> None:
    rencontre_fixee(distribution)
    rendez_vous = RendezVous.objects.get()
    RendezVous.objects.update(numero=4)
    for change in ({"numero": 3}, {"lieu": "ailleurs"}, {"debut": rendez_vous.debut - dt.timedelta(minutes=5)}):
        with pytest.raises(IntegrityError, match="croît"), transaction.atomic():
            RendezVous.objects.update(**change)
    assert RendezVous.objects.update(numero=5, lieu="ailleurs") == 1


def test_une_horloge_qui_recule(distribution: Distribution) -> None:
    positionnement = rencontre_fixee(distribution)
    with time_machine.travel(timezone.now() - dt.timedelta(days=2), tick=False):
        actions.arreter(distribution.tuteur.contexte, positionnement.pk, motif="injoignable")
    assert set(map(tuple, par_personne(positionnement).values())) == {(("REQUEST", 0), ("CANCEL", 1))}


# --- Where and when --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("commune", "saisie", "utc", "mots"),
    [
        ("59350", "2026-10-24T09:00", "2026-10-24T07:00", "samedi 24 octobre 2026 à 9 h"),  # the night clocks change
        ("59350", "2026-10-26T09:00", "2026-10-26T08:00", "lundi 26 octobre 2026 à 9 h"),
        ("97411", "2026-10-26T09:00", "2026-10-26T05:00", "lundi 26 octobre 2026 à 9 h"),  # La Réunion
        ("98818", "2026-10-26T08:00", "2026-10-25T21:00", "lundi 26 octobre 2026 à 8 h"),  # Nouméa: still Sunday here
        ("97209", "2026-10-26T17:00", "2026-10-26T21:00", "lundi 26 octobre 2026 à 17 h"),  # Fort-de-France
    ],
)
def test_l_heure_du_lieu(distribution: Distribution, commune: str, saisie: str, utc: str, mots: str) -> None:
    d = distribution
    offre = d.offre_publiee()
    Offre.objects.filter(pk=offre.pk).update(commune=commune)
    tenue = reservation(d, offre=offre)
    form = {"presentation": "Aime le bois.", "creneau_1": saisie, "lieu": "Sur place"}
    reponse = d.tuteur.client().post(f"/reservations/{tenue.pk}/proposer/", form, follow=True)
    assert reponse.status_code == 200, reponse.content.decode()
    positionnement = Positionnement.objects.get()
    creneau = positionnement.creneaux.get()
    assert creneau.debut == dt.datetime.fromisoformat(utc + "+00:00")
    attendu = mots.replace(" h", "\xa0h").replace(" 2026", "")
    assert attendu in reponse.content.decode().replace(" 2026", "")
    actions.transmettre(d.tuteur.contexte, positionnement.pk)
    actions.accepter(d.contexte_referent, positionnement.pk, creneau_id=creneau.pk)
    acter(positionnement.pk)
    assert {entree["dtstart"].dt for _, _, entree in parts(positionnement)} == {creneau.debut}
    message = Message.objects.get(code="parcours.rencontre_entreprise")
    assert mots in message.sujet


@pytest.mark.parametrize(
    ("saisie", "dit"),
    [
        ("2027-03-28T02:30", "existe pas"),  # the hour that is jumped over
        ("2026-10-25T02:30", "existe pas"),  # the hour that comes twice
        ("2026-11-11T10:00", "mercredi 11 novembre 2026 est férié"),
        ("2026-10-05T10:00", "déjà passé"),
        ("2026-10-26T03:00", "entre 7"),
    ],
)
def test_un_moment_impossible_est_refuse_en_mots(distribution: Distribution, saisie: str, dit: str) -> None:
    tenue = reservation(distribution)
    form = {"presentation": "Aime le bois.", "creneau_1": saisie, "lieu": "Ici"}
    reponse = distribution.tuteur.client().post(f"/reservations/{tenue.pk}/proposer/", form)
    assert reponse.status_code == 422 and dit in reponse.content.decode().replace("\xa0", " ")


@pytest.mark.parametrize(
    ("commune", "saisie"),
    [
        ("67482", "2026-12-26T10:00"),  # Strasbourg, Saint-Étienne
        ("97701", "2026-10-09T10:00"),  # Saint-Barthélemy, abolition de l'esclavage, le 9 octobre
        ("97105", "2027-05-27T10:00"),  # Guadeloupe, le 27 mai
        ("97209", "2027-05-22T10:00"),  # Martinique, le 22 mai
        ("98818", "2027-09-24T10:00"),  # Nouméa, fête de la citoyenneté
    ],
)
def test_un_jour_ferie_de_la_bas_est_refuse_la_bas(distribution: Distribution, commune: str, saisie: str) -> None:
    d, offre = distribution, distribution.offre_publiee()
    form = {"presentation": "Aime le bois.", "creneau_1": saisie, "lieu": "Ici"}
    adresse = f"/reservations/{reservation(d, offre=offre).pk}/proposer/"
    for code, ferie in ((commune, True), ("59350", False)):
        Offre.objects.filter(pk=offre.pk).update(commune=code)
        page = d.tuteur.client().post(adresse, form, follow=True).content.decode()
        assert ("est férié" in page) is ferie, code


# --- Never two at once -----------------------------------------------------------------------------


def test_deux_rencontres_d_un_tuteur_dans_deux_entreprises(distribution: Distribution) -> None:
    """Under the product's own policies: the company sees none of the tutor's other meetings, and is refused."""
    d = distribution
    rencontre_fixee(d)
    voisine = organisation("entreprise", "Serrurerie Lenoir")
    referent = contact(voisine)
    offre = d.offre_publiee()
    Offre.objects.filter(pk=offre.pk).update(entreprise=voisine, referent=referent, rrh=None)
    tenue = reservation(d, offre=offre)
    with pytest.raises(CreneauRefuse, match="9 octobre 2026 à 14"):
        prepare(d, tenue)
    second = prepare(d, tenue, creneaux=[jour(4)])
    actions.transmettre(d.tuteur.contexte, second.pk)
    creneau = second.creneaux.get()
    type(creneau).objects.filter(pk=creneau.pk).update(debut=jour(3, 14) + dt.timedelta(minutes=30))
    entreprise = d.contexte_referent.__class__(role="entreprise", contact_id=referent.pk, organisation_id=voisine.pk)
    with (
        coulisses.fermees(),
        identite.agir(entreprise),
        pytest.raises(CreneauPris, match="vendredi 9 octobre") as refus,
    ):
        actions.accepter(entreprise, second.pk, creneau_id=creneau.pk)
    assert "Dubois" not in str(refus.value)
    with pytest.raises(IntegrityError, match="rendez_vous_un_a_la_fois"), transaction.atomic():
        RendezVous.objects.create(
            positionnement=second,
            offre=offre,
            tuteur=d.tuteur.utilisateur,
            dossier=second.reservation.jeune_id,
            debut=jour(3, 14) + dt.timedelta(minutes=30),
            fin=jour(3, 16),
        )


def test_une_passation_suit_l_agenda(distribution: Distribution) -> None:
    d, positionnement = distribution, rencontre_fixee(distribution)
    vers = d.tuteur_collegue.utilisateur
    prise = rencontre_fixee(d, creneaux=[jour(4)])
    RendezVous.objects.filter(positionnement=prise).update(tuteur=vers, debut=jour(3), fin=jour(3, 15), numero=1)
    with pytest.raises(ErreurMetier, match="au moment de celle-ci : vendredi 9 octobre") as refus:
        confier(d.tuteur.contexte, d.tuteur.utilisateur.pk, vers_id=vers.pk, note="Tout va bien.")
    assert refus.value.champ == "vers"
    RendezVous.objects.filter(positionnement=prise).update(annule_le=timezone.now(), numero=2)
    confier(d.tuteur.contexte, d.tuteur.utilisateur.pk, vers_id=vers.pk, note="Tout va bien.")
    recus = par_personne(positionnement)
    assert recus[d.tuteur.utilisateur.courriel] == [("REQUEST", 0), ("CANCEL", 1)]
    assert recus[vers.courriel] == [("REQUEST", 2)]
    assert RendezVous.objects.get(positionnement=positionnement).tuteur == vers


def test_un_creneau_vient_d_etre_repris(distribution: Distribution) -> None:
    """What is moved is refused like what is fixed."""
    d = distribution
    rencontre_fixee(d)
    autre = transmis(d, creneaux=[jour(4)])
    with pytest.raises(CreneauRefuse, match="a déjà une autre rencontre le vendredi 9 octobre"):
        actions.reproposer(d.tuteur.contexte, autre.pk, creneaux=[jour(3)], lieu="Ici")
    with pytest.raises(CreneauRefuse, match="a déjà une autre rencontre le vendredi 9 octobre"):
        actions.contre_proposer(d.contexte_referent, autre.pk, creneaux=[jour(3)])


def test_le_contact_de_l_entreprise_est_averti_sans_etre_empeche(distribution: Distribution) -> None:
    """Another tutor's slot at the hour of a meeting the contact already has: said to both, refused to nobody."""
    d = distribution
    rencontre_fixee(d)
    jeune = d.jeune(d.tuteur_collegue)
    tenue = reserver(d.tuteur_collegue.contexte, d.offre_publiee().pk, jeune_id=jeune.pk)
    autre = actions.preparer(
        d.tuteur_collegue.contexte, tenue.pk, presentation="Aime le bois.", lieu="Ici", creneaux=[jour(3), jour(5)]
    )
    avis = "le contact de l’entreprise a déjà une rencontre à 14\xa0h ce jour-là"
    with coulisses.fermees():
        apercu = d.tuteur_collegue.client().get(f"/propositions/{autre.pk}/apercu/").content.decode()
    assert apercu.count(avis) == 1
    actions.transmettre(d.tuteur_collegue.contexte, autre.pk)
    client, lien = ouvrir_lien(autre, d.referent)
    page = client.get(lien).content.decode()
    assert page.count(avis) == 1 and page.count("Je choisis") == 2
    premier = autre.creneaux.order_by("debut")[0]
    assert client.post(lien, {"geste": "accepter", "creneau": str(premier.pk)}).status_code == 302
    autre.refresh_from_db()
    assert autre.etat == "rencontre_fixee"


# --- An answer that may be taken back --------------------------------------------------------------


def test_une_acceptation_annulee_n_a_invite_personne(distribution: Distribution) -> None:
    """The tutor's time is taken meanwhile, and free again; no calendar ever heard of it."""
    d, accepte_ = distribution, accepte(distribution)
    assert RendezVous.objects.get().annule_le is None and parts(accepte_) == []
    revenir(d.contexte_referent, accepte_.pk)
    assert RendezVous.objects.get().annule_le is not None and parts(accepte_) == []
    actions.arreter(d.tuteur.contexte, accepte_.pk, motif="injoignable")
    assert parts(accepte_) == [], "rien à annuler : personne n'a été invité"


def test_un_refus_annule_ne_touche_a_aucun_agenda(distribution: Distribution) -> None:
    """Taken back, it never was; held, everybody is told once, with a number that grew."""
    d, fixee = distribution, rencontre_fixee(distribution)
    refus = {"motif": "dates", "precisions": "Non.", "apres_accord": True}
    actions.refuser(d.contexte_referent, fixee.pk, **refus)
    revenir(d.contexte_referent, fixee.pk)
    assert {tuple(recus) for recus in par_personne(fixee).values()} == {(("REQUEST", 0),)}
    rendez_vous = RendezVous.objects.get()
    assert rendez_vous.annule_le is None and rendez_vous.debut == jour(3)
    actions.refuser(d.contexte_referent, fixee.pk, **refus)
    acter(fixee.pk)
    assert {tuple(recus) for recus in par_personne(fixee).values()} == {(("REQUEST", 0), ("CANCEL", 3))}


def test_changee_dans_l_heure_les_agendas_ne_lisent_que_la_fin(distribution: Distribution) -> None:
    """Accepted then moved before anybody was told: one invitation, for the hour that holds."""
    d, propose = distribution, accepte(distribution)
    actions.contre_proposer(d.contexte_referent, propose.pk, creneaux=[jour(6, 9)], apres_accord=True)
    acter(propose.pk)
    assert parts(propose) == [] and not Message.objects.filter(code="parcours.reportee_jeune").exists()
    creneau = propose.creneaux.get(propose_par="entreprise")
    actions.choisir(d.tuteur.contexte, propose.pk, creneau_id=creneau.pk)
    assert {tuple(recus) for recus in par_personne(propose).values()} == {(("REQUEST", 2),)}


def test_une_rencontre_reportee_se_dit_au_jeune_une_fois(distribution: Distribution) -> None:
    d, fixee = distribution, rencontre_fixee(distribution)
    actions.contre_proposer(d.contexte_referent, fixee.pk, creneaux=[jour(6, 9)], apres_accord=True)
    acter(fixee.pk)
    dits = Message.objects.filter(jeune_id=fixee.jeune.pk, calendrier__contains="CANCEL")
    assert [message.code for message in dits] == ["parcours.reportee_jeune"]


@pytest.mark.parametrize("reprise", [True, False])
def test_les_dossiers_passent_pendant_qu_un_refus_est_tenu(distribution: Distribution, reprise: bool) -> None:
    """Taken back: out of the former tutor's calendar, into the new one's; the others read nothing. Held: out of those
    it was in. By then the former tutor may have another meeting at that hour.
    """
    d, fixee = distribution, rencontre_fixee(distribution)
    ancien, vers = d.tuteur.utilisateur, d.tuteur_collegue.utilisateur
    actions.refuser(d.contexte_referent, fixee.pk, motif="dates", precisions="Non.", apres_accord=True)
    confier(d.tuteur.contexte, ancien.pk, vers_id=vers.pk, note="Tout va bien.")
    assert {tuple(recus) for recus in par_personne(fixee).values()} == {(("REQUEST", 0),)}
    autre = rencontre_fixee(d, creneaux=[jour(4)])
    RendezVous.objects.filter(positionnement=autre).update(tuteur=ancien, debut=jour(3), fin=jour(3, 15), numero=1)
    if reprise:
        with coulisses.fermees(), identite.agir(d.contexte_referent, motif="essai"), transaction.atomic():
            revenir(d.contexte_referent, fixee.pk)
    else:
        acter(fixee.pk)
    recus = par_personne(fixee)
    rendez_vous = RendezVous.objects.get(positionnement=fixee)
    autres = {d.referent.courriel, d.acheteur.utilisateur.courriel, fixee.jeune.courriel}
    if reprise:
        assert recus[ancien.courriel] == [("REQUEST", 0), ("CANCEL", 2)] and recus[vers.courriel] == [("REQUEST", 3)]
        assert {tuple(recus[qui]) for qui in autres} == {(("REQUEST", 0),)}
        assert (rendez_vous.tuteur, rendez_vous.annule_le, rendez_vous.debut) == (vers, None, jour(3))
        (entree,) = [entree for message, _, entree in parts(fixee) if message.courriel == vers.courriel]
        invites = {str(invite) for invite in entree["attendee"]}
        assert f"mailto:{vers.courriel}" in invites and f"mailto:{ancien.courriel}" not in invites
    else:
        assert {tuple(recus[qui]) for qui in {*autres, ancien.courriel}} == {(("REQUEST", 0), ("CANCEL", 1))}
        assert vers.courriel not in recus and rendez_vous.annule_le is not None


def test_un_nouveau_tuteur_avant_que_l_on_sache(distribution: Distribution) -> None:
    """The files change hands within the hour: the former tutor was never invited, the new one is with the others."""
    d, propose = distribution, accepte(distribution)
    vers = d.tuteur_collegue.utilisateur
    confier(d.tuteur.contexte, d.tuteur.utilisateur.pk, vers_id=vers.pk, note="Tout va bien.")
    assert parts(propose) == []
    acter(propose.pk)
    recus = par_personne(propose)
    assert vers.courriel in recus and d.tuteur.utilisateur.courriel not in recus
