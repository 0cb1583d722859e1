"""Pages for when something went wrong: each in the same style, each with a way on."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.test import RequestFactory
from django.views.defaults import permission_denied, server_error


def test_a_page_that_broke_says_so_without_anything_that_could_break_again(rf: RequestFactory) -> None:
    """Django renders it without a request, a user or a session."""
    html = server_error(rf.get("/")).content.decode()
    assert "<h1>Something broke on our side</h1>" in html
    assert 'href="/"' in html


@pytest.mark.django_db
def test_a_page_that_is_somebody_elses_leads_back_to_ones_own(rf: RequestFactory) -> None:
    request = rf.get("/")
    request.user = AnonymousUser()
    html = permission_denied(request, PermissionDenied()).content.decode()
    assert "<h1>This one is not yours</h1>" in html
    assert 'href="/lessons/"' in html
