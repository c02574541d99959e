"""Bad input: each ends with a clear sentence, a status, and no half result; no leaver is lost on the way."""

import errno
import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from raccord.comparateur import fichiers, lecture
from raccord.comparateur.fichiers import ECARTEE, GARDEE, VIDEE
from raccord.comparateur.ligne_de_commande import _phrase, main
from raccord.comparateur.tests.lignes import (
    COLONNES_SORTANTS,
    JOUR,
    Essai,
    ecrire,
    identifiants,
    inscrit,
    sortant,
    texte,
)

ABSENTS = identifiants(range(30, 40))
"""The leavers of the usual lists who are enrolled nowhere."""


@pytest.fixture
def essai(tmp_path: Path) -> Essai:
    return Essai(tmp_path)


def test_deux_listes_propres(essai: Essai, capsys: pytest.CaptureFixture[str]) -> None:
    assert essai.comparer() == 0
    assert essai.decrocheurs() == ABSENTS
    assert essai.rejets() == []
    assert {chemin.name for chemin in essai.sortie.iterdir()} == {
        "a_verifier.csv",
        "base.duckdb",
        "decrocheurs.csv",
        "doublons.csv",
        "modele.json",
        "rapport.html",
        "rapport.json",
        "rapprochements.csv",
        "rapprochements.parquet",
        "rejets.csv",
    }
    sorti = capsys.readouterr()
    assert "40 sortants, 30 inscrits : 10 à appeler" in sorti.out
    assert sorti.err == ""


# What stops everything


def _sans_colonne(essai: Essai) -> None:
    lignes = [{nom: valeur for nom, valeur in sortant(rang).items() if nom != "prenom"} for rang in range(3)]
    ecrire(essai.sortants, lignes)


def _colonne_renommee(essai: Essai) -> None:
    essai.sortants.write_text(essai.sortants.read_text().replace("date_naissance", "date_naiss", 1))


def _colonne_meconnue(essai: Essai) -> None:
    essai.sortants.write_text(essai.sortants.read_text().replace("code_postal", "CP", 1))


def _colonne_double(essai: Essai) -> None:
    essai.sortants.write_text(essai.sortants.read_text().replace("nom_usage", "Nom", 1))


def _vide(essai: Essai) -> None:
    essai.sortants.write_text("")


def _sans_ligne(essai: Essai) -> None:
    ecrire(essai.sortants, [sortant(1)])
    essai.sortants.write_text(essai.sortants.read_text().splitlines()[0] + "\n")


def _sans_inscrit(essai: Essai) -> None:
    essai.inscrits.write_text(essai.inscrits.read_text().splitlines()[0])


def _absent(essai: Essai) -> None:
    essai.sortants.unlink()


def _dossier(essai: Essai) -> None:
    essai.sortants.unlink()
    essai.sortants.mkdir()


def _tuyau(essai: Essai) -> None:
    essai.sortants.unlink()
    os.mkfifo(essai.sortants)


def _utf16(essai: Essai) -> None:
    essai.sortants.write_text(essai.sortants.read_text(), encoding="utf-16")


def _comprime(essai: Essai) -> None:
    essai.sortants.write_bytes(b"\x1f\x8b\x08\x00" + bytes(30))


def _parquet_tronque(essai: Essai) -> None:
    duckdb.sql(f"FROM '{essai.sortants}'").write_parquet(str(essai.sortants) + ".parquet")
    contenu = Path(str(essai.sortants) + ".parquet").read_bytes()
    essai.sortants.write_bytes(contenu[: len(contenu) // 2])


def _meme_fichier(essai: Essai) -> None:
    essai.inscrits.write_text(essai.sortants.read_text())


def _sortie_occupee(essai: Essai) -> None:
    essai.sortie.mkdir()
    (essai.sortie / "notes.txt").write_text("à moi")


def _autre_separateur(essai: Essai) -> None:
    essai.sortants.write_text(essai.sortants.read_text().replace(";", "\t"))


ARRETS: list[tuple[Callable[[Essai], None], str]] = [
    (_sans_colonne, "Il manque dans {sortants} : « prenom »"),
    (_colonne_renommee, "La colonne « date_naiss » est-elle « date_naissance » ?"),
    (_colonne_meconnue, "« code_postal ». Colonnes non reconnues : « CP »."),
    (_colonne_double, "a deux fois la colonne « nom » (colonnes 4 et 5)"),
    (_vide, "Il manque dans {sortants} : « identifiant »"),
    (_sans_ligne, "Aucune ligne dans la liste de sortants"),
    (_sans_inscrit, "Aucune ligne dans la liste d'inscrits"),
    (_absent, "Le fichier {sortants} n'existe pas."),
    (_dossier, "{sortants} n'est pas un fichier."),
    (_tuyau, "{sortants} n'est pas un fichier."),
    (_utf16, "est en UTF-16"),
    (_comprime, "est une archive ou un classeur"),
    (_parquet_tronque, "n'est pas un parquet lisible"),
    (_meme_fichier, "sont le même fichier"),
    (_sortie_occupee, "contient autre chose qu'un résultat"),
    (_autre_separateur, "séparées par « ; » ou « , »"),
]


@pytest.mark.parametrize(("abimer", "phrase"), ARRETS, ids=[abimer.__name__ for abimer, _ in ARRETS])
@pytest.mark.parametrize("deja", [False, True], ids=["premier", "sur_un_ancien"])
def test_ce_qui_arrete_tout(
    essai: Essai, abimer: Callable[[Essai], None], phrase: str, deja: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    if deja and abimer is not _sortie_occupee:
        assert essai.comparer() == 0
    avant = _photo(essai.sortie)
    capsys.readouterr()
    abimer(essai)
    attendu = _photo(essai.sortie) if abimer is _sortie_occupee else avant
    assert essai.comparer() == 2
    assert _photo(essai.sortie) == attendu
    sorti = capsys.readouterr()
    assert phrase.format(sortants=essai.sortants) in sorti.err
    assert sorti.err.count("\n") == 1
    assert sorti.out == ""


def test_une_premiere_ligne_qui_n_est_pas_un_entete_n_est_pas_montree(
    essai: Essai, capsys: pytest.CaptureFixture[str]
) -> None:
    """It may be somebody's: the terminal names nobody."""
    essai.sortants.write_text("".join(essai.sortants.read_text().splitlines(keepends=True)[1:]))
    assert essai.comparer() == 2
    erreur = capsys.readouterr().err
    assert "Aucune colonne n'y est reconnue" in erreur
    assert not [valeur for valeur in sortant(0).values() if len(valeur) > 3 and valeur in erreur]


def _photo(dossier: Path) -> dict[str, bytes]:
    return {chemin.name: chemin.read_bytes() for chemin in sorted(dossier.glob("*"))}


@pytest.mark.parametrize(
    ("options", "phrase"),
    [
        (["--date", "30 février"], "option --date: une date, comme 2026-10-31"),
        (["--memoire", "1KB"], "option --memoire: une quantité de mémoire"),
        (["--tolerance", "2"], "option --tolerance: une part entre 0 et 1"),
        (["--moteur", "excel"], "option --moteur: valeur inconnue"),
        (["--vite"], "option inconnue : --vite"),
        (["--modele", "absent.json"], "absent.json n'est pas un modèle"),
        (["--decisions", "absent.csv"], "absent.csv n'existe pas"),
    ],
)
def test_une_option_mal_ecrite(
    essai: Essai, options: list[str], phrase: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert essai.comparer(*options) == 2
    assert phrase in capsys.readouterr().err
    assert essai.rien_ne_reste()


def test_il_manque_presque_tout(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--sortants", "a.csv"]) == 2
    assert "il manque --inscrits, --date, --sortie" in capsys.readouterr().err


# What is said, line by line, without stopping. The line changed is always the leaver 35, on line 37 of its file.


def _changer(**champs: str) -> Callable[[str], str]:
    """The line of the leaver with other values."""

    def change(contenu: str) -> str:
        return contenu.replace(texte([sortant(35)]).splitlines()[1], texte([sortant(35, **champs)]).splitlines()[1])

    return change


def _remplacer(avant: str, apres: str) -> Callable[[str], str]:
    """The line of the leaver, its text changed."""

    def change(contenu: str) -> str:
        ligne = texte([sortant(35)]).splitlines()[1]
        assert avant in ligne
        return contenu.replace(ligne, ligne.replace(avant, apres, 1))

    return change


ADRESSE = "36 rue des Écoles"
DATE = sortant(35)["date_naissance"]
LIGNES: dict[str, tuple[Callable[[str], str], list[tuple[str, str, str, str]]]] = {
    "nom_vide": (_changer(nom=""), [("37", "nom", "nom vide", GARDEE)]),
    "prenom_en_blancs": (_changer(prenom="  \u00a0"), [("37", "prenom", "prénom vide", GARDEE)]),
    "date_vide": (_changer(date_naissance=""), [("37", "date_naissance", "date de naissance vide", GARDEE)]),
    "date_1900": (
        _changer(date_naissance="1900-01-01"),
        [("37", "date_naissance", "date de naissance impossible à cet âge", VIDEE)],
    ),
    "date_2031": (
        _changer(date_naissance="05/03/2031"),
        [("37", "date_naissance", "date de naissance impossible à cet âge", VIDEE)],
    ),
    "30_fevrier": (
        _changer(date_naissance="30/02/2008"),
        [
            (
                "37",
                "date_naissance",
                "date de naissance qui n'existe pas : ses chiffres servent encore à comparer",
                GARDEE,
            )
        ],
    ),
    "date_en_mots": (
        _changer(date_naissance="mars 2008"),
        [("37", "date_naissance", "date de naissance illisible", VIDEE)],
    ),
    "date_francaise": (_changer(date_naissance="/".join(reversed(DATE.split("-")))), []),
    "date_et_heure": (_changer(date_naissance=f"{DATE} 00:00:00"), []),
    "sexe_inconnu": (_changer(sexe="X"), [("37", "sexe", "sexe qui n'est ni M ni F", VIDEE)]),
    "sexe_minuscule": (_changer(sexe="f"), []),
    "jours_negatifs": (
        _changer(jours_scolarises="-3"),
        [("37", "jours_scolarises", "nombre de jours illisible ou impossible", VIDEE)],
    ),
    "jours_sans_fin": (
        _changer(jours_scolarises="99999"),
        [("37", "jours_scolarises", "nombre de jours illisible ou impossible", VIDEE)],
    ),
    "jours_vides": (_changer(jours_scolarises=""), [("37", "jours_scolarises", "nombre de jours vide", GARDEE)]),
    "diplome_peut_etre": (
        _changer(diplome="peut-être"),
        [("37", "diplome", "diplôme qui n'est ni vrai ni faux", VIDEE)],
    ),
    "diplome_non": (_changer(diplome="NON"), []),
    "date_fin_illisible": (
        _changer(date_fin="bientôt"),
        [("37", "date_fin", "date de fin illisible ou impossible", VIDEE)],
    ),
    "guillemet_ouvert": (
        _remplacer(ADRESSE, f'"{ADRESSE}'),
        [("37", "", "guillemet jamais refermé", GARDEE)],
    ),
    "guillemet_au_milieu": (_remplacer(ADRESSE, '36 rue "des Écoles'), []),
    "guillemets_d_un_surnom": (_remplacer(ADRESSE, '"36 rue ""des"" Écoles"'), []),
    "retour_dans_un_champ": (_remplacer(ADRESSE, '"36 rue\ndes Écoles"'), []),
    "separateur_de_trop": (
        _remplacer(ADRESSE, "36 rue ; des Écoles"),
        [("37", "", "un séparateur de trop dans un champ", GARDEE)],
    ),
    "ligne_coupee": (
        _remplacer(";120;false;2026-06-30", ""),
        [
            ("37", "", "colonnes manquantes en fin de ligne", GARDEE),
            ("37", "diplome", "diplôme vide", GARDEE),
            ("37", "jours_scolarises", "nombre de jours vide", GARDEE),
        ],
    ),
    "separateurs_en_fin_de_ligne": (_remplacer("2026-06-30", "2026-06-30;;;"), []),
    "octet_nul": (_remplacer(ADRESSE, "36 rue\0 des Écoles"), []),
}


@pytest.mark.parametrize("nom", LIGNES)
def test_une_ligne_abimee_est_gardee_et_dite(essai: Essai, nom: str) -> None:
    abimer, attendus = LIGNES[nom]
    contenu = essai.sortants.read_text(encoding="utf-8")
    essai.sortants.write_text(abimer(contenu), encoding="utf-8", newline="")
    assert essai.comparer("--tolerance", "1") == 0
    assert sorted(essai.rejets()) == sorted(attendus)
    assert essai.decrocheurs() == ABSENTS


def test_ce_qui_suit_une_ligne_abimee_garde_son_numero(essai: Essai) -> None:
    lignes = essai.sortants.read_text(encoding="utf-8").splitlines()
    lignes[3] = '"jamais fermé'
    lignes[5:5] = ["", '"S9999;x;"y', "   "]
    lignes[20] = lignes[20].replace("2026-06-30", "jamais")
    essai.sortants.write_text("\n".join(lignes), encoding="utf-8")
    assert essai.comparer("--tolerance", "1") == 0
    assert ("21", "date_fin", "date de fin illisible ou impossible", VIDEE) in essai.rejets()
    assert {ligne for ligne, _, raison, _ in essai.rejets() if "guillemet" in raison} == {"4", "7"}


def test_deux_guillemets_n_avalent_pas_les_lignes_qu_ils_entourent(essai: Essai) -> None:
    """A strict reader sees one good record there, that runs over four lines."""
    lignes = essai.sortants.read_text(encoding="utf-8").splitlines()
    lignes[33] = lignes[33].replace("2026-06-30", '"2026-06-30')
    lignes[36] += '"'
    essai.sortants.write_text("\n".join(lignes), encoding="utf-8")
    assert essai.comparer("--tolerance", "1") == 0
    assert essai.decrocheurs() == ABSENTS
    assert essai.rejets() == [("34", "", "guillemet jamais refermé", GARDEE)]


def test_trop_de_colonnes_partout(essai: Essai) -> None:
    """No place of the line where all that has a shape would fit: it cannot be read, and that is said."""
    essai.sortants.write_text(
        _remplacer(";M;" if sortant(35)["sexe"] == "M" else ";F;", ";a;b;c;")(essai.sortants.read_text()), newline=""
    )
    assert essai.comparer("--tolerance", "1") == 0
    assert essai.rejets() == [("37", "", "trop de colonnes, sans que l'on sache laquelle est en trop", ECARTEE)]
    assert essai.decrocheurs() == ABSENTS - {"S00035"}


def test_ligne_repetee_a_l_identique(essai: Essai) -> None:
    ecrire(essai.sortants, [sortant(rang) for rang in [*range(40), 35, 2]])
    assert essai.comparer("--tolerance", "1") == 0
    assert essai.decrocheurs() == ABSENTS
    assert essai.rejets() == [(ligne, "identifiant", "ligne répétée à l'identique", ECARTEE) for ligne in ("42", "43")]


def test_un_identifiant_pour_deux_personnes(essai: Essai) -> None:
    """Both are kept, and which one is renamed does not depend on the order of the lines."""
    lignes = [sortant(rang) for rang in range(40)] + [sortant(39, identifiant="S00035")]
    renommes = set()
    for ordre in (1, -1):
        ecrire(essai.sortants, lignes[::ordre])
        assert essai.comparer("--tolerance", "1") == 0
        assert essai.decrocheurs() == ABSENTS | {"S00035~2"}
        [(_, colonne, raison, effet)] = essai.rejets()
        assert (colonne, effet) == ("identifiant", GARDEE)
        assert "« ~2 » lui est ajouté" in raison
        with duckdb.connect(essai.sortie / "base.duckdb", read_only=True) as base:
            renommes |= set(base.execute("SELECT nom FROM sortants WHERE identifiant = 'S00035~2'").fetchall())
    assert len(renommes) == 1


def test_identifiants_vides(essai: Essai) -> None:
    ecrire(essai.sortants, [sortant(rang, **({"identifiant": ""} if rang > 36 else {})) for rang in range(40)])
    assert essai.comparer("--tolerance", "1") == 0
    sans = {identifiant for identifiant in essai.decrocheurs() if identifiant.startswith("sans-identifiant-")}
    assert len(sans) == 3
    assert essai.decrocheurs() - sans == identifiants(range(30, 37))


def test_en_tete_repete(essai: Essai) -> None:
    contenu = essai.sortants.read_text(encoding="utf-8")
    essai.sortants.write_text(contenu + contenu.splitlines()[0] + "\n", encoding="utf-8")
    assert essai.comparer("--tolerance", "1") == 0
    assert essai.rejets() == [("42", "", "en-tête répété", ECARTEE)]


def test_un_dixieme_de_noms_vides(essai: Essai, capsys: pytest.CaptureFixture[str]) -> None:
    ecrire(essai.sortants, [sortant(rang, nom="" if rang % 10 == 5 else sortant(rang)["nom"]) for rang in range(40)])
    assert essai.comparer() == 1
    assert essai.decrocheurs() >= ABSENTS
    assert "4 lignes sur 70 ont un défaut, plus que la tolérance" in capsys.readouterr().err
    assert essai.comparer("--tolerance", "10%") == 0


def test_colonnes_inconnues(essai: Essai, capsys: pytest.CaptureFixture[str]) -> None:
    ecrire(essai.sortants, [{"Téléphone": "0600000000", **sortant(rang), "note": "x"} for rang in range(40)])
    assert essai.comparer() == 0
    assert essai.decrocheurs() == ABSENTS
    assert "sortants.csv : laissé de côté : Téléphone, note." in capsys.readouterr().err
    assert "0600000000" not in (essai.sortie / "rapport.json").read_text()


def test_une_liste_vide_parmi_d_autres(essai: Essai, capsys: pytest.CaptureFixture[str]) -> None:
    vide = essai.dossier / "vide.csv"
    vide.write_text(";".join(COLONNES_SORTANTS) + "\n")
    assert main(_arguments(essai, sortants=[essai.sortants, vide])) == 0
    assert "vide.csv : aucune ligne." in capsys.readouterr().err


def _arguments(essai: Essai, *, sortants: list[Path]) -> list[str]:
    return [
        *["--sortants", *map(str, sortants), "--inscrits", str(essai.inscrits)],
        *["--date", JOUR, "--sortie", str(essai.sortie)],
    ]


@pytest.mark.parametrize(
    "champs",
    [{"ine": "00000000000"}, {"prenom": "Mohamed"}, {"nom": "Martin", "prenom": "Marie"}],
    ids=["un_ine", "un_prenom", "un_nom"],
)
def test_ce_que_tous_partagent_ne_rapproche_personne(essai: Essai, champs: dict[str, str]) -> None:
    """3 000 lines that share a value are not nine million pairs."""
    nombre = 3000
    ecrire(essai.sortants, [sortant(rang, **champs) for rang in range(nombre)])
    ecrire(essai.inscrits, [inscrit(rang, **champs) for rang in range(nombre * 3 // 4)])
    assert essai.comparer() == 0
    comptes = json.loads((essai.sortie / "rapport.json").read_text())["comptes"]
    assert comptes["paires_comparees"] < 20 * nombre


def test_le_dossier_ne_s_ouvre_qu_a_qui_l_a_fait(essai: Essai) -> None:
    assert essai.comparer() == 0
    assert essai.sortie.stat().st_mode & 0o077 == 0


# What happens meanwhile


@pytest.mark.parametrize("moment", ["avant", "apres"])
def test_un_fichier_qui_grandit_pendant_la_lecture(
    essai: Essai, moment: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lire = lecture._inserer_csv

    def allonger() -> None:
        with essai.sortants.open("a") as fichier:
            fichier.write(texte([sortant(99)]).splitlines()[1] + "\n")

    def lire_et_allonger(*args: object, **options: object) -> int | None:
        if moment == "avant":
            allonger()
        lues = lire(*args, **options)
        if moment == "apres":
            allonger()
        return lues

    monkeypatch.setattr(lecture, "_inserer_csv", lire_et_allonger)
    assert essai.comparer() == 2
    assert "sortants.csv a changé pendant la lecture" in capsys.readouterr().err
    assert essai.rien_ne_reste()


def test_un_fichier_qui_grandit_pendant_l_examen(
    essai: Essai, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    parcourir = fichiers._parcourir

    def parcourir_et_allonger(*args: object, **options: object) -> object:
        with essai.sortants.open("a") as fichier:
            fichier.write("x")
        return parcourir(*args, **options)

    monkeypatch.setattr(fichiers, "_parcourir", parcourir_et_allonger)
    assert essai.comparer() == 2
    assert "a changé pendant la lecture" in capsys.readouterr().err


def _lancer(essai: Essai, avant: Callable[[], None] | None = None) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "raccord", "comparer", *_arguments(essai, sortants=[essai.sortants])],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=avant,
    )


def _grossir(essai: Essai, nombre: int) -> None:
    ecrire(essai.sortants, [sortant(rang) for rang in range(nombre)])
    ecrire(essai.inscrits, [inscrit(rang) for rang in range(nombre * 3 // 4)])


@pytest.mark.horloge_reelle
@pytest.mark.parametrize("ancien", [False, True], ids=["premier", "sur_un_ancien"])
def test_le_disque_est_plein(essai: Essai, ancien: bool) -> None:
    """Files may not grow beyond 1 MB: what a full disk does, without a disk to fill."""
    if ancien:
        assert essai.comparer() == 0
    avant = _photo(essai.sortie)
    _grossir(essai, 20_000)

    def limiter() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))

    processus = _lancer(essai, limiter)
    sorti, erreur = processus.communicate(timeout=60)
    assert (processus.returncode, sorti) == (2, ""), erreur
    assert "Le disque est plein" in erreur
    assert erreur.count("\n") == 1
    assert _photo(essai.sortie) == avant


@pytest.mark.horloge_reelle
@pytest.mark.parametrize("signe", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c(essai: Essai, signe: signal.Signals) -> None:
    _grossir(essai, 5_000)
    processus = _lancer(essai, _entendre_ctrl_c)
    _attendre(lambda: any(essai.dossier.glob(".resultat.en-cours/base.duckdb*")))
    processus.send_signal(signe)
    sorti, erreur = processus.communicate(timeout=60)
    assert (processus.returncode, sorti) == (2, ""), erreur
    assert "Interrompu. Rien n'a été changé" in erreur
    assert erreur.count("\n") == 1
    assert not essai.sortie.exists()
    assert essai.comparer() == 0


def _entendre_ctrl_c() -> None:
    """Whoever runs the tests in the background has made their children deaf to it."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def _attendre(vrai: Callable[[], bool], secondes: float = 30) -> None:
    fin = time.monotonic() + secondes
    while not vrai() and time.monotonic() < fin:
        time.sleep(0.005)
    assert vrai()


def test_un_disque_plein_se_reconnait() -> None:
    assert "disque est plein" in _phrase(OSError(errno.ENOSPC, "No space left on device"))
    assert "disque est plein" in _phrase(duckdb.IOException("Could not write file: No space left on device"))
    assert "Accès refusé : /x" in _phrase(PermissionError(errno.EACCES, "Permission denied", "/x"))
