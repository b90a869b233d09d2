"""Each attack on allocation and surveys that we know, and the tests that hold it off; and no form without its token.

The tables are the register: a line whose test was renamed, removed or set aside fails here, and so does a line of the
list of attacks that stands in neither table.
"""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import URLResolver, get_resolver

TESTS = Path(__file__).parents[1]
#: Addresses without Django's own check of a form's token: two views make it themselves, to show again what was typed;
#: at the other three the sealed address is the whole right, and mail programs post there (RFC 8058). The interface for
#: programs looks at no cookie: its token is in a header, which no other site can send along.
CHECKED_OTHERWISE = {
    "api/lounge/questions",
    "api/lounge/questions/<question>",
    "api/lounge/questions/<question>/answers",
    "a/<str:token>/",
    "p/<slug:programme>/surveys/telephone/<int:person>/<slug:wave>/",
    "no-letters/<str:token>/",
    "no-lounge-letters/<str:token>/",
    "study/<str:token>/stop/<str:code>/",
}
#: A line of the list of attacks by its first words → the tests that perform what concerns allocation and surveys.
ATTACKS = {
    "randomise before consent/baseline": [
        "trial/test_attacks::test_a_draw_before_its_time_names_the_missing_step",
        "trial/test_allocating::test_a_draw_before_its_steps_names_the_one_that_lacks",
    ],
    "same participant twice, or 50 parallel calls": [
        "trial/test_race::test_50_parallel_draws_of_one_participant_are_one_draw",
        "trial/test_race::test_50_parallel_clicks_send_one_baseline",
    ],
    "delete + re-enrol same person": [
        "trial/test_attacks::test_who_leaves_and_enrols_again_keeps_study_id_and_draw",
        "vault/test_link::test_who_comes_back_has_the_same_study_id_and_another_in_another_programme",
    ],
    "recruiter/PI/admin GETs any future-allocation page": [
        "trial/test_attacks::test_while_people_can_join_no_page_of_a_recruiter_counts_an_arm",
        "trial/test_attacks::test_while_people_can_join_what_was_granted_counts_and_names_no_arm",
        "trial/test_attacks::test_no_address_tells_the_next_draw",
        "trial/test_attacks::test_before_the_end_the_key_of_the_draws_is_nowhere_in_the_database_or_the_log",
        "trial/test_locking::test_keys_of_real_trials_lie_outside_the_database",
        "evidence/test_monitoring::test_the_director_waits_until_nobody_can_be_drawn",
    ],
    "protocol edited after commitment": [
        "trial/test_locking::test_nothing_of_a_locked_protocol_changes_and_the_hash_is_shown",
        "trial/test_amending::test_what_the_draws_rest_on_never_changes",
    ],
    "one byte changed in any published allocation": [
        "science/allocation/test_record::test_any_change_of_one_byte_is_found",
        "science/allocation/test_record::test_a_changed_entry_is_named",
        "science/allocation/test_record::test_a_forger_who_mends_the_links_is_found_by_the_draws",
        "cli/test_allocate::test_a_changed_record_names_its_entry",
    ],
    "seed supplied as 0, 42, year, or reused": [
        "science/allocation/test_keys::test_a_typed_or_patterned_key_is_refused",
        "trial/test_locking::test_a_key_is_never_used_again",
        "trial/test_locking::test_test_entropy_is_labelled_and_for_simulated_people_only",
    ],
    "300 consents race for the last 5 of 138 seats": [
        "trial/test_recruiting_views::test_300_consents_race_for_the_last_5_of_138_seats_through_the_pages",
        "trial/test_race::test_300_baselines_race_for_the_last_5_places",
    ],
    "remote image": [
        "lounge/test_markup::test_a_remote_image_is_never_loaded",
        "lounge/test_attacks::test_nothing_in_markdown_is_live",
    ],
    "SVG, HTML, PDF-JS": [
        "post/test_pictures::test_what_is_no_photograph_is_refused",
        "lounge/test_pictures::test_what_is_refused",
    ],
    "30,000x30,000 px bomb": ["post/test_pictures::test_a_bomb_is_refused_before_it_is_unpacked"],
    "file name": ["lounge/test_pictures::test_the_name_of_a_file_is_kept_nowhere"],
    "link preview": [
        "post/test_outside::test_these_are_never_called",
        "post/test_outside::test_a_name_that_leads_inside_with_one_of_its_addresses_is_not_called",
        "post/test_outside::test_the_address_that_was_looked_at_is_the_one_that_is_called",
        "lounge/test_hooks::test_no_address_inside_is_ever_called",
    ],
    "post with MRN": [
        "lounge/test_attacks::test_twenty_phrasings_are_held",
        "lounge/test_keeping_pages::test_a_held_text_comes_back_as_it_was_with_what_was_found_and_why",
        "lounge/test_pictures::test_what_is_refused",
    ],
    "quoting/deleting": [
        "lounge/test_keeping::test_what_is_gone_is_gone_from_every_list_search_and_count",
        "lounge/test_keeping::test_whoever_wrote_it_takes_it_back_and_every_word_is_gone",
        "lounge/test_interface::test_what_is_hidden_is_in_no_answer",
        "lounge/test_pictures::test_deleted_with_the_post_and_by_the_clock",
        "journeys/test_lounge_device::test_what_is_kept_is_read_without_a_connection_and_goes_at_sign_out",
    ],
    "self-harm words": [
        "lounge/test_distress::test_each_phrase_is_heard",
        "lounge/test_keeping_pages::test_words_of_distress_show_where_help_answers_and_nothing_is_held_or_kept",
    ],
    "same idempotency key twice": [
        "surveys/test_answering_pages::test_an_answer_is_acknowledged_by_its_number_and_sent_twice_saved_once"
    ],
    "book in control arm before delay ends": [
        "trial/test_following::test_coaching_opens_at_once_for_one_arm_and_after_the_survey_for_the_other"
    ],
    "expired session at submit": [
        "surveys/test_telephone::test_whoever_was_signed_out_while_typing_sees_it_again",
        "surveys/test_answering_pages::test_a_page_that_is_too_old_says_so_and_keeps_what_was_typed",
        "journeys/test_answering::test_without_scripts_every_answer_is_saved_too",
    ],
    "kill -9 app between POST and reply": [
        "surveys/test_killed::test_an_answer_whose_reply_was_lost_by_a_kill_is_one_row"
    ],
    "two tabs with different answers": [
        "surveys/test_views::test_of_two_tabs_the_newest_answer_wins_and_the_other_is_shown",
        "journeys/test_answering::test_of_two_tabs_the_newest_answer_counts_and_the_other_is_shown",
    ],
    "back-dated submit, after window, before window": [
        "surveys/test_attacks::test_a_time_that_somebody_sends_along_is_not_the_answers",
        "surveys/test_answering::test_an_answer_outside_the_window_is_refused_with_its_dates",
        "surveys/test_views::test_before_and_after_its_window_a_survey_says_when",
    ],
    "token reuse, token of another person, token guessed": [
        "surveys/test_attacks::test_100000_guessed_links_open_nothing",
        "surveys/test_answering_pages::test_whoever_guesses_links_is_slowed_down_and_real_ones_still_open",
        "surveys/test_queries::test_a_link_leads_to_its_own_response",
        "surveys/test_views::test_a_link_that_nobody_was_given_shows_nothing",
        "surveys/test_pulses::test_a_token_opens_once",
    ],
    "CSV export with `=HYPERLINK(`": ["analysis/export/test_files::test_a_formula_is_only_text"],
    "canary hunt": ["surveys/test_attacks::test_what_was_answered_stands_in_one_table_and_in_nothing_that_leaves"],
    "subtraction attack": [
        "trial/test_representing::test_whatever_is_shown_over_time_together_tells_of_no_small_group",
        "surveys/test_pulses::test_a_small_group_cannot_be_reckoned_from_the_other",
        "service/test_reporting::test_nothing_is_shown_of_four_people_nor_of_the_fifth_alone",
        "evidence/test_exporting::test_two_public_packages_cannot_be_held_against_each_other",
    ],
    "release again after 1 new answer": ["service/test_reporting::test_changes_are_counted_in_whole_steps_of_five"],
    "statistician role reads identity": [
        "web/test_receivers::test_exports_read_what_is_classed_for_them_and_nothing_behind_the_identity_door"
    ],
    "error page, log, mail, Sentry-like dump": [
        "surveys/test_attacks::test_what_was_answered_stands_in_one_table_and_in_nothing_that_leaves",
        "web/test_logs::test_an_error_says_where_and_what_kind_and_not_what_was_typed",
        "web/postgres/test_cluster::test_nothing_that_was_typed_reaches_the_log",
    ],
    "analysis export scanned for the 18 identifiers": [
        "evidence/test_exporting::test_rows_that_point_at_a_person_do_not_leave",
        "evidence/test_exporting::test_a_public_package_names_the_smallest_group_until_it_is_none",
    ],
    "CSRF on every unsafe URL": [
        "house/test_attacks::test_a_form_without_its_token_is_refused_everywhere",
        "trial/test_views::test_what_changes_something_is_never_a_get",
        "surveys/test_letters_of_waves::test_a_get_changes_nothing",
    ],
    "mass assignment": [
        "trial/test_attacks::test_fields_that_no_form_has_are_ignored",
        "web/test_logs::test_a_field_that_no_form_has_is_told_by_its_name",
    ],
    "kill -9 app x50": ["surveys/test_killed::test_an_answer_whose_reply_was_lost_by_a_kill_is_one_row"],
    "kill -9 worker at 50 random points": [
        "post/test_worker::test_no_letter_is_lost_and_a_kill_makes_one_duplicate_at_most"
    ],
    "disk full": ["surveys/test_attacks::test_on_a_full_disk_nothing_is_half_saved_and_all_works_when_there_is_room"],
    "DB read-only / max_connections reached": [
        "surveys/test_attacks::test_a_database_that_may_only_be_read_says_to_wait",
        "web/test_middleware::test_a_busy_database_is_said_with_when_to_try_again",
    ],
    "clock +-1 h, leap day, 2038": ["trial/test_attacks::test_on_strange_days_everyone_has_the_same_number_of_days"],
}
#: What else is promised of allocation, surveys and their letters, in our words → the tests that try to break it.
PROMISED = {
    "nobody reads what is not theirs, at any address": [
        "house/test_audiences::test_whoever_reads_something_is_named_by_its_class",
        "house/test_sites::test_a_coordinator_of_another_site_sees_nobody_and_nothing_of_this_one",
    ],
    "who left gets no letter": [
        "surveys/test_letters_of_waves::test_withdrawal_stops_mail_within_five_minutes_by_the_clock",
        "trial/test_letters_stop::test_who_left_coaching_hears_nothing_of_it_and_others_do",
    ],
    "nobody gives a role to themselves, and no programme is without a director": [
        "people/test_team::test_nobody_gives_a_role_to_themselves",
        "people/test_team::test_the_last_one_stays_until_there_is_another",
    ],
    "what a recruiter could guess is printed for the chosen scheme": [
        "science/allocation/test_predictability::test_what_a_recruiter_can_guess",
        "trial/test_whatif::test_a_slice_of_simulated_lists",
    ],
    "in a batch nothing can be computed before the closing, and the order of the steps is kept": [
        "trial/test_batch::test_nobody_is_drawn_before_everybody_is",
        "trial/test_batch::test_the_order_of_the_steps_is_kept",
        "science/allocation/test_batch::test_the_second_contribution_and_the_roster_change_the_draw",
        "cli/test_allocate::test_a_roster_changed_after_closing_is_refused",
    ],
    "a receipt proves one place and no other, and its leaf hides whose it is": [
        "science/allocation/test_batch::test_every_receipt_proves_its_place_and_no_other",
        "science/allocation/test_batch::test_a_leaf_hides_the_participant_behind_its_nonce",
        "trial/test_proof::test_a_participant_finds_the_own_line",
    ],
    "the application can insert a draw, and neither change nor delete it": [
        "trial/test_allocating::test_the_application_can_neither_change_nor_delete_what_is_append_only"
    ],
    "an arm is read by two, with an event": [
        "trial/test_conduct::test_an_arm_is_read_by_who_asked_after_another_agreed"
    ],
    "ten thousand tamperings with the audit trail are found": [
        "vault/test_chain::test_ten_thousand_tamperings_are_all_found"
    ],
    "after the lock of the data each write is refused with who and when": [
        "trial/test_lock::test_every_write_to_study_data_answers_423_with_who_and_when",
        "trial/test_lock::test_no_verb_is_forgotten",
    ],
    "answers of an anonymous pulse are joined to nobody, on the live tables too": [
        "surveys/test_pulses::test_no_join_links_more_than_chance"
    ],
}
#: The lines of the list that concern other rooms, or the machine; they answer for them in tests of their own.
ELSEWHERE = (
    "200 clients one slot",
    "same coachee, two coaches",
    "01:30 on fold day",
    "session across DST",
    "coach withdraws availability",
    "old backup + valid passkey",
    "NPI wrong check digit",
    "second claim on a used NPI",
    "voucher ring",
    "licence revoked",
    "20 wrong codes",
    "session fixation",
    "SIGTERM under load",
    "restore drill",
    "corrupted page",
    "embedded PG recovery",
    "two app processes start at once",
)


@pytest.mark.parametrize("attack", [*ATTACKS, *PROMISED])
def test_each_attack_has_its_tests(attack: str) -> None:
    for test in (ATTACKS | PROMISED)[attack]:
        file, _colons, name = test.partition("::")
        assert missing(file, name) is None, test


def missing(file: str, name: str) -> str | None:
    """Why a named test does not count: there is no such function in that file, or it is set aside."""
    marks = named(TESTS / f"{file}.py").get(name)
    if marks is None:
        return "no such test"
    return "set aside" if re.search(r"mark\.(skip|xfail)", marks) else None


@cache
def named(path: Path) -> dict[str, str]:
    """The functions of a file, wherever they stand in it, with their decorators."""
    tree = ast.parse(path.read_text() if path.is_file() else "")
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))
    return {function.name: " ".join(map(ast.unparse, function.decorator_list)) for function in functions}


@pytest.mark.parametrize(("file", "name"), [("trial/test_attacks", "test_gone"), ("trial/gone", "test_gone")])
def test_a_test_that_disappears_is_missed(file: str, name: str) -> None:
    assert missing(file, name) == "no such test"


def test_a_test_that_is_set_aside_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "TESTS", tmp_path)
    (tmp_path / "test_it.py").write_text('@pytest.mark.xfail(\n    reason="later",\n)\ndef test_this() -> None: ...\n')
    assert missing("test_it", "test_this") == "set aside"


def test_no_line_of_the_list_is_forgotten(shared: Path) -> None:
    """Each line of the list begins like exactly one row here, or is another room's."""
    text = (shared / "security.md").read_text()
    lines = re.findall(r"^- (.+)$", text[text.index("\n## 6.") : text.index("\n## 7.")], re.MULTILINE)
    assert len(lines) == len(ATTACKS) + len(ELSEWHERE)
    for line in lines:
        assert len([one for one in (*ATTACKS, *ELSEWHERE) if line.startswith(one)]) == 1, line


def exempt(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    """The addresses at which Django's own check of a form's token is left out."""
    for pattern in resolver.url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from exempt(pattern, route)
        elif getattr(pattern.callback, "csrf_exempt", False):
            yield route


def test_a_form_without_its_token_is_refused_everywhere() -> None:
    """But where a view makes the check itself, or the address is the whole right and mail programs post to it."""
    assert "django.middleware.csrf.CsrfViewMiddleware" in settings.MIDDLEWARE
    assert set(exempt(get_resolver())) == CHECKED_OTHERWISE
