"""The only road to young people: the circle decides (conception §1.3)."""

from collections.abc import Collection, Sequence
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Func, OuterRef, Prefetch, Subquery, UUIDField
from django.http import Http404

from raccord.comptes.enums import Role
from raccord.echeances import acces as echeances
from raccord.echeances.models import Attente
from raccord.jeunes.models import AccesJeune, Jeune, JeuneQuerySet, RepresentantLegal
from raccord.socle.contexte import Contexte
from raccord.territoires.models import ordre_francais

# A coordinator and a buyer work without identities; the national team only with a grant of its own.
ROLES_DU_CERCLE = frozenset({Role.TUTEUR, Role.NATIONAL})


def jeunes_de(contexte: Contexte) -> JeuneQuerySet:
    """Young people whose file is open to this person, in alphabetical order: never ranked."""
    requete = Jeune.objects.order_by(*ordre_francais("nom"), *ordre_francais("prenom"), "pk")
    if contexte.role not in ROLES_DU_CERCLE:
        return requete.none()
    return requete.ouverts_a(contexte.organisation_id)


def jeune_visible(contexte: Contexte, jeune_id: UUID) -> Jeune:
    """The young person with what a page needs. Raises Http404 outside the circle."""
    jeune = (
        jeunes_de(contexte)
        .filter(pk=jeune_id)
        .select_related("commune__departement__academie", "organisation", "tuteur")
        .prefetch_related(Prefetch("representants", RepresentantLegal.objects.order_by("pk")))
        .first()
    )
    if jeune is None:
        raise Http404
    return jeune


def voit_identite(contexte: Contexte, jeune: Jeune) -> bool:
    """Whether this person may read the name."""
    return jeunes_de(contexte).filter(pk=jeune.pk).exists()


def designation(contexte: Contexte, jeune: Jeune) -> str:
    """'Camille Roy' for the circle, 'un jeune de 17 ans' for the others."""
    return f"{jeune.prenom} {jeune.nom}" if voit_identite(contexte, jeune) else f"un jeune de {jeune.age()} ans"


def cercle(jeune: Jeune) -> list[AccesJeune]:
    """Organisations that may open the file today, oldest grant first."""
    return list(jeune.acces.en_cours().select_related("organisation").order_by("debut", "pk"))


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
