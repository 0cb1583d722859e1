"""The username and the email address of an account, changed later. Whoever does says the password, and the address
that was there before is told."""

import logging

from django.conf import settings
from django.contrib import messages
from django.core.mail import send_mail
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from playground.classroom.accounts import DetailsForm
from playground.classroom.models import Learner
from playground.classroom.tries import may_try
from playground.pages.guard import LearnersRequest, learners_only
from playground.pages.views.account import saved

log = logging.getLogger(__name__)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@learners_only
def details(request: LearnersRequest) -> HttpResponseBase:
    """A guest has none, and is shown how to have an account. Nothing here tells whether an address is another's too:
    several accounts may have one."""
    if request.user.is_guest:
        return redirect("account")
    # A password is tried here, and a mail is sent: both are counted as at their own doors.
    if request.method == "POST" and not (may_try(request, "sign-in") and may_try(request, "mail")):
        return render(request, "429.html", status=429)
    # A learner of its own: what was refused must not show up in the page's head.
    learner = Learner.objects.get(pk=request.user.pk)
    form = DetailsForm(request, request.POST or None, instance=learner)
    before = learner.email
    if request.method == "POST" and form.is_valid() and saved(form):
        if before not in ("", learner.email) and settings.MAIL_IS_CONFIGURED:
            _tell(request, learner, before)
        messages.success(request, _("Your account has been changed. You sign in as “%s”.") % learner.username)
        return redirect("me")
    return render(request, "account_details.html", {"place": "me", "form": form})


def _tell(request: HttpRequest, learner: Learner, address: str) -> None:
    """What was changed stays so where the mail cannot be sent: the log says it, without the address."""
    text = render_to_string("mail/address_changed.txt", {"learner": learner, "site": request.get_host()})
    try:
        send_mail(_("Your email address on the Docker Playground"), text, None, [address])
    except OSError as error:
        log.error("Learner %d was not told of another address: %s", learner.pk, type(error).__name__)
