from playground.load.forms import fields_of

PAGE = """
<form action="/search/"><input type="search" name="q"></form>
<form method="post">
  <input type="hidden" name="csrfmiddlewaretoken" value="token">
  <input name="name">
  <input type="checkbox" name="lessons" value="one" checked>
  <input type="checkbox" name="lessons" value="two">
  <button type="submit" name="go" value="yes">Go</button>
</form>
"""


def test_a_form_is_found_by_its_fields_and_sent_as_it_stands() -> None:
    assert fields_of(PAGE, "name") == [("csrfmiddlewaretoken", "token"), ("name", ""), ("lessons", "one")]


def test_a_page_without_such_a_form_gives_none() -> None:
    assert fields_of(PAGE, "code") is None
