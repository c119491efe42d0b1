"""Rules of a walk through a script: what is said when, where it goes, and what follows from an answer."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace

import pytest

from bot.coach.dialogue import (
    LONGEST_WALK,
    SKIPPED,
    Acted,
    Adjusted,
    Begun,
    Counted,
    Frame,
    Logged,
    Moved,
    Remembered,
    Said,
    Snoozed,
    State,
    Walked,
    advance,
    ask_again,
    finder,
    open_question,
    start,
)
from bot.coach.safety import UNSURE
from bot.store.runs import from_json, to_json
from tests.coach.world import Small, script, small

YES, NO = Said("yes", "Yes"), Said("no", "No")


def texts(walked: Walked) -> list[str]:
    return [bubble.text for bubble in walked.bubbles]


def at(walked: Walked) -> str:
    return "" if walked.state.ended else walked.state.here


def began(world: Small) -> Walked:
    return start(world, "main")


def answered(world: Small, *answers: Said) -> Walked:
    walked = began(world)
    for answer in answers:
        walked = advance(world, walked.state, answer)
    return walked


# what is said, and in how many messages


def test_adjoining_says_become_one_message_and_the_question_the_second() -> None:
    walked = began(small("{a: {say: One.}, b: {say: Two.}, q: {ask: Three?, yesno: {}}}"))
    assert texts(walked) == ["One.\n\nTwo.", "Three?"]
    assert [bubble.asks for bubble in walked.bubbles] == [False, True]


def test_a_question_with_nothing_before_it_is_one_message() -> None:
    assert texts(began(small("{q: {ask: Well?, yesno: {}}}"))) == ["Well?"]


def test_a_reflection_goes_on_top_of_the_next_question() -> None:
    world = small("{q: {ask: A?, yesno: {}, reflect: 'So: {{ answer }}.'}, r: {ask: B?, yesno: {}}}")
    assert texts(answered(world, YES)) == ["So: Yes.\n\nB?"]


def test_a_reflection_and_a_say_become_one_message_before_the_question() -> None:
    world = small("{q: {ask: A?, yesno: {}, reflect: So.}, s: {say: Told.}, r: {ask: B?, yesno: {}}}")
    assert texts(answered(world, YES)) == ["So.\n\nTold.", "B?"]


def test_an_options_reflection_is_said_in_place_of_the_questions() -> None:
    world = small("{q: {ask: A?, choice: {a: {label: A, reflect: Own.}, b: B}, reflect: Shared.}, e: {end: Bye.}}")
    assert texts(answered(world, Said("a", "A"))) == ["Own.\n\nBye."]
    assert texts(answered(world, Said("b", "B"))) == ["Shared.\n\nBye."]


def test_a_skipped_question_reflects_nothing() -> None:
    world = small("{q: {ask: A?, number: {from: 1, to: 9}, reflect: '{{ answer }}!'}, e: {end: Bye.}}")
    assert texts(answered(world, SKIPPED)) == ["Bye."]


def test_words_put_before_a_script_are_its_first() -> None:
    walked = start(small("{q: {ask: A?, yesno: {}}}"), "main", said="Hello.")
    assert texts(walked) == ["Hello.\n\nA?"]


def test_a_picture_has_a_message_of_its_own_before_the_question() -> None:
    walked = began(small("{s: {say: Your week., picture: week}, q: {ask: And?, yesno: {}}}"))
    assert [(bubble.text, bubble.picture) for bubble in walked.bubbles] == [("Your week.", "week"), ("And?", None)]


def test_an_end_says_its_line_and_ends() -> None:
    walked = began(small("{e: {end: Bye., undo: true}, q: {ask: Never?, yesno: {}}}"))
    assert texts(walked) == ["Bye."]
    assert walked.bubbles[0].undo
    assert walked.state.ended


def test_a_quiet_end_says_nothing() -> None:
    assert began(small("{e: {end: quiet}}")).bubbles == ()


def test_a_script_that_runs_out_of_steps_has_ended() -> None:
    walked = began(small("{s: {say: That is all.}}"))
    assert texts(walked) == ["That is all."]
    assert walked.state.ended


def test_variants_take_turns_with_the_turn() -> None:
    world = small("{q: {ask: [First?, Second?], yesno: {yes: {label: Y, next: q}}}}")
    assert texts(began(world)) == ["Second?"]
    assert texts(answered(world, YES)) == ["First?"]


def test_in_an_area_the_way_there_does_not_change_the_wording() -> None:
    steps = "{q: {when: {visits: {at_least: 1}}, ask: Again?, yesno: {}}, s: {say: [First., Second.]}, e: {end: quiet}}"
    world = small(steps, kind="area")
    again = start(world, "main", {"visits": 1})
    assert texts(start(world, "main", {"visits": 0})) == ["First."]
    assert texts(advance(world, again.state, YES)) == ["First."]


# where it goes


def test_a_step_whose_when_does_not_hold_is_passed_over() -> None:
    world = small("{s: {when: {x: 1}, say: No.}, q: {when: {x: 1}, ask: No?, yesno: {}}, e: {end: Bye.}}")
    assert texts(began(world)) == ["Bye."]
    assert texts(replace_facts(world, x=Said(1, "1"))) == ["No.", "No?"]


def replace_facts(world: Small, **facts: Said) -> Walked:
    return began(replace(world, facts=facts))


def test_a_branch_goes_where_the_first_case_that_holds_leads() -> None:
    world = small(
        "{b: {branch: [{when: {x: {below: 3}}, go: low}, {when: {x: {below: 9}}, go: mid}, {go: high}]},"
        " low: {end: Low.}, mid: {end: Mid.}, high: {end: High.}}"
    )
    for value, said in ((1, "Low."), (3, "Mid."), (9, "High.")):
        assert texts(replace_facts(world, x=Said(value, str(value)))) == [said]
    assert texts(began(world)) == ["High."]


def test_a_branch_without_a_case_that_holds_goes_on_below() -> None:
    assert texts(began(small("{b: {branch: [{when: {x: 1}, go: a}]}, s: {end: Below.}, a: {end: A.}}"))) == ["Below."]


def test_next_jumps_and_next_end_ends() -> None:
    world = small("{a: {say: A., next: c}, b: {say: B.}, c: {say: C., next: end}, d: {say: D.}}")
    assert texts(began(world)) == ["A.\n\nC."]


WAYS = (
    "{q: {ask: A?, choice: {own: {label: Own, next: a}, plain: Plain}, next: b, skip: c},"
    " z: {end: Below.}, a: {end: A.}, b: {end: B.}, c: {end: C.}}"
)


@pytest.mark.parametrize(
    ("answer", "said"), [(Said("own", "Own"), "A."), (Said("plain", "Plain"), "B."), (SKIPPED, "C.")]
)
def test_an_options_next_goes_before_the_questions_and_a_skip_has_its_own(answer: Said, said: str) -> None:
    assert texts(answered(small(WAYS), answer)) == [said]


def test_a_skip_without_a_target_goes_the_questions_way() -> None:
    world = small("{q: {ask: A?, yesno: {}, next: b}, z: {end: Below.}, b: {end: B.}}")
    assert texts(answered(world, SKIPPED)) == ["B."]


def test_a_questions_next_may_depend_on_its_answer() -> None:
    world = small(
        "{q: {ask: A?, number: {from: 0, to: 9}, next: [{when: {q: {below: 5}}, go: low}]},"
        " high: {end: High.}, low: {end: Low.}}"
    )
    assert texts(answered(world, Said(3, "3"))) == ["Low."]
    assert texts(answered(world, Said(7, "7"))) == ["High."]


@pytest.mark.parametrize(("answer", "said"), [(YES, "Lesson."), (NO, "Bye."), (SKIPPED, "Bye.")])
def test_without_permission_the_lesson_is_passed_over(answer: Said, said: str) -> None:
    world = small("{q: {ask: May I?, permission: {}, otherwise: bye}, l: {end: Lesson.}, bye: {end: Bye.}}")
    assert texts(answered(world, answer)) == [said]


def test_a_permissions_no_may_have_a_way_of_its_own() -> None:
    world = small(
        "{q: {ask: May I?, permission: {no: {label: N, next: own}}, otherwise: bye},"
        " bye: {end: Bye.}, own: {end: Own.}}"
    )
    assert texts(answered(world, NO)) == ["Own."]
    assert texts(answered(world, SKIPPED)) == ["Bye."]


# parts


def test_a_part_is_walked_and_comes_back_to_the_step_below() -> None:
    part = script("part", "{p: {ask: P?, yesno: {}}}", kind="part")
    world = small("{a: {say: A.}, u: {use: part}, z: {end: Back.}}", part)
    walked = began(world)
    assert texts(walked) == ["A.", "P?"]
    assert walked.state.here == "part.p"
    assert walked.state.root == "main"
    assert texts(advance(world, walked.state, YES)) == ["Back."]


def test_the_end_of_a_part_says_its_line_and_returns() -> None:
    part = script("part", "{e: {end: Part over.}, never: {say: Never.}}", kind="part")
    world = small("{u: {use: part, next: z}, a: {say: Never.}, z: {ask: On?, yesno: {}}}", part)
    assert texts(began(world)) == ["Part over.", "On?"]


def test_next_end_within_a_part_ends_only_the_part() -> None:
    part = script("part", "{p: {ask: P?, yesno: {yes: {label: Y, next: end}}}, q: {ask: Q?, yesno: {}}}")
    assert texts(answered(small("{u: {use: part}, z: {end: Back.}}", part), YES)) == ["Back."]


def test_parts_may_use_parts() -> None:
    inner = script("inner", "{p: {ask: P?, yesno: {}}}")
    outer = script("outer", "{u: {use: inner}, s: {say: Outer.}}")
    walked = answered(small("{u: {use: outer}, z: {end: Main.}}", inner, outer), YES)
    assert texts(walked) == ["Outer.\n\nMain."]


def test_a_parts_answers_are_its_own() -> None:
    part = script("part", "{q: {ask: P?, number: {from: 0, to: 9}}, s: {say: 'Part {{ q }}.'}}")
    world = small("{q: {ask: M?, number: {from: 0, to: 9}}, u: {use: part}, z: {end: 'Main {{ q }}.'}}", part)
    assert texts(answered(world, Said(1, "1"), Said(2, "2"))) == ["Part 2.\n\nMain 1."]


def test_a_step_that_the_author_took_away_ends_its_script() -> None:
    world = small("{u: {use: part}, z: {end: Back.}}", script("part", "{p: {say: P.}}"))
    gone = State((Frame("main", "z"), Frame("part", "gone")))
    assert open_question(world, gone) is None
    assert texts(advance_gone(world, gone)) == ["Back."]


def advance_gone(world: Small, state: State) -> Walked:
    return ask_again(world, state)


# what is established


def test_an_answer_becomes_the_fact_that_the_question_names() -> None:
    walked = answered(
        small("{q: {ask: A?, number: {from: 0, to: 9}, remember: sure}, e: {end: '{{ sure }}'}}"), Said(7, "7")
    )
    assert walked.effects == (Remembered("sure", Said(7, "7")),)
    assert texts(walked) == ["7"]


def test_a_skipped_answer_establishes_nothing_and_leaves_the_old_fact() -> None:
    world = small("{q: {ask: A?, number: {from: 0, to: 9}, remember: sure}, e: {end: '{{ sure }}'}}")
    world = replace(world, facts={"sure": Said(3, "3")})
    walked = answered(world, SKIPPED)
    assert walked.effects == ()
    assert texts(walked) == ["3"]


@pytest.mark.parametrize("kind", ["choice: {a: A, not_sure: Not sure}", "several: {a: A, not_sure: Not sure}"])
def test_a_skipped_safety_question_is_stored_as_not_sure(kind: str) -> None:
    world = small(f"{{q: {{ask: A?, {kind}, remember: body, safety: true}}, e: {{end: Bye.}}}}")
    walked = answered(world, SKIPPED)
    assert walked.effects == (Remembered("body", Said([UNSURE], "")),)
    assert walked.state.said["main.q"].value == [UNSURE]


def test_remember_establishes_values_and_copies_what_is_named() -> None:
    world = small("{r: {remember: {a: 1, b: [x, y], c: '=known', d: '=unknown'}}, e: {end: quiet}}")
    walked = replace_facts(world, known=Said("k", "the known"))
    assert walked.effects == (
        Remembered("a", Said(1, "1")),
        Remembered("b", Said(["x", "y"], "x, y")),
        Remembered("c", Said("k", "the known")),
    )


def test_an_option_may_establish_more_facts() -> None:
    world = small("{q: {ask: A?, choice: {a: {label: A, set: {x: 5, y: '=q'}}}}, e: {end: '{{ x }} {{ y }}'}}")
    assert texts(answered(world, Said("a", "words of a"))) == ["5 words of a"]


def test_a_fact_established_on_the_way_counts_at_once() -> None:
    world = small("{r: {remember: {x: 1}}, s: {when: {x: 1}, say: Now.}, e: {end: quiet}}")
    assert texts(began(world)) == ["Now."]


def test_a_name_is_looked_up_in_answers_then_trigger_then_facts_then_gates_then_what_is_computed() -> None:
    world = small("{q: {ask: A?, yesno: {}}}", known={"x": 4, "words": Said(1, "one")}, open=frozenset({"cold"}))
    world.facts = {"x": Said(3, "3")}
    state = State((Frame("main", "q"),), said={"main.x": Said(1, "1")}, trigger={"x": 2})
    found = [
        finder(world, one, facts)("x")
        for one, facts in (
            (state, world.facts),
            (replace(state, said={}), world.facts),
            (replace(state, said={}, trigger={}), world.facts),
            (replace(state, said={}, trigger={}), {}),
        )
    ]
    assert found == [Said(1, "1"), Said(2, "2"), Said(3, "3"), Said(4, "4")]
    find = finder(world, state, {})
    assert find("words") == Said(1, "one")
    assert (find("gate.cold"), find("gate.none")) == (Said("open", "open"), Said("held", "held"))
    assert find("nobody") is None


def test_an_answer_that_was_skipped_hides_a_fact_of_the_same_name() -> None:
    world = small("{x: {ask: A?, yesno: {}}}", facts={"x": Said(3, "3")})
    assert finder(world, State((Frame("main", "x"),), said={"main.x": SKIPPED}), world.facts)("x") is None


SWITCH = "{s: {switch: {walk: true, cold: true}, refused: no}, on: {end: 'On.'}, no: {end: Refused.}}"


def test_a_switch_that_is_allowed_is_a_fact() -> None:
    walked = began(small(SWITCH, allowed=frozenset({"walk", "cold"})))
    assert walked.effects == (Remembered("walk_on", Said(True, "on")), Remembered("cold_on", Said(True, "on")))
    assert texts(walked) == ["On."]


def test_a_switch_that_is_refused_for_one_establishes_none() -> None:
    walked = began(small(SWITCH, allowed=frozenset({"walk"})))
    assert walked.effects == ()
    assert texts(walked) == ["Refused."]


def test_switching_off_is_never_refused() -> None:
    assert began(small("{s: {switch: {walk: false}}}")).effects == (Remembered("walk_on", Said(False, "off")),)


def test_a_refusal_without_a_target_goes_on_below() -> None:
    assert texts(began(small("{s: {switch: {walk: true}}, e: {end: Below.}}"))) == ["Below."]


# what is recorded


def test_a_log_takes_the_answer_variables_and_plain_values() -> None:
    world = small(
        "{q: {ask: A?, number: {from: 0, to: 99}, log: "
        "{walk: {minutes: answer, meal: slot, sets: planned, note: gone, n: 2}}},"
        " e: {end: quiet}}",
    )
    walked = advance(world, start(world, "main", {"slot": "dinner"}).state, Said(12, "12 min"))
    assert walked.effects == (
        Logged("walk", {"minutes": 12, "meal": "dinner", "sets": "planned", "note": None, "n": 2}),
    )


def test_a_skipped_question_logs_and_counts_nothing() -> None:
    world = small(
        "{q: {ask: A?, number: {from: 0, to: 99}, log: {walk: {minutes: answer}}, counts: done}, e: {end: quiet}}"
    )
    assert answered(world, SKIPPED).effects == ()


def test_a_step_may_log_without_asking() -> None:
    walked = began(small("{l: {log: {walk: {minutes: 5}}, counts: done}}"))
    assert walked.effects == (Logged("walk", {"minutes": 5}), Counted("done"))


def test_what_an_option_does_follows_in_order() -> None:
    world = small(
        "{q: {ask: A?, counts: partly, choice: {a: {label: A, set: {x: 1}, log: {walk: {minutes: 5}}, counts: done,"
        " snooze: 20 min, move: 1, adjust: rest, start: other}}}, d: {do: pause}}"
    )
    assert answered(world, Said("a", "A")).effects == (
        Counted("partly"),
        Remembered("x", Said(1, "1")),
        Logged("walk", {"minutes": 5}),
        Counted("done"),
        Snoozed(dt.timedelta(minutes=20)),
        Moved(1),
        Adjusted("rest"),
        Begun("other"),
        Acted("pause"),
    )


SETS = (
    "{s: {ask: '{{ lift }}?', sets: {each: lifts}, log: {training: {sets: answer}}, reflect: Noted.},"
    " e: {end: '{{ s }}'}}"
)
LIFTS = {"lifts": Said(["squat", "row"], "squat and row")}


def test_sets_are_asked_of_each_lift_in_turn() -> None:
    world = small(SETS, facts=LIFTS)
    first = began(world)
    assert (at(first), first.state.each) == ("main.s", 0)
    second = advance(world, first.state, Said([{"reps": 8}], "8"))
    assert (at(second), second.state.each) == ("main.s", 1)
    assert second.effects == (Logged("training", {"sets": [{"reps": 8}], "exercise": "squat"}),)
    third = advance(world, second.state, Said([{"reps": 9}], "9"))
    assert third.effects == (Logged("training", {"sets": [{"reps": 9}], "exercise": "row"}),)
    assert texts(third) == ["Noted.\n\n8; 9"]
    assert (third.state.ended, third.state.each) == (True, 0)


def test_a_lift_that_was_left_out_is_not_logged_and_the_next_is_asked() -> None:
    world = small(SETS, facts=LIFTS)
    second = advance(world, began(world).state, SKIPPED)
    assert (at(second), second.effects) == ("main.s", ())
    assert texts(advance(world, second.state, Said([{"reps": 9}], "9"))) == ["Noted.\n\n9"]


def test_what_was_ticked_and_guessed_is_gone_after_the_answer() -> None:
    world = small("{q: {ask: A?, yesno: {}}, r: {ask: B?, yesno: {}}}")
    state = replace(began(world).state, picked=("a",), guesses=(YES,))
    after = advance(world, state, YES).state
    assert (after.picked, after.guesses) == ((), ())


# teaching without records

AREA = """
q: {ask: A?, yesno: {}, remember: x}
one: {say: One., lesson: true}
plain: {say: Of your data.}
hidden: {say: Hidden., lesson: true, when: {gate.cold: open}}
log: {log: {walk: {minutes: 5}}, next: end}
two: {say: Two., lesson: true}
"""


def test_without_consent_an_area_is_its_lessons_in_file_order_and_stores_nothing() -> None:
    world = small(AREA, kind="area", teach_only=True, known={"teach_end": "That was all."})
    walked = began(world)
    seen = [*texts(walked)]
    effects = list(walked.effects)
    assert [(bubble.asks, bubble.go_on) for bubble in walked.bubbles] == [(True, True)]
    while not walked.state.ended:
        walked = advance(world, walked.state, SKIPPED)
        seen += texts(walked)
        effects += walked.effects
    assert seen == ["One.", "Two.", "That was all."]
    assert effects == []


def test_without_consent_other_scripts_are_walked_as_they_stand() -> None:
    assert texts(began(small("{q: {ask: A?, yesno: {}}}", teach_only=True))) == ["A?"]


# turns and states


def test_every_question_has_a_turn_of_its_own() -> None:
    world = small("{q: {ask: A?, yesno: {}}, r: {ask: B?, yesno: {}}, s: {ask: C?, yesno: {}}}")
    assert [began(world).state.turn, answered(world, YES).state.turn, answered(world, YES, YES).state.turn] == [1, 2, 3]


def test_a_question_asked_again_keeps_its_turn() -> None:
    world = small("{s: {say: Long ago.}, q: {ask: A?, yesno: {}}}")
    first = began(world)
    again = ask_again(world, first.state, "Pardon?")
    assert again.state == first.state
    assert texts(again) == ["Pardon?\n\nA?"]
    assert texts(ask_again(world, first.state)) == ["A?"]


def test_what_is_said_before_a_repeated_question_may_stand_alone() -> None:
    world = small("{q: {ask: A?, yesno: {}}}")
    assert texts(ask_again(world, began(world).state, "Welcome back.", merge=False)) == ["Welcome back.", "A?"]


@pytest.mark.parametrize(
    "loop",
    [
        "{a: {say: A., next: a}}",
        "{a: {branch: [{go: b}]}, b: {remember: {x: 1}, next: a}}",
    ],
)
def test_a_walk_without_a_question_that_never_ends_is_called_a_loop(loop: str) -> None:
    with pytest.raises(RuntimeError, match=f"walked {LONGEST_WALK} steps"):
        began(small(loop))


def test_the_open_question_is_the_one_the_run_waits_at() -> None:
    world = small("{q: {ask: A?, yesno: {}}, e: {end: Bye.}}")
    waits, over = began(world).state, answered(world, YES).state
    assert open_question(world, waits) is world.scripts["main"].steps["q"]
    assert open_question(world, over) is None
    assert open_question(world, State((Frame("no_such", "q"),))) is None


def test_a_state_comes_back_from_the_database_as_it_was() -> None:
    state = State(
        frames=(Frame("main", "u"), Frame("part", "q")),
        said={"main.q": Said(["a"], "A"), "part.n": SKIPPED, "part.t": Said({"bed": "23:00"}, "23:00")},
        turn=7,
        picked=("a", "d1"),
        each=2,
        guesses=(YES, Said(7.5, "7.5")),
        trigger={"slot": "dinner"},
    )
    assert from_json(json.loads(json.dumps(to_json(state)))) == state
    assert from_json(to_json(State(()))) == State(())


# without numbers

WITHOUT = {"no_numbers": Said("yes", "yes")}


@pytest.mark.parametrize("kind", ["number: {from: 1, to: 9}", "scale: {}", "duration: {unit: min}"])
def test_a_question_for_a_figure_is_passed_over_where_no_numbers_are_wanted(kind: str) -> None:
    steps = f"{{q: {{ask: How many?, {kind}, skip: z}}, r: {{end: No.}}, z: {{ask: Then?, yesno: {{}}}}}}"
    assert texts(began(small(steps, facts=dict(WITHOUT)))) == ["Then?"]
    assert texts(began(small(steps))) == ["How many?"]


def test_one_that_the_person_came_for_is_asked_all_the_same() -> None:
    steps = "{q: {ask: How many?, number: {from: 1, to: 9}, figures: true}, r: {end: Bye.}}"
    assert texts(began(small(steps, facts=dict(WITHOUT)))) == ["How many?"]


def test_a_figure_is_not_said_back_where_no_numbers_are_wanted() -> None:
    known = {"minutes": Said(25, "25 min"), "bed": Said("22:30", "22:30"), "next": Said(1, "Tuesday")}
    steps = "{a: {say: '{{ minutes }} {{ bed }} {{ next }}'}}"
    assert texts(began(small(steps, facts={**known, **WITHOUT}))) == ["? 22:30 Tuesday"]
    assert texts(began(small(steps, facts=known))) == ["25 min 22:30 Tuesday"]


def test_a_step_that_was_asked_for_its_figures_says_them() -> None:
    steps = "{a: {say: 'HOMA {{ homa }}', figures: true}}"
    assert texts(began(small(steps, facts={"homa": Said(1.8, "1.8"), **WITHOUT}))) == ["HOMA 1.8"]
