"""Each row of the table of faults (reliability.md, section 6), and where it is tested. None points nowhere."""

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]

WHERE = {
    "kill -9 of the server": (
        "faults/test_kills.py",
        "test_what_was_acknowledged_outlives_every_kill_of_the_server",
    ),
    "kill -9 of the worker's process": (
        "faults/test_worker_kills.py",
        "test_a_message_whose_process_was_killed_is_worked_on_again",
    ),
    "kill -9 of the whole worker": (
        "faults/test_worker_kills.py",
        "test_what_a_killed_worker_left_is_done_by_the_sweep_of_the_next",
    ),
    "broker down": ("faults/test_broker.py", "test_without_its_broker_the_site_records_and_says_that_it_is_degraded"),
    "broker back": (
        "journeys/test_worker.py",
        "test_with_the_broker_down_everything_is_recorded_and_the_sweep_scores_it_later",
    ),
    "database down": ("faults/test_database.py", "test_a_program_is_told_when_to_come_again_and_nothing_is_written"),
    "database down, for people": (
        "faults/test_database.py",
        "test_a_person_is_shown_a_page_that_says_so_and_nothing_is_written",
    ),
    "database back": (
        "faults/test_database.py",
        "test_after_a_restart_of_the_server_the_very_next_request_is_answered",
    ),
    "duplicate task": ("faults/test_tasks_twice.py", "test_what_comes_twice_does_what_it_does_once"),
    "one task in two workers": ("faults/test_tasks_twice.py", "test_what_two_workers_do_at_once_is_done_once"),
    "late task": ("predictions/test_tasks.py", "test_the_sweep_makes_good_what_was_lost"),
    "a form sent twice": (
        "predictions/admin/test_once.py",
        "test_a_double_click_logs_one_forecast_and_is_answered_the_same",
    ),
    "client's retry": (
        "predictions/api/test_idempotency.py",
        "test_of_fifty_at_once_with_one_key_one_is_recorded_and_all_are_answered_alike",
    ),
    "client's retry after a kill": (
        "faults/test_kills.py",
        "test_what_was_acknowledged_outlives_every_kill_of_the_server",
    ),
    "double click in two processes": (
        "predictions/operations/test_process_races.py",
        "test_a_double_click_in_two_processes_submits_once",
    ),
    "concurrent resolves": (
        "predictions/operations/test_races.py",
        "test_of_two_resolvers_at_once_one_wins_and_the_other_is_told_of_a_conflict",
    ),
    "concurrent resolves, in processes": (
        "predictions/operations/test_process_races.py",
        "test_of_two_adjudicators_in_two_processes_one_decides",
    ),
    "re-resolution": ("predictions/test_tasks.py", "test_the_sweep_makes_good_what_was_lost"),
    "clock back": (
        "predictions/test_record.py",
        "test_a_clock_more_than_a_minute_behind_the_ledger_stops_every_verb",
    ),
    "clock a little back": ("predictions/test_record.py", "test_time_in_the_ledger_never_goes_back"),
    "zones": (
        "journeys/test_trigger_zones.py",
        "test_what_waited_closes_at_the_first_instant_of_the_period_and_is_due",
    ),
    "the end of a day in its zone": (
        "predictions/exchange/test_moments.py",
        "test_close_known_to_the_day_means_the_end_of_that_day",
    ),
    "days on which clocks are moved": (
        "predictions/exchange/test_moments.py",
        "test_day_is_as_long_as_the_clocks_make_it",
    ),
    "migration of many rows": ("faults/test_migration.py", "test_the_newest_migrations_run_over_a_long_ledger"),
    "disk full": ("faults/test_database.py", "test_a_program_is_told_when_to_come_again_and_nothing_is_written"),
    "disk full, at every step": (
        "faults/test_database.py",
        "test_wherever_the_disk_runs_full_nothing_is_half_written",
    ),
    "disk full, reading": ("faults/test_database.py", "test_what_is_recorded_can_still_be_read"),
    "backup and its restoring": ("faults/test_backup.py", "test_a_backup_under_writers_is_whole_and_serves_again"),
    "an older copy restored": (
        "faults/test_backup.py",
        "test_a_backup_under_writers_is_whole_and_serves_again",
    ),
    "an older copy restored, at every verb": (
        "predictions/models/test_restore_guard.py",
        "test_an_older_copy_takes_no_entry_and_signs_nothing",
    ),
    "bomb in a page": (
        "predictions/outgoing/test_hops.py",
        "test_a_page_that_is_packed_oddly_or_unpacks_to_too_much_is_refused",
    ),
    "bomb in a PDF": (
        "predictions/exchange/test_document_pdf.py",
        "test_a_stream_that_unpacks_to_too_much_is_not_unpacked",
    ),
    "uploads: bombs, nested archives, links": (
        "predictions/admin/test_uploads.py",
        "test_no_file_is_believed_by_its_name_at_the_page_that_captures",
    ),
    "imports: bombs and oversize": (
        "predictions/admin/test_uploads.py",
        "test_no_such_file_brings_quotes_or_forecasts",
    ),
    "../ in a file's name": (
        "predictions/admin/test_uploads.py",
        "test_the_name_of_a_file_names_nothing_here",
    ),
    "formulas in CSV": ("predictions/exchange/test_forecast_table.py", "test_text_that_could_be_a_formula_is_defused"),
    "formulas in a workbook": (
        "predictions/exchange/test_workbook.py",
        "test_text_that_looks_like_a_formula_a_link_or_a_number_is_text",
    ),
    "RTL and unseen marks": (
        "predictions/views/test_unseen.py",
        "test_no_page_hides_a_character_in_what_others_wrote",
    ),
    "endless page": ("predictions/outgoing/test_hops.py", "test_an_endless_answer_is_cut_off"),
    "NUL, surrogates, NaN, duplicate keys, depth": (
        "predictions/api/test_parsing.py",
        "test_what_is_no_sound_json_is_refused_and_said_why",
    ),
    "odd probabilities": (
        "predictions/api/test_forecast_refusals.py",
        "test_an_odd_probability_is_refused_at_its_field",
    ),
    "body too long": ("predictions/api/test_parsing.py", "test_a_body_above_one_megabyte_is_not_even_read"),
}


@pytest.mark.parametrize("fault", WHERE)
def test_every_fault_is_tested_where_the_table_says(fault):
    file, name = WHERE[fault]
    assert re.search(rf"^def {name}\(", (TESTS / file).read_text(), re.MULTILINE)
