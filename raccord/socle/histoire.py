"""The history of every confidential row, kept by the database whatever the road of the write (decision 0017).

`cloisonnement.appliquer` installs it with the policies: one trigger per table, which leaves one line of `Historique`
for each row added, changed or removed, and refuses a write that says neither who nor why. A table declared without
history keeps the refusal.
"""

from typing import LiteralString

from django.db import models
from psycopg import sql

# Runs as the owner: the application adds no line by itself. `ligne` is the row as it stands, or stood when removed.
FONCTION: LiteralString = """
    CREATE OR REPLACE FUNCTION public.{fonction}() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp AS $$
    DECLARE
        ligne public.{table}%ROWTYPE;
        ancienne jsonb := '{{}}';
        nouvelle jsonb := '{{}}';
        gardees jsonb := '{{}}';
        changees text[] := '{{}}';
        motif text := nullif(current_setting('raccord.motif', true), '');
        role text := public.raccord_role();
    BEGIN
        IF role IS NULL OR motif IS NULL THEN
            RAISE EXCEPTION 'écriture sans contexte dans %', TG_TABLE_NAME
                USING HINT = 'Agissez au nom de quelqu''un, pour une raison (raccord.socle.identite).';
        END IF;
        IF TG_OP = 'INSERT' THEN
            ligne := NEW;
        ELSIF TG_OP = 'DELETE' THEN
            ligne := OLD;
            SELECT jsonb_strip_nulls(to_jsonb(r)) INTO gardees FROM (SELECT {anciennes}) AS r;
        ELSE
            ligne := NEW;
            SELECT to_jsonb(r) INTO ancienne FROM (SELECT {anciennes}) AS r;
            SELECT to_jsonb(r) INTO nouvelle FROM (SELECT {nouvelles}) AS r;
            SELECT coalesce(jsonb_object_agg(key, value), '{{}}') INTO gardees
            FROM jsonb_each(ancienne) WHERE value IS DISTINCT FROM nouvelle -> key;
            SELECT coalesce(array_agg(nom ORDER BY nom), '{{}}') INTO changees FROM (
                SELECT jsonb_object_keys(gardees) UNION ALL {tues}
            ) AS c (nom);
            IF changees = '{{}}' THEN
                RETURN NULL;
            END IF;
        END IF;
        INSERT INTO public.socle_historique (
            le, nom_table, ligne_id, geste, colonnes, avant, jeune_id, role, acteur_genre, acteur_id, organisation_id,
            motif
        )
        SELECT public.raccord_instant(), TG_TABLE_NAME, ligne.{cle},
            CASE TG_OP WHEN 'INSERT' THEN 'ajout' WHEN 'DELETE' THEN 'retrait' ELSE 'changement' END,
            changees, gardees, {jeune}, role, acteur.genre, acteur.id, public.raccord_id('organisation_id'), motif
        FROM (VALUES
            ('utilisateur', public.raccord_id('utilisateur_id'), 1),
            ('contact', public.raccord_id('contact_id'), 2),
            ('jeune', public.raccord_id('jeune_id'), 3),
            ('parent', public.raccord_id('representant_id'), 4),
            ('systeme', NULL, 5)
        ) AS acteur (genre, id, rang)
        WHERE acteur.id IS NOT NULL OR acteur.genre = 'systeme'
        ORDER BY acteur.rang LIMIT 1;
        RETURN NULL;
    END $$
"""
# What is left of it for a table without history: the refusal alone, judged before any function is called.
REFUS: LiteralString = """
    CREATE OR REPLACE FUNCTION public.raccord_refuser_sans_contexte() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'écriture sans contexte dans %', TG_TABLE_NAME
            USING HINT = 'Agissez au nom de quelqu''un, pour une raison (raccord.socle.identite).';
    END $$
"""
GARDE: LiteralString = """
    CREATE OR REPLACE TRIGGER raccord_contexte BEFORE INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW
    WHEN (coalesce(current_setting('raccord.role', true), '') = ''
        OR coalesce(current_setting('raccord.motif', true), '') = '')
    EXECUTE FUNCTION public.raccord_refuser_sans_contexte()
"""
OUBLI: LiteralString = "DROP TRIGGER IF EXISTS raccord_historique ON {table}"
TUE: LiteralString = "SELECT {nom} WHERE OLD.{colonne} IS DISTINCT FROM NEW.{colonne}"
DECLENCHEUR: LiteralString = """
    CREATE OR REPLACE TRIGGER raccord_historique AFTER INSERT OR UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION public.{fonction}()
"""


def ordres_de(modele: type[models.Model], jeune: LiteralString | None, tues: frozenset[str]) -> list[sql.Composed]:
    """What installs the history of one table, or the refusal alone. One that only grows is its own history."""
    if getattr(modele, "ajout_seul", False):
        return []
    if jeune is None:
        table = sql.Identifier(modele._meta.db_table)
        return [sql.SQL(ordre).format(table=table) for ordre in (REFUS, GARDE, OUBLI)]
    champs = [champ for champ in modele._meta.concrete_fields if not champ.generated]
    # When a row was last written is what the line says already.
    champs = [champ for champ in champs if not getattr(champ, "auto_now", False)]
    muets = [str(c.column) for c in champs if c.name in tues or isinstance(c, models.BinaryField)]
    parlants = [str(c.column) for c in champs if c.column not in muets]
    cle = str(modele._meta.pk.column)
    noms = {
        "table": sql.Identifier(modele._meta.db_table),
        "fonction": sql.Identifier(f"raccord_historiser_{modele._meta.db_table}"),
    }
    corps = sql.SQL(FONCTION).format(
        **noms,
        cle=sql.Identifier(cle),
        jeune=sql.SQL(jeune),
        anciennes=_colonnes("OLD", parlants),
        nouvelles=_colonnes("NEW", parlants),
        tues=sql.SQL(" UNION ALL ").join(map(_tue, muets)) if muets else sql.SQL("SELECT NULL WHERE false"),
    )
    return [corps, sql.SQL(DECLENCHEUR).format(**noms)]


def _colonnes(version: LiteralString, noms: list[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.SQL("{}.{}").format(sql.SQL(version), sql.Identifier(nom)) for nom in noms)


def _tue(colonne: str) -> sql.Composed:
    return sql.SQL(TUE).format(nom=sql.Literal(colonne), colonne=sql.Identifier(colonne))
