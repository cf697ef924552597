"""People, the organisations they work for, and the journal of what concerns safety."""

from typing import Any, NoReturn, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.names import NamesField


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def called(self, text: str) -> "Organisation | None":
        """The organisation that has this name in any language, whatever the case.

        Compares in Python: SQLite folds ASCII only, and this runs when somebody signs up or edits their
        profile, not when pages are read.
        """
        wanted = _folded(text)
        for organisation in self.only("id", "names").order_by("id"):
            if any(_folded(name) == wanted for name in organisation.names.texts.values()):
                return organisation
        return None


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())


class Organisation(models.Model):
    names = NamesField(_("name"), text_max=200)
    country = models.CharField(_("country"), max_length=2, blank=True)
    website = models.URLField(_("website"), blank=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")

    def __str__(self) -> str:
        return str(self.names)


class UserQuerySet(models.QuerySet["User"]):
    def active(self) -> Self:
        return self.filter(is_active=True)

    def with_role(self, role: str) -> Self:
        return self.filter(groups__name=role)

    def administrators(self) -> Self:
        """Who can sign in here and run the site. The demo's own can on this machine only, in quickstart."""
        able = self.active().with_role("administrator")
        return able if settings.QUICKSTART else able.filter(is_demo=False)

    def by_email(self, email: str) -> "User | None":
        return self.filter(email=tidy_email(email)).first()


class UserManager(BaseUserManager["User"].from_queryset(UserQuerySet)):  # type: ignore[misc]
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user: User = self.model(email=tidy_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str | None) -> "User":
        user: User = self.get(email=tidy_email(email or ""))
        return user


def tidy_email(email: str) -> str:
    """The one spelling of an address that is stored and looked for."""
    return email.strip().lower()


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(_("e-mail"), unique=True)
    name = models.CharField(_("name"), max_length=150)
    organisation = models.ForeignKey(
        Organisation, verbose_name=_("organisation"), null=True, blank=True, on_delete=models.SET_NULL,
        related_name="people",
    )  # fmt: skip
    country = models.CharField(_("country"), max_length=2, blank=True)
    # Language tags in the order the person would rather read them.
    reads = models.JSONField(_("languages read"), default=list, blank=True)
    zone = models.CharField(_("time zone"), max_length=64, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may enter the admin"), default=False)
    # People of the practice webinar: they may sign in on the machine itself only (accounts.backends).
    is_demo = models.BooleanField(_("demo"), default=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)
    # Nothing of the person is left in the row then (accounts.erasing); what they made stays without a name.
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name.split(" ")[0] if self.name else self.email

    @cached_property
    def roles(self) -> frozenset[str]:
        """Names of the site roles, read once per instance (request.user is one instance a request)."""
        return frozenset(self.groups.values_list("name", flat=True))

    def has_role(self, *any_of: str) -> bool:
        return not self.roles.isdisjoint(any_of)


class What(models.TextChoices):
    """What is written down in the journal."""

    SIGN_IN = "sign_in", _("Signed in")
    SIGN_IN_FAILED = "sign_in_failed", _("Sign-in failed")
    PASSWORD = "password", _("New password")
    ROLE_GIVEN = "role_given", _("Role given")
    ROLE_TAKEN = "role_taken", _("Role taken away")
    CLOSED = "closed", _("Account closed")
    ERASED = "erased", _("Erased")
    EXPORTED = "exported", _("Downloaded as a table")
    SETTINGS = "settings", _("Settings of the site changed")
    SETUP = "setup", _("Site opened")


class JournalQuerySet(models.QuerySet["JournalLine"]):
    """Questions about the journal; it takes no changes."""

    def newest(self) -> Self:
        return self.select_related("by", "about").order_by("-pk")

    def update(self, **_: Any) -> NoReturn:
        raise TypeError("What is written in the journal stays as it is.")

    def delete(self) -> NoReturn:
        raise TypeError("What is written in the journal stays as it is.")

    def bulk_update(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("What is written in the journal stays as it is.")


class JournalLine(models.Model):
    """`by` did it (None: nobody who is signed in, or the command line) to `about`. Both rows may go; the line stays."""

    at = models.DateTimeField(default=timezone.now)
    what = models.CharField(max_length=16, choices=What)
    by = models.ForeignKey(User, models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    about = models.ForeignKey(User, models.DO_NOTHING, null=True, related_name="+", db_constraint=False)
    detail = models.CharField(max_length=200, blank=True)

    objects = JournalQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M:%S} {self.what} {self.detail}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise TypeError("What is written in the journal stays as it is.")
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        raise TypeError("What is written in the journal stays as it is.")
