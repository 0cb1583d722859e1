from django.http import HttpRequest, HttpResponse
from django.urls import path

from playground.pages.lesson_page import END
from playground.pages.views import (
    account,
    account_details,
    certificate,
    class_seats,
    classrooms,
    files,
    finding,
    joining,
    joining_class,
    lessons,
    me,
    seat,
    talking,
    visiting,
)


def healthz(request: HttpRequest) -> HttpResponse:
    """For process checks: this process answers."""
    return HttpResponse("ok", content_type="text/plain")


urlpatterns = [
    path("", joining.front, name="front"),
    path("join/", joining.join, name="join"),
    path("sign-in/", account.SignIn.as_view(), name="sign-in"),
    path("password/", account.Forgotten.as_view(), name="forgotten"),
    path("password/<uidb64>/<token>/", account.NewPassword.as_view(), name="new-password"),
    path("lessons/", lessons.course_page, name="lessons"),
    path("lessons/<slug:slug>/", lessons.lesson_page, name="lesson"),
    path("lessons/<slug:slug>/~end/", lessons.lesson_page, {"step_id": END}, name="lesson-end"),
    path("lessons/<slug:slug>/<slug:step_id>/", lessons.lesson_page, name="step"),
    path("search/", finding.search, name="search"),
    path("glossary/", finding.glossary, name="glossary"),
    path("me/", me.me, name="me"),
    path("me/certificate/", certificate.show, name="certificate"),
    path("me/account/", account.make, name="account"),
    path("me/account/details/", account_details.details, name="account-details"),
    path("me/password/", account.ChangePassword.as_view(), name="password"),
    path("me/data/", me.data, name="my-data"),
    path("me/leave/", me.leave, name="leave"),
    path("me/delete/", me.delete, name="delete-me"),
    path("seat/extend/", seat.extend, name="extend-seat"),
    path("seat/end/", seat.end, name="end-seat"),
    path("seat/folder/", files.folder, name="folder"),
    path("seat/file/", files.file, name="file"),
    path("c/", joining_class.type_code, name="type-code"),
    path("c/<str:code>/", joining_class.join, name="join-classroom"),
    path("me/classroom/leave/", joining_class.leave, name="leave-classroom"),
    path("me/classroom/", talking.mine, name="my-classroom"),
    path("me/classroom/hand/", talking.set_hand, name="set-hand"),
    path("me/classroom/messages/<int:delivery>/", talking.put_away, name="put-away"),
    path("classrooms/", classrooms.index, name="classrooms"),
    path("classrooms/new/", classrooms.new, name="new-classroom"),
    path("classrooms/<int:classroom>/", classrooms.show, name="classroom"),
    path("classrooms/<int:classroom>/roster/", classrooms.roster, name="roster"),
    path("classrooms/<int:classroom>/seats/", class_seats.show, name="class-seats"),
    path("classrooms/<int:classroom>/warm/", class_seats.warm, name="warm-seats"),
    path("classrooms/<int:classroom>/steps/", classrooms.steps, name="class-steps"),
    path("classrooms/<int:classroom>/edit/", classrooms.edit, name="edit-classroom"),
    path("classrooms/<int:classroom>/open/", classrooms.set_open, name="open-classroom"),
    path("classrooms/<int:classroom>/delete/", classrooms.delete, name="delete-classroom"),
    path("classrooms/<int:classroom>/projector/", classrooms.projector, name="projector"),
    path("classrooms/<int:classroom>/results.<str:form>", classrooms.download, name="results"),
    path("classrooms/<int:classroom>/remove/<int:learner>/", classrooms.remove_member, name="remove-member"),
    path("classrooms/<int:classroom>/visit/<int:learner>/", visiting.visit, name="visit"),
    path("classrooms/<int:classroom>/say/", talking.say, name="say"),
    path("classrooms/<int:classroom>/lower/<int:learner>/", talking.lower_hand, name="lower-hand"),
    path("healthz", healthz, name="healthz"),
]
