"""What channels need to work besides their secrets: tokens, counts of calls, breakers, pauses, probes."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0005_guards'),
    ]

    operations = [
        migrations.CreateModel(
            name='Allowance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.CharField(max_length=200)),
                ('quota', models.CharField(max_length=100)),
                ('made', models.PositiveBigIntegerField(default=0)),
                ('shut_until', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'quota'), name='one_allowance_a_quota')],
            },
        ),
        migrations.CreateModel(
            name='Credential',
            fields=[
                ('name', models.CharField(max_length=200, primary_key=True, serialize=False)),
                ('value', models.TextField()),
                ('refresh', models.TextField(blank=True)),
                ('since', models.DateTimeField(null=True)),
                ('until', models.DateTimeField(null=True)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('value', ''), _negated=True), name='credential_of_something')],
            },
        ),
        migrations.CreateModel(
            name='Breaker',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=40)),
                ('failures', models.PositiveIntegerField(default=0)),
                ('opened_at', models.DateTimeField(null=True)),
                ('rests_until', models.DateTimeField(null=True)),
                ('detail', models.TextField(blank=True)),
                ('office', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='ledger.office')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('office', 'channel'), name='one_breaker_a_channel')],
            },
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveBigIntegerField()),
                ('at', models.DateTimeField()),
                ('allowance', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='calls', to='ledger.allowance')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('allowance', 'number'), name='one_call_a_number')],
            },
        ),
        migrations.CreateModel(
            name='Pause',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject', models.CharField(max_length=100)),
                ('channel', models.CharField(blank=True, max_length=40)),
                ('at', models.DateTimeField()),
                ('by', models.CharField(max_length=80)),
                ('reason', models.TextField()),
                ('item', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='pauses', to='ledger.item')),
                ('office', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='ledger.office')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('office', 'subject'), name='one_pause_a_subject'), models.CheckConstraint(condition=models.Q(('channel', ''), ('item', None), _connector='OR'), name='pause_of_one_thing')],
            },
        ),
        migrations.CreateModel(
            name='Probe',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('channel', models.CharField(max_length=40)),
                ('at', models.DateTimeField()),
                ('well', models.BooleanField()),
                ('line', models.TextField()),
                ('until', models.DateTimeField(null=True)),
                ('ill_since', models.DateTimeField(null=True)),
                ('office', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='ledger.office')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('office', 'channel'), name='one_probe_a_channel')],
            },
        ),
    ]
