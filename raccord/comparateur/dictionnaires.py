"""Each spelling that the lists hold, put in form once: names, first names, birth dates, places of birth.

Only letters A to Z, digits and integers come out, so that every comparison is the same on DuckDB and on Spark.
"""

from datetime import date
from functools import reduce
from importlib.resources import files

from duckdb import DuckDBPyConnection

LISTES = ("sortants", "inscrits")
PARTICULES = (
    "DE|DU|DES|D|DELLA|DEL|DELLE|DI|DA|DO|DOS|DAS|LE|LA|LES|L|EL|AL|ER|BEN|BIN|BENT|BINT|BEL|BOU|BU|ABOU|ABU|OULD|OUL"
    "|AIT|NAIT|VAN|VON|DER|DEN|MC|MAC|SAINT|SAINTE|ST|STE|SI|SIDI"
)
SOUDEES = "N|M|O|T"
"""Letters that an apostrophe parts from the name they belong to (N'Diaye)."""
ATTACHEES = "BEN|BIN|BENT|BEL|BOU|EL|AL|OULD|AIT|NAIT|DELA|DEL|DE|DU|DES|LES|LE|LA|SAINTE|SAINT"
"""Particles that are also written in one word with the name (Benali, Elamrani, Delafontaine, Leroux)."""
SONS = (
    *[
        ("EE", "I"),
        ("PH", "F"),
        ("OUA", "WA"),
        ("OUI", "WI"),
        ("OU", "U"),
        ("OO", "U"),
        ("EAU", "O"),
        ("AU", "O"),
        ("KH", "K"),
    ],
    *[("GH", "G"), ("DJ", "J"), ("DH", "D"), ("TH", "T"), ("RH", "R"), ("TCH", "X"), ("SCH", "X"), ("SH", "X")],
    *[("CH", "X"), ("CK", "K"), ("QU", "K"), ("Q", "K"), ("CE", "SE"), ("CI", "SI"), ("CY", "SI"), ("C", "K")],
    *[("GE", "JE"), ("GI", "JI"), ("GY", "JI"), ("GUE", "GE"), ("GUI", "GI"), ("H", ""), ("EI", "E"), ("AI", "E")],
    *[("AY", "E"), ("EY", "E"), ("IE", "I"), ("Y", "I"), ("Z", "S"), ("V", "W"), ("AM", "AN"), ("EM", "AN")],
    *[("EN", "AN"), ("IN", "AN"), ("UN", "AN"), ("E", "A"), ("O", "U")],
)
"""Spellings that sound alike in French, and the usual transliterations of Arabic and African names, in this order.
Vowels end in A, I and U: they are what transliterations agree on least."""
LETTRES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PALIERS = (6, 8, 10, 12, 14, 16, 18)
"""Bits of rarity that part the classes of a name: one in 64, 256, 1 000, 4 000, 16 000, 65 000, 260 000."""
REFERENCES = {"nom": (13, 2000), "prenom": (9, 600), "lieu": (9, 600)}
"""Rarity (bits) of a value never seen, and how many observations this belief is worth: numbers for which no few rows
fall on the step between two classes, so that a handful more changes nothing in a handful."""
PREMIERE_ANNEE = 1930


def preparer(connexion: DuckDBPyConnection, jour: date) -> None:
    """Make the dictionaries `noms`, `prenoms`, and for the time of the work `dates`, `lieux`, `codes_noms`,
    `codes_prenoms`, where a spelling leads to what it says. `jour` bounds birth years."""
    _charger_variantes(connexion)
    _dictionnaire_noms(connexion)
    _dictionnaire_prenoms(connexion)
    _dictionnaire_dates(connexion, jour)
    _dictionnaire_lieux(connexion)
    _codes(connexion)


def oublier(connexion: DuckDBPyConnection) -> None:
    """Drop what only served the work."""
    for table in ("variantes", "bruts_noms", "bruts_prenoms", "codes_noms", "codes_prenoms", "dates", "lieux"):
        connexion.execute(f"drop table {table}")


def mots(colonne: str) -> str:
    """SQL: capital letters without accents, words parted by one space."""
    sans_ligature = reduce(
        lambda s, c: f"replace({s}, '{c[0]}', '{c[1]}')", (("œ", "oe"), ("æ", "ae"), ("ß", "ss")), colonne
    )
    return f"trim(regexp_replace(upper(strip_accents({_sans_capitale(sans_ligature)})), '[^A-Z]+', ' ', 'g'))"


def _sans_capitale(colonne: str) -> str:
    return f"replace(replace({colonne}, 'Œ', 'OE'), 'Æ', 'AE')"


def son(colonne: str) -> str:
    """SQL: how a name sounds; two spellings of one sound give the same text. Empty gives null."""
    sql = reduce(lambda s, paire: f"replace({s}, '{paire[0]}', '{paire[1]}')", SONS, f"rtrim({colonne}, 'E')")
    sql = reduce(lambda s, lettre: f"replace({s}, '{lettre * 2}', '{lettre}')", LETTRES, sql)
    muet = f"rtrim({sql}, 'TDSXP')"
    return f"nullif(case when length({muet}) >= 3 then {muet} else {sql} end, '')"


def consonnes(colonne: str) -> str:
    """SQL: the consonants of a sound, which bad hearing and transliterations keep; the sound itself if one remains."""
    os = f"replace(replace(replace({colonne}, 'A', ''), 'I', ''), 'U', '')"
    return f"case when length({os}) >= 2 then {os} else {colonne} end"


def rarete(effectif: str, total: str, genre: str) -> str:
    """SQL: class of rarity of a value, from 0 (very common) to len(PALIERS), in steps of two bits.

    Shrunk towards the value expected of a name never seen, so that a small file says little about rarity.
    """
    return classe(part(effectif, total, genre))


def part(effectif: str, total: str, genre: str) -> str:
    """SQL: the share of a value among all, shrunk as its class of rarity is."""
    bits, poids = REFERENCES[genre]
    return f"({effectif} + {poids} * {2.0**-bits!r}) / ({total} + {poids})"


def classe(valeur: str) -> str:
    """SQL: the class of rarity of a share."""
    return "(" + " + ".join(f"(-log2({valeur}) >= {palier})::tinyint" for palier in PALIERS) + ")"


def _charger_variantes(connexion: DuckDBPyConnection) -> None:
    texte = files("raccord.comparateur").joinpath("donnees/variantes_prenoms.txt").read_text(encoding="utf-8")
    lignes = [ligne.split() for ligne in texte.splitlines() if ligne and not ligne.startswith("#")]
    paires = {forme: formes[0] for formes in lignes for forme in formes}
    valeurs = ", ".join(f"('{forme}', '{racine}')" for forme, racine in sorted(paires.items()))
    connexion.execute(f"create or replace temp table variantes as from (values {valeurs}) as v(forme, racine)")


def _distincts(*colonnes: str) -> str:
    """SQL: each spelling of these columns in both lists, with how many rows carry it in the first column."""
    unions = " union all ".join(
        f"select {colonne} as brut, {'count(*)' if colonne == colonnes[0] else 0} as effectif from {liste} "
        f"where {colonne} <> '' group by 1"
        for liste in LISTES
        for colonne in colonnes
    )
    return f"select brut, sum(effectif) as effectif from ({unions}) group by 1"


def _dictionnaire_noms(connexion: DuckDBPyConnection) -> None:
    """Family names: whole, first and last word without particle, how these sound, class of rarity."""
    connexion.execute(f"""
        create or replace temp table bruts_noms as
        select brut, effectif, {mots("brut")} as texte from ({_distincts("nom", "nom_usage")})
    """)
    connexion.execute(f"""
        create or replace temp table mots_noms as
        with parts as (
            select texte, effectif, string_split({_sans_particule("texte")}, ' ') as parts
            from (select texte, sum(effectif) as effectif from bruts_noms where texte <> '' group by 1)
        )
        select texte, replace(texte, ' ', '') as nom, effectif, {_noyau("parts[1]")} as nom_1,
            case when len(parts) > 1 then {_noyau("parts[len(parts)]")} end as nom_2
        from parts
    """)
    _sons(connexion, "select nom_1 from mots_noms union select nom_2 from mots_noms where nom_2 is not null")
    connexion.execute(f"""
        create or replace table noms as
        select row_number() over ()::integer as id, texte, nom, nom_1,
            case when nom_2 <> nom_1 then nom_2 end as nom_2, a.son as son_1,
            case when nom_2 <> nom_1 then b.son end as son_2, {consonnes("a.son")} as os_1, {_bouts("nom")},
            nom_rarete, son_rarete
        from mots_noms join sons a on a.mot = nom_1 left join sons b on b.mot = nom_2
        join {_raretes("mots_noms", "nom", "nom")} using (nom)
        left join {_raretes("mots_noms join sons on mot = nom_1", "son", "nom")} r on r.son = a.son
    """)
    for table in ("mots_noms", "sons"):
        connexion.execute(f"drop table {table}")


def _sons(connexion: DuckDBPyConnection, mots_a_dire: str) -> None:
    connexion.execute(
        f"create or replace temp table sons as select mot, {son('mot')} as son from ({mots_a_dire}) as m(mot)"
    )


def _bouts(nom: str, suite: str = "") -> str:
    """SQL: keys of the first and of the last letters of a name: one mistake leaves one of them whole."""
    return f"{code(f'left({nom}, 3)')} as debut{suite}, {code(f'right({nom}, 3)')} as fin{suite}"


def _raretes(table: str, cle: str, genre: str) -> str:
    """SQL: each value of a column that several lines of a dictionary share, with its class of rarity."""
    classe = rarete("sum(effectif)", f"(select sum(effectif) from {table})", genre)
    return f"(select {cle}, {classe} as {cle}_rarete from {table} group by 1)"


def _sans_particule(texte: str) -> str:
    """SQL: the words of a name that are not particles; all of them when nothing else remains."""
    soude = f"regexp_replace({texte}, '\\b({SOUDEES}) ', '\\1', 'g')"
    reste = f"trim(regexp_replace(regexp_replace({soude}, '\\b({PARTICULES})\\b', '', 'g'), ' +', ' ', 'g'))"
    return f"case when length({reste}) >= 2 then {reste} else {texte} end"


def _noyau(mot: str) -> str:
    """SQL: a word of a name without its particle, if three letters remain."""
    sans = f"regexp_replace(replace({mot}, ' ', ''), '^({ATTACHEES})', '')"
    return f"case when length({sans}) >= 3 then {sans} else replace({mot}, ' ', '') end"


def _dictionnaire_prenoms(connexion: DuckDBPyConnection) -> None:
    """First names: whole, first and last word, usual form (variants, short forms), how it sounds, class of rarity."""
    connexion.execute(f"""
        create or replace temp table bruts_prenoms as
        select brut, effectif, {mots("brut")} as texte from ({_distincts("prenom", "prenom2")})
    """)
    connexion.execute("""
        create or replace temp table mots_prenoms as
        select texte, effectif, replace(texte, ' ', '') as prenom, string_split(texte, ' ') as parts,
            coalesce(v.racine, replace(texte, ' ', '')) as racine
        from (select texte, sum(effectif) as effectif from bruts_prenoms where texte <> '' group by 1)
        left join variantes v on v.forme = replace(texte, ' ', '')
    """)
    _sons(
        connexion,
        "select racine from mots_prenoms union select coalesce(v.racine, parts[1]) from mots_prenoms "
        "left join variantes v on v.forme = parts[1]",
    )
    connexion.execute(f"""
        create or replace table prenoms as
        select row_number() over ()::integer as id, texte, prenom, parts[1] as prenom_1,
            case when len(parts) > 1 then parts[len(parts)] end as prenom_d, m.racine, a.son as prenom_son,
            {_noyau("parts[1]")} as prenom_noyau, b.son as prenom_cle, {consonnes("b.son")} as prenom_os,
            {_bouts("prenom", "_prenom")}, prenom_rarete
        from mots_prenoms m join {_raretes("mots_prenoms", "prenom", "prenom")} using (prenom)
        left join variantes v on v.forme = parts[1]
        join sons a on a.mot = m.racine join sons b on b.mot = coalesce(v.racine, parts[1])
    """)
    for table in ("mots_prenoms", "sons"):
        connexion.execute(f"drop table {table}")


def _dictionnaire_dates(connexion: DuckDBPyConnection, jour: date) -> None:
    """Birth dates, ISO, French or in eight digits. A day that does not exist keeps its digits: it may be a slip."""
    connexion.execute(f"""
        create or replace temp table dates as
        with textes as ({_distincts("date_naissance")}),
        chiffres as (
            select brut, regexp_extract_all(brut, '[0-9]+') as parts from textes
        ),
        morceaux as (
            select brut, case
                when len(parts) >= 3 and length(parts[1]) = 4 then [parts[1], parts[2], parts[3]]
                when len(parts) >= 3 then [parts[3], parts[2], parts[1]]
                when len(parts[1]) = 8 and parts[1][1:2] in ('19', '20')
                    then [parts[1][1:4], parts[1][5:6], parts[1][7:8]]
                when len(parts[1]) = 8 then [parts[1][5:8], parts[1][3:4], parts[1][1:2]]
            end as p from chiffres
        ),
        nombres as (
            select brut, try_cast(p[1] as integer) as a, try_cast(p[2] as integer) as mois,
                try_cast(p[3] as integer) as jour
            from morceaux
        ),
        annees as (select brut, case when a < 100 then a + (case when a > {jour.year % 100} then 1900 else 2000 end)
            else a end as annee, mois, jour from nombres)
        select brut, annee * 10000 + mois * 100 + jour as naissance,
            annee::smallint as annee, mois::tinyint as mois, jour::tinyint as jour
        from annees
        where annee between {PREMIERE_ANNEE} and {jour.year} and mois between 0 and 99 and jour between 0 and 99
    """)


def _dictionnaire_lieux(connexion: DuckDBPyConnection) -> None:
    """Communes of birth: a key for the INSEE code (five signs), département (99: abroad), class of rarity."""
    connexion.execute(f"""
        create or replace temp table lieux as
        with codes as (
            select brut, effectif, lpad(upper(replace(brut, ' ', '')), 5, '0') as lieu
            from ({_distincts("commune_naissance")}) where length(replace(brut, ' ', '')) between 4 and 5
        ),
        connus as (from codes where lieu not in ('00000', '99999'))
        select brut, {code("lieu")} as lieu, lieu[1:2] as lieu_dep, lieu_rarete
        from connus join {_raretes("connus", "lieu", "lieu")} using (lieu)
    """)


def code(colonne: str) -> str:
    """SQL: a text as a number of 31 bits, for what is only compared for equality."""
    return f"case when {colonne} is not null then (hash({colonne}) >> 33)::integer end"


def _codes(connexion: DuckDBPyConnection) -> None:
    """Make `codes_noms` and `codes_prenoms`: for each spelling of the files, the keys that go into the rows."""
    noms = ", ".join(f"{code(c)} as {c}" for c in ("nom", "nom_1", "nom_2", "son_1", "son_2", "os_1"))
    prenoms = ", ".join(
        f"{code(c)} as {c}"
        for c in ("prenom", "prenom_1", "racine", "prenom_son", "prenom_noyau", "prenom_cle", "prenom_os")
    )
    connexion.execute(f"""
        create or replace temp table codes_noms as
        select brut, id, {noms}, ascii(nom)::tinyint as initiale, nom_rarete, son_rarete
        from bruts_noms join noms using (texte)
    """)
    connexion.execute(f"""
        create or replace temp table codes_prenoms as
        select brut, id, {prenoms}, ascii(prenom)::tinyint as initiale_prenom, prenom_rarete
        from bruts_prenoms join prenoms using (texte)
    """)
