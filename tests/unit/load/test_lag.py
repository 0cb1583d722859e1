from playground.load.lag import RosterLag, behind, same


def test_the_roster_is_behind_from_the_tick_to_the_first_look_that_shows_it() -> None:
    lag = RosterLag()
    lag.heard("Ada", 1, 100)
    lag.shows("Ada", 0, 150)
    lag.shows("Ada", 1, 900)
    lag.shows("Ada", 1, 1900)
    assert (lag.behind, lag.waiting) == ([800], 0)


def test_a_look_may_show_several_ticks_at_once() -> None:
    lag = RosterLag()
    lag.heard("Ada", 1, 100)
    lag.heard("Ada", 2, 400)
    assert lag.waiting == 2
    lag.shows("Ada", 2, 500)
    assert lag.behind == [400, 100]


def test_a_roster_that_knew_before_the_learner_is_not_behind() -> None:
    lag = RosterLag()
    lag.shows("Ada", 1, 100)
    lag.heard("Ada", 1, 105)
    assert (lag.behind, lag.waiting) == ([0], 0)


def test_another_learners_tick_is_not_taken_for_hers() -> None:
    lag = RosterLag()
    lag.heard("Ada", 1, 100)
    lag.shows("Ben", 1, 200)
    assert (lag.behind, lag.waiting) == ([], 1)


def test_a_watcher_is_behind_until_all_of_a_piece_has_come() -> None:
    assert behind([(0, b"abcd"), (10, b"ef")], [(3, b"ab"), (7, b"cdef")]) == [7, 0]


def test_a_watcher_who_began_earlier_or_later_is_compared_from_where_both_were_there() -> None:
    assert behind([(10, b"cd"), (20, b"ef")], [(1, b"ab"), (12, b"cd"), (23, b"ef")]) == [2, 3]
    assert behind([(1, b"ab"), (10, b"cd"), (20, b"ef")], [(12, b"cd"), (23, b"ef")]) == [2, 3]


def test_a_watcher_who_saw_something_else_or_nothing_is_not_the_same() -> None:
    assert same([(0, b"abcd")], [(1, b"cd")])
    assert not same([(0, b"abcd")], [(1, b"ce")])
    assert not same([(0, b"abcd")], [])
