"""Communes, départements, académies, and the two functions that measure the Earth."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models

# Metres from the centre of the Earth, mean radius R1 (IUGG 1980). The schema is named inside: on PostgreSQL >= 17 an
# index runs its functions with an empty search path. Nested calls, all strict, let the planner inline the function.
FONCTIONS = """
CREATE FUNCTION public.f_terre(latitude double precision, longitude double precision) RETURNS public.cube
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN public.cube(public.cube(public.cube(
    6371008.8 * cos(radians(latitude)) * cos(radians(longitude))),
    6371008.8 * cos(radians(latitude)) * sin(radians(longitude))),
    6371008.8 * sin(radians(latitude)));
COMMENT ON FUNCTION public.f_terre IS 'Point of the sphere, in metres; arguments in decimal degrees.';
CREATE FUNCTION public.f_km(un public.cube, autre public.cube) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN 2 * 6371.0088 * asin(least(1, public.cube_distance(un, autre) / (2 * 6371008.8)));
COMMENT ON FUNCTION public.f_km IS 'Great-circle kilometres between two points of f_terre.';
"""
DEFAIRE = """
DROP FUNCTION public.f_km(public.cube, public.cube);
DROP FUNCTION public.f_terre(double precision, double precision);
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("socle", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(FONCTIONS, DEFAIRE),
        migrations.CreateModel(
            name="Academie",
            fields=[
                (
                    "slug",
                    models.SlugField(max_length=40, primary_key=True, serialize=False, verbose_name="identifiant"),
                ),
                ("nom", models.CharField(max_length=60, unique=True, verbose_name="nom")),
                ("zone_vacances", models.CharField(max_length=20, verbose_name="zone de vacances scolaires")),
            ],
            options={
                "verbose_name": "académie",
                "ordering": (
                    django.db.models.functions.text.Lower(models.Func(models.F("nom"), function="f_unaccent")),
                    models.F("nom"),
                ),
            },
        ),
        migrations.CreateModel(
            name="RegionAcademique",
            fields=[
                (
                    "code",
                    models.CharField(
                        max_length=3, primary_key=True, serialize=False, verbose_name="code INSEE de la région"
                    ),
                ),
                ("nom", models.CharField(max_length=60, unique=True, verbose_name="nom")),
            ],
            options={
                "verbose_name": "région académique",
                "verbose_name_plural": "régions académiques",
                "ordering": (
                    django.db.models.functions.text.Lower(models.Func(models.F("nom"), function="f_unaccent")),
                    models.F("nom"),
                ),
            },
        ),
        migrations.CreateModel(
            name="Departement",
            fields=[
                ("code", models.CharField(max_length=3, primary_key=True, serialize=False, verbose_name="code")),
                ("nom", models.CharField(max_length=60, unique=True, verbose_name="nom")),
                (
                    "academie",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="departements",
                        to="territoires.academie",
                        verbose_name="académie",
                    ),
                ),
            ],
            options={
                "verbose_name": "département",
                "ordering": ("code",),
            },
        ),
        migrations.AddField(
            model_name="academie",
            name="region_academique",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="academies",
                to="territoires.regionacademique",
                verbose_name="région académique",
            ),
        ),
        migrations.CreateModel(
            name="Commune",
            fields=[
                ("code", models.CharField(max_length=5, primary_key=True, serialize=False, verbose_name="code INSEE")),
                ("nom", models.CharField(max_length=60, verbose_name="nom")),
                (
                    "genre",
                    models.CharField(
                        choices=[("commune", "commune"), ("arrondissement", "arrondissement municipal")],
                        max_length=14,
                        verbose_name="genre",
                    ),
                ),
                ("population", models.PositiveIntegerField(verbose_name="population municipale")),
                (
                    "codes_postaux",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=5), size=None, verbose_name="codes postaux"
                    ),
                ),
                ("latitude", models.FloatField(null=True, verbose_name="latitude")),
                ("longitude", models.FloatField(null=True, verbose_name="longitude")),
                ("position_approchee", models.BooleanField(verbose_name="position approchée")),
                ("en_vigueur", models.BooleanField(verbose_name="en vigueur")),
                ("cle", models.TextField(verbose_name="nom normalisé")),
                ("recherche", models.TextField(verbose_name="mots cherchés")),
                (
                    "departement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="communes",
                        to="territoires.departement",
                        verbose_name="département",
                    ),
                ),
            ],
            options={
                "verbose_name": "commune",
                "indexes": [
                    models.Index(fields=["cle"], name="commune_cle"),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["cle"], name="commune_cle_trigrammes", opclasses=["gin_trgm_ops"]
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fields=["recherche"], name="commune_recherche", opclasses=["gin_trgm_ops"]
                    ),
                    django.contrib.postgres.indexes.GistIndex(
                        models.Func(models.F("latitude"), models.F("longitude"), function="f_terre"),
                        name="commune_terre",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("latitude__isnull", True), ("longitude__isnull", True)),
                            models.Q(
                                ("latitude__isnull", False),
                                ("latitude__range", (-90, 90)),
                                ("longitude__isnull", False),
                                ("longitude__range", (-180, 180)),
                            ),
                            _connector="OR",
                        ),
                        name="commune_position",
                        violation_error_message="Une position a une latitude et une longitude, sur le globe.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("codes_postaux", []), _negated=True),
                        name="commune_code_postal",
                        violation_error_message="Une commune a au moins un code postal.",
                    ),
                ],
            },
        ),
    ]
