"""Blocks -> HTML for the page. docs/reference/lesson-format.md, "HTML for the page", is the contract with the page.

Markdown is rendered without raw HTML and then sanitised; everything around it is put together here from escaped text.
No inline styles, no scripts: the page's policy would refuse them.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import nh3
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from playground.curriculum.model import (
    FIRST_TERMINAL,
    Block,
    Command,
    Hint,
    KeyPresses,
    Lesson,
    Listing,
    Output,
    Prose,
    Question,
    Quiz,
)

TAGS = {"a", "blockquote", "br", "code", "em", "h3", "h4", "hr", "li", "ol", "p", "pre", "span", "strong", "ul"} | {
    "table", "thead", "tbody", "tr", "th", "td", "del",
}  # fmt: skip
ATTRIBUTES = {"a": {"href", "title", "target"}, "ol": {"start"}, "span": {"class"}}
SCHEMES = {"http", "https"}


def _link_open(renderer: RendererHTML, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    """A link out of the course opens beside it: the terminal stays where it is."""
    if str(tokens[place].attrGet("href") or "").startswith(("http:", "https:")):
        tokens[place].attrSet("target", "_blank")
    return renderer.renderToken(tokens, place, options, env)


def _code(text: str) -> SafeString:
    """Browsers break lines after a hyphen; `--name` must not come apart."""
    parts = re.split(r"(\S*-\S*)", text)  # words with a hyphen at the odd places
    words = (('<span class="word">{}</span>' if place % 2 else "{}", part) for place, part in enumerate(parts))
    return mark_safe("".join(format_html(shape, part) for shape, part in words))


def _code_inline(renderer: RendererHTML, tokens: Sequence[Token], place: int, options: Any, env: Any) -> str:
    return format_html("<code>{}</code>", _code(tokens[place].content))


_markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).disable("image")
_markdown.add_render_rule("link_open", _link_open)
_markdown.add_render_rule("code_inline", _code_inline)


def rendered(lesson: Lesson) -> Lesson:
    """The lesson with the HTML of its introduction and its steps, and so are its variants."""
    steps = tuple(replace(step, html=html(step.blocks)) for step in lesson.steps)
    variants = tuple(rendered(variant) for variant in lesson.variants)
    return replace(lesson, intro_html=html(lesson.intro), steps=steps, variants=variants)


def html(blocks: Iterable[Block]) -> SafeString:
    return format_html_join("\n", "{}", ((RENDER[type(block)](block),) for block in blocks))


def _prose(block: Prose) -> SafeString:
    clean = nh3.clean(
        _markdown.render(block.markdown),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
    )
    return mark_safe(clean.strip())


def _command(block: Command) -> SafeString:
    buttons = format_html('<button type="button" class="copy">{}</button>', _("Copy"))
    if block.run:
        buttons += format_html('<button type="button" class="run">{}</button>', _("Run"))
    attribute = label = SafeString()
    if block.terminal != FIRST_TERMINAL:
        attribute = format_html(' data-terminal="{}"', block.terminal)
        label = format_html('<p class="where">{}</p>', _("In terminal %(number)d") % {"number": block.terminal})
    return format_html(
        '<div class="command" data-command="{}"{}>{}<pre><code>{}</code></pre>{}</div>',
        block.text,
        attribute,
        label,
        _code(block.text),
        buttons,
    )


def _keys(block: KeyPresses) -> SafeString:
    presses = (format_html_join("", "<kbd>{}</kbd>", ((cap,) for cap in _caps(word))) for word in block.words)
    return format_html(
        '<div class="command keys" data-keys="{}"><p>{}</p><button type="button" class="run press">{}</button></div>',
        " ".join(block.words),
        format_html_join(" ", '<span class="word">{}</span>', ((press,) for press in presses)),
        _("Press"),
    )


def _caps(word: str) -> list[str]:
    """What stands on the keys: `ctrl-p` -> Ctrl, P."""
    return [part.capitalize() for part in word.split("-")]


def _output(block: Output) -> SafeString:
    return format_html('<pre class="output"><samp>{}</samp></pre>', block.text)


def _listing(block: Listing) -> SafeString:
    return format_html('<pre class="listing" data-language="{}"><code>{}</code></pre>', block.language, block.text)


def _hint(block: Hint) -> SafeString:
    return format_html(
        '<details class="hint"><summary>{}</summary><div>{}</div></details>', _("Hint"), html(block.blocks)
    )


def _quiz(block: Quiz) -> SafeString:
    kind = "checkbox" if len(block.right) > 1 else "radio"
    answers = format_html_join(
        "",
        '<label><input type="{}" name="answer" value="{}"> <span>{}</span></label>',
        ((kind, place, inline(answer.text)) for place, answer in enumerate(block.answers)),
    )
    return format_html(
        '<form class="quiz" data-key="{}"><fieldset><legend>{}</legend>{}</fieldset>'
        '<button type="submit">{}</button><p class="says" aria-live="polite"></p></form>',
        block.key,
        inline(block.question),
        answers,
        _("Answer"),
    )


def _question(block: Question) -> SafeString:
    return format_html(
        '<form class="question" data-key="{}"><label><span>{}</span> <input type="text" name="answer" maxlength="200"'
        ' autocomplete="off" autocapitalize="off" spellcheck="false" required></label>'
        '<button type="submit">{}</button><p class="says" aria-live="polite"></p></form>',
        block.key,
        inline(block.text),
        _("Answer"),
    )


def inline(markdown: str) -> SafeString:
    """One line of text: code and emphasis, no links, no paragraphs."""
    return mark_safe(
        nh3.clean(_markdown.renderInline(markdown), tags={"code", "em", "span", "strong"}, attributes=ATTRIBUTES)
    )


RENDER: dict[type[Block], Callable[[Any], SafeString]] = {
    Prose: _prose,
    Command: _command,
    KeyPresses: _keys,
    Output: _output,
    Listing: _listing,
    Hint: _hint,
    Quiz: _quiz,
    Question: _question,
}
