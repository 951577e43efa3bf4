//! End to end, in Chromium: the page as it is built and served, against the same session natively.
//!
//! Run by `cargo xtask test`, which builds the page and finds the browser.

mod attempts;
mod axe;
mod charts;
mod crash;
mod driver;
mod editor;
mod embed;
mod figures;
mod files;
mod guide;
mod keep;
mod kernels;
mod keyboard;
mod later;
mod link;
mod looks;
mod loops;
mod memory;
mod network;
mod offline;
mod packets;
mod page;
mod policy;
mod record;
mod saved;
mod screenshots;
mod share;
mod sights;
mod state;
mod timeline;
mod travel;

use std::sync::Arc;
use std::time::{Duration, Instant};

use exo_session::{ReadOptions, Search, Session, first_light, first_light_with, read_trace};
use exo_tests::{FIRST_LIGHT_COUNTS, FIRST_LIGHT_DIGEST, digest, run_to_the_end};
use serde_json::json;

use page::Page;

const A: exo_core::ids::EnvId = exo_core::ids::EnvId(0);
/// How long the page may take to answer a click while a policy runs wild.
const ANSWERS_WITHIN: Duration = Duration::from_secs(5);

/// A native session brought to the `faults`-th fault of the opening scenario.
fn native(faults: usize) -> Session {
    let mut session = Session::new(first_light().unwrap()).unwrap();
    for _ in 0..faults {
        assert_eq!(session.run_until_fault(u64::MAX), Search::Found);
    }
    session
}

/// FIFO's text with CLOCK's choice of a victim in it, as a person would write it.
fn edited_into_clock(fifo: &str) -> String {
    let edited = fifo.replacen("_sys: &mut Sys", "sys: &mut Sys", 1).replace(
        "        let slot = self.hand;\n",
        "        while sys.referenced(self.table.frame[self.hand])? {
            sys.clear_referenced(self.table.frame[self.hand])?;
            self.hand = (self.hand + 1) % self.table.used;
        }
        let slot = self.hand;\n",
    );
    assert_ne!(edited, fifo);
    edited
}

#[test]
fn the_page_opens_on_the_opening_scenario_at_reset() {
    let page = Page::open();
    let native = native(0);
    assert_eq!(page.digest(), digest(&native));
    assert_eq!(page.step(), 0);
    assert_eq!(page.value("#step"), "0");
    assert_eq!(page.text(), native.source_at(A));
    assert!(!page.can("Step back"));
    page.assert_quiet();
}

#[test]
fn it_steps_to_a_fault_and_back_to_the_same_state() {
    let page = Page::open();
    for fault in 1..=3 {
        page.go("Next fault");
        let native = native(fault);
        assert_eq!(page.digest(), digest(&native), "at fault {fault}");
        assert_eq!(page.step(), native.step_number());
        assert_eq!(page.phase(0), "handler");
    }
    let mut there = vec![(page.step(), page.digest())];
    for _ in 0..8 {
        page.go("Step");
        there.push((page.step(), page.digest()));
    }
    for expected in there.iter().rev().skip(1) {
        page.go("Step back");
        assert_eq!((page.step(), page.digest()), *expected);
    }
    page.go("Next event");
    page.go("Reset to step 0");
    assert_eq!(page.digest(), digest(&native(0)));
    page.assert_quiet();
}

#[test]
fn keys_do_what_buttons_do() {
    let page = Page::open();
    let right = "\u{E014}";
    page.driver.press(right);
    driver::wait_for("the arrow has stepped", || (page.step() == 1).then_some(()));
    let one = page.digest();
    page.driver.press("n");
    driver::wait_for("n has found a fault", || {
        (page.phase(0) == "handler").then_some(())
    });
    while page.step() > 1 {
        page.go("Step back");
    }
    assert_eq!(page.digest(), one);
    page.assert_quiet();
}

#[test]
fn the_opening_scenario_ends_in_the_browser_as_it_does_natively() {
    let page = Page::open();
    page.run_to_the_end();
    assert_eq!(page.digest(), FIRST_LIGHT_DIGEST);
    for (env, counts) in FIRST_LIGHT_COUNTS.iter().enumerate() {
        assert_eq!(page.counter(env, "references"), counts.references);
        assert_eq!(page.counter(env, "pageLoads"), counts.page_loads);
        assert_eq!(page.counter(env, "evictions"), counts.evictions);
    }
    page.assert_quiet();
}

#[test]
fn fifo_edited_into_clock_takes_over_and_stepping_back_undoes_it() {
    let page = Page::open();
    let mut native = native(6);
    (0..6).for_each(|_| page.go("Next fault"));
    let before = (page.step(), page.digest());
    page.go("Step");
    native.step();
    assert_eq!(page.digest(), digest(&native));

    let fifo = page.text();
    let clock = edited_into_clock(&fifo);
    page.edit(&clock);
    page.wait_for_words("#apply-words", "All 3 fields keep their values");
    page.click("Apply");
    page.wait_for_words("#apply-words", "Applied");
    native.apply(A, &clock, false).unwrap();
    let applied = (page.step(), page.digest());
    assert_eq!(applied.1, digest(&native));

    page.go("Step back");
    assert_eq!((page.step(), page.digest()), before, "the Apply is undone");
    page.wait_for_words(".subbar", "the earlier policy runs");
    page.go("Step");
    assert_eq!((page.step(), page.digest()), applied, "and taken again");

    page.run_to_the_end();
    native.run_slice(u64::MAX);
    assert_eq!(page.digest(), digest(&native));
    let loads = page.counter(0, "pageLoads");
    assert_eq!(loads, exo_tests::counts(&native)[0].page_loads);
    assert!(
        loads < FIRST_LIGHT_COUNTS[0].page_loads,
        "{loads} page loads"
    );
    assert_eq!(
        page.counter(1, "pageLoads"),
        FIRST_LIGHT_COUNTS[1].page_loads
    );
    page.assert_quiet();
}

/// Six thousand records of a walk over a hundred pages, as lackey writes them.
fn own_trace() -> String {
    let record = |number: u64| {
        let page = 0x400 + number * number % 97 + number % 3;
        format!(
            " {} {:x},8\n",
            if number.is_multiple_of(4) { "S" } else { "L" },
            page << 12
        )
    };
    let records: String = (0..6000).map(record).collect();
    format!("==1== Lackey\n{records}==1== Exit code: 0\n")
}

#[test]
fn a_trace_of_ones_own_is_opened_and_a_malformed_one_changes_nothing() {
    let folder = std::env::temp_dir().join(format!("exo-e2e-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let (good, bad) = (folder.join("own.lackey"), folder.join("bad.lackey"));
    std::fs::write(&good, own_trace()).unwrap();
    std::fs::write(&bad, own_trace() + " L zzz,4\n").unwrap();

    let page = Page::open();
    page.go("Next fault");
    let before = page.digest();
    page.open_file(&bad);
    page.wait_for_words("#notice", "line 6003");
    assert_eq!(page.digest(), before);

    page.open_file(&good);
    page.wait_for_words("#notice", "6,000 references");
    let trace = read_trace(own_trace().as_bytes(), "own", &ReadOptions::default()).unwrap();
    let scenario = first_light_with(Arc::new(trace));
    assert_eq!(
        page.digest(),
        digest(&Session::new(scenario.clone()).unwrap())
    );
    page.run_to_the_end();
    assert_eq!(page.digest(), digest(&run_to_the_end(scenario)));
    page.assert_quiet();
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn an_error_stands_at_its_line_and_the_running_policy_stays() {
    let page = Page::open();
    page.go("Next fault");
    let before = page.digest();
    let fifo = page.text();
    let line = 1 + fifo
        .lines()
        .position(|line| line.contains("let slot = self.hand;"))
        .unwrap();
    for (wrong, word) in [
        ("let slot self.hand;", ""),
        ("let slot = self.hnad;", "hnad"),
    ] {
        page.edit(&fifo.replace("let slot = self.hand;", wrong));
        let said = page.wait_for_words(".diag li", &format!("{line}:"));
        assert!(said.contains(word), "{said}");
        page.wait_for_words("#apply-words", "the running policy stays");
        assert!(!page.can("Apply"));
        assert_eq!(page.digest(), before);
    }
    page.edit(&fifo);
    page.wait_for_words("#apply-words", "Nothing to apply");
    assert_eq!(page.words(".diag li"), "");
    page.go("Step");
    page.assert_quiet();
}

#[test]
fn a_policy_that_loops_for_ever_leaves_the_page_responsive_and_is_named_with_its_line() {
    let page = Page::open();
    page.go("Next fault");
    let text = page.text();
    let mark = "let frame = match self.table.find(fault.page) {";
    let wild = text.replace(mark, &format!("loop {{}}\n        {mark}"));
    let line = 1 + wild
        .lines()
        .position(|line| line.contains("loop {}"))
        .unwrap();
    page.edit(&wild);
    page.wait_for_words("#apply-words", "Compiles");
    page.click("Apply");
    page.wait_for_words("#apply-words", "Applied");

    page.speed("1,000/s");
    page.click("Run");
    for _ in 0..5 {
        let asked = Instant::now();
        page.click("Help and keys");
        page.driver.press("\u{E00C}");
        let took = asked.elapsed();
        assert!(took < ANSWERS_WITHIN, "a click took {took:?}");
    }
    page.speed("full");
    driver::wait_for("the policy is stopped", || {
        (page.phase(0) == "broken").then_some(())
    });
    let said = page.wait_for_words(".brokenline", &format!("Line {line}:"));
    assert!(
        said.contains("1,000,000") || said.contains("1000000"),
        "{said}"
    );
    let sentence = page.wait_for_words("#sentence", "given up");
    assert!(sentence.contains(&format!("line {line}")), "{sentence}");
    page.click("Run"); // it had stopped to tell
    driver::wait_for("the other goes on to its end", || {
        (page.phase(1) == "finished").then_some(())
    });
    let counts = FIRST_LIGHT_COUNTS[1];
    assert_eq!(page.counter(1, "references"), counts.references);
    assert_eq!(page.counter(1, "pageLoads"), counts.page_loads);

    page.edit(&text);
    page.click("Apply");
    page.click("Run");
    driver::wait_for("it is whole again", || {
        (page.phase(0) == "finished").then_some(())
    });
    page.assert_quiet();
}

#[test]
fn nothing_is_wider_than_the_page_in_either_theme_at_any_width() {
    let page = Page::open();
    page.go("Next fault");
    let mut backgrounds = Vec::new();
    for scheme in ["light", "dark"] {
        page.prefer(scheme);
        let script = "return getComputedStyle(document.body).backgroundColor";
        backgrounds.push(page.driver.execute(script, json!([])));
        for (width, height) in [(1440, 900), (1024, 768), (768, 1024), (390, 844)] {
            page.size(width, height);
            for view in ["", "Path", "Memory", "Code", "Events"] {
                if !view.is_empty() && page.can(view) {
                    page.click(view);
                }
                let script = "const root = document.documentElement; \
                              return [root.scrollWidth, root.clientWidth, window.innerWidth]";
                let widths = page.driver.execute(script, json!([]));
                assert_eq!(widths[2], width);
                assert!(
                    widths[0].as_u64() <= widths[1].as_u64(),
                    "{scheme}, {width} wide, {view}: {widths}"
                );
            }
        }
        page.size(1440, 900);
    }
    assert_ne!(backgrounds[0], backgrounds[1], "one theme for both");
    page.assert_quiet();
}
