"""The only road to young people: the circle decides (conception §1.3)."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, Func, OuterRef, Prefetch, QuerySet, Subquery, UUIDField
from django.db.models.functions import Coalesce
from django.http import Http404

from raccord.comptes.enums import Role
from raccord.comptes.models import Adhesion, LienAction, Organisation
from raccord.comptes.noms import nommer
from raccord.echeances import acces as echeances
from raccord.echeances.models import Attente
from raccord.jeunes.attentes import REPONDRE_RETRAIT
from raccord.jeunes.complements import PIECES
from raccord.jeunes.enums import GENRES_HORS_DU_CERCLE, ROLES_DU_CERCLE, EtatFiche, Lecteurs
from raccord.jeunes.models import AccesJeune, DemandeRetrait, FicheContexte, Jeune, JeuneQuerySet, RepresentantLegal
from raccord.socle.contexte import Contexte
from raccord.socle.exceptions import ErreurMetier
from raccord.socle.lignes import ou_404
from raccord.socle.models import Journal
from raccord.territoires.models import ordre_francais

# What the young person reads of who looked: the file, the sheet, and the papers that `parcours` names.
VERBES_D_OUVERTURE = ("jeune.ouvrir", "fiche_contexte.ouvrir", "document.ouvrir")
OUVERTURES_MONTREES = 50
TROUVEES = 20


def jeunes_de(contexte: Contexte) -> JeuneQuerySet:
    """Young people whose file is open to this person, in alphabetical order: never ranked."""
    requete = Jeune.objects.order_by(*ordre_francais("nom"), *ordre_francais("prenom"), "pk")
    if contexte.role not in ROLES_DU_CERCLE:
        return requete.none()
    return requete.ouverts_a(contexte.organisation_id)


def jeune_visible(contexte: Contexte, jeune_id: UUID) -> Jeune:
    """The young person with what a page needs. Raises Http404 outside the circle."""
    return ou_404(
        jeunes_de(contexte)
        .filter(pk=jeune_id)
        .select_related("commune__departement__academie", "organisation", "tuteur")
        .prefetch_related(Prefetch("representants", RepresentantLegal.objects.order_by("pk")))
    )


def voit_identite(contexte: Contexte, jeune: Jeune) -> bool:
    """Whether this person may read the name."""
    return jeunes_de(contexte).filter(pk=jeune.pk).exists()


def designation(contexte: Contexte, jeune: Jeune) -> str:
    """'Camille Roy' for the circle, 'un jeune de 17 ans' for the others."""
    return f"{jeune.prenom} {jeune.nom}" if voit_identite(contexte, jeune) else f"un jeune de {jeune.age()} ans"


def suit(contexte: Contexte, jeune: Jeune) -> bool:
    """Whether this person's MLDS follows: it writes in the file and holds the circle. The others of it read."""
    return contexte.role == Role.TUTEUR and jeune.organisation_id == contexte.organisation_id


def jeune_suivi(contexte: Contexte, jeune_id: UUID) -> Jeune:
    """The young person for the MLDS that follows. Raises PermissionDenied for whoever only reads, Http404 else."""
    jeune = jeune_visible(contexte, jeune_id)
    if not suit(contexte, jeune):
        raise PermissionDenied
    return jeune


# --- The circle ------------------------------------------------------------------------------------


def cercle(jeune: Jeune) -> list[AccesJeune]:
    """Organisations that may open the file today, oldest grant first, each with the last request to close it."""
    demandes = Prefetch("retraits", DemandeRetrait.objects.order_by("-cree_le"))
    ouverts = jeune.acces.en_cours().select_related("organisation").prefetch_related(demandes).order_by("debut", "pk")
    attentes = Attente.objects.ouvertes().du_fil(jeune.pk).filter(code=REPONDRE_RETRAIT.code)
    echeances_dites = dict(attentes.values_list("objet_id", "echeance"))
    for acces in ouverts:
        demande = next(iter(acces.retraits.all()), None)
        if demande is not None:
            demande.echeance = echeances_dites.get(demande.pk)  # type: ignore[attr-defined]  # read by the pages
        acces.demande = demande  # type: ignore[attr-defined]
        acces.suit = acces.organisation_id == jeune.organisation_id  # type: ignore[attr-defined]
    return list(ouverts)


def acces_finis(jeune: Jeune) -> list[AccesJeune]:
    """Those that were withdrawn or ran out, latest first."""
    ouverts = AccesJeune.objects.en_cours().values("pk")
    finis = jeune.acces.exclude(pk__in=ouverts).select_related("organisation")
    return list(finis.order_by(Coalesce("revoque_le", "fin").desc(), "pk")[:TROUVEES])


def acces_suivi(contexte: Contexte, jeune_id: UUID, acces_id: UUID) -> AccesJeune:
    """An opening in force that the MLDS that follows may extend or withdraw. Raises PermissionDenied, Http404."""
    jeune = jeune_suivi(contexte, jeune_id)
    trouve = next((acces for acces in cercle(jeune) if acces.pk == acces_id), None)
    if trouve is None:
        raise Http404
    trouve.jeune = jeune
    return trouve


def organisations_possibles() -> QuerySet[Organisation]:
    """Those to which a file may be opened: a MLDS or a partner, where somebody can read it."""
    lecteurs = Adhesion.objects.actives().filter(organisation=OuterRef("pk"), role__in=ROLES_DU_CERCLE)
    return Organisation.objects.filter(Exists(lecteurs)).exclude(genre__in=GENRES_HORS_DU_CERCLE)


def organisation_possible(saisie: str) -> Organisation:
    """The one chosen in the list. Raises Http404 for anything else."""
    try:
        trouvee = organisations_possibles().filter(pk=UUID(saisie)).first()
    except ValueError:
        trouvee = None
    if trouvee is None:
        raise Http404
    return trouvee


def chercher_organisations(jeune: Jeune, mots: str) -> list[Organisation]:
    """Organisations not in the circle yet whose name holds every word, accents or not, in alphabetical order."""
    deja = AccesJeune.objects.en_cours().filter(jeune=jeune).values("organisation_id")
    trouvees = organisations_possibles().exclude(pk__in=deja).select_related("academie")
    for mot in mots.split():
        trouvees = trouvees.filter(nom__unaccent__icontains=mot)
    return list(trouvees.order_by(*ordre_francais("nom"), "pk")[:TROUVEES])


def demande_visible(contexte: Contexte, demande_id: UUID) -> DemandeRetrait:
    """A request, for the MLDS that follows. Raises Http404 for anybody else."""
    return ou_404(
        DemandeRetrait.objects.select_related("acces__organisation", "jeune__organisation", "jeune__tuteur").filter(
            pk=demande_id, jeune__in=Jeune.objects.suivis_par(contexte.organisation_id)
        )
    )


def ouvertures(jeune: Jeune, role: str) -> list[Journal]:
    """Who opened what of the file, latest first, each line with its `auteur`: organisations, and people of a MLDS."""
    objets = [jeune.pk, *(piece for trouver in PIECES for piece in trouver(jeune.pk))]
    lignes = Journal.objects.filter(fil__overlap=objets, verbe__in=VERBES_D_OUVERTURE).visibles_par(role)
    return nommer(lignes.order_by("-le", "-id")[:OUVERTURES_MONTREES], contacts=False)


# --- By a link -------------------------------------------------------------------------------------


class LienFerme(ErreurMetier):
    """Ce lien n'est plus ouvert : le jeune est majeur, ou vous n'êtes plus noté comme son représentant légal."""

    statut = 410


def representant_du(lien: LienAction) -> RepresentantLegal | None:
    """The holder of a legal representative's link, while the young person's file names them."""
    if lien.representant_id is None:
        return None
    return RepresentantLegal.objects.select_related("jeune").filter(pk=lien.representant_id).first()


def jeune_du_lien(lien: LienAction) -> Jeune:
    """Whose file a link is about: the holder's own, or that of the minor they sign for.

    Raises LienFerme for a representative once 18 is reached, Http404 when it was made for somebody else.
    """
    porteur = lien.jeune_id
    if lien.representant_id is not None:
        representant = representant_du(lien)
        if representant is None or not representant.jeune.mineur:
            raise LienFerme
        porteur = representant.jeune_id
    if porteur != lien.objet_id:
        raise Http404
    return ou_404(Jeune.objects.select_related("organisation", "tuteur").filter(pk=porteur))


def est_a_moi(contexte: Contexte, jeune: Jeune) -> bool:
    """Whether the file is this person's own, or that of a minor they sign for."""
    if contexte.jeune_id:
        return contexte.jeune_id == jeune.pk
    parent = contexte.representant_id
    return parent is not None and jeune.mineur and jeune.representants.filter(pk=parent).exists()


# --- The sheet -------------------------------------------------------------------------------------


def fiche_en_vigueur(jeune_id: UUID, lecteurs: Lecteurs | None = None) -> FicheContexte | None:
    """The sheet that holds today, shown to these readers at least."""
    fiches = FicheContexte.objects.en_vigueur().filter(jeune_id=jeune_id)
    return (fiches.filter(lecteurs=lecteurs) if lecteurs else fiches).first()


def brouillon_de(jeune_id: UUID) -> FicheContexte | None:
    """The tutor's draft that the young person has not dealt with."""
    return FicheContexte.objects.filter(jeune_id=jeune_id, etat=EtatFiche.PROPOSEE).first()


# --- Waits and names -------------------------------------------------------------------------------


def par_prochaine_attente(jeunes: JeuneQuerySet) -> JeuneQuerySet:
    """The same, those for whom something is due soonest first; then in alphabetical order."""
    le_jeune = Func(OuterRef("pk"), template="ARRAY[%(expressions)s]", output_field=ArrayField(UUIDField()))
    attentes = Attente.objects.ouvertes().filter(fil__contains=le_jeune)
    alphabetique = jeunes.query.order_by
    return jeunes.annotate(prochaine=Subquery(attentes.values("echeance")[:1])).order_by(
        F("prochaine").asc(nulls_last=True), *alphabetique
    )


def prochaines_attentes(jeunes: Sequence[Jeune]) -> dict[UUID, Attente]:
    """The open wait that is due soonest for each, in one query."""
    ids = {jeune.pk for jeune in jeunes}
    trouvees: dict[UUID, Attente] = {}
    for attente in Attente.objects.ouvertes().filter(fil__overlap=list(ids)) if ids else ():
        for jeune_id in ids.intersection(attente.fil):
            trouvees.setdefault(jeune_id, attente)
    return trouvees


def noms(contexte: Contexte, ids: Collection[UUID]) -> dict[UUID, str]:
    """'Camille Roy' for each of these whose file is open to this person; one query whatever their number."""
    ouverts = jeunes_de(contexte).filter(pk__in=ids).values_list("pk", "prenom", "nom")
    return {pk: f"{prenom} {nom}" for pk, prenom, nom in ouverts}


# `echeances` stands below and may not import us: 'Ma journée' asks here whom a wait is about.
echeances.NOMS.append(noms)
