"""Display names: what a learner may be called. Names are data: shown as they are, never read as markup."""

import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LONGEST = 40

# Marks that turn the direction of the text around them: one name could rewrite the line it stands in.
_TURNING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_UNPRINTABLE = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})


def tidy(name: str) -> str:
    """One spelling for what looks the same: composed characters, single blanks, none at the ends."""
    return " ".join(word for word in unicodedata.normalize("NFC", name).split(" ") if word)


def validate(name: str) -> None:
    """Raises ValidationError for a name with control characters, or with nothing that can be seen."""
    categories = {unicodedata.category(character) for character in name}
    if categories & _UNPRINTABLE or _TURNING & set(name):
        raise ValidationError(_("Please leave out control characters."), code="control")
    if not any(category[0] in "LNSP" for category in categories):
        raise ValidationError(_("Please use at least one letter or digit."), code="invisible")
