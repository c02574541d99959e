"""From what a line says to what can be compared: names, dates, INE, places, homes, as small numbers."""

from datetime import date

from duckdb import DuckDBPyConnection

from raccord.comparateur import dictionnaires
from raccord.comparateur.dictionnaires import LISTES, classe, code, part

COUPLE_MINIMUM = 4
"""Rows with one name and one first name under which nothing is said of the two together."""
UNE_PERSONNE = 2
"""Rows that one person may have alone, one in each list."""
COUPLE_REFERENCE = 60
"""How many bearers of a name are worth what everybody's first names say."""
NOM_PORTE = 6
"""Class of rarity of a name from which too few bear it to say what they call their children."""
INE_PARTAGE_MAX = 5
"""An INE that more lines of a list carry is a placeholder, not an identifier."""
CODE_POSTAL = "nullif(lpad(replace(code_postal, ' ', ''), 5, '0'), '00000')"
COMMUNE = "upper(strip_accents(replace(replace(l.commune, '-', ' '), '''', ' ')))"
RUE = "nullif(regexp_extract(l.adresse, '[0-9]+') || upper(strip_accents(right(rtrim(l.adresse), 4))), '')"
"""What is kept of an address: its first number and the end of its last word, which nobody abbreviates."""


def normaliser(connexion: DuckDBPyConnection, jour: date) -> None:
    """Make `sortants_cles` and `inscrits_cles`, one row per row, the dictionaries `noms` and `prenoms`, and `couples`.

    `rang` is the row's place. The keys hold what is equal or not as small numbers; the views `sortants_normalises` and
    `inscrits_normalises` show the same columns as text, for the comparisons that read letters and for Splink.
    `jour` bounds birth years: nobody is born after it, a birth before 1930 is a default value.
    """
    dictionnaires.preparer(connexion, jour)
    _couples(connexion)
    for liste in LISTES:
        _ines_partages(connexion, liste)
        connexion.execute(_cles(liste))
        connexion.execute(_vue(liste))
    connexion.execute("drop table partages")
    dictionnaires.oublier(connexion)


def _cles(liste: str) -> str:
    return f"""
        create or replace table {liste}_cles as
        select l.rang, l.ine, {code("l.ine")} as ine_code,
            n.id as nom_id, u.id as usage_id, f.id as prenom_id, g.id as prenom2_id,
            n.nom, n.nom_1, n.nom_2, n.son_1, n.son_2, n.os_1, u.son_1 as usage_son,
            f.prenom, f.prenom_1, f.racine, f.prenom_son, f.prenom_noyau, f.prenom_cle, f.prenom_os,
            n.initiale, f.initiale_prenom, n.nom_rarete, n.son_rarete, f.prenom_rarete,
            k.rarete as couple_rarete,
            case upper(trim(l.sexe)) when 'F' then 2 when 'M' then 1 when 'H' then 1 when 'G' then 1 end::tinyint
                as sexe,
            d.naissance, d.annee, d.mois, d.jour, x.lieu, x.lieu_dep, x.lieu_rarete,
            {code("l.cp")} as cp, {code("left(l.cp, 2)")} as departement,
            {code(COMMUNE)} as commune,
            {code(RUE)} as rue
        from (
            select * replace (case when p.ine is null then net end as ine)
            from (select rowid::integer as rang, *, {_ine("ine")} as net, {CODE_POSTAL} as cp from {liste}) s
            left join partages p on p.ine = s.net
        ) l
        left join codes_noms n on n.brut = l.nom
        left join codes_noms u on u.brut = nullif(l.nom_usage, '')
        left join codes_prenoms f on f.brut = l.prenom
        left join codes_prenoms g on g.brut = nullif(l.prenom2, '')
        left join couples k on k.nom = n.nom and k.prenom = f.prenom
        left join dates d on d.brut = l.date_naissance
        left join lieux x on x.brut = l.commune_naissance
    """


def _ines_partages(connexion: DuckDBPyConnection, liste: str) -> None:
    """Make `partages(ine)`: the INE of the list that tell nobody from another. Taken out of the keys once they are
    made, they would cost more: a table that was updated is written again."""
    connexion.execute(f"""
        create or replace temp table partages as
        select any_value(net) as ine from (select {_ine("ine")} as net from {liste})
        group by {code("net")} having any_value(net) is not null and count(*) > {INE_PARTAGE_MAX}
    """)


def _couples(connexion: DuckDBPyConnection) -> None:
    """Make `couples(nom, prenom, part, rarete)`: first names commoner with a name than among everybody.

    Mohamed is commoner among the Benali than elsewhere: counted one after the other, a name and a first name of one
    origin would say twice what the first of them has said. `couple_rarete` in the keys is null for everybody else.
    """
    lignes = " union all ".join(
        f"select n.nom, f.prenom, n.nom_rarete, f.prenom_rarete from {liste} l "
        "join codes_noms n on n.brut = l.nom join codes_prenoms f on f.brut = l.prenom"
        for liste in LISTES
    )
    connexion.execute(f"""
        create or replace table couples as
        with comptes as (
            select nom, prenom, any_value(prenom_rarete) as prenom_rarete, count(*) as n from ({lignes})
            where nom is not null and prenom is not null and nom_rarete < {NOM_PORTE} group by nom, prenom
        ),
        noms as (select nom, sum(n) as porteurs from comptes group by nom),
        prenoms as (
            select prenom, {part("sum(n)", "sum(sum(n)) over ()", "prenom")} as part from comptes group by prenom
        ),
        parts as (
            select nom, prenom, prenom_rarete, (n - {UNE_PERSONNE} + {COUPLE_REFERENCE} * part)
                / (porteurs - {UNE_PERSONNE} + {COUPLE_REFERENCE}) as part
            from comptes join noms using (nom) join prenoms using (prenom) where n >= {COUPLE_MINIMUM}
        )
        select nom, prenom, part, {classe("part")} as rarete from parts where {classe("part")} < prenom_rarete
    """)


TEXTES = {
    **{c: f"{{t}}_nom.{c}" for c in ("nom", "nom_1", "nom_2", "son_1", "son_2", "os_1")},
    **{f"usage{s}": f"{{t}}_usage.nom{s}" for s in ("", "_1")},
    "usage_son": "{t}_usage.son_1",
    **{
        c: f"{{t}}_prenom.{c}"
        for c in ("prenom", "prenom_1", "prenom_d", "racine", "prenom_son", "prenom_noyau", "prenom_cle", "prenom_os")
    },
    "prenom2": "{t}_prenom2.racine",
    "prenom2_son": "{t}_prenom2.prenom_son",
    "fin": "{t}_nom.fin",
    "fin_prenom": "{t}_prenom.fin_prenom",
}
"""Where the text of a column is, for a row called `t` of the keys."""
CODES = {
    "usage": "usage_id",
    "usage_1": "usage_id",
    "prenom_d": "prenom",
    "prenom2": "prenom2_id",
    "prenom2_son": "prenom2_id",
    "fin": "nom",
    "fin_prenom": "prenom",
}
"""Which key says that two rows have the same text, where it has not the name of the column."""


def textes(t: str) -> str:
    """SQL: the joins that bring the texts of a row called `t` of the keys."""
    return " ".join(
        f"left join {table}s {t}_{nom} on {t}_{nom}.id = {t}.{nom}_id"
        for table, nom in (("nom", "nom"), ("nom", "usage"), ("prenom", "prenom"), ("prenom", "prenom2"))
    )


def _vue(liste: str) -> str:
    colonnes = ", ".join(f"{source.format(t='c')} as {nom}" for nom, source in TEXTES.items())
    return f"""
        create or replace view {liste}_normalises as
        select {colonnes}, c.* exclude ({", ".join(c for c in TEXTES if c not in CODES)})
        from {liste}_cles c {textes("c")}
    """


def _ine(colonne: str) -> str:
    """SQL: the INE in capitals without signs; null when empty, too short or one sign repeated (00000000000)."""
    net = f"upper(replace(replace(replace({colonne}, ' ', ''), '-', ''), '.', ''))"
    return f"case when length({net}) >= 9 and ltrim({net}, left({net}, 1)) <> '' then {net} end"
