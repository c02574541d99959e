"""Words and names of the fictitious territory: places that no map has, surnames of plants, addresses in .example."""

import random
import unicodedata
from dataclasses import dataclass

from raccord.comptes.enums import Domaine as D

PRENOMS = (
    "Adama", "Aïcha", "Alix", "Anouk", "Bilal", "Camille", "Chloé", "Dimitri", "Élias", "Fanta", "Gaël", "Hugo",
    "Inès", "Jade", "Kenza", "Léa", "Loïc", "Maël", "Maïwenn", "Mehdi", "Nadia", "Noé", "Océane", "Pablo", "Rayan",
    "Sacha", "Samira", "Théo", "Tiana", "Yanis", "Yasmine", "Zoé",
)  # fmt: skip
NOMS = (
    "Absinthe", "Ancolie", "Aubépine", "Bleuet", "Bourrache", "Bruyère", "Camomille", "Capucine", "Chèvrefeuille",
    "Coquelicot", "Digitale", "Églantine", "Fougère", "Garance", "Genêt", "Gentiane", "Giroflée", "Houblon", "Iris",
    "Jonquille", "Lavande", "Lilas", "Mélisse", "Mimosa", "Myrtille", "Noisetier", "Ortie", "Pervenche", "Pissenlit",
    "Réséda", "Romarin", "Sarriette", "Sureau", "Tilleul", "Valériane", "Verveine",
)  # fmt: skip
LIEUX_IMAGINAIRES = (
    "Montfable", "Rivebelle", "Clairpré", "Port-Songe", "Valdessai", "Hautefable", "Brumeval", "Sansomme",
    "Belleronce", "Lunefond", "Ventauvert", "Roche-Contée",
)  # fmt: skip


@dataclass(frozen=True)
class Metier:
    """One kind of offer: title, what a young person does there, the workplace, the kind of company."""

    domaines: tuple[str, ...]
    intitule: str
    missions: str
    conditions: str
    entreprise: str
    secteur: str


def _metier(
    domaines: tuple[D, ...], intitule: str, missions: str, conditions: str, entreprise: str, secteur: str
) -> Metier:
    return Metier(tuple(domaine.value for domaine in domaines), intitule, missions, conditions, entreprise, secteur)


METIERS = (
    _metier(
        (D.ACCUEIL,), "Accueillir le public",
        "Accueillir les visiteurs, les orienter, répondre au téléphone, préparer les salles de réunion.",
        "Un poste à l'accueil, à côté de la personne qui accompagne.", "Accueil", "Services d'accueil",
    ),
    _metier(
        (D.ADMINISTRATION,), "Découvrir le travail de bureau",
        "Classer des dossiers, enregistrer le courrier, préparer des envois, mettre un tableau à jour.",
        "Un bureau et un ordinateur dans une équipe de six personnes.", "Secrétariat", "Services administratifs",
    ),
    _metier(
        (D.COMMERCE,), "Vendre et conseiller en magasin",
        "Mettre en rayon, conseiller les clients, tenir la caisse avec un collègue, faire l'inventaire.",
        "En magasin, debout une bonne partie de la journée.", "Comptoir", "Commerce de fournitures",
    ),
    _metier(
        (D.COMMUNICATION,), "Participer à la communication",
        "Prendre des photos, préparer des affiches, écrire de courts textes, aider sur un événement.",
        "Un poste au studio, matériel photo prêté.", "Studio", "Communication et impression",
    ),
    _metier(
        (D.COMPTABILITE,), "Aider à la comptabilité",
        "Trier les factures, vérifier des montants, saisir des écritures simples, classer les pièces.",
        "Un bureau calme, logiciel expliqué pas à pas.", "Cabinet", "Expertise comptable",
    ),
    _metier(
        (D.ELECTRICITE,), "Découvrir le métier d'électricien",
        "Préparer le matériel, tirer des câbles avec un électricien, tester des installations hors tension.",
        "Atelier et chantiers, toujours avec un électricien.", "Électricité", "Installation électrique",
    ),
    _metier(
        (D.ESTHETIQUE,), "Découvrir les métiers du soin",
        "Accueillir les clients, préparer les cabines, tenir le stock, observer les soins.",
        "Institut de quatre personnes, tenue fournie.", "Institut", "Soins et esthétique",
    ),
    _metier(
        (D.HOTELLERIE, D.ACCUEIL), "Travailler dans un hôtel",
        "Préparer les chambres, accueillir les clients, dresser les petits déjeuners.",
        "Hôtel de quarante chambres, repas pris sur place.", "Hôtel", "Hôtellerie",
    ),
    _metier(
        (D.INFORMATIQUE,), "Aider l'équipe informatique",
        "Préparer des ordinateurs, répondre à des questions simples, remplacer des pièces, tenir l'inventaire.",
        "Atelier informatique, outillage fourni.", "Informatique", "Services informatiques",
    ),
    _metier(
        (D.LOGISTIQUE,), "Préparer des commandes",
        "Recevoir des livraisons, ranger, préparer des commandes, emballer, tenir le stock à jour.",
        "Entrepôt chauffé, chaussures de sécurité fournies.", "Logistique", "Entreposage",
    ),
    _metier(
        (D.LOGISTIQUE, D.TRANSPORT), "Découvrir le transport et la livraison",
        "Charger et décharger avec un chauffeur, préparer une tournée, vérifier des bons de livraison.",
        "Quai et tournées de jour, jamais seul.", "Transports", "Transport de marchandises",
    ),
    _metier(
        (D.RESTAURATION,), "Cuisiner en équipe",
        "Éplucher, préparer des entrées, dresser, faire la plonge, connaître les règles d'hygiène.",
        "Cuisine de collectivité, tenue et repas fournis.", "Cuisine", "Restauration collective",
    ),
    _metier(
        (D.RESTAURATION, D.COMMERCE), "Découvrir la boulangerie",
        "Peser, façonner, cuire avec le boulanger, tenir la vitrine, servir les clients.",
        "Fournil et magasin, à partir de 7 h.", "Boulangerie", "Boulangerie",
    ),
    _metier(
        (D.SECURITE,), "Découvrir la sécurité incendie",
        "Vérifier des extincteurs avec un technicien, tenir un registre, participer à un exercice d'évacuation.",
        "Déplacements avec un technicien, vêtements fournis.", "Sécurité", "Sécurité incendie",
    ),
    _metier(
        (D.SERVICE,), "Accompagner des personnes âgées",
        "Tenir compagnie, aider aux repas, participer aux animations, avec une aide à domicile.",
        "Résidence de quarante personnes, une équipe habituée aux jeunes.", "Résidence", "Services à la personne",
    ),
    _metier(
        (D.TRANSPORT,), "Entretenir des vélos et des bus",
        "Nettoyer, vérifier les pneus et les freins avec un mécanicien, ranger l'atelier.",
        "Atelier mécanique, bleu de travail fourni.", "Atelier", "Transport de voyageurs",
    ),
    _metier(
        (D.AUTRE,), "Entretenir des espaces verts",
        "Planter, tailler, arroser, ramasser, avec une équipe de jardiniers.",
        "Dehors toute l'année, vêtements de pluie fournis.", "Jardins", "Paysagisme",
    ),
    _metier(
        (D.AUTRE,), "Découvrir la menuiserie",
        "Mesurer, poncer, assembler, ranger le bois, accompagner un menuisier sur un chantier.",
        "Un établi à l'atelier, outils à main d'abord.", "Menuiserie", "Menuiserie",
    ),
)  # fmt: skip
PROFILS = (
    "Aime bouger et travailler dehors. N'aime pas rester assis longtemps.",
    "Très à l'aise avec les gens, timide à l'écrit.",
    "Bricole beaucoup, veut voir si c'est un métier.",
    "Calme, précise, aime les choses bien rangées.",
    "A arrêté le lycée en seconde, cherche à reprendre confiance.",
    "Curieuse de tout, ne sait pas encore vers quoi aller.",
    "Aime cuisiner à la maison, voudrait essayer pour de vrai.",
    "Passionné d'ordinateurs, se décourage quand il est seul.",
)
CONTRAINTES = ("", "", "", "Prend deux bus pour venir.", "S'occupe de son petit frère le mercredi.", "")
VOIX_TUTEUR = (
    "Une vraie progression : le premier matin il fallait venir le chercher, à la fin c'est lui qui ouvrait l'atelier.",
    "Elle a pris sa place dans l'équipe. Elle sait dire quand elle ne comprend pas, c'est beaucoup.",
    "Un parcours en dents de scie, et pourtant un projet qui tient debout.",
)
VOIX_ENTREPRISE = (
    "Toujours à l'heure à partir de la deuxième semaine. L'équipe le verrait bien en apprentissage.",
    "Au début on se demandait quoi lui confier, à la fin elle nous manquait. Nous sommes prêts à recommencer.",
    "Il faut répéter les consignes, mais ce qui est compris est bien fait.",
)
VOIX_JEUNE = (
    "J'ai aimé, surtout quand on m'a laissé faire tout seul.",
    "Je ne savais pas que ce métier existait. Maintenant je sais ce que je veux, et aussi ce que je ne veux pas.",
    "C'était dur de se lever. Les collègues m'ont aidé.",
)


def identifiant(texte: str) -> str:
    """'Clairpré & Cie' → 'clairpre-cie': the left of an address."""
    lettres = unicodedata.normalize("NFKD", texte).encode("ascii", "ignore").decode().lower()
    return "-".join("".join(signe if signe.isalnum() else " " for signe in lettres).split())


def cle_de_luhn(chiffres: str) -> str:
    """The figure that makes the number right (SIREN and SIRET)."""
    somme = 0
    for rang, chiffre in enumerate(reversed(chiffres)):
        double = int(chiffre) * (2 if rang % 2 == 0 else 1)
        somme += double - 9 if double > 9 else double
    return str(-somme % 10)


def siret(numero: int) -> str:
    """A SIRET that is well formed and that nobody has: no real SIREN begins with 0000."""
    siren = f"0000{numero:04d}"
    siren += cle_de_luhn(siren)
    sans_cle = f"{siren}0001"
    return sans_cle + cle_de_luhn(sans_cle)


def telephone(hasard: random.Random) -> str:
    """A number of the range that ARCEP sets aside for fiction: 01 99 00 xx xx."""
    return f"+3319900{hasard.randrange(10_000):04d}"


# What young people write of themselves: what helps, what to avoid.
FICHES = (
    (
        "Qu'on me montre une fois, puis qu'on me laisse faire.\nUne consigne à la fois, à l'écrit si elle est longue.",
        "Me reprendre devant tout le monde. Changer mes horaires le jour même.",
    ),
    ("Savoir le matin ce qui est prévu dans la journée.", "Le bruit toute la journée sans pause."),
    ("Travailler avec la même personne la première semaine.", "Rester seul au comptoir les premiers jours."),
)
