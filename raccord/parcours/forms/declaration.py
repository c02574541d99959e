"""Pages of the buyer's declaration: the contract, its lots, the hours, the offer. No rule here."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django import forms as django_forms

from raccord.comptes.enums import Domaine, GenreOrganisation
from raccord.comptes.models import Organisation, Utilisateur
from raccord.marches.acces import LigneEngagement
from raccord.marches.actions.brouillon import Contrat, LotSaisi
from raccord.marches.actions.correction import VIVANTS, Correction, champ_heures
from raccord.marches.calibration import MENU, OBJECTIFS, Proposition, equivalence
from raccord.marches.contacts import Coordonnees
from raccord.marches.models import Lot, Marche
from raccord.parcours.actions.declaration import OffreSaisie
from raccord.parcours.forms.saisies import coordonnees, en_boites, poser_choix
from raccord.parcours.models import Offre
from raccord.socle import forms
from raccord.territoires.forms import ChampCommune

LOTS_MAXIMUM = 50
AIDE_HEURES = (
    "Si le montant change, le barème peut proposer moins. Plus court est permis, plus long non ; et seulement tant "
    "qu’aucun jeune n’est attendu."
)


# --- 1. The contract -------------------------------------------------------------------------------


class ContratForm(forms.VersionMixin):
    """The contract as its notification says it."""

    sections: ClassVar[Sequence[forms.Section]] = (
        forms.Section("Le marché", ("acheteur", "reference", "objet", "objet_detaille", "montant_ferme")),
        forms.Section(
            "Les dates",
            ("date_notification", "date_fin_clause", "date_fin_reconduction"),
            "Les heures se font pendant la période ferme, qui dure au moins un an.",
        ),
        forms.Section(
            "La personne qui suit le marché",
            ("suivi", "contact_nom", "contact_fonction", "contact_courriel", "contact_telephone"),
            "Elle reçoit une copie de chaque étape. Ce peut être quelqu’un du service prescripteur.",
        ),
    )

    acheteur = forms.ChampChoix(label="Acheteur", widget=django_forms.Select)
    reference = forms.ChampTexte(
        label="Référence du marché", max_length=60, taille="moyen", required=False, help_text="Votre numéro interne."
    )
    objet = forms.ChampTexte(label="Objet du marché", help_text="En quelques mots, comme dans l’avis.")
    objet_detaille = forms.ChampTexteLong(
        label="Objet détaillé", help_text="Ce que l’entreprise fait, où, et pour qui : cela aide à imaginer les tâches."
    )
    montant_ferme = forms.ChampMontant(
        label="Montant de la période ferme, en euros hors taxes",
        required=False,
        maxi=999_999_999_999,
        help_text="Il sert à proposer une durée. Si le marché a des lots, le montant de chacun est demandé ensuite. "
        "S’il n’est pas connu (accord-cadre à bons de commande), laissez vide : vous choisirez la durée.",
    )
    date_notification = forms.ChampDate(label="Date de notification")
    date_fin_clause = forms.ChampDate(
        label="Fin de la période ferme", help_text="Sans les reconductions : les heures sont à faire avant ce jour."
    )
    date_fin_reconduction = forms.ChampDate(
        label="Fin, reconductions comprises", help_text="La même date s’il n’y a pas de reconduction."
    )
    suivi = forms.ChampChoix(label="Qui suit ce marché ?")
    contact_nom = forms.ChampTexte(label="Son nom et son prénom", max_length=150, required=False)
    contact_fonction = forms.ChampTexte(label="Sa fonction", max_length=150, required=False)
    contact_courriel = forms.ChampCourriel(label="Son courriel", required=False)
    contact_telephone = forms.ChampTelephone(label="Son téléphone", required=False)

    def __init__(
        self, *args: Any, national: bool = False, suivi_par: Utilisateur | None = None, moi: UUID | None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        choix: list[tuple[str, str]] = [("moi", "Moi")] if not national else []
        if suivi_par is not None and suivi_par.pk != moi:
            choix.append(("inchange", suivi_par.nom_complet))
        choix.append(
            (
                "contact",
                forms.Libelle(
                    "Une autre personne", "Donnez ses coordonnées ci-dessous : elle n’a pas besoin de compte."
                ),
            )
        )
        poser_choix(self, "suivi", choix)
        for nom in ("contact_nom", "contact_courriel"):
            self.fields[nom].selon_reponse = True  # type: ignore[attr-defined]  # read by the label
        if national:
            acheteurs = Organisation.objects.filter(genre=GenreOrganisation.ACHETEUR).order_by("nom", "pk")
            noms = [(str(pk), nom) for pk, nom in acheteurs.values_list("pk", "nom")]
            poser_choix(self, "acheteur", [("", "Choisir"), *noms])
        else:
            del self.fields["acheteur"]

    def contrat(self) -> Contrat:
        """What the action takes."""
        propres = self.cleaned_data
        return Contrat(
            acheteur_id=UUID(propres["acheteur"]) if propres.get("acheteur") else None,
            suivi=propres["suivi"],
            contact=coordonnees(propres, "contact"),
            **{
                champ: propres[champ]
                for champ in (
                    "reference",
                    "objet",
                    "objet_detaille",
                    "montant_ferme",
                    "date_notification",
                    "date_fin_clause",
                    "date_fin_reconduction",
                )
            },
        )

    @staticmethod
    def valeurs_de(marche: Marche | None, moi: UUID | None) -> dict[str, Any]:
        """Initial values read from the row."""
        if marche is None:
            return {"suivi": "moi"}
        suivi = "contact" if marche.contact else "moi" if marche.suivi_par_id == moi else "inchange"
        return {
            "acheteur": str(marche.acheteur_id),
            "reference": marche.reference,
            "objet": marche.objet,
            "objet_detaille": marche.objet_detaille,
            "montant_ferme": marche.montant_ferme,
            "date_notification": marche.date_notification,
            "date_fin_clause": marche.date_fin_clause,
            "date_fin_reconduction": marche.date_fin_reconduction,
            "suivi": suivi,
            **en_boites(Coordonnees.de(marche.contact), "contact"),
        }


class CorrectionForm(ContratForm):
    """The contract once it is sent: the same page, the amounts of its lots, and the hours of each company."""

    def __init__(self, *args: Any, lignes: Sequence[LigneEngagement], lots: Sequence[Lot], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields.pop("acheteur", None)
        self.lots = [lot for lot in lots if lot.numero]
        self.vivants = [ligne for ligne in lignes if ligne.engagement.etat in VIVANTS]
        if self.lots:
            self.fields["montant_ferme"].help_text = "Le marché a des lots : ce sont leurs montants qui comptent."
        for lot in self.lots:
            champ = forms.ChampMontant(
                label=f"Montant ferme du lot {lot.numero}, en euros hors taxes", required=False, maxi=999_999_999_999
            )
            self.fields[f"montant_{lot.numero}"] = champ
        for ligne in self.vivants:
            self.fields[champ_heures(ligne.engagement.pk)] = self._heures(ligne)
        titre, champs, aide = self.sections[0].titre, self.sections[0].champs, self.sections[0].aide
        montants = tuple(f"montant_{lot.numero}" for lot in self.lots)
        heures = tuple(champ_heures(ligne.engagement.pk) for ligne in self.vivants)
        self.sections = (  # type: ignore[misc]  # these depend on the contract
            forms.Section(titre, (*champs, *montants), aide),
            self.sections[1],
            forms.Section("Les heures", heures, AIDE_HEURES),
            self.sections[2],
        )

    @staticmethod
    def _heures(ligne: LigneEngagement) -> forms.ChampChoix:
        designation = f" ({ligne.designation})" if ligne.designation else ""
        champ = forms.ChampChoix(label=f"Heures dues par {ligne.engagement.entreprise.nom}{designation}")
        champ.choices = [(str(heures), f"{heures} h") for heures in MENU]
        return champ

    def correction(self) -> Correction:
        """What the action takes."""
        propres = self.cleaned_data
        return Correction(
            contrat=self.contrat(),
            montants={lot.numero: propres[f"montant_{lot.numero}"] for lot in self.lots},
            heures={ligne.engagement.pk: int(propres[champ_heures(ligne.engagement.pk)]) for ligne in self.vivants},
        )

    @staticmethod
    def valeurs(
        marche: Marche, lignes: Sequence[LigneEngagement], lots: Sequence[Lot], moi: UUID | None
    ) -> dict[str, Any]:
        """Initial values read from the rows."""
        return (
            ContratForm.valeurs_de(marche, moi)
            | {f"montant_{lot.numero}": lot.montant_ferme for lot in lots}
            | {champ_heures(ligne.engagement.pk): str(ligne.engagement.heures) for ligne in lignes}
        )


# --- 2. Lots and companies -------------------------------------------------------------------------


class TitulaireForm(forms.Formulaire):
    """The company that holds a contract which is not divided."""

    siret = forms.ChampSiret(
        label="SIRET de l’entreprise", help_text="14 chiffres, sur l’acte d’engagement ou une facture."
    )
    nom = forms.ChampTexte(label="Nom de l’entreprise")

    def lot(self) -> LotSaisi:
        """What the action takes: number 0 says 'not divided'."""
        return LotSaisi(numero=0, siret=self.cleaned_data["siret"], nom=self.cleaned_data["nom"])


class LotForm(TitulaireForm):
    """A lot and the company that holds it."""

    field_order = ("numero", "intitule", "montant_ferme", "siret", "nom")
    numero = forms.ChampNombre(label="Numéro du lot", entier=True, mini=1, maxi=999)
    intitule = forms.ChampTexte(label="Intitulé du lot", required=False)
    montant_ferme = forms.ChampMontant(
        label="Montant ferme du lot, en euros hors taxes",
        required=False,
        maxi=999_999_999_999,
        help_text="S’il n’est pas connu, laissez vide : vous choisirez la durée.",
    )

    def lot(self) -> LotSaisi:
        """What the action takes."""
        return LotSaisi(**{champ: self.cleaned_data[champ] for champ in self.field_order})


class MutualiserForm(forms.Formulaire):
    """What to do of several lots of one company."""

    mutualiser = forms.ChampChoix(
        label="Si une entreprise a plusieurs lots",
        choices=(
            ("non", forms.Libelle("Un parcours par lot", "Chaque lot accueille un jeune.")),
            ("oui", forms.Libelle("Un seul parcours", "Les montants des lots de la même entreprise s’additionnent.")),
        ),
        initial="non",
    )


# --- 3. The hours ----------------------------------------------------------------------------------


class HeuresForm(forms.Formulaire):
    """The length for one engagement: what is proposed, or shorter."""

    heures = forms.ChampChoix(label="Durée du parcours")

    def __init__(self, *args: Any, proposition: Proposition, hebdo: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choix = [(str(heures), self._libelle(heures, proposition, hebdo)) for heures in proposition.permises]
        poser_choix(self, "heures", choix).error_messages["invalid_choice"] = (
            "La durée peut être plus courte que celle proposée, pas plus longue ; "
            "et seulement 150, 300, 450 ou 900 heures."
        )

    @staticmethod
    def _libelle(heures: int, proposition: Proposition, hebdo: int) -> forms.Libelle:
        titre = f"{heures} h" + (" (proposé)" if heures == proposition.heures else "")
        return forms.Libelle(titre, f"{equivalence(heures, hebdo=hebdo).en_mots}. Pour {OBJECTIFS[heures]}.")


# --- 4. The offer ----------------------------------------------------------------------------------

AIDE_MOTS = "Des mots simples, sans sigle : le jeune n’a pas encore de qualification."


class OffreForm(forms.VersionMixin):
    """The offer as the buyer knows it; the company confirms and completes it."""

    sections: ClassVar = (
        forms.Section("L’offre", ("intitule", "domaines", "missions", "conditions", "remarque")),
        forms.Section("Le lieu et les dates", ("adresse", "commune", "date_debut", "date_fin")),
        forms.Section(
            "Le référent dans l’entreprise",
            ("referent_nom", "referent_fonction", "referent_courriel", "referent_telephone"),
            "La personne qui accueillera le jeune. Elle reçoit un lien pour confirmer l’offre, sans compte.",
        ),
        forms.Section(
            "Un second contact",
            ("second_nom", "second_fonction", "second_courriel", "second_telephone"),
            "Les ressources humaines, ou le responsable. Un lien lui est aussi envoyé, pour agir à sa place.",
        ),
        forms.Section("L’entreprise", ("secteur", "site_web")),
    )

    intitule = forms.ChampTexte(
        label="Titre de l’offre", max_length=150, help_text="Par exemple : « Découvrir la logistique d’un entrepôt »."
    )
    domaines = forms.ChampChoixMultiple(label="Domaines", choices=Domaine.choices)
    missions = forms.ChampTexteLong(label="Tâches proposées", help_text=AIDE_MOTS)
    conditions = forms.ChampTexteLong(
        label="Conditions d’accueil",
        max_length=1500,
        lignes=3,
        required=False,
        help_text="Poste de travail, horaires… si vous les connaissez déjà. L’entreprise complétera.",
    )
    remarque = forms.ChampTexteLong(
        label="Autres modalités", max_length=2000, lignes=3, required=False, help_text="Visible de tous avec l’offre."
    )
    adresse = forms.ChampTexte(
        label="Adresse du lieu de travail",
        max_length=250,
        required=False,
        help_text="Numéro et rue, si vous les connaissez.",
    )
    commune = ChampCommune(label="Commune du lieu de travail", help_text="Son nom ou son code postal.")
    date_debut = forms.ChampDate(label="Possible à partir du")
    date_fin = forms.ChampDate(label="À faire avant le", help_text="Au plus tard la fin de la période ferme.")
    referent_nom = forms.ChampTexte(label="Nom et prénom du référent", max_length=150)
    referent_fonction = forms.ChampTexte(label="Fonction du référent", max_length=150, required=False)
    referent_courriel = forms.ChampCourriel(
        label="Courriel du référent", help_text="Le lien pour confirmer l’offre part à cette adresse."
    )
    referent_telephone = forms.ChampTelephone(label="Téléphone du référent", required=False)
    second_nom = forms.ChampTexte(label="Nom et prénom du second contact", max_length=150, required=False)
    second_fonction = forms.ChampTexte(label="Fonction du second contact", max_length=150, required=False)
    second_courriel = forms.ChampCourriel(label="Courriel du second contact", required=False)
    second_telephone = forms.ChampTelephone(label="Téléphone du second contact", required=False)
    secteur = forms.ChampTexte(label="Secteur d’activité", max_length=120, required=False)
    site_web = forms.ChampTexte(label="Site internet", max_length=300, required=False)

    def saisie(self) -> OffreSaisie:
        """What the action takes."""
        propres = self.cleaned_data
        champs = (
            "intitule", "domaines", "missions", "conditions", "remarque", "adresse", "commune", "date_debut",
            "date_fin", "secteur",
        )  # fmt: skip
        return OffreSaisie(
            referent=coordonnees(propres, "referent"),
            second=coordonnees(propres, "second"),
            site_web=propres["site_web"],
            **{champ: propres[champ] for champ in champs},
        )

    def clean_site_web(self) -> str:
        """An address as people write it, 'www.exemple.fr' included."""
        adresse = str(self.cleaned_data["site_web"])
        if not adresse:
            return ""
        champ = django_forms.URLField(
            assume_scheme="https",
            error_messages={"invalid": "Cette adresse ne ressemble pas à un site. Elle ressemble à www.exemple.fr."},
        )
        return str(champ.clean(adresse))

    @staticmethod
    def valeurs_de(offre: Offre) -> dict[str, Any]:
        """Initial values read from the row."""
        fiche = getattr(offre, "fiche", None)
        return {
            "intitule": offre.intitule,
            "domaines": list(offre.domaines),
            "missions": offre.missions,
            "conditions": fiche.poste_travail if fiche else "",
            "remarque": offre.remarque,
            "adresse": offre.adresse,
            "commune": offre.commune,
            "date_debut": offre.date_debut,
            "date_fin": offre.date_fin,
            "secteur": offre.entreprise.secteur,
            "site_web": offre.entreprise.site_web,
            **en_boites(Coordonnees.de(offre.referent), "referent"),
            **en_boites(Coordonnees.de(offre.rrh), "second"),
        }


class RetraitForm(forms.Formulaire):
    """Why an offer is withdrawn, or a proposal declined."""

    motif = forms.ChampTexteLong(
        label="La raison",
        max_length=1000,
        lignes=4,
        help_text="L’entreprise lira cette phrase telle quelle : dites-la simplement.",
    )
