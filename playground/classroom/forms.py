from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from playground.classroom import names
from playground.classroom.models import Classroom, Learner
from playground.curriculum.model import Lesson

MOST_SEATS = 10_000  # more fit no machine


class DisplayNameForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """The one thing that a learner tells us: how to be called."""

    display_name = forms.CharField(
        label=_("Your display name"),
        label_suffix="",
        max_length=names.LONGEST,
        validators=[names.validate],
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "spellcheck": "false", "class": "input"}),
        error_messages={"required": _("Please type a name. Any name will do.")},
    )

    class Meta:
        model = Learner
        fields = ["display_name"]

    def clean_display_name(self) -> str:
        return names.tidy(self.cleaned_data["display_name"])


class SayForm(forms.Form):
    """To one who is in the classroom, or to everybody."""

    to = forms.ChoiceField(label=_("To"), label_suffix="", required=False)
    text = forms.CharField(
        label=_("Message"),
        label_suffix="",
        max_length=500,
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off", "list": "canned"}),
        error_messages={"required": _("Please write something.")},
    )
    command = forms.CharField(
        label=_("A command to run, if you like"),
        label_suffix="",
        required=False,
        max_length=300,
        validators=[RegexValidator(r"[\x00-\x1f\x7f]", _("One line, please."), inverse_match=True)],
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, learners: Sequence[Learner], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everybody = [("", _("everybody"))]
        choices = everybody + [(str(learner.pk), str(learner)) for learner in learners]
        self.fields["to"].choices = choices  # type: ignore[attr-defined]
        self.fields["to"].widget.attrs["class"] = "input"


class ClassroomForm(forms.ModelForm):  # type: ignore[type-arg]
    """`lessons` come in the order in which the page had them; `fits` says how many seats there are to be had."""

    name = forms.CharField(
        label=_("Name"),
        label_suffix="",
        max_length=60,
        validators=[names.validate],
        widget=forms.TextInput(attrs={"class": "input", "autocomplete": "off"}),
        error_messages={"required": _("Please give the classroom a name that its learners know.")},
    )
    lessons = forms.MultipleChoiceField(
        label=_("Lessons"), error_messages={"required": _("Please choose at least one lesson.")}
    )

    seats = forms.IntegerField(
        label=_("Seats"),
        label_suffix="",
        required=False,
        min_value=0,
        max_value=MOST_SEATS,
        widget=forms.NumberInput(attrs={"class": "input input--number", "autocomplete": "off"}),
    )

    class Meta:
        model = Classroom
        fields = ("name", "lessons", "seats")

    def __init__(self, *args: Any, course: Sequence[Lesson], fits: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        why = _(
            "So many learners work at once. Seats are kept while the classroom is open; with 0 it takes what is free."
        )
        self.fields["seats"].help_text = f"{why} {fits}"
        self._whole = [lesson.slug for lesson in course]
        self._titles = {lesson.slug: lesson.title for lesson in course}
        self.fields["lessons"].choices = list(self._titles.items())  # type: ignore[attr-defined]

    def clean_name(self) -> str:
        return names.tidy(self.cleaned_data["name"])

    def clean_seats(self) -> int:
        return self.cleaned_data["seats"] or 0

    def clean_lessons(self) -> list[str]:
        """None for the whole course in its own order: a lesson that is added later belongs to it then."""
        chosen = list(dict.fromkeys(self.cleaned_data["lessons"]))
        return [] if chosen == self._whole else chosen

    def rows(self) -> list[tuple[str, str, bool]]:
        """Slug, title and whether it is chosen: the chosen ones first, in their order."""
        chosen = self["lessons"].value() or ([] if self.is_bound else self._whole)
        order = [slug for slug in chosen if slug in self._titles]
        rest = [slug for slug in self._whole if slug not in order]
        return [(slug, self._titles[slug], slug in order) for slug in [*order, *rest]]
