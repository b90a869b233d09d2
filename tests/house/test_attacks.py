"""Each attack on allocation and surveys that we know, and the tests that hold it off; and no form without its token.

The table is the register: a line whose test was renamed or removed fails here.
"""

import re
from collections.abc import Iterator
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
#: What is tried → the tests that refuse it, as file::test.
ATTACKS = {
    "a draw before consent or baseline": ["trial/test_attacks::test_a_draw_before_its_time_names_the_missing_step"],
    "one participant drawn by fifty calls at once": [
        "trial/test_race::test_50_parallel_draws_of_one_participant_are_one_draw"
    ],
    "leaving and enrolling again for another arm": [
        "trial/test_attacks::test_who_leaves_and_enrols_again_keeps_study_id_and_draw",
        "vault/test_link::test_who_comes_back_has_the_same_study_id_and_another_in_another_programme",
    ],
    "a recruiter looks for the next arm, or counts arms": [
        "trial/test_attacks::test_while_people_can_join_no_page_of_a_recruiter_counts_an_arm",
        "trial/test_locking::test_keys_of_real_trials_lie_outside_the_database",
        "science/allocation/test_predictability::test_what_a_recruiter_can_guess",
    ],
    "the protocol is edited after the commitment": [
        "trial/test_locking::test_nothing_of_a_locked_protocol_changes_and_the_hash_is_shown"
    ],
    "one byte of a published record is changed": [
        "science/allocation/test_record::test_any_change_of_one_byte_is_found",
        "science/allocation/test_record::test_a_forger_who_mends_the_links_is_found_by_the_draws",
    ],
    "a key that somebody chose, or used before": [
        "science/allocation/test_keys::test_a_typed_or_patterned_key_is_refused",
        "trial/test_locking::test_test_entropy_is_labelled_and_for_simulated_people_only",
    ],
    "300 consents race for five of 138 places": [
        "trial/test_recruiting_views::test_300_consents_race_for_the_last_5_of_138_seats_through_the_pages"
    ],
    "the same key twice, and with another answer": [
        "surveys/test_answering_pages::test_an_answer_is_acknowledged_by_its_number_and_sent_twice_saved_once"
    ],
    "the application is killed between an answer and its reply": [
        "surveys/test_killed::test_an_answer_whose_reply_was_lost_by_a_kill_is_one_row"
    ],
    "two tabs with different answers": [
        "surveys/test_views::test_of_two_tabs_the_newest_answer_wins_and_the_other_is_shown",
        "journeys/test_answering::test_of_two_tabs_the_newest_answer_counts_and_the_other_is_shown",
    ],
    "answers before and after the window": [
        "surveys/test_answering::test_an_answer_outside_the_window_is_refused_with_its_dates"
    ],
    "another person's link, and a guessed one": [
        "surveys/test_queries::test_a_link_leads_to_its_own_response",
        "surveys/test_views::test_a_link_that_nobody_was_given_shows_nothing",
    ],
    "a cell that a spreadsheet would run": ["analysis/export/test_files::test_a_formula_is_only_text"],
    "a public package in which a group is small": [
        "evidence/test_exporting::test_a_public_package_names_the_smallest_group_until_it_is_none"
    ],
    "the export's database role reads names": [
        "web/test_receivers::test_exports_read_what_is_classed_for_them_and_nothing_behind_the_identity_door"
    ],
    "words of an answer in a log": [
        "web/test_logs::test_an_error_says_where_and_what_kind_and_not_what_was_typed",
        "web/postgres/test_cluster::test_nothing_that_was_typed_reaches_the_log",
    ],
    "somebody reads what is not theirs, at any address": [
        "house/test_audiences::test_whoever_reads_something_is_named_by_its_class",
        "house/test_sites::test_a_coordinator_of_another_site_sees_nobody_and_nothing_of_this_one",
    ],
    "fields that no form has": ["trial/test_attacks::test_fields_that_no_form_has_are_ignored"],
    "a letter after leaving": [
        "surveys/test_letters_of_waves::test_withdrawal_stops_mail_within_five_minutes_by_the_clock",
        "trial/test_letters_stop::test_who_left_coaching_hears_nothing_of_it_and_others_do",
    ],
    "a role for oneself, and a programme without a director": [
        "people/test_team::test_nobody_gives_a_role_to_themselves",
        "people/test_team::test_the_last_one_stays_until_there_is_another",
    ],
    "a form from elsewhere": ["house/test_attacks::test_a_form_without_its_token_is_refused_everywhere"],
}


@pytest.mark.parametrize("attack", ATTACKS)
def test_each_attack_has_its_tests(attack: str) -> None:
    for named in ATTACKS[attack]:
        file, _colons, name = named.partition("::")
        assert re.search(rf"def {name}\(", (TESTS / f"{file}.py").read_text()), named


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
