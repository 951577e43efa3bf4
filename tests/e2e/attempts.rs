//! What was tried and what stopped it: the page's table against the same session natively, and the comparison of
//! environments that share a hue.

use exo_session::Session;
use exo_session::attempts::{holdings, stopped_by};
use serde_json::{Value, json};

use crate::driver::wait_for;
use crate::page::Page;

/// The rows below each stop: its name, by whom, what, how often, and the step of the last.
const ROWS: &str = "let name = ''; return [...document.querySelectorAll('.tried tbody tr')].flatMap(row => { \
    const stop = row.querySelector('b'); if (stop) { name = stop.textContent; return []; } \
    return [[name].concat([...row.children].map(cell => cell.textContent.replaceAll(',', '')))] })";

/// The same of a session.
fn counted(session: &Session) -> Vec<Value> {
    let tries = session.tally().tries(session.step_number());
    let row = |it: &exo_session::attempts::Tries| {
        json!([
            stopped_by(&it.attempt).name,
            exo_session::explain::env_letter(it.env),
            it.attempt.name(),
            it.times.to_string(),
            it.last.to_string(),
        ])
    };
    tries.iter().map(row).collect()
}

fn native(name: &str) -> Session {
    let scenario = exo_libos_samples::scenario(name).expect("a scenario");
    let read = exo_session::saved::read(scenario.text).expect("a session");
    let opened = exo_session::saved::open(&read.saved, &mut exo_session::saved::Nothing);
    opened.expect("it opens").session
}

/// The page shows what the session has counted where both stand.
fn shows(page: &Page, session: &mut Session) {
    session.go_to_step(page.step());
    let counted = counted(session);
    wait_for("the page shows what was counted", || {
        let rows = page.driver.execute(ROWS, json!([]));
        let rows = rows.as_array()?;
        (rows.len() == counted.len() && counted.iter().all(|it| rows.contains(it))).then_some(())
    });
    let shown = page.words(".tried .fills");
    let held = holdings(session.machine());
    let tried = |env| {
        counted
            .iter()
            .any(|it| it[1] == exo_session::explain::env_letter(env))
    };
    for it in held {
        let words = it.words(!tried(it.env));
        assert!(shown.contains(&words), "{words} in {shown}");
    }
}

#[test]
fn an_attack_s_attempts_are_counted_as_natively_and_each_leads_to_its_last_step() {
    let page = Page::on_scenario("attack-forge");
    page.wait_for_words("#notice", "Opened from attack-forge");
    // The part of the page that shows them is loaded when there are some, and what is said stays.
    page.go("Next fault");
    assert!(page.driver.find_all(".attempts").is_empty());
    page.speed("full");
    page.click("Run");
    page.wait_for_words(".tried", "Forged");
    page.type_step("end");
    let mut session = native("attack-forge");
    session.run_slice(u64::MAX);
    session.settle();
    page.wait_for_state_of(&session);
    shows(&page, &mut session);
    let end = page.step();
    let last = "[...document.querySelectorAll('.tried [data-go]')].at(-1)";
    let step = page
        .driver
        .execute(&format!("return {last}.dataset.go"), json!([]));
    page.driver.execute(&format!("{last}.click()"), json!([]));
    let step: u64 = step
        .as_str()
        .and_then(|it| it.parse().ok())
        .expect("a step");
    wait_for("the page is at that step", || {
        (page.step() == step).then_some(())
    });
    assert!(step < end && page.words("#sentence").contains("refuses"));
    shows(&page, &mut session);
    page.go("Step back");
    shows(&page, &mut session);
    page.assert_quiet();
}

#[test]
fn what_is_taken_by_force_and_who_is_given_up_stand_in_the_table_with_what_is_left_to_them() {
    for (name, word) in [
        ("attack-ignore-revocation", "taken"),
        ("attack-loop-in-handler", "given up"),
    ] {
        let page = Page::on_scenario(name);
        page.speed("full");
        page.type_step("end");
        page.wait_for_words(".tried", word);
        let mut session = native(name);
        session.run_slice(u64::MAX);
        session.settle();
        page.wait_for_state_of(&session);
        shows(&page, &mut session);
        assert!(page.words(".tried .fills").contains("is unharmed"));
        page.assert_quiet();
    }
}
