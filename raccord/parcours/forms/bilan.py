"""The three voices of the bilan."""

from typing import Any, ClassVar

from raccord.comptes.enums import Role
from raccord.parcours.acces.bilan import Lecture
from raccord.parcours.enums import Accord, Competence
from raccord.socle import forms, mots

LONGUEUR_VOIX = 3000
PREFIXE = "niveau_"
NIVEAUX = (("acquis", "Acquis"), ("en_cours", "En cours"), ("non_acquis", "Pas encore"), ("", "Pas vu"))


def _champs_de_la_grille() -> dict[str, forms.ChampChoix]:
    champs = {}
    for competence in Competence:
        champ = forms.ChampChoix(label=mots.majuscule(str(competence.label)), choices=NIVEAUX, required=False)
        champ.en_ligne = True  # type: ignore[attr-defined]  # read by the template
        champs[PREFIXE + competence.value] = champ
    return champs


class GrilleForm(forms.VersionMixin):
    """The grid, unless it is frozen, and one's own voice."""

    marquer_facultatifs = False

    texte = forms.ChampTexteLong(label="Ce que vous retenez", max_length=LONGUEUR_VOIX, required=False)

    def __init__(self, *args: Any, avec_grille: bool, **kwargs: Any) -> None:
        if avec_grille:
            # Django copies `base_fields` into the form: ours get the same care as declared ones.
            self.base_fields = {**type(self).base_fields, **_champs_de_la_grille()}  # type: ignore[misc]  # of this form
        super().__init__(*args, **kwargs)
        grille = tuple(PREFIXE + competence.value for competence in Competence if avec_grille)
        self.sections = self._sections(grille)  # type: ignore[misc]  # of this very form

    def _sections(self, grille: tuple[str, ...]) -> tuple[forms.Section, ...]:
        return (
            forms.Section("Ce que le jeune sait faire", grille, "Cochez ce que vous avez vu ; laissez le reste."),
            forms.Section("Votre voix", ("texte",)),
        )

    def niveaux(self) -> dict[str, str] | None:
        """The grid as the action wants it; None when it was not shown."""
        propres = {nom[len(PREFIXE) :]: valeur for nom, valeur in self.cleaned_data.items() if nom.startswith(PREFIXE)}
        return propres or None


class BilanTuteurForm(GrilleForm):
    """The tutor's part: the course, the grid, the perspectives, a voice."""

    deroulement = forms.ChampTexteLong(
        label="Déroulement du parcours, missions réalisées",
        max_length=3000,
        lignes=6,
        required=False,
        help_text="Lu par l’acheteur comme preuve d’exécution : ni nom, ni appréciation du jeune.",
    )
    perspectives = forms.ChampTexteLong(
        label="Et après",
        max_length=3000,
        lignes=4,
        required=False,
        help_text="Formation, apprentissage, stage, contacts à garder.",
    )
    texte = forms.ChampTexteLong(
        label="Ce que vous retenez",
        max_length=LONGUEUR_VOIX,
        required=False,
        help_text="Lu par le jeune et l’entreprise.",
    )

    def _sections(self, grille: tuple[str, ...]) -> tuple[forms.Section, ...]:
        return (
            forms.Section("Le parcours", ("deroulement",)),
            forms.Section("Ce que le jeune sait faire", grille, "Avec l’entreprise ; figé à la première signature."),
            forms.Section("La suite", ("perspectives",)),
            forms.Section("Votre voix", ("texte",)),
        )


class BilanJeuneForm(forms.Formulaire):
    """The young person's part: agree or not, in their words."""

    marquer_facultatifs: ClassVar[bool] = False

    accord = forms.ChampChoix(
        label="Êtes-vous d’accord avec ce bilan ?",
        choices=[(accord.value, mots.majuscule(str(accord.label))) for accord in Accord],
    )
    texte = forms.ChampTexteLong(
        label="Vos mots",
        max_length=LONGUEUR_VOIX,
        lignes=6,
        help_text="Ce que vous avez aimé, appris, moins aimé. Ce que vous avez envie de faire maintenant.",
    )


class SansVoixForm(forms.Formulaire):
    """Why a voice could not be had."""

    raison = forms.ChampTexte(
        label="Pourquoi cette voix manque",
        max_length=300,
        help_text="Par exemple : « trois appels et deux messages sans réponse ». Visible sur le bilan.",
    )


def initiales(lu: Lecture, auteur: Role) -> dict[str, Any]:
    """What is saved now, for that author's form."""
    voix = lu.voix[auteur]
    grille = {PREFIXE + c.value: lu.niveaux.get(c.value, "") for c in Competence}
    if auteur == Role.JEUNE:
        return {"accord": voix.accord, "texte": voix.texte}
    communes = {"deroulement": lu.deroulement, "perspectives": lu.perspectives} if auteur == Role.TUTEUR else {}
    return {**grille, **communes, "texte": voix.texte}


def formulaire_adulte(lu: Lecture, auteur: Role, *args: Any, verifier: bool = True) -> GrilleForm:
    """The tutor's or the company's form on what is saved now; `verifier` compares versions when it is sent."""
    classe = BilanTuteurForm if auteur == Role.TUTEUR else GrilleForm
    return classe(
        *args,
        avec_grille=not lu.grille_figee,
        initial=initiales(lu, auteur),
        version=lu.version if verifier else None,
    )
