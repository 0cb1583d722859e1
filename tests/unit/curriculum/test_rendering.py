from playground.curriculum.model import Answer, Block, Command, Hint, KeyPresses, Listing, Output, Prose, Question, Quiz
from playground.curriculum.rendering import html, rendered
from tests.unit.curriculum.lessons import HEAD, STEP, lesson


def page(*blocks: Block) -> str:
    return str(html(blocks))


def test_a_command_can_be_copied_and_run() -> None:
    assert page(Command("docker ps", run=True)) == (
        '<div class="command" data-command="docker ps"><pre><code>docker ps</code></pre>'
        '<button type="button" class="copy">Copy</button><button type="button" class="run">Run</button></div>'
    )


def test_a_command_for_another_terminal_says_which() -> None:
    shown = page(Command("docker attach web", run=True, terminal=2))

    assert 'data-command="docker attach web" data-terminal="2"><p class="where">In terminal 2</p>' in shown


def test_a_command_to_read_has_no_run_button() -> None:
    assert 'class="run"' not in page(Command("docker ps", run=False))


def test_keys_are_shown_as_keys_and_can_be_pressed() -> None:
    assert page(KeyPresses(("ctrl-p", "enter"))) == (
        '<div class="command keys" data-keys="ctrl-p enter"><p><span class="word"><kbd>Ctrl</kbd><kbd>P</kbd></span> '
        '<span class="word"><kbd>Enter</kbd></span></p><button type="button" class="run press">Press</button></div>'
    )


def test_quotes_and_brackets_in_a_command_stay_inside_its_attribute() -> None:
    text = """sh -c 'echo "<b>" && x'"""

    shown = page(Command(text, run=True))

    assert "<b>" not in shown
    assert 'data-command="sh -c &#x27;echo &quot;&lt;b&gt;&quot; &amp;&amp; x&#x27;"' in shown


def test_an_option_is_not_broken_at_its_hyphens() -> None:
    whole = '<span class="word">--rm</span>'

    assert f"<pre><code>docker run {whole} x</code></pre>" in page(Command("docker run --rm x", run=True))
    assert page(Prose("With `--rm` it goes.")) == f"<p>With <code>{whole}</code> it goes.</p>"
    assert f"<legend>Why <code>{whole}</code>?</legend>" in page(Quiz("k", "Why `--rm`?", ()))
    assert page(Prose("`<b>-`")) == '<p><code><span class="word">&lt;b&gt;-</span></code></p>'


def test_prose_is_markdown_without_raw_html() -> None:
    shown = page(Prose("*Look* <script>alert(1)</script> <img src=x onerror=y> [go](javascript:alert(1))"))

    assert "<em>Look</em>" in shown
    assert "<script" not in shown
    assert "<img" not in shown
    assert "<a" not in shown


def test_a_link_out_opens_beside_the_course_and_tells_nothing() -> None:
    assert page(Prose("[Docker](https://docs.docker.com/)")) == (
        '<p><a href="https://docs.docker.com/" target="_blank" rel="noopener noreferrer">Docker</a></p>'
    )


def test_no_inline_styles_reach_the_page() -> None:
    shown = page(Prose("| a | b |\n| :-: | --- |\n| 1 | 2 |"))

    assert "<table>" in shown
    assert "style" not in shown


def test_a_hint_is_closed_until_it_is_opened() -> None:
    assert page(Hint((Prose("Psst."), Command("ls", run=True)))).startswith(
        '<details class="hint"><summary>Hint</summary><div><p>Psst.</p>\n<div class="command"'
    )


def test_output_and_listings_are_text() -> None:
    assert page(Output("<none>\n")) == '<pre class="output"><samp>&lt;none&gt;\n</samp></pre>'
    assert page(Listing("yaml", "a: 1\n")) == '<pre class="listing" data-language="yaml"><code>a: 1\n</code></pre>'


def test_a_quiz_does_not_give_its_answer_away() -> None:
    one = Quiz("k1", "Which is `it`?", (Answer("A", True, "So."), Answer("B", False, "No.")))
    two = Quiz("k2", "Which are?", (*one.answers, Answer("C", True, "Too.")))

    assert page(one).count('type="radio"') == 2
    assert page(two).count('type="checkbox"') == 3
    assert "<legend>Which is <code>it</code>?</legend>" in page(one)
    assert "So." not in page(one)


def test_a_question_is_a_form_with_the_key_of_its_check() -> None:
    assert page(Question("k1", "How many?")).startswith('<form class="question" data-key="k1"><label><span>How many?')


def test_a_lesson_is_rendered_once_step_by_step() -> None:
    read = rendered(lesson(HEAD + "Hello.\n" + STEP + "Then *look*.\n"))

    assert read.intro_html == "<p>Hello.</p>"
    assert read.steps[0].html == "<p>Then <em>look</em>.</p>"
