import uuid

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Passage",
            fields=[
                ("nom", models.CharField(max_length=30, primary_key=True, serialize=False)),
                ("le", models.DateTimeField()),
            ],
            options={
                "verbose_name": "passage",
            },
        ),
        migrations.CreateModel(
            name="AdresseEnEchec",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "cree_le",
                    models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name="créé le"),
                ),
                ("modifie_le", models.DateTimeField(auto_now=True, verbose_name="modifié le")),
                ("adresse", models.CharField(max_length=254)),
                ("chez", models.CharField(max_length=200)),
                ("utilisateur_id", models.UUIDField(null=True)),
                ("contact_id", models.UUIDField(null=True)),
                ("jeune_id", models.UUIDField(null=True)),
                ("representant_id", models.UUIDField(null=True)),
                ("objet_type", models.CharField(blank=True, max_length=60)),
                ("objet_id", models.UUIDField(null=True)),
                ("cause", models.CharField(max_length=60)),
            ],
            options={
                "verbose_name": "adresse en échec",
                "verbose_name_plural": "adresses en échec",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("adresse", "utilisateur_id", "contact_id", "jeune_id", "representant_id"),
                        name="adresse_en_echec_unique",
                        nulls_distinct=False,
                        violation_error_message="Cette adresse est déjà signalée.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Echelle",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("attente", models.CharField(max_length=40, verbose_name="attente")),
                ("portee", models.CharField(blank=True, max_length=60, verbose_name="portée")),
                ("debut", models.DateField(verbose_name="en vigueur depuis le")),
                ("echelons", models.JSONField(verbose_name="échelons")),
                ("source", models.CharField(max_length=300, verbose_name="source")),
                ("posee_par_id", models.UUIDField(null=True)),
            ],
            options={
                "verbose_name": "échelle",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("attente", "portee", "debut"),
                        name="echelle_unique",
                        violation_error_code="debut",
                        violation_error_message="Une échelle commence déjà ce jour-là : choisissez un autre jour.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("echelons", []), _negated=True),
                        name="echelle_un_echelon",
                        violation_error_message="Une échelle a au moins un échelon : un silence finit toujours par se dire.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Attente",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=40)),
                ("objet_type", models.CharField(max_length=60)),
                ("objet_id", models.UUIDField()),
                ("fil", django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ("sujet", models.CharField(max_length=200)),
                ("action", models.CharField(max_length=150)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("acheteur", "acheteur"),
                            ("entreprise", "entreprise"),
                            ("tuteur", "tuteur MLDS"),
                            ("coordonnateur", "coordonnateur MLDS"),
                            ("national", "équipe nationale"),
                            ("partenaire", "partenaire"),
                            ("jeune", "jeune"),
                            ("representant", "représentant légal"),
                            ("systeme", "Raccord"),
                            ("visiteur", "visiteur"),
                        ],
                        max_length=16,
                    ),
                ),
                (
                    "administrateurs",
                    models.BooleanField(default=False, verbose_name="revient à qui administre l'organisation"),
                ),
                ("organisation_id", models.UUIDField(null=True)),
                ("utilisateur_id", models.UUIDField(null=True)),
                ("contact_id", models.UUIDField(null=True)),
                ("jeune_id", models.UUIDField(null=True)),
                ("proprietaire", models.CharField(max_length=200)),
                ("ouverte_le", models.DateTimeField(default=django.utils.timezone.now)),
                ("echeance", models.DateTimeField()),
                ("prochain", models.DateTimeField(null=True)),
                ("close_le", models.DateTimeField(null=True)),
                ("issue", models.CharField(blank=True, max_length=60)),
                ("departement", models.CharField(blank=True, max_length=3)),
                ("zone", models.CharField(blank=True, max_length=20)),
                ("pause_jusqua", models.DateTimeField(null=True)),
                ("pause_raison", models.CharField(blank=True, max_length=300)),
                ("pause_par_id", models.UUIDField(null=True)),
                ("pause_jours", models.PositiveSmallIntegerField(default=0)),
                ("tenue_par_id", models.UUIDField(null=True)),
                ("tenue_jusqua", models.DateTimeField(null=True)),
                (
                    "echelle",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="echeances.echelle"
                    ),
                ),
            ],
            options={
                "verbose_name": "attente",
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=60)),
                ("sujet", models.CharField(max_length=200)),
                ("corps", models.TextField()),
                ("courriel", models.EmailField(blank=True, max_length=254)),
                ("telephone", models.CharField(blank=True, max_length=20)),
                ("utilisateur_id", models.UUIDField(null=True)),
                ("contact_id", models.UUIDField(null=True)),
                ("jeune_id", models.UUIDField(null=True)),
                ("representant_id", models.UUIDField(null=True)),
                ("organisation_id", models.UUIDField(null=True)),
                ("objet_type", models.CharField(blank=True, max_length=60)),
                ("objet_id", models.UUIDField(null=True)),
                ("calendrier", models.TextField(blank=True)),
                (
                    "envoi",
                    models.CharField(
                        choices=[
                            ("seul", "part seul"),
                            ("recapitulatif", "part dans le récapitulatif du jour"),
                            ("coupe", "coupé par son destinataire : ne part pas"),
                            ("sans_objet", "n’a plus d’objet : ne part pas"),
                        ],
                        default="seul",
                        max_length=13,
                    ),
                ),
                ("cree_le", models.DateTimeField(default=django.utils.timezone.now)),
                ("envoye_le", models.DateTimeField(null=True)),
                ("essais", models.PositiveSmallIntegerField(default=0)),
                ("prochain_essai", models.DateTimeField(default=django.utils.timezone.now)),
                ("echec_le", models.DateTimeField(null=True)),
                ("cause", models.CharField(blank=True, max_length=60)),
                ("retour_le", models.DateTimeField(null=True)),
                (
                    "attente",
                    models.ForeignKey(
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="lettres",
                        to="echeances.attente",
                    ),
                ),
                (
                    "reuni_dans",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reunis",
                        to="echeances.message",
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("utilisateur_id", models.UUIDField(null=True, unique=True)),
                ("contact_id", models.UUIDField(null=True, unique=True)),
                ("jeune_id", models.UUIDField(null=True, unique=True)),
                ("representant_id", models.UUIDField(null=True, unique=True)),
                (
                    "canal",
                    models.CharField(
                        choices=[("courriel", "courriel"), ("sms", "SMS"), ("deux", "courriel et SMS")],
                        default="courriel",
                        max_length=8,
                    ),
                ),
                (
                    "rythme",
                    models.CharField(
                        choices=[
                            ("un_par_un", "un par un, dès qu’il se passe quelque chose"),
                            ("recapitulatif", "en un récapitulatif par jour"),
                        ],
                        default="un_par_un",
                        max_length=13,
                    ),
                ),
                ("silence_de", models.TimeField(blank=True, null=True)),
                ("silence_a", models.TimeField(blank=True, null=True)),
                ("fuseau", models.CharField(default="Europe/Paris", max_length=40)),
                (
                    "coupes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60), blank=True, default=list, size=None
                    ),
                ),
            ],
            options={
                "verbose_name": "préférence d'envoi",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("utilisateur_id__isnull", False),
                            ("contact_id__isnull", False),
                            ("jeune_id__isnull", False),
                            ("representant_id__isnull", False),
                            _connector="OR",
                        ),
                        name="preference_de_quelqu_un",
                        violation_error_message="Une préférence est celle d'une personne.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("silence_a__isnull", True), ("silence_de__isnull", True)),
                            models.Q(
                                ("silence_a__isnull", False),
                                ("silence_de__isnull", False),
                                models.Q(("silence_de", models.F("silence_a")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="preference_silence_entier",
                        violation_error_code="silence_a",
                        violation_error_message="Des heures de silence ont un début et une fin différents.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Rappel",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("echelon", models.CharField(max_length=40)),
                ("le", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "issue",
                    models.CharField(
                        choices=[
                            ("dit", "prévenu"),
                            ("absent", "personne à prévenir : l'échelon suivant l'est tout de suite"),
                            ("passe", "passé : l'échelon suivant était dû aussi"),
                            ("sans_objet", "sans objet"),
                        ],
                        default="dit",
                        max_length=12,
                    ),
                ),
                (
                    "prevenus",
                    django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), default=list, size=None),
                ),
                (
                    "attente",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="rappels", to="echeances.attente"
                    ),
                ),
            ],
            options={
                "verbose_name": "rappel",
            },
        ),
        migrations.AddIndex(
            model_name="attente",
            index=models.Index(
                condition=models.Q(("close_le__isnull", True)),
                fields=["organisation_id", "role", "echeance"],
                name="attente_journee",
            ),
        ),
        migrations.AddIndex(
            model_name="attente",
            index=models.Index(
                condition=models.Q(("close_le__isnull", True), ("prochain__isnull", False)),
                fields=["prochain", "id"],
                name="attente_a_relever",
            ),
        ),
        migrations.AddIndex(
            model_name="attente",
            index=django.contrib.postgres.indexes.GinIndex(fields=["fil"], name="attente_fil"),
        ),
        migrations.AddConstraint(
            model_name="attente",
            constraint=models.UniqueConstraint(
                condition=models.Q(("close_le__isnull", True)),
                fields=("code", "objet_id"),
                name="attente_ouverte_unique",
                violation_error_message="Cette attente est déjà ouverte.",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(
                    ("echec_le__isnull", True),
                    ("envoi__in", ("seul", "recapitulatif")),
                    ("envoye_le__isnull", True),
                    ("reuni_dans__isnull", True),
                ),
                fields=["prochain_essai"],
                name="message_a_envoyer",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["objet_id", "-cree_le"], name="message_objet"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("attente__isnull", False)), fields=["attente"], name="message_attente"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("envoye_le__isnull", False)), fields=["-envoye_le"], name="message_envoye"
            ),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("envoi__in", ("seul", "recapitulatif")), ("envoye_le__isnull", True), _connector="OR"
                ),
                name="message_coupe_ne_part_pas",
                violation_error_message="Un message coupé ou sans objet ne part pas.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="message",
            trigger=pgtrigger.compiler.Trigger(
                name="reveil",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="PERFORM pg_notify('raccord_boite', ''); RETURN NULL;",
                    hash="cac97c6fa60280b8e22821e337f0f59fec5beabe",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_reveil_82124",
                    table="echeances_message",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="rappel",
            constraint=models.UniqueConstraint(
                fields=("attente", "echelon"), name="rappel_unique", violation_error_message="Ce rappel est déjà parti."
            ),
        ),
    ]
