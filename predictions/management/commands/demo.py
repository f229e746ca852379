from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from predictions.operations.accounts import demo_accounts, demo_people

CASEBOOK = Path(__file__).resolve().parents[2] / "casebooks" / "japan-nss-2022.yaml"
FORECASTER = "The Diplomat, article of 2022"
JUDGES = {"resolver": ["first=demo-resolver", "second=demo-resolver-2"], "adjudicator": "demo-adjudicator"}


class Command(BaseCommand):
    help = "Try Forsooth out: the Japan case from its words to its scorecard, then the site. Only with DEBUG=1."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--no-serve", action="store_true", help="Stop after the scorecard.")

    def handle(self, *args: Any, no_serve: bool, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("The demo makes accounts with printed passwords. It runs only with DEBUG=1.")
        self._step("Preparing the database")
        call_command("migrate", verbosity=0, stdout=self.stdout)
        self._step("Loading the casebook: what was foretold, the trigger, the evidence, what two resolvers found")
        demo_people(at=timezone.now())
        call_command("load_casebook", str(CASEBOOK), **JUDGES, stdout=self.stdout)
        self._step("Scoring what is not scored yet")
        call_command("rescore", stdout=self.stdout)
        self._step("The scorecard")
        call_command("scorecard", forecaster=FORECASTER, stdout=self.stdout)
        if not no_serve:
            self._serve()

    def _step(self, words: str) -> None:
        self.stdout.write(self.style.MIGRATE_HEADING(f"\n{words} …"))

    def _serve(self) -> None:
        address = f"http://127.0.0.1:{settings.PORT}/"
        self._step("Accounts, with passwords that are shown this once")
        for username, password in demo_accounts(at=timezone.now()).items():
            self.stdout.write(f"  {username:<20} {password}")
        self.stdout.write(self.style.SUCCESS(f"\nForsooth is at {address} (stop with Ctrl-C)\n"))
        call_command("runserver", f"127.0.0.1:{settings.PORT}", use_reloader=False, stdout=self.stdout)
