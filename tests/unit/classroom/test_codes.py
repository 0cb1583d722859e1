from playground.classroom.codes import LENGTH, LETTERS, new_code, spaced, tidy


def test_a_code_can_be_said_and_typed_as_one_likes() -> None:
    code = new_code()
    assert len(code) == LENGTH
    assert {tidy(code), tidy(spaced(code)), tidy(f" {code.lower()[:2]} {code[2:]} ")} == {code}


def test_what_is_no_code_is_none() -> None:
    assert [tidy(typed) for typed in ("", "BCDFG", "BCDFGHJ", "BCDFGA", "BCDFG0", "BCDFGÄ", "'; --", "\0" * 6)] == [
        ""
    ] * 8


def test_codes_are_too_many_to_be_guessed_at_the_rate_at_which_an_address_may_try() -> None:
    hours_for_a_hundredth = len(LETTERS) ** LENGTH / 100 / 120
    assert hours_for_a_hundredth > 24 * 200
    assert len({new_code() for _ in range(500)}) == 500
