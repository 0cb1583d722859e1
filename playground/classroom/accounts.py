"""Accounts: a username and a password, so that progress can be had on another device. A guest becomes one and stays the
same learner."""

from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.forms import (
    AuthenticationForm,
    PasswordChangeForm,
    PasswordResetForm,
    SetPasswordForm,
    UserCreationForm,
)
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from playground.classroom.models import GUEST, Learner


class _Ours(forms.BaseForm):
    """Fields in the site's own look."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.label_suffix = ""
        for field in self.fields.values():
            if not isinstance(field.widget, forms.CheckboxInput):
                field.widget.attrs["class"] = "input"


class _Twice(_Ours):
    """A new password, asked for twice in fields that end in 1 and 2."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if name.endswith("password1"):
                field.help_text = _("At least eight characters, and not a common password.")
            elif name.endswith("password2"):
                field.label, field.help_text = _("The same password again"), ""


class AccountForm(_Twice, UserCreationForm):  # type: ignore[type-arg]  # not generic at run time
    """Makes an account of the guest that it is given."""

    class Meta:
        model = Learner
        fields = ("username", "email")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.initial["username"] = ""  # a guest has one that nobody can remember
        self.fields["username"].help_text = _("Letters, digits and @ . + - _")
        if settings.MAIL_IS_CONFIGURED:
            self.fields["email"].help_text = _("Only to reset a forgotten password. You may leave it empty.")
        else:
            del self.fields["email"]

    def clean_username(self) -> str:
        username = super().clean_username()
        _refuse_a_guests(username or "")  # None where it is taken, as the form knows then
        return username


class DetailsForm(_Ours, forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """What an account signs in with, and where its mail goes. Whoever changes them says the password; a wrong one
    counts as at the sign-in."""

    password = forms.CharField(
        label=_("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=_("So that nobody changes this who finds your browser open."),
    )

    class Meta:
        model = Learner
        fields = ("username", "email")
        widgets = {
            "username": forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email"}),
        }

    def __init__(self, request: HttpRequest, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self._request, self._username = request, self.instance.username
        self.fields["username"].help_text = _("Letters, digits and @ . + - _")
        if settings.MAIL_IS_CONFIGURED:
            self.fields["email"].help_text = _("Only to reset a forgotten password. You may leave it empty.")
        elif self.instance.email:
            self.fields["email"].help_text = _("This playground sends no email. You may leave it empty.")
        else:
            del self.fields["email"]

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        _refuse_a_guests(username)
        if Learner.objects.filter(username__iexact=username).exclude(pk=self.instance.pk).exists():
            raise ValidationError(_("This username is taken. Please choose another one."))
        return username

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if authenticate(self._request, username=self._username, password=password) != self.instance:
            raise ValidationError(_("This is not your password."))
        return password


def _refuse_a_guests(username: str) -> None:
    if username.lower().startswith(GUEST):
        raise ValidationError(_("Names that begin with “%(guest)s” are for guests.") % {"guest": GUEST})


class SignInForm(_Ours, AuthenticationForm):
    bring_along = forms.BooleanField(required=False)


class ChangePasswordForm(_Twice, PasswordChangeForm):
    pass


class ForgottenForm(_Ours, PasswordResetForm):
    pass


class NewPasswordForm(_Twice, SetPasswordForm):  # type: ignore[type-arg]
    pass
