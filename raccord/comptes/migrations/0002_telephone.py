"""Apart from the initial one: django-otp's tables need the accounts, and this needs django-otp's tables."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("comptes", "0001_initial"),
        ("otp_totp", "0003_add_timestamps"),
    ]

    operations = [
        migrations.CreateModel(
            name="Telephone",
            fields=[],
            options={
                "verbose_name": "téléphone de confirmation",
                "proxy": True,
                "indexes": [],
                "constraints": [],
            },
            bases=("otp_totp.totpdevice",),
        ),
    ]
