from django import forms
from django.utils.translation import gettext_lazy as _

from playground.classroom import names
from playground.classroom.models import Learner


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
