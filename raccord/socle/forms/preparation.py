"""What every field of a form gets, whichever class it has: bounds, hygiene, sentences."""

from django import forms
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator

from raccord.socle.forms.textes import LONGUEUR_TEXTE, LongueurMaximale, sans_controles
from raccord.socle.mots import INSECABLE


def preparer(champ: forms.Field, remplissage: str) -> None:
    """Bounds, hygiene and sentences of one field, whichever class it has."""
    libelle = str(champ.label or "").strip()
    for code, phrase in _phrases(champ, libelle).items():
        # A sentence chosen by the screen is kept; only Django's stock ones are replaced.
        if str(champ.error_messages.get(code, "")) in _STOCK.get(code, set()):
            champ.error_messages[code] = phrase
    # A UUIDField is a CharField for Django, but what it cleans is no text.
    if isinstance(champ, forms.CharField) and not isinstance(champ, forms.UUIDField):
        champ.validators = [
            v for v in champ.validators if not isinstance(v, ProhibitNullCharactersValidator | MaxLengthValidator)
        ]
        champ.validators += [sans_controles, LongueurMaximale(champ.max_length or LONGUEUR_TEXTE)]
        champ.widget.attrs.pop("maxlength", None)
    champ.widget.attrs.setdefault("autocomplete", remplissage or _sans_remplissage(champ))
    if not champ.widget.attrs["autocomplete"]:
        del champ.widget.attrs["autocomplete"]


def _sans_remplissage(champ: forms.Field) -> str:
    """A browser must not offer its owner's data where somebody else's is asked; choices have nothing to fill."""
    texte = isinstance(champ, forms.CharField) and not isinstance(champ.widget, forms.Textarea | forms.PasswordInput)
    return "off" if texte and not champ.widget.is_hidden else ""


def _messages_de_django() -> dict[str, set[str]]:
    """Stock sentences by code: those that a screen did not choose."""
    classes: tuple[type[forms.Field], ...] = (
        forms.Field, forms.CharField, forms.ChoiceField, forms.MultipleChoiceField, forms.DateField,
        forms.DateTimeField, forms.TimeField, forms.IntegerField, forms.DecimalField, forms.FileField,
    )  # fmt: skip
    trouves: dict[str, set[str]] = {}
    for classe in classes:
        for code, texte in classe.default_error_messages.items():
            trouves.setdefault(code, set()).add(str(texte))
    return trouves


def _phrases(champ: forms.Field, libelle: str) -> dict[str, str]:
    entre = f"«{INSECABLE}{libelle}{INSECABLE}»" if libelle else "ce champ"
    if isinstance(champ, forms.FileField):
        return {"required": f"Choisissez un fichier pour {entre}.", "empty": "Ce fichier est vide."}
    if isinstance(champ, forms.BooleanField):
        return {"required": f"Cochez {entre} pour continuer."}
    if isinstance(champ, forms.ChoiceField):
        return {
            "required": f"Choisissez une réponse pour {entre}.",
            "invalid_choice": "Choisissez une réponse de la liste.",
        }
    return {
        "required": f"Remplissez {entre}.",
        "invalid": "Cette valeur n’a pas la forme attendue.",
    }


_STOCK = _messages_de_django()
