"""People and organisations in Django's admin: a thin caller of the actions."""

from typing import Any, cast

from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminPasswordChangeForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import models
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import actions, announce, journal
from accounts.models import Organisation, User, What

# Django's own form knows neither limits nor confirmed addresses.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


@admin.register(Organisation)
class OrganisationAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    list_display = ("__str__", "country", "website")
    list_filter = ("country",)
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}


class NewPassword(AdminPasswordChangeForm):  # type: ignore[type-arg]
    """Django's form, with the deed done where all deeds are."""

    def save(self, commit: bool = True) -> User:
        user: User = self.user
        actions.set_password(user, self.cleaned_data["password1"])
        return user


class Addresses(admin.TabularInline):  # type: ignore[type-arg]
    model = EmailAddress
    extra = 0


@admin.register(User)
class PersonAdmin(UserAdmin):  # type: ignore[type-arg]
    form = UserChangeForm
    change_password_form = NewPassword
    list_display = ("email", "name", "organisation", "country", "is_active", "is_staff")
    list_filter = ("groups", "is_active", "is_demo", "country")
    list_select_related = ("organisation",)
    search_fields = ("email", "name")
    ordering = ("email",)
    readonly_fields = ("last_login", "date_joined", "is_staff", "is_superuser", "is_demo", "erase")
    filter_horizontal = ("groups",)
    autocomplete_fields = ()
    inlines = (Addresses,)
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (_("About"), {"fields": ("name", "organisation", "country", "reads", "zone")}),
        (_("Rights"), {"fields": ("is_active", "groups", "is_staff", "is_superuser", "is_demo")}),
        (_("When"), {"fields": ("last_login", "date_joined", "erase")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "name", "password1", "password2")}),)

    def save_related(
        self, request: HttpRequest, form: "ModelForm[User]", formsets: Any, change: bool
    ) -> None:
        """The two flags follow the role here as they do in actions.give_role, and rooms hear of it."""
        by, person = cast(User, request.user), form.instance
        had = set(person.groups.values_list("name", flat=True))
        super().save_related(request, form, formsets, change)
        has = set(person.groups.values_list("name", flat=True))
        for role in sorted(has - had):
            journal.note(What.ROLE_GIVEN, by=by, about=person, detail=role)
        for role in sorted(had - has):
            journal.note(What.ROLE_TAKEN, by=by, about=person, detail=role)
        person.is_staff = person.is_superuser = person.groups.filter(name="administrator").exists()
        person.save(update_fields=["is_staff", "is_superuser"])
        if person.is_active:
            announce.rights_changed(person.pk)
        elif "is_active" in form.changed_data:
            actions.deactivate(person, by=by)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """Nothing is left to see of those who were erased."""
        return super().get_queryset(request).filter(erased_at=None)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nobody is deleted: what they made points to them. They are erased, with all that tells who they are."""
        return False

    @admin.display(description=_("Erase this account"))
    def erase(self, person: User) -> SafeString | str:
        if not person.pk:
            return "–"
        there = reverse("accounts:erase_person", args=[person.pk])
        return format_html('<a href="{}">{}</a>', there, gettext("Erase this account"))


# Roles are fixed by accounts.roles: new groups would mean nothing to anybody.
admin.site.unregister(Group)
