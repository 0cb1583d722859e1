"""The forms of a page, as a browser would send them. Pure."""

from html.parser import HTMLParser


def fields_of(html: str, *names: str) -> list[tuple[str, str]] | None:
    """What the first form with fields of these names holds, as it stands on the page; None where there is none."""
    reader = _Forms()
    reader.feed(html)
    for form in reader.forms:
        if set(names) <= {name for name, _ in form.offered}:
            return form.held
    return None


class _Form:
    def __init__(self) -> None:
        self.offered: list[tuple[str, str]] = []
        self.held: list[tuple[str, str]] = []


class _Forms(HTMLParser):
    """Inputs only: text areas and lists begin empty, as ours do."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[_Form] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(_Form())
        if not self.forms or not given.get("name") or tag not in ("input", "select", "textarea"):
            return
        field = given["name"], given.get("value", "")
        self.forms[-1].offered.append(field)
        ticked = given.get("type") not in ("checkbox", "radio") or "checked" in given
        if tag == "input" and ticked and given.get("type") != "submit":
            self.forms[-1].held.append(field)
