"""Who acts for an organisation, in which role, and who stands in for them."""

import uuid
from typing import Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, OuterRef, Q
from django.utils import timezone

from raccord.comptes.enums import Role
from raccord.comptes.models.compte import Utilisateur
from raccord.comptes.models.organisation import Organisation
from raccord.socle import calendrier
from raccord.socle.models import Identifie, ObjetSuivi

# A role that ends or changes ends the sessions opened under it: they are tied to the unusable password (`actions`).
FIN_DE_SESSION = pgtrigger.Trigger(
    name="fin_de_session",
    when=pgtrigger.After,
    operation=pgtrigger.UpdateOf("role", "fin", "organisation_id", "utilisateur_id") | pgtrigger.Delete,  # type: ignore[no-untyped-call]  # pgtrigger does not type it
    func="""
        UPDATE comptes_utilisateur SET password = '!' || replace(gen_random_uuid()::text, '-', '')
        WHERE id = OLD.utilisateur_id;
        RETURN NULL;
    """,
)


class AdhesionQuerySet(models.QuerySet["Adhesion"]):
    """Memberships."""

    def actives(self) -> Self:
        """Those that have not ended, of accounts that are open."""
        return self.filter(fin__isnull=True, utilisateur__is_active=True)

    def pour_agir(self) -> Self:
        """With what a context is made of: the organisation, and the absent colleagues this person stands in for."""
        absents = Absence.objects.en_cours().filter(suppleant_id=OuterRef("pk")).values("adhesion__utilisateur_id")
        return self.select_related("organisation").annotate(absents=ArraySubquery(absents))


AdhesionManager = models.Manager.from_queryset(AdhesionQuerySet)


class AdhesionsActives(AdhesionManager["Adhesion"]):
    """What everybody asks for: nobody acts under a membership that has ended."""

    def get_queryset(self) -> AdhesionQuerySet:
        """Active memberships only."""
        return AdhesionQuerySet(self.model, using=self._db).actives()


class Adhesion(Identifie):
    """A person acts for an organisation in one role, from a date to a date. `toutes` shows those that have ended too.

    An administrator looks after the members. An organisation that has administrators always keeps one: PostgreSQL
    makes those who leave at the same instant wait for each other, and refuses the last.
    """

    utilisateur = models.ForeignKey(Utilisateur, models.CASCADE, related_name="adhesions")
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="adhesions")
    role = models.CharField("rôle", max_length=16, choices=Role)
    administrateur = models.BooleanField("administrateur", default=False)
    debut = models.DateTimeField(default=timezone.now)
    fin = models.DateTimeField(null=True, blank=True)

    objects = AdhesionsActives()
    toutes = AdhesionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["utilisateur", "organisation", "role"],
                condition=models.Q(fin__isnull=True),
                name="adhesion_active_unique",
                violation_error_message="Cette personne a déjà ce rôle dans cette organisation.",
            ),
            models.CheckConstraint(
                condition=Q(fin__isnull=True) | Q(administrateur=False),
                name="adhesion_finie_n_administre_pas",
                violation_error_message="Une adhésion terminée n'administre plus.",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="dernier_administrateur",
                level=pgtrigger.Row,
                when=pgtrigger.After,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                    IF NOT OLD.administrateur OR (TG_OP = 'UPDATE' AND NEW.administrateur
                        AND NEW.organisation_id = OLD.organisation_id) THEN
                        RETURN NULL;
                    END IF;
                    PERFORM 1 FROM comptes_organisation WHERE id = OLD.organisation_id FOR NO KEY UPDATE;
                    IF NOT EXISTS (
                        SELECT FROM comptes_adhesion autre
                        JOIN comptes_utilisateur qui ON qui.id = autre.utilisateur_id AND qui.is_active
                        WHERE autre.organisation_id = OLD.organisation_id AND autre.administrateur
                          AND autre.fin IS NULL AND autre.id <> OLD.id
                    ) THEN
                        RAISE EXCEPTION 'dernier administrateur' USING ERRCODE = 'check_violation',
                            CONSTRAINT = 'adhesion_dernier_administrateur';
                    END IF;
                    RETURN NULL;
                """,
            ),
            FIN_DE_SESSION,
        ]
        verbose_name = "adhésion"

    def __str__(self) -> str:
        return f"Adhésion {self.pk}"


class AbsenceQuerySet(models.QuerySet["Absence"]):
    """Absences."""

    def en_cours(self) -> Self:
        """Today is one of their days."""
        jour = calendrier.aujourdhui()
        return self.a_venir().filter(debut__lte=jour)

    def a_venir(self) -> Self:
        """Not over, nor called off."""
        return self.filter(fin__gte=calendrier.aujourdhui(), annulee_le__isnull=True)


class Absence(ObjetSuivi):
    """A planned absence: from a day to a day, both included, a colleague in the same role sees and does what waits."""

    adhesion = models.ForeignKey(Adhesion, models.CASCADE, related_name="absences")
    suppleant = models.ForeignKey(Adhesion, models.CASCADE, related_name="suppleances")
    debut = models.DateField("premier jour d'absence")
    fin = models.DateField("dernier jour d'absence")
    annulee_le = models.DateTimeField(null=True)

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(debut__lte=F("fin")),
                name="absence_dates",
                violation_error_message="Le dernier jour vient après le premier.",
                violation_error_code="fin",
            ),
            models.CheckConstraint(
                condition=~Q(adhesion=F("suppleant")),
                name="absence_un_autre",
                violation_error_message="Choisissez un collègue.",
                violation_error_code="suppleant",
            ),
            ExclusionConstraint(
                name="absence_une_a_la_fois",
                expressions=[
                    ("adhesion", RangeOperators.EQUAL),
                    (
                        Func(
                            "debut",
                            "fin",
                            RangeBoundary(inclusive_lower=True, inclusive_upper=True),
                            function="DATERANGE",
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(annulee_le__isnull=True),
                violation_error_message="Une absence est déjà prévue à ces dates : annulez-la d'abord.",
                violation_error_code="debut",
            ),
        ]
        verbose_name = "absence"

    def __str__(self) -> str:
        return f"Absence {self.pk}"

    def fil(self) -> list[uuid.UUID]:
        """Shown on the organisation's timeline."""
        return [self.pk, self.adhesion.organisation_id]
