"""The certificate in a browser and on paper."""

import re

from playwright.sync_api import Browser, expect

from playground.checks import kinds
from playground.curriculum.course import load
from tests.browser.people import join
from tests.live import ROOT, LiveServer

LONGEST_NAME = "Countess Augusta Ada King of Lovelace"


def pass_everything(live: LiveServer) -> None:
    """Each step of the course, for whoever joined last."""
    rows = ", ".join(
        f"((SELECT max(id) FROM classroom_learner), '{lesson.slug}', '{step.id}', '2026-03-01 12:00:00', 'alone')"
        for lesson in load(ROOT / "lessons", kinds.parse).lessons
        for step in lesson.steps
    )
    live.edit(f"INSERT INTO checks_steppass (learner_id, lesson, step, at, how) VALUES {rows}")


def test_a_certificate_fits_on_one_sheet_of_paper(browser: Browser, live: LiveServer) -> None:
    with join(browser, live, LONGEST_NAME) as ada:
        ada.goto("/me/certificate/")
        expect(ada.get_by_role("heading", name="Your certificate")).to_be_visible()
        pass_everything(live)
        ada.goto("/lessons/")
        ada.get_by_role("link", name="Your certificate").click()
        expect(ada.get_by_role("heading", name=LONGEST_NAME)).to_be_visible()
        expect(ada.get_by_role("button", name="Print")).to_be_visible()
        paper = ada.pdf(prefer_css_page_size=True, print_background=True)
        assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1
        ada.emulate_media(media="print")
        expect(ada.get_by_role("button", name="Print")).to_be_hidden()
        expect(ada.locator(".bar")).to_be_hidden()
