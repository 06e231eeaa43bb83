"""What the desk needs of the book. The triggers are taken out first, because SQLite makes a table anew to change it; 0005 puts them back.

Three steps, and until the last is taken no process works in the ledger (`flows.opening`, `desk` ask for all migrations).
"""

from importlib import import_module
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

import content.rules

guards = import_module("ledger.migrations.0002_guards")


def make_grams(apps: Any, schema: Any) -> None:  # noqa: ARG001 - Django hands both over
    """The index of words (`ledger.grams`): no model, because no two databases keep it alike."""
    if schema.connection.vendor == "sqlite":
        schema.execute("CREATE VIRTUAL TABLE ledger_gram USING fts5(words, content='', columnsize=0, detail=none, tokenize='ascii')")
    else:
        schema.execute("CREATE TABLE ledger_gram (item_id bigint PRIMARY KEY, words tsvector NOT NULL)")
        schema.execute("CREATE INDEX ledger_gram_words ON ledger_gram USING gin (words)")


def drop_grams(apps: Any, schema: Any) -> None:  # noqa: ARG001
    schema.execute("DROP TABLE ledger_gram")


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0002_guards'),
    ]

    operations = [
        migrations.RunPython(guards.drop, guards.install),
        migrations.RunPython(make_grams, drop_grams),
        migrations.CreateModel(
            name='Justification',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=12)),
                ('key', models.CharField(max_length=64)),
                ('rule', models.CharField(max_length=40)),
                ('finding', models.JSONField()),
                ('reason', models.TextField(blank=True)),
                ('by', models.CharField(max_length=80)),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='Screening',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seal', models.CharField(max_length=64)),
                ('version', models.CharField(max_length=40)),
                ('at', models.DateTimeField()),
                ('findings', models.JSONField(default=list)),
            ],
        ),
        migrations.RemoveConstraint(
            model_name='edition',
            name='three_different_people',
        ),
        migrations.RemoveConstraint(
            model_name='edition',
            name='nothing_public_unsigned',
        ),
        migrations.AddField(
            model_name='delivery',
            name='closed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='delivery',
            name='look_asked_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='edition',
            name='later_reviewed_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='edition',
            name='later_reviewer',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='edition',
            name='later_verdict',
            field=models.CharField(blank=True, max_length=12),
        ),
        migrations.AddField(
            model_name='edition',
            name='return_reason',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='edition',
            name='returned_by',
            field=models.CharField(blank=True, max_length=80),
        ),
        migrations.AddField(
            model_name='edition',
            name='review_due_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='edition',
            name='saved_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name='edition',
            name='urgent',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='edition',
            name='urgent_reason',
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name='item',
            name='newest',
            field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='newest_of', to='ledger.edition'),
        ),
        migrations.AddField(
            model_name='item',
            name='slug',
            field=models.CharField(default='', max_length=80),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='office',
            name='urgent',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='sheet',
            name='put_up_photo',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='sheet',
            name='taken_down_photo',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AlterField(
            model_name='edition',
            name='state',
            field=models.CharField(choices=[('draft', 'draft'), ('in_review', 'in_review'), ('reviewed', 'reviewed'), ('signed', 'signed'), ('released', 'released'), ('corrected', 'corrected'), ('withdrawn', 'withdrawn'), ('shelved', 'shelved')], default=content.rules.State['DRAFT'], max_length=12),
        ),
        migrations.AddIndex(
            model_name='delivery',
            index=models.Index(condition=models.Q(('closed_at', None)), fields=['office', 'status'], name='delivery_open'),
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(condition=models.Q(('released_at', None)), fields=['state'], name='edition_open'),
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(condition=models.Q(('urgent', True)), fields=['released_on'], name='edition_urgent'),
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(condition=models.Q(('later_reviewed_at', None), ('review_due_at__isnull', False)), fields=['review_due_at'], name='edition_review_due'),
        ),
        migrations.AddIndex(
            model_name='edition',
            index=models.Index(condition=models.Q(('later_reviewed_at__isnull', False)), fields=['later_reviewed_at'], name='edition_reviewed_later'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['office', 'actor', 'seq'], name='event_actor'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['office', 'verb', 'seq'], name='event_verb'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['office', 'at', 'seq'], name='event_at'),
        ),
        migrations.AddIndex(
            model_name='posting',
            index=models.Index(fields=['office', 'channel', 'disclosed_at'], name='posting_latest'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reviewer', ''), models.Q(('reviewer', models.F('drafter')), _negated=True), _connector='OR'), models.Q(('signer', ''), models.Q(models.Q(('signer', models.F('drafter')), _negated=True), models.Q(('signer', models.F('reviewer')), _negated=True)), _connector='OR'), models.Q(('later_reviewer', ''), models.Q(models.Q(('later_reviewer', models.F('drafter')), _negated=True), models.Q(('later_reviewer', models.F('signer')), _negated=True)), _connector='OR')), name='three_different_people'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['signed', 'released', 'corrected', 'withdrawn']), _negated=True), models.Q(models.Q(models.Q(('reviewer', ''), _negated=True), ('urgent', True), _connector='OR'), models.Q(('signer', ''), _negated=True), models.Q(('seal', ''), _negated=True)), _connector='OR'), name='nothing_public_unsigned'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.CheckConstraint(condition=models.Q(('urgent', False), models.Q(('reviewer', ''), models.Q(('signer', ''), _negated=True), models.Q(('urgent_reason', ''), _negated=True), ('review_due_at__isnull', False)), _connector='OR'), name='urgent_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='edition',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('later_reviewed_at', None), ('later_reviewer', ''), ('later_verdict', '')), models.Q(('later_reviewed_at__isnull', False), ('later_verdict__in', ['pass', 'fail']), ('urgent', True), models.Q(('later_reviewer', ''), _negated=True)), _connector='OR'), name='reviewed_later_once'),
        ),
        migrations.AddField(
            model_name='justification',
            name='edition',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='justifications', to='ledger.edition'),
        ),
        migrations.AddField(
            model_name='justification',
            name='item',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='justifications', to='ledger.item'),
        ),
        migrations.AddField(
            model_name='screening',
            name='edition',
            field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='screenings', to='ledger.edition'),
        ),
        migrations.AddIndex(
            model_name='justification',
            index=models.Index(fields=['item', 'key'], name='justification_key'),
        ),
        migrations.AddConstraint(
            model_name='justification',
            constraint=models.CheckConstraint(condition=models.Q(('kind', 'masked'), models.Q(('reason', ''), _negated=True), _connector='OR'), name='justified_with_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='screening',
            constraint=models.UniqueConstraint(fields=('edition', 'seal', 'version'), name='one_screening_a_wording'),
        ),
    ]
