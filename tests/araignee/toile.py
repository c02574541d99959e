"""The crawl: from the start page, every link, every form in every manner, and what nobody should have seen."""

import copy
import logging
import re
import zlib
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit
from uuid import UUID

from bs4 import BeautifulSoup
from django.conf import settings
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone

from raccord.comptes import liens
from raccord.comptes.intergiciel import CLE_SESSION
from raccord.comptes.models import Adhesion
from raccord.demo.acces import CLE_DISPENSE, adhesions_fictives
from raccord.echeances.models import Message
from tests.araignee.oracle import Oracle, Qui
from tests.araignee.saisies import HONNETES, HOSTILES, Ailleurs, Champ, Formulaire, Valeurs, formulaires, remplir

ACCUEIL = "/"
HOTES = {"", "testserver", "localhost", urlsplit(settings.ADRESSE_PUBLIQUE).hostname}
LIEN = re.compile(r"https?://[^/\s]+(/[^\s]*)")
# Screens of one address that differ as two addresses would.
PARAMETRES_D_ECRAN = {"ecran", "geste", "etape", "onglet"}
# The demonstration shows everybody's letters to whoever tries it; none of it exists elsewhere.
SANS_ORACLE = {"demo"}


@dataclass
class Acteur:
    """Somebody who looks: by an account, by a link, or as anybody."""

    nom: str
    depart: str
    client: Client
    qui: Qui = field(default_factory=Qui)


@dataclass(frozen=True)
class Limites:
    """How far it goes: pages of one address, sendings of one form in one manner, per person."""

    pages: int = 2
    envois: int = 1
    hostiles: int = len(HOSTILES)


class _Traces(logging.Handler):
    """What was logged."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lignes: list[tuple[bool, str]] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Whether it tells a breakdown, and its words."""
        panne = record.levelno >= logging.ERROR or record.exc_info is not None
        self.lignes.append((panne, f"{record.getMessage()} {record.exc_info[1] if record.exc_info else ''}"))


class Araignee:
    """One crawl of one territory; `defauts` says what is wrong, in words, once for each kind.

    `sauf`: names of addresses whose forms are not sent.
    """

    def __init__(self, limites: Limites, graine: int = 1, sauf: frozenset[str] = frozenset()) -> None:
        self.limites, self.oracle, self.sauf = limites, Oracle(), sauf
        self.ailleurs = Ailleurs(graine, timezone.localdate())
        self.defauts: dict[str, str] = {}
        self.comptes: dict[str, Counter[str]] = {}
        self.formes: dict[str, dict[str, Champ]] = {}
        self._formes: Counter[tuple[object, ...]] = Counter()

    def parcourir(self, acteurs: list[Acteur]) -> None:
        """Each in turn; nobody's gestures stay."""
        traces = _Traces()
        logging.getLogger().addHandler(traces)
        try:
            for acteur in acteurs:
                self._visiter(acteur)
                for panne, ligne in traces.lignes:
                    if panne or self.oracle.motif.search(ligne.lower()):
                        self._defaut(acteur, f"trace : {ligne[:300]}", "")
                traces.lignes.clear()
        finally:
            logging.getLogger().removeHandler(traces)

    def _visiter(self, acteur: Acteur) -> None:
        compte = self.comptes.setdefault(acteur.qui.role, Counter())
        compte["personnes"] += 1
        file, deja, ouvertes = deque([(acteur.depart, "")]), {acteur.depart}, Counter[str]()
        while file:
            adresse, depuis = file.popleft()
            if not self._encore(ouvertes, _cle(adresse)):
                continue
            for suite in self._ouvrir(acteur, adresse, depuis, ouvertes):
                if suite not in deja:
                    deja.add(suite)
                    file.append((suite, adresse))

    def _encore(self, ouvertes: Counter[str], cle: str) -> bool:
        ouvertes[cle] += 1
        return ouvertes[cle] <= self.limites.pages

    def _ouvrir(self, acteur: Acteur, adresse: str, depuis: str, ouvertes: Counter[str]) -> Iterator[str]:
        """One page: where it leads, by its links and its searches. What nobody showed (a dead link) may be refused."""
        compte = self.comptes[acteur.qui.role]
        compte["pages"] += 1
        reponse = self._demander(acteur, "get", adresse, {}, f"lien de {depuis}", montre=bool(depuis))
        soupe = _soupe(reponse) if reponse is not None else None
        if soupe is None:
            return
        for lien in _liens(soupe, adresse):
            compte["liens"] += 1
            yield lien
        for fragment in _liens(soupe, adresse, "hx-get"):
            if self._encore(ouvertes, f"fragment {_cle(fragment)}"):
                compte["fragments"] += 1
                self._demander(acteur, "get", fragment, {}, f"fragment de {adresse}", montre=True, fragment=True)
        for formulaire in formulaires(soupe, adresse):
            compte["formulaires"] += 1
            yield from self._envoyer(acteur, formulaire, adresse, compte)

    def _envoyer(self, acteur: Acteur, formulaire: Formulaire, ici: str, compte: Counter[str]) -> Iterator[str]:
        """In every manner, undone each time. A search leads to pages: those are told."""
        adresse = _chez_soi(formulaire.adresse, ici)
        if adresse is None or _cle(adresse) in self.sauf:
            return
        self.formes.setdefault(_cle(adresse).partition("|")[0], {}).update(formulaire.champs)
        envoyes: list[Valeurs] = []
        for maniere in self._manieres(formulaire):
            valeurs = remplir(formulaire, maniere, self.ailleurs)
            if valeurs in envoyes:
                continue  # a lone button is pressed once, whatever the manner
            envoyes.append(valeurs)
            forme = (acteur.qui.role, _cle(adresse), formulaire.forme, maniere)
            if self._formes[forme] >= self.limites.envois:
                continue
            self._formes[forme] += 1
            compte["envois"] += 1
            if formulaire.methode == "get":
                nue = adresse.partition("?")[0]
                requete = urlencode(valeurs, doseq=True)
                self._demander(acteur, "get", f"{nue}?{requete}", {}, f"formulaire {maniere} de {ici}")
                if maniere == "tel quel":
                    yield f"{nue}?{requete}"
                continue
            self._poster(acteur, adresse, valeurs, f"formulaire {maniere} {formulaire.bouton} de {ici}", maniere)

    def _manieres(self, formulaire: Formulaire) -> Iterator[str]:
        """As shown and filled in; of the hostile ones as many as allowed, by turns."""
        yield from HONNETES
        rang = zlib.crc32(repr(formulaire.forme).encode())
        yield from (HOSTILES[(rang + i) % len(HOSTILES)] for i in range(self.limites.hostiles))

    def _poster(self, acteur: Acteur, adresse: str, valeurs: dict[str, object], origine: str, maniere: str) -> None:
        biscuits = copy.deepcopy(acteur.client.cookies)
        with transaction.atomic():
            montre = maniere == "tel quel"
            reponse = self._demander(acteur, "post", adresse, valeurs, origine, montre=montre)
            suite = _chez_soi(reponse["Location"], adresse) if reponse and reponse.has_header("Location") else None
            if suite:
                self._demander(acteur, "get", suite, {}, f"suite de {adresse}, {origine}", montre=True)
            transaction.set_rollback(True)
        acteur.client.cookies = biscuits

    def _demander(
        self,
        acteur: Acteur,
        methode: str,
        adresse: str,
        valeurs: dict[str, object],
        origine: str,
        *,
        montre: bool = False,
        fragment: bool = False,
    ) -> HttpResponse | None:
        try:
            entetes = {"HX-Request": "true"} if fragment else {}
            reponse = getattr(acteur.client, methode)(adresse, valeurs, headers=entetes)
        except Exception as panne:  # whatever breaks is what is looked for
            self._defaut(acteur, f"{methode} {_cle(adresse)} : {type(panne).__name__} {panne}"[:400], origine)
            return None
        ou = f"{adresse}, {origine}"
        statut = reponse.status_code
        if statut >= 500:
            cause = reponse.exc_info[1] if getattr(reponse, "exc_info", None) else ""
            self._defaut(acteur, f"{methode} {_cle(adresse)} répond {statut} : {cause!r}"[:400], ou)
        if montre and (statut == 404 or (methode == "get" and statut in (403, 405, 410, 429))):
            self._defaut(acteur, f"lien cassé : {methode} {_cle(adresse)} répond {statut}", ou)
        if statut >= 400 and b'lang="fr"' not in reponse.content[:300] and not fragment:
            self._defaut(acteur, f"refus sans page : {methode} {_cle(adresse)} répond {statut}", ou)
        if _cle(adresse).split(":")[0] not in SANS_ORACLE:
            contenu = b"".join(reponse.streaming_content) if reponse.streaming else reponse.content
            if etrangers := self.oracle.etrangers(_regard(acteur), contenu):
                self._defaut(acteur, f"donnée d'autrui : {acteur.qui.role} lit {_cle(adresse)}", f"{ou} : {etrangers}")
        return reponse

    def _defaut(self, acteur: Acteur, quoi: str, ou: str) -> None:
        quoi = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "<id>", quoi)
        if quoi not in self.defauts:
            self.comptes[acteur.qui.role]["defauts"] += 1
            self.defauts[quoi] = f"{acteur.nom}, {ou}"


def _regard(acteur: Acteur) -> Qui:
    """Whoever the session is now: a form may have changed organisation, or gone out."""
    if acteur.qui.role in ("jeune", "representant", "entreprise") or acteur.nom.startswith("lien "):
        return acteur.qui
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT role, organisation_id FROM comptes_adhesion WHERE id::text = %s",
            [str(acteur.client.session.get(CLE_SESSION, ""))],
        )
        ligne = curseur.fetchone()
    return Qui(*ligne) if ligne else Qui()


def _soupe(reponse: HttpResponse) -> BeautifulSoup | None:
    if reponse.streaming or "text/html" not in reponse.headers.get("Content-Type", ""):
        return None
    return BeautifulSoup(reponse.content.decode(), "html.parser")


def _liens(soupe: BeautifulSoup, ici: str, attribut: str = "href") -> Iterator[str]:
    for balise in soupe.find_all(attrs={attribut: True}):
        lien = _chez_soi(str(balise[attribut]), ici)
        # What the demonstration's letters lead to is walked by whoever received them.
        if lien and not (ici.startswith("/demo/") and lien.startswith("/lien/")):
            yield lien


def _chez_soi(adresse: str, ici: str) -> str | None:
    """The path and query on this site; nothing for elsewhere."""
    morceaux = urlsplit(urldefrag(urljoin(ici, adresse)).url)
    if morceaux.scheme not in ("", "http", "https") or morceaux.hostname not in {*HOTES, None}:
        return None
    if morceaux.path.startswith(settings.STATIC_URL) or morceaux.path.startswith("/static/"):
        return None
    return morceaux.path + (f"?{morceaux.query}" if morceaux.query else "")


def _cle(adresse: str) -> str:
    """Fifty rows of a list are one address: its name, the names of its parameters, the screen it shows."""
    chemin, _, requete = adresse.partition("?")
    try:
        nom = resolve(chemin).view_name
    except Resolver404:
        return f"inconnue {chemin}"
    parametres = parse_qsl(requete, keep_blank_values=True)
    ecrans = [f"{cle}={valeur}" if cle in PARAMETRES_D_ECRAN else cle for cle, valeur in parametres]
    return "|".join([nom, *sorted(set(ecrans))])


# --- Who -------------------------------------------------------------------------------------------


def visiteur() -> Acteur:
    """Anybody."""
    return Acteur("visiteur", ACCUEIL, Client(raise_request_exception=False))


def comptes(par_role: int) -> Iterator[Acteur]:
    """Accounts of the demonstration, entered as its page does: per role, administrators and others apart."""
    vus: Counter[tuple[str, bool]] = Counter()
    for adhesion in adhesions_fictives().select_related("utilisateur").order_by("debut", "pk"):
        vus[adhesion.role, adhesion.administrateur] += 1
        if vus[adhesion.role, adhesion.administrateur] <= par_role:
            yield _compte(adhesion)


def _compte(adhesion: Adhesion) -> Acteur:
    client = Client(raise_request_exception=False)
    client.force_login(adhesion.utilisateur, backend="sesame.backends.ModelBackend")
    session = client.session
    session[CLE_SESSION], session[CLE_DISPENSE] = str(adhesion.pk), True
    session.save()
    nom = f"{adhesion.role} {str(adhesion.pk)[:8]}"
    return Acteur(nom, ACCUEIL, client, Qui(str(adhesion.role), adhesion.organisation_id))


def porteurs(par_action: int) -> Iterator[Acteur]:
    """Holders of links, found as they find them: in their letters. Per kind of link and of holder, latest first."""
    vus: Counter[tuple[str, str, bool]] = Counter()
    for corps in Message.objects.order_by("-cree_le", "pk").values_list("corps", flat=True):
        for adresse in LIEN.findall(corps):
            jeton = adresse.rstrip("/").rpartition("/")[2]
            lien = liens.lire(jeton) if adresse.startswith("/lien/") else None
            if lien is None:
                continue
            vus[lien.action, lien.role, lien.valide] += 1
            if vus[lien.action, lien.role, lien.valide] <= par_action:
                chez: UUID | None = lien.contact.organisation_id if lien.contact else None
                qui = Qui(str(lien.role), chez, lien.jeune_id, lien.representant_id)
                nom = f"lien {lien.action} {str(lien.pk)[:8]}"
                yield Acteur(nom, adresse, Client(raise_request_exception=False), qui)
