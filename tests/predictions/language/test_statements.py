import pytest

from predictions.language.likelihood import likelihood_mentions
from predictions.language.statements import proposed_statement


@pytest.mark.parametrize(
    ("sentence", "statement"),
    [
        ("It is likely that the new strategy names China.", "The new strategy names China."),
        ("So it is likely that the new strategy names China.", "The new strategy names China."),
        ("The strategy would likely double down on the alliance.", "The strategy would double down on the alliance."),
        ("Prices are unlikely to fall this year.", "Prices will fall this year."),
        ("It’s likely to rain.", "It will rain."),
        ("Prices are not likely to fall.", "Prices will fall."),
        ("There is a 70% chance that it rains.", "It rains."),
        ("However, the cabinet will fall.", "The cabinet will fall."),
        ("“The cabinet\n will\u200b  fall.”", "The cabinet will fall."),
        ("A likely candidate will win.", "A likely candidate will win."),
        ("", ""),
    ],
)
def test_likelihood_is_left_to_the_forecast_where_a_sentence_remains(sentence, statement):
    mention = next(iter(likelihood_mentions(sentence)), None)
    assert proposed_statement(sentence, (mention.start, mention.end) if mention else None) == statement
