"""From what a file says to what can be compared: names, dates, INE, places, homes.

Names are normalised once per distinct spelling, not once per row. Only letters A to Z, digits and integers come out,
so that every comparison is the same on DuckDB and on Spark.
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
ATTACHEES = "BENEL|BENAL|BEN|BIN|BENT|BEL|BOU|EL|AL|OULD|AIT|NAIT|DELA|DEL|DE|DU|DES|LES|LE|LA|SAINTE|SAINT"
"""Particles that are also written in one word with the name (Benali, Elamrani, Delafontaine, Leroux)."""
SONS = (
    *[("EE", "I"), ("PH", "F"), ("OUA", "WA"), ("OUI", "WI"), ("OU", "U"), ("OO", "U"), ("EAU", "O"), ("AU", "O"), ("KH", "K")],
    *[("GH", "G"), ("DJ", "J"), ("DH", "D"), ("TH", "T"), ("RH", "R"), ("TCH", "X"), ("SCH", "X"), ("SH", "X")],
    *[("CH", "X"), ("CK", "K"), ("QU", "K"), ("Q", "K"), ("CE", "SE"), ("CI", "SI"), ("CY", "SI"), ("C", "K")],
    *[("GE", "JE"), ("GI", "JI"), ("GY", "JI"), ("GUE", "GE"), ("GUI", "GI"), ("H", ""), ("EI", "E"), ("AI", "E")],
    *[("AY", "E"), ("EY", "E"), ("IE", "I"), ("Y", "I"), ("Z", "S"), ("V", "W"), ("AM", "AN"), ("EM", "AN")],
    *[("EN", "AN"), ("IN", "AN"), ("UN", "AN"), ("E", "A"), ("O", "U")],
)
"""Spellings that sound alike in French, and the usual transliterations of Arabic and African names, in this order.
Vowels end in A, I and U: they are what transliterations agree on least."""
LETTRES = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
PALIERS = (6, 8, 10, 12, 14)
"""Bits of rarity that part the classes of a name: one in 64, 256, 1 000, 4 000, 16 000."""
REFERENCES = {"nom": (13, 2000), "prenom": (9, 500), "lieu": (9, 500)}
"""Rarity (bits) of a value never seen, and how many observations this belief is worth."""
INE_PARTAGE_MAX = 5
"""An INE that more lines of a list carry is a placeholder, not an identifier."""
PREMIERE_ANNEE = 1930


def normaliser(connexion: DuckDBPyConnection, jour: date) -> None:
    """Make `sortants_normalises` and `inscrits_normalises`, one row per row, `rang` being the row's place.

    `jour` bounds birth years: nobody is born after it, a birth before 1930 is a default value.
    """
    _charger_variantes(connexion)
    _dictionnaire_noms(connexion)
    _dictionnaire_prenoms(connexion)
    _dictionnaire_dates(connexion, jour)
    _dictionnaire_lieux(connexion)
    for liste in LISTES:
        connexion.execute(_normaliser_liste(liste))
    for table in ("variantes", "noms", "prenoms", "dates", "lieux"):
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
    sql = reduce(lambda s, paire: f"replace({s}, '{paire[0]}', '{paire[1]}')", SONS, colonne)
    sql = reduce(lambda s, lettre: f"replace({s}, '{lettre * 2}', '{lettre}')", LETTRES, sql)
    return f"nullif(coalesce(nullif(rtrim({sql}, 'ATDSXPI'), ''), {sql}), '')"


def rarete(effectif: str, total: str, genre: str) -> str:
    """SQL: class of rarity of a value, from 0 (very common) to len(PALIERS), in steps of two bits.

    Shrunk towards the value expected of a name never seen, so that a small file says little about rarity.
    """
    bits, poids = REFERENCES[genre]
    valeur = f"-log2(({effectif} + {poids} * {2.0**-bits!r}) / ({total} + {poids}))"
    return "(" + " + ".join(f"({valeur} >= {palier})::tinyint" for palier in PALIERS) + ")"


def _charger_variantes(connexion: DuckDBPyConnection) -> None:
    texte = files("raccord.comparateur").joinpath("donnees/variantes_prenoms.txt").read_text(encoding="utf-8")
    lignes = [ligne.split() for ligne in texte.splitlines() if ligne and not ligne.startswith("#")]
    paires = {forme: formes[0] for formes in lignes for forme in formes}
    valeurs = ", ".join(f"('{forme}', '{racine}')" for forme, racine in sorted(paires.items()))
    connexion.execute(f"create or replace table variantes as from (values {valeurs}) as v(forme, racine)")


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
    """Family names: whole, first and second word without particle, how these sound, class of rarity."""
    connexion.execute(f"""
        create or replace table noms as
        with mots as (select brut, effectif, {mots("brut")} as texte from ({_distincts("nom", "nom_usage")})),
        soudes as (
            select brut, effectif, texte,
                string_split({_sans_particule("texte")}, ' ') as parts
            from mots where texte <> ''
        ),
        noyaux as (
            select brut, effectif, replace(texte, ' ', '') as nom, {_noyau("parts[1]")} as nom_1,
                {_noyau("parts[len(parts)]")} as dernier, len(parts) as combien
            from soudes
        ),
        sons as (
            select brut, effectif, nom, nom_1, case when combien > 1 and dernier <> nom_1 then dernier end as nom_2,
                {son("nom_1")} as son_1, case when combien > 1 and dernier <> nom_1 then {son("dernier")} end as son_2
            from noyaux
        )
        select * exclude (effectif), {rarete("sum(effectif) over (partition by nom)", "sum(effectif) over ()", "nom")}
            as rarete
        from sons
    """)


def _sans_particule(texte: str) -> str:
    """SQL: the words of a name that are not particles; all of them when nothing else remains."""
    soude = f"regexp_replace({texte}, '\\\\b({SOUDEES}) ', '\\\\1', 'g')"
    reste = f"trim(regexp_replace(regexp_replace({soude}, '\\\\b({PARTICULES})\\\\b', '', 'g'), ' +', ' ', 'g'))"
    return f"case when length({reste}) >= 2 then {reste} else {texte} end"


def _noyau(mot: str) -> str:
    """SQL: a word of a name without its particle, if three letters remain."""
    sans = f"regexp_replace(replace({mot}, ' ', ''), '^({ATTACHEES})', '')"
    return f"case when length({sans}) >= 3 then {sans} else replace({mot}, ' ', '') end"


def _dictionnaire_prenoms(connexion: DuckDBPyConnection) -> None:
    """First names: whole, first word, usual form (variants and short forms), how it sounds, class of rarity."""
    connexion.execute(f"""
        create or replace table prenoms as
        with mots as (select brut, effectif, {mots("brut")} as texte from ({_distincts("prenom", "prenom2")})),
        formes as (
            select brut, effectif, replace(texte, ' ', '') as prenom, string_split(texte, ' ') as parts
            from mots where texte <> ''
        ),
        racines as (
            select brut, effectif, prenom, parts[1] as prenom_1, case when len(parts) > 1 then parts[len(parts)] end as prenom_d,
                coalesce(v.racine, prenom) as racine
            from formes left join variantes v on v.forme = prenom
        )
        select * exclude (effectif), {son("racine")} as son,
            {rarete("sum(effectif) over (partition by prenom)", "sum(effectif) over ()", "prenom")} as rarete
        from racines
    """)


def _dictionnaire_dates(connexion: DuckDBPyConnection, jour: date) -> None:
    """Birth dates, ISO, French or in eight digits. A day that does not exist keeps its digits: it may be a slip."""
    connexion.execute(f"""
        create or replace table dates as
        with textes as ({_distincts("date_naissance")}),
        chiffres as (
            select brut, regexp_extract_all(brut, '[0-9]+') as parts from textes
        ),
        morceaux as (
            select brut, case
                when len(parts) >= 3 and length(parts[1]) = 4 then [parts[1], parts[2], parts[3]]
                when len(parts) >= 3 then [parts[3], parts[2], parts[1]]
                when len(parts[1]) = 8 and parts[1][1:2] in ('19', '20') then [parts[1][1:4], parts[1][5:6], parts[1][7:8]]
                when len(parts[1]) = 8 then [parts[1][5:8], parts[1][3:4], parts[1][1:2]]
            end as p from chiffres
        ),
        nombres as (
            select brut, try_cast(p[1] as integer) as a, try_cast(p[2] as integer) as mois, try_cast(p[3] as integer) as jour
            from morceaux
        ),
        annees as (select brut, case when a < 100 then a + (case when a > {jour.year % 100} then 1900 else 2000 end)
            else a end as annee, mois, jour from nombres)
        select brut, annee * 10000 + mois * 100 + jour as naissance, annee, mois, jour
        from annees
        where annee between {PREMIERE_ANNEE} and {jour.year} and mois between 0 and 99 and jour between 0 and 99
    """)


def _dictionnaire_lieux(connexion: DuckDBPyConnection) -> None:
    """Communes of birth: INSEE code (five signs), département (99: abroad), class of rarity."""
    connexion.execute(f"""
        create or replace table lieux as
        with codes as (
            select brut, effectif, lpad(upper(replace(brut, ' ', '')), 5, '0') as lieu
            from ({_distincts("commune_naissance")}) where length(replace(brut, ' ', '')) between 4 and 5
        )
        select brut, lieu, lieu[1:2] as lieu_dep,
            {rarete("sum(effectif) over (partition by lieu)", "sum(effectif) over ()", "lieu")} as rarete
        from codes where lieu not in ('00000', '99999')
    """)


def _normaliser_liste(liste: str) -> str:
    return f"""
        create or replace table {liste}_normalises as
        with ines as (
            select rowid as rang, {_ine("ine")} as ine from {liste}
        ),
        partages as (select ine from ines where ine is not null group by ine having count(*) > {INE_PARTAGE_MAX})
        select l.rowid::integer as rang,
            case when p.ine is null then {_ine("l.ine")} end as ine,
            n.nom, left(n.nom, 1) as initiale, n.nom_1, n.nom_2, n.son_1, n.son_2, n.rarete as nom_rarete,
            u.nom as usage, u.nom_1 as usage_1, u.son_1 as usage_son,
            f.prenom, left(f.prenom, 1) as initiale_prenom, f.prenom_1, f.prenom_d, f.racine, f.son as prenom_son, f.rarete as prenom_rarete,
            g.racine as prenom2, g.son as prenom2_son,
            case upper(trim(l.sexe)) when 'M' then 1 when 'F' then 2 when 'H' then 1 when 'G' then 1 end::tinyint as sexe,
            d.naissance, d.annee, d.mois, d.jour,
            x.lieu, x.lieu_dep, x.rarete as lieu_rarete,
            nullif(lpad(replace(l.code_postal, ' ', ''), 5, '0'), '00000') as cp,
            nullif(lpad(replace(l.code_postal, ' ', ''), 5, '0')[1:2], '00') as departement,
            nullif(upper(strip_accents(replace(replace(l.commune, '-', ' '), '''', ' '))), '') as commune,
            nullif(regexp_extract(l.adresse, '[0-9]+') || upper(strip_accents(right(rtrim(l.adresse), 4))), '') as rue
        from {liste} l
        left join partages p on p.ine = {_ine("l.ine")}
        left join noms n on n.brut = l.nom
        left join noms u on u.brut = l.nom_usage
        left join prenoms f on f.brut = l.prenom
        left join prenoms g on g.brut = l.prenom2
        left join dates d on d.brut = l.date_naissance
        left join lieux x on x.brut = l.commune_naissance
    """


def _ine(colonne: str) -> str:
    """SQL: the INE in capitals without signs; null when empty, too short or one sign repeated (00000000000)."""
    net = f"upper(replace(replace(replace({colonne}, ' ', ''), '-', ''), '.', ''))"
    return f"case when length({net}) >= 9 and ltrim({net}, left({net}, 1)) <> '' then {net} end"
