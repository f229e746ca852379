"""Every page opened in a real browser, which obeys its policy and complains of each breach.

As a visitor who has not signed in and as somebody who holds every role; with EVERY_READER=1 as a holder of each role.
"""

import os
import re

import pytest
from django.db import connection, transaction
from django.test import Client

from accounts.roles import Role
from tests import builders as a
from tests.journeys import test_role_matrix as matrix

world = matrix.world
READERS = {"anonymous": (), "every-role": tuple(Role)}
if os.environ.get("EVERY_READER"):
    READERS |= {str(role): (role,) for role in Role}
FILES = r"\.(csv|json|jsonld|bib|ics|xlsx|py|tlog-proof)$|^/api/receipts/"
NO_PAGE = re.compile(FILES + r"|/(original|warc|jsi18n|autocomplete|schema)/$")
LISTEN = "addEventListener('securitypolicyviolation', (e) => console.error('broke ' + e.violatedDirective))"


@pytest.mark.parametrize("reader", READERS)
def test_no_page_breaks_its_policy(visitor, people, world, reader):
    whole = transaction.atomic()
    whole._from_testcase = True  # as the block around a test that is rolled back: a checkpoint is signed within
    with whole:
        rows = world()
        connection.run_on_commit.clear()  # what is done after a commit reads the clock of today
    visitor.page.add_init_script(LISTEN)
    program = Client()
    if READERS[reader]:
        program.force_login(a.person("reader", *READERS[reader]))
        cookie = {"name": "sessionid", "value": program.cookies["sessionid"].value, "url": visitor.site}
        visitor.page.context.add_cookies([cookie])
    for address in dict.fromkeys(matrix.addresses()):
        url = matrix.filled(address, rows)
        if url and not NO_PAGE.search(url) and program.get(url).status_code == 200:
            visitor.goes_to(url)
