from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core import mail
from django.core.management import call_command
from django.utils import timezone

from predictions import tasks
from predictions.models import Checkpoint, NoticeChoice, Prediction
from tests import builders as a

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _mails_go(settings):
    settings.SENDS_MAIL = True
    mail.outbox = []


def run():
    out = StringIO()
    call_command("run_due", stdout=out)
    return out.getvalue().splitlines()


def test_it_does_all_that_the_beat_would_do():
    asked = {entry["task"] for entry in site.CELERY_BEAT_SCHEDULE.values()}
    assert asked == tasks.DUE.keys()


def test_what_is_due_is_done_once_and_told_in_words(people):
    a.asked_capture()
    on = a.forecast().prediction
    a.resolution(on)
    NoticeChoice.objects.create(user=a.a_person_with("analyst"), by_mail="at_once")
    [forgotten, *told, signed, stamped, taken_up] = run()
    assert forgotten == "0 replies and 0 API tokens out of date."
    assert told == ["1 prediction scored anew.", "1 notice made.", "1 mail sent."]
    assert (signed, taken_up) == (
        f"Signed the ledger's {Checkpoint.objects.get().size} entries.",
        "1 capture taken up.",
    )
    assert stamped == "Nothing to time-stamp."
    assert not Prediction.objects.stale().exists()
    [letter] = mail.outbox
    assert letter.to == ["some-analyst@example.org"]
    [_, *told, signed, stamped, taken_up] = run()
    assert told == ["0 predictions scored anew.", "0 notices made.", "0 mails sent."]
    assert (signed[:6], taken_up) == ("Signed", "0 captures taken up.")
    assert run()[-3:] == ["Nothing new to sign.", "Nothing to time-stamp.", "0 captures taken up."]


def test_without_a_mail_server_it_says_so(settings):
    settings.SENDS_MAIL = False
    assert run()[-4] == "No mails: no mail server is set up (EMAIL_URL)."


def test_a_request_without_a_broker_finds_notices_and_waits_for_no_mail_server(people):
    a.resolution(a.prediction())
    NoticeChoice.objects.create(user=a.a_person_with("analyst"), by_mail="at_once")
    tasks.tell()
    assert mail.outbox == []
    assert a.a_person_with("analyst").notices.count() == 1
    assert tasks.run_due(at=timezone.now())[-4] == "1 mail sent."


def test_a_ledger_that_may_not_be_signed_keeps_nothing_else_from_being_done(settings):
    a.asked_capture()
    Path(settings.LEDGER_GUARD_FILE).write_text("nonsense")
    told = run()
    assert sum("guard file" in each for each in told) == 1
    assert len(told) == 7
