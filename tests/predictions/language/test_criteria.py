from predictions.language.criteria import LONGEST_CRITERION, WrittenCriterion, read_criteria


def test_lines_without_a_letter_get_the_next_free_ones():
    told = read_criteria("It is named.\n\n (a) It is called a challenge. ×2\r\nIt is repeated.\n")
    assert told == [
        WrittenCriterion("b", "It is named."),
        WrittenCriterion("a", "It is called a challenge.", 2),
        WrittenCriterion("c", "It is repeated."),
    ]


def test_after_z_come_two_letters():
    assert [each.label for each in read_criteria("x\n" * 28)][-3:] == ["z", "aa", "ab"]


def test_a_line_may_have_as_many_characters_as_are_kept():
    (fits, does_not) = read_criteria(f"{'x' * LONGEST_CRITERION}\n{'x' * (LONGEST_CRITERION + 1)}")
    assert (fits.is_too_long, does_not.is_too_long) == (False, True)


def test_a_line_of_blanks_is_read_in_time():
    [told] = read_criteria(f"x{' ' * 200_000}×")
    assert told.is_too_long
    assert read_criteria("(a)  ×3") == [WrittenCriterion("a", "×3")]
    assert read_criteria("x   ×3") == [WrittenCriterion("a", "x", 3)]
