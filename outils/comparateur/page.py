"""What was measured, written from the lines that were kept.

Goals, curve and ablation go into `docs/comparateur.md`, between two marks; every table into its own page,
`docs/comparateur-mesures.md`.
"""

import math
from collections.abc import Iterable
from typing import Any

from outils.comparateur.course import RACINE

PAGE = RACINE / "docs" / "comparateur-mesures.md"
DOCUMENT = RACINE / "docs" / "comparateur.md"
DEBUT, FIN = "<!-- mesures : écrites par make bench-comparateur -->\n", "<!-- fin des mesures -->\n"
NOMS = {
    "nous": "**le nôtre, DuckDB**",
    "nous_moteur": "**le nôtre, DuckDB**",
    "nous_spark": "**le nôtre, Spark local**",
    "splink_regle": "Splink avec nos réglages, un à un",
    "splink_adapte": "Splink réglé par qui le connaît, un à un",
    "splink_defaut": "Splink, réglages d'origine",
    "record_linkage": "recordlinkage (ECM)",
    "rapid_fuzz": "rapidfuzz, par date de naissance",
    "ine": "INE seul",
    "exacte": "nom, prénom, date exacts",
}
MOTS_GROUPES = {"sexe": "Sexe", "source": "Source", "origine": "Origine du nom", "jumeau": "Jumeau"}
CHARGE = 3
"""Processes ready to run, on average, beyond which two cores had other work than ours."""
VIRGULES = str.maketrans(".", ",")
Ligne = dict[str, Any]


def ecrire_pages(lignes: list[Ligne]) -> None:
    """Write again the page of the tables, and what the document says of them."""
    parties = [
        "# Mesures du comparateur",
        "",
        "Écrites par `make bench-comparateur` (`python -m outils.comparateur.bench`), jamais à la main, depuis",
        "`comparateur-mesures.jsonl`. Les populations sont fictives (`outils/comparateur`). Chaque moteur a son propre",
        "processus : le temps est celui du processus entier, de la lecture des fichiers à l'écriture des résultats, la",
        "mémoire la somme des pics de ses processus (JVM comprise).",
        "",
        *_tables(lignes),
        *_groupes(lignes),
        *_profils(lignes),
        *_febrl(lignes),
    ]
    PAGE.write_text("\n".join(parties).rstrip() + "\n", encoding="utf-8")
    avant, _, reste = DOCUMENT.read_text(encoding="utf-8").partition(DEBUT)
    apres = reste.partition(FIN)[2]
    resume = "\n".join([*_buts(lignes), *_courbe(lignes), *_ablation(lignes)]).rstrip()
    DOCUMENT.write_text(f"{avant}{DEBUT}\n{resume}\n\n{FIN}{apres}", encoding="utf-8")


def _tables(lignes: list[Ligne]) -> Iterable[str]:
    for population, mesures in _par_population(lignes, "table"):
        yield from _titre(f"Tous les moteurs, {_dire(population)}", mesures)
        entetes = ("Liste : précision", "rappel", "F1", "F1 après revue", "à revoir", "Liens : précision", "rappel")
        yield f"| Moteur | {' | '.join(entetes)} | secondes | Mo |"
        yield f"|---|{'--:|' * 9}"
        for m in sorted(mesures, key=lambda m: m.get("liste_f1", 0)):
            yield _ligne_de_moteur(m, NOMS[m["moteur"]])
        yield ""


def _buts(lignes: list[Ligne]) -> Iterable[str]:
    """What was wanted of ours, beside what it reaches, population by population."""
    for population, mesures in _par_population(lignes, "table"):
        buts = list(_buts_d_une_table(mesures))
        if buts:
            yield from _titre(f"Les buts, {_dire(population)}", mesures, niveau=3)
            yield "| But | Atteint | Valeur |"
            yield "|---|---|--:|"
            for but, valeur, atteint in buts:
                dite = _nombre(valeur) if valeur < 10 else _milliers(valeur)
                yield f"| {but} | {'oui' if atteint else '**non**'} | {dite} |"
            yield ""


def _buts_d_une_table(mesures: list[Ligne]) -> Iterable[tuple[str, Any, bool]]:
    """Times only compare what one run measured."""
    par_moteur = {m["moteur"]: m for m in mesures if not m.get("echec")}
    nous = par_moteur.get("nous")
    if not nous:
        return
    yield "F1 de la liste d'au moins 0,990", nous["liste_f1"], nous["liste_f1"] >= 0.990
    revue = nous["liste_f1_apres_revue"] or 0
    yield "F1 après revue d'au moins 0,996", revue, revue >= 0.996
    yield "rappel de la liste d'au moins 0,997", nous["liste_rappel"], nous["liste_rappel"] >= 0.997
    sortants = nous["population"]["sortants"]
    part = (nous["revue"] or 0) / sortants
    yield "au plus 0,5 % des sortants à revoir", part, part <= 0.005
    if sortants < 1_000_000:
        return
    for moteur in ("splink_regle", "splink_adapte"):
        if moteur in par_moteur:
            rapport = nous["secondes"] / par_moteur[moteur]["secondes"]
            yield f"au plus 0,3 fois le temps de « {NOMS[moteur]} »", rapport, rapport <= 0.3
    plafond = 2048 if sortants == 1_000_000 else 6144
    yield f"au plus {plafond} Mo", nous["memoire_mo"], nous["memoire_mo"] <= plafond


def _courbe(lignes: list[Ligne]) -> Iterable[str]:
    mesures = [m for _, groupe in _par_population(lignes, "courbe") for m in groupe if not m.get("echec")]
    if not mesures:
        return
    mesures.sort(key=lambda m: m["population"]["sortants"])
    yield from _titre("La courbe", mesures, niveau=3)
    yield "`n·log n` : le temps divisé par n·log2(n), rapporté à la plus petite taille ; 1 ou moins veut dire que le"
    yield "coût ne croît pas plus vite."
    yield ""
    yield "| Sortants × inscrits | secondes | Mo | n·log n | F1 | F1 après revue |"
    yield f"|---|{'--:|' * 5}"
    base = _par_nlogn(mesures[0])
    for m in mesures:
        population = m["population"]
        yield (
            f"| {_milliers(population['sortants'])} × {_milliers(population['inscrits'])} "
            f"| {_nombre(m['secondes'], 1)} | "
            f"{_milliers(m['memoire_mo'])} | {_nombre(_par_nlogn(m) / base, 2)} | {_nombre(m['liste_f1'])} | "
            f"{_nombre(m['liste_f1_apres_revue'])} |"
        )
    yield ""


def _par_nlogn(mesure: Ligne) -> float:
    nombre = mesure["population"]["sortants"]
    return float(mesure["secondes"]) / (nombre * math.log2(nombre))


def _groupes(lignes: list[Ligne]) -> Iterable[str]:
    for population, mesures in _par_population(lignes, "groupes"):
        yield from _titre(f"Qui se trompe-t-on, {_dire(population)}", mesures)
        yield "« Listés à tort » : part de ceux qui remplissent les critères d'âge, de jours et de diplôme mais sont"
        yield "inscrits. « Oubliés » : part de ceux qui devaient être listés."
        yield ""
        yield "| | Sortants | Listés à tort | Oubliés |"
        yield "|---|--:|--:|--:|"
        for m in mesures:
            yield (
                f"| {MOTS_GROUPES[m['groupe']]} : {m['valeur'] or '?'} | {_milliers(m['sortants'])} | "
                f"{_part(m['a_tort'])} | {_part(m['oublies'])} |"
            )
        yield ""


def _ablation(lignes: list[Ligne]) -> Iterable[str]:
    for population, mesures in _par_population(lignes, "ablation"):
        entier = next((m for m in mesures if m["nom"] == "rien"), None)
        if not entier or entier.get("echec"):
            continue
        yield from _titre(f"Ce que chaque champ et chaque niveau apporte, {_dire(population)}", mesures, niveau=3)
        yield "| Retiré | F1 de la liste | perdu | F1 après revue | secondes |"
        yield "|---|--:|--:|--:|--:|"
        for m in mesures:
            if m.get("echec"):
                yield f"| {m['nom']} | échec | | | |"
                continue
            perdu = entier["liste_f1"] - m["liste_f1"]
            yield (
                f"| {m['nom']} | {_nombre(m['liste_f1'])} | {_nombre(perdu)} | {_nombre(m['liste_f1_apres_revue'])} | "
                f"{_nombre(m['secondes'], 1)} |"
            )
        yield ""


def _profils(lignes: list[Ligne]) -> Iterable[str]:
    groupes = _par_population(lignes, "profils")
    if not groupes:
        return
    yield from _titre(f"D'autres erreurs, d'autres noms, {_dire(groupes[0][0], profil=False)}", groupes[0][1])
    yield "| Profil | Splink d'origine : F1 | Le nôtre : F1 | F1 après revue | rappel |"
    yield "|---|--:|--:|--:|--:|"
    for population, mesures in groupes:
        par_moteur = {m["moteur"]: m for m in mesures}
        splink, nous = par_moteur["splink_defaut"], par_moteur["nous"]
        valeurs = [splink.get("liste_f1"), *(nous.get(c) for c in ("liste_f1", "liste_f1_apres_revue", "liste_rappel"))]
        yield f"| {population['profil']} | {' | '.join(_nombre(v) for v in valeurs)} |"
    yield ""


def _febrl(lignes: list[Ligne]) -> Iterable[str]:
    for population, mesures in _par_population(lignes, "febrl"):
        yield from _titre(f"FEBRL 4 (5 000 × 5 000), {population['profil']}", mesures)
        yield "| Moteur | Liens : précision | rappel | F1 | secondes |"
        yield "|---|--:|--:|--:|--:|"
        for m in mesures:
            if m.get("echec"):
                yield f"| {NOMS[m['moteur']]} | échec | | | |"
                continue
            p, r = m["liens_precision"], m["liens_rappel"]
            f1 = 2 * p * r / max(p + r, 1e-9)
            valeurs = " | ".join(_nombre(v) for v in (p, r, f1))
            yield f"| {NOMS[m['moteur']]} | {valeurs} | {_nombre(m['secondes'], 1)} |"
        yield ""


def _ligne_de_moteur(m: Ligne, nom: str) -> str:
    if m.get("echec"):
        return f"| {nom} | échec |{' |' * 8}"
    valeurs = [
        *(_nombre(m[c]) for c in ("liste_precision", "liste_rappel", "liste_f1", "liste_f1_apres_revue")),
        _milliers(m["revue"]) if m["revue"] else "–",
        *(_nombre(m[c]) for c in ("liens_precision", "liens_rappel")),
        _nombre(m["secondes"], 1),
        _milliers(m["memoire_mo"]),
    ]
    return f"| {nom} | {' | '.join(valeurs)} |"


def _titre(titre: str, mesures: list[Ligne], *, niveau: int = 2) -> Iterable[str]:
    yield f"{'#' * niveau} {titre}"
    yield ""
    jours = sorted({m["date"] for m in mesures})
    machines = dict.fromkeys(m["machine"] for m in mesures)
    charge = max((m["charge"] for m in mesures if "charge" in m), default=0)
    if charge > CHARGE:
        yield f"**Machine occupée à autre chose** (charge {_nombre(charge, 1)}) : les temps sont trop longs."
        yield ""
    yield f"Mesuré le {', '.join('/'.join(reversed(jour.split('-'))) for jour in jours)} : {' – '.join(machines)}."
    yield ""


def _par_population(lignes: list[Ligne], section: str) -> list[tuple[Ligne, list[Ligne]]]:
    groupes: dict[tuple[Any, ...], list[Ligne]] = {}
    for ligne in lignes:
        if ligne["section"] == section:
            groupes.setdefault(tuple(ligne["population"].values()), []).append(ligne)
    tries = sorted(groupes.values(), key=lambda mesures: mesures[0]["population"]["sortants"])
    return [(mesures[0]["population"], mesures) for mesures in tries]


def _dire(population: Ligne, *, profil: bool = True) -> str:
    taille = f"{_milliers(population['sortants'])} sortants × {_milliers(population['inscrits'])} inscrits"
    return f"{taille}, profil {population['profil']}" if profil else taille


def _nombre(valeur: float | None, chiffres: int = 4) -> str:
    return "–" if valeur is None else f"{valeur:.{chiffres}f}".translate(VIRGULES)


def _part(valeur: float) -> str:
    return f"{100 * valeur:.2f} %".translate(VIRGULES)


def _milliers(valeur: float) -> str:
    return f"{valeur:,.0f}".replace(",", " ")
