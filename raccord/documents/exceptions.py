"""Why a file is refused, and what to do about it."""

from raccord.socle.exceptions import ErreurMetier


class FichierVide(ErreurMetier):
    """Ce fichier est vide. Choisissez-en un autre."""


class FichierTropLourd(ErreurMetier):
    """Ce fichier pèse plus de 5 Mo. Réduisez-le : enregistrez-le en PDF, ou baissez la qualité de la photo."""


class FormatRefuse(ErreurMetier):
    """Ce fichier n'est ni un PDF, ni une image JPEG ou PNG, ni un texte ODT ou DOCX. Enregistrez-le en PDF."""


class ExtensionTrompeuse(ErreurMetier):
    """Le nom du fichier et son contenu ne disent pas la même chose. Enregistrez-le de nouveau en PDF."""


class FichierAbime(ErreurMetier):
    """Ce fichier est abîmé : il ne s'ouvre pas jusqu'au bout. Enregistrez-le de nouveau, si possible en PDF."""


class FichierProtege(ErreurMetier):
    """Ce fichier est protégé par un mot de passe : nous ne pouvons pas le vérifier. Enregistrez-le sans protection."""


class ContenuActif(ErreurMetier):
    """Ce fichier contient un programme ou un autre fichier caché. Enregistrez-le de nouveau en PDF simple."""


class FichierTropComplexe(ErreurMetier):
    """Ce fichier est trop volumineux une fois ouvert. Enregistrez-le de nouveau en PDF simple, puis joignez-le."""


class FichierDangereux(ErreurMetier):
    """L'antivirus a reconnu un programme dangereux : ce fichier n'a pas été gardé. Joignez-en un autre."""


class AnalyseImpossible(ErreurMetier):
    """Les fichiers ne peuvent pas être vérifiés en ce moment. Réessayez plus tard, ou écrivez quelques lignes."""
