"""What learners have passed, and where they stand. A pass is stored once and stays."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Pass(models.Model):
    """Lessons and steps are named by their slugs: they live in files, and a pass outlives a rewritten lesson."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("learner"), on_delete=models.CASCADE)
    lesson = models.CharField(_("lesson"), max_length=50)
    step = models.CharField(_("step"), max_length=50)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        abstract = True


class CheckPass(Pass):
    """One check of a step has come true; it does not have to stay true."""

    check_key = models.CharField(_("check"), max_length=12)

    class Meta:
        verbose_name = _("passed check")
        verbose_name_plural = _("passed checks")
        constraints = [
            models.UniqueConstraint(fields=["learner", "lesson", "step", "check_key"], name="a_check_is_passed_once")
        ]

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.lesson}/{self.step} {self.check_key}"


class StepPass(Pass):
    """All checks of a step have come true, or its solve was played."""

    class How(models.TextChoices):
        """The most help that the learner had."""

        ALONE = "alone", _("by oneself")
        HINT = "hint", _("with a hint")
        SOLUTION = "solution", _("with the solution")
        PLAYED = "played", _("played")  # nothing of it is the learner's own work

    how = models.CharField(_("how"), max_length=8, choices=How, default=How.ALONE)

    class Meta:
        verbose_name = _("passed step")
        verbose_name_plural = _("passed steps")
        constraints = [models.UniqueConstraint(fields=["learner", "lesson", "step"], name="a_step_is_passed_once")]

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.lesson}/{self.step}"


class Help(Pass):
    """A hint or the solution that was opened before the step had passed."""

    kind = models.CharField(_("kind"), max_length=8, choices=StepPass.How)

    class Meta:
        verbose_name = _("help")
        verbose_name_plural = _("help")
        constraints = [models.UniqueConstraint(fields=["learner", "lesson", "step", "kind"], name="help_is_noted_once")]

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.lesson}/{self.step} {self.kind}"


class Trip(Pass):
    """What went wrong on a step, in words that are equal for everybody (phrases.py), and how often."""

    class Kind(models.TextChoices):
        ERROR = "error", _("an error")  # the engine or the gateway refused a command
        CHECK = "check", _("a near miss")
        ANSWER = "answer", _("a wrong answer")

    kind = models.CharField(_("kind"), max_length=8, choices=Kind)
    what = models.CharField(_("what"), max_length=120)
    count = models.PositiveIntegerField(_("count"), default=1)

    class Meta:
        verbose_name = _("trip")
        verbose_name_plural = _("trips")
        constraints = [
            models.UniqueConstraint(fields=["learner", "lesson", "step", "kind", "what"], name="a_trip_is_kept_once")
        ]

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.lesson}/{self.step} {self.what}"


class TimeSpent(models.Model):
    """How long a learner was at work on a lesson."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("learner"), on_delete=models.CASCADE)
    lesson = models.CharField(_("lesson"), max_length=50)
    seconds = models.PositiveIntegerField(_("seconds at work"), default=0)

    class Meta:
        verbose_name = _("time spent")
        verbose_name_plural = _("times spent")
        constraints = [models.UniqueConstraint(fields=["learner", "lesson"], name="time_is_kept_once")]

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.lesson}"


class Attempt(models.Model):
    """How often a learner has begun a lesson anew. It says which variant of a lesson that draws is theirs now."""

    learner = models.ForeignKey(settings.AUTH_USER_MODEL, verbose_name=_("learner"), on_delete=models.CASCADE)
    lesson = models.CharField(_("lesson"), max_length=50)
    number = models.PositiveIntegerField(_("number"), default=0)

    class Meta:
        verbose_name = _("attempt")
        verbose_name_plural = _("attempts")
        constraints = [models.UniqueConstraint(fields=["learner", "lesson"], name="a_lesson_is_counted_once")]

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.lesson} {self.number}"


class Position(models.Model):
    """The lesson and the step at hand, so that ticks go on after the server was restarted."""

    learner = models.OneToOneField(settings.AUTH_USER_MODEL, verbose_name=_("learner"), on_delete=models.CASCADE)
    lesson = models.CharField(_("lesson"), max_length=50)
    step = models.CharField(_("step"), max_length=50, blank=True)  # "" when every step of the lesson is passed
    at = models.DateTimeField(_("at"), auto_now=True)

    class Meta:
        verbose_name = _("position")
        verbose_name_plural = _("positions")

    def __str__(self) -> str:
        return f"{self.learner_id}: {self.lesson}/{self.step}"
