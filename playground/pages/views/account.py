"""Accounts: making one, signing in, and passwords."""

from collections.abc import Mapping
from typing import Any

from axes.utils import reset
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import site
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth import views as auth
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from playground import sessions
from playground.checks import merging, progress
from playground.classroom import members
from playground.classroom.accounts import (
    AccountForm,
    ChangePasswordForm,
    DetailsForm,
    ForgottenForm,
    NewPasswordForm,
    SignInForm,
)
from playground.classroom.models import Learner
from playground.classroom.tries import address, may_try
from playground.pages.guard import LearnersRequest, learners_only, safe_next
from playground.seats import actions


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@learners_only
def make(request: LearnersRequest) -> HttpResponseBase:
    """The guest becomes an account; whoever has one goes to their own page."""
    if not request.user.is_guest:
        return redirect("me")
    # A learner of its own, as on the page `me`: what was refused must not show up in the page's head.
    form = AccountForm(request.POST or None, instance=Learner.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid() and saved(form):
        update_session_auth_hash(request, form.instance)
        messages.success(request, _("You have an account now. Sign in as “%s” on any device.") % form.instance.username)
        return redirect("me")
    return render(request, "account.html", {"place": "me", "form": form})


def saved(form: AccountForm | DetailsForm) -> bool:
    """False where somebody else took the username in this very moment; the form says so then."""
    try:
        with transaction.atomic():
            form.save()
    except IntegrityError:
        form.add_error("username", _("This username is taken. Please choose another one."))
        return False
    return True


class SignIn(auth.LoginView):
    """A guest may bring along what they did in this browser. Only who asks for it: the browser may be shared."""

    template_name = "sign_in.html"
    authentication_form = SignInForm
    next_page = "lessons"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if isinstance(request.user, Learner) and not request.user.is_guest:
            return redirect(safe_next(request) or "lessons")
        if request.method == "POST" and not may_try(request, "sign-in"):
            return render(request, "429.html", status=429)
        return super().dispatch(request, *args, **kwargs)

    def get_success_url(self) -> str:
        return safe_next(self.request) or reverse("lessons")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        guest = self.request.user
        return super().get_context_data(
            **kwargs,
            next=safe_next(self.request),
            mail=settings.MAIL_IS_CONFIGURED,
            guests_steps=sum(map(len, progress.steps_passed(guest.pk).values())) if guest.is_authenticated else 0,
        )

    def form_valid(self, form: SignInForm) -> HttpResponse:  # type: ignore[override]
        guest = self.request.user if isinstance(self.request.user, Learner) else None
        answer = super().form_valid(form)
        if guest is not None and guest.is_guest and form.cleaned_data["bring_along"]:
            merging.bring_along(guest.pk, form.get_user().pk)
            members.take_over(guest, form.get_user())
            actions.end(guest)
            guest.delete()
            messages.success(self.request, _("What you did as a guest has come along."))
        return answer


def admin_login(request: HttpRequest) -> HttpResponse:
    """The admin's own door is counted like ours."""
    if request.method == "POST" and not may_try(request, "sign-in"):
        return render(request, "429.html", status=429)
    return site.login(request)


class ChangePassword(auth.PasswordChangeView):
    """A guest has no password to change, and is shown how to have one."""

    template_name = "password.html"
    form_class = ChangePasswordForm
    success_url = reverse_lazy("me")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if isinstance(request.user, Learner) and request.user.is_guest:
            return redirect("account")
        if request.method == "POST" and not may_try(request, "sign-in"):
            return render(request, "429.html", status=429)
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: ChangePasswordForm) -> HttpResponse:  # type: ignore[override]
        """Whoever knew the old one is not signed in with it any more, wherever that was."""
        messages.success(self.request, _("Your password has been changed."))
        answer = super().form_valid(form)
        sessions.end_all([form.user.pk], but=sessions.stay_of(self.request.session))
        return answer


class _ByMail:
    """Only where mail can be sent."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.MAIL_IS_CONFIGURED:
            raise Http404(_("This playground sends no email."))
        if request.method == "POST" and not may_try(request, "mail"):
            return render(request, "429.html", status=429)
        answer: HttpResponseBase = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        return answer


class Forgotten(_ByMail, auth.PasswordResetView):
    """Says the same whether there is such an account or not."""

    template_name = "forgotten.html"
    form_class = ForgottenForm
    email_template_name = "mail/forgotten.txt"
    subject_template_name = "mail/forgotten_subject.txt"
    success_url = reverse_lazy("sign-in")

    def form_valid(self, form: ForgottenForm) -> HttpResponse:  # type: ignore[override]
        messages.success(self.request, _("If an account has that address, an email with a link is on its way."))
        return super().form_valid(form)


class NewPassword(_ByMail, auth.PasswordResetConfirmView):
    template_name = "password.html"
    form_class = NewPasswordForm
    success_url = reverse_lazy("sign-in")

    def form_valid(self, form: NewPasswordForm) -> HttpResponse:  # type: ignore[override]
        """Who guessed too often, and then asked for a mail, need not wait any longer."""
        reset(ip=address(self.request), username=form.user.get_username().casefold())
        messages.success(self.request, _("Your password has been changed. Sign in with it."))
        answer = super().form_valid(form)
        sessions.end_all([form.user.pk])
        return answer


def locked_out(request: HttpRequest, response: object, credentials: Mapping[str, str]) -> HttpResponse:
    """What axes answers after too many wrong passwords."""
    return render(request, "locked_out.html", {"mail": settings.MAIL_IS_CONFIGURED}, status=429)
