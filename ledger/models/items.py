"""Items, their editions, and who approved them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from content.rules import OPEN_STATES, State
from ledger.models.offices import Office

SIGNED_STATES = (State.SIGNED, State.RELEASED, State.CORRECTED, State.WITHDRAWN)


class Item(models.Model):
    """One piece of government information for its whole life. What is set once stays (triggers keep that)."""

    office = models.ForeignKey(Office, models.PROTECT, related_name="items", db_index=False)
    index_number = models.CharField(max_length=80, unique=True)
    slug = models.CharField(max_length=80)  #: its name in addresses (content.index_numbers.slug); two items never share one
    newest = models.OneToOneField("Edition", models.PROTECT, null=True, related_name="newest_of")  #: the edition written last
    # null and not "": only nulls may stand beside each other under one_item_a_line
    import_key = models.CharField(max_length=64, null=True)  # noqa: DJ001 #: hash of the line it was imported from; name of the report it is
    shown = models.ForeignKey("Edition", models.PROTECT, null=True, related_name="+")  #: the edition released last
    urn = models.UUIDField(null=True)  #: feed id, given at first release
    released_at = models.DateTimeField(null=True)  #: first release on any channel
    released_on = models.DateField(null=True)  #: the same as a day of the office's zone; the figures' year
    listed_at = models.DateTimeField(null=True)  #: first release on a surface
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_on = models.DateField(null=True)
    withdrawal_reason = models.TextField(blank=True)  #: as the public may read it

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["office", "import_key"], name="one_item_a_line"),
            models.UniqueConstraint(fields=["office", "slug"], name="one_item_an_address"),
            models.CheckConstraint(condition=Q(withdrawn_at=None) | Q(released_at__isnull=False), name="withdrawn_after_release"),
        )
        indexes = (
            models.Index(fields=["office", "released_on"]),
            models.Index(fields=["office", "withdrawn_at", "index_number"], name="item_withdrawn", condition=Q(withdrawn_at__isnull=False)),
        )


class Edition(models.Model):
    """One wording. Its content is frozen once it leaves its drafter (a trigger keeps that)."""

    item = models.ForeignKey(Item, models.PROTECT, related_name="editions", db_index=False)
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, choices=[(state.value, state.value) for state in State], default=State.DRAFT)

    title = models.TextField()
    short_title = models.TextField(blank=True)
    summary = models.TextField(blank=True)
    issuing_body = models.TextField()
    column = models.CharField(max_length=40)
    category = models.CharField(max_length=100, blank=True)
    made_on = models.DateField()
    document_number = models.CharField(max_length=100, blank=True)
    keywords = models.JSONField(default=list)
    source = models.TextField(blank=True)
    change_note = models.TextField(blank=True)
    link = models.TextField(blank=True)
    images = models.JSONField(default=list)
    attachments = models.JSONField(default=list)
    metadata = models.JSONField(default=dict)  #: slug → value, see content.metadata
    body = models.TextField()

    drafter = models.CharField(max_length=80)
    reviewer = models.CharField(max_length=80, blank=True)
    signer = models.CharField(max_length=80, blank=True)
    seal = models.CharField(max_length=64, blank=True)  #: of the edition, at sign-off
    drafted_at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True)  #: when its words were last changed; None: as drafted
    returned_by = models.CharField(max_length=80, blank=True)  #: who sent it back; until it is submitted again
    return_reason = models.TextField(blank=True)
    urgent_reason = models.TextField(blank=True)  #: why its drafter asks that it be signed before the review
    urgent = models.BooleanField(default=False)  #: signed before the review
    review_due_at = models.DateTimeField(null=True)  #: of an urgent one: by when the review is to follow
    later_reviewed_at = models.DateTimeField(null=True)
    later_reviewer = models.CharField(max_length=80, blank=True)
    later_verdict = models.CharField(max_length=12, blank=True)  #: pass, fail
    released_at = models.DateTimeField(null=True)
    released_on = models.DateField(null=True)  #: day of the office's zone

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["item", "number"], name="one_edition_a_number"),
            models.UniqueConstraint(fields=["item"], condition=Q(state=State.RELEASED), name="one_live_edition_an_item"),
            models.UniqueConstraint(fields=["item"], condition=Q(state__in=[s.value for s in OPEN_STATES]),
                                    name="one_open_edition_an_item"),
            models.CheckConstraint(
                condition=((Q(reviewer="") | ~Q(reviewer=F("drafter")))
                           & (Q(signer="") | (~Q(signer=F("drafter")) & ~Q(signer=F("reviewer"))))
                           & (Q(later_reviewer="") | (~Q(later_reviewer=F("drafter")) & ~Q(later_reviewer=F("signer"))))),
                name="three_different_people"),
            models.CheckConstraint(
                condition=~Q(state__in=[s.value for s in SIGNED_STATES])
                | ((~Q(reviewer="") | Q(urgent=True)) & ~Q(signer="") & ~Q(seal="")),
                name="nothing_public_unsigned"),
            models.CheckConstraint(
                condition=Q(urgent=False) | (Q(reviewer="") & ~Q(signer="") & ~Q(urgent_reason="") & Q(review_due_at__isnull=False)),
                name="urgent_with_a_reason"),
            models.CheckConstraint(
                condition=Q(later_reviewer="", later_reviewed_at=None, later_verdict="")
                | (Q(urgent=True, later_reviewed_at__isnull=False, later_verdict__in=["pass", "fail"]) & ~Q(later_reviewer="")),
                name="reviewed_later_once"),
        )
        indexes = (
            models.Index(fields=["state"]),
            models.Index(fields=["released_on"], name="edition_corrections", condition=Q(number__gt=1)),
            # all that counting asks of an edition: its row holds the whole text
            models.Index(fields=["item", "number", "released_at", "category", "column"], name="edition_counted"),
            models.Index(fields=["item", "number", "released_at"], name="edition_later", condition=Q(number__gte=2)),
            models.Index(fields=["id"], name="edition_bare", condition=Q(body="")),
            # what people are at work on: few, and known to the planner to be few
            models.Index(fields=["state"], name="edition_open", condition=Q(released_at=None)),
            models.Index(fields=["released_on"], name="edition_urgent", condition=Q(urgent=True)),
            models.Index(fields=["review_due_at"], name="edition_review_due",
                         condition=Q(review_due_at__isnull=False, later_reviewed_at=None)),
            models.Index(fields=["later_reviewed_at"], name="edition_reviewed_later", condition=Q(later_reviewed_at__isnull=False)),
        )


class Blob(models.Model):
    """The bytes of an image or an attachment, kept once however many editions use them."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    size = models.PositiveBigIntegerField()
    data = models.BinaryField()


class Review(models.Model):
    """A secrecy review (保密审查): who looked at which bytes, and the verdict."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="reviews")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    verdict = models.CharField(max_length=12)  #: pass, return, refer; pass later, fail later: of what was signed first
    reason = models.TextField(blank=True)
    seal = models.CharField(max_length=64)  #: of the edition as reviewed


class SignOff(models.Model):
    """签发: the leader's signature over the edition and over every rendition it will have."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="sign_offs")
    by = models.CharField(max_length=80)
    at = models.DateTimeField()
    edition_seal = models.CharField(max_length=64)
    renditions = models.JSONField()  #: channel name → seal of its rendition
    seal = models.CharField(max_length=64)  #: over the two above


class Route(models.Model):
    """An edition is to go to a channel, at a time or as soon as it is signed."""

    edition = models.ForeignKey(Edition, models.PROTECT, related_name="routes", db_index=False)
    channel = models.CharField(max_length=40)
    kind = models.CharField(max_length=40)
    surface = models.BooleanField()
    release_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["edition", "channel"], name="one_route_a_channel"),)
        # a tick asks for what waits: that many rows, whatever the archive holds
        indexes = (models.Index(fields=["release_at"], name="route_waiting", condition=Q(released_at=None)),)
