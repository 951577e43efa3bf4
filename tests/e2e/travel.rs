//! Time travel: to a step, along the timeline, to what one looks for, and why something is so.

use exo_core::event::Event;
use exo_core::ids::{EnvId, Frame};
use exo_session::condition::parse_condition;
use exo_session::debugger::{Breakpoint, Side, Stride};
use exo_session::why::Thing;
use exo_session::{Search, Session};

use crate::driver::wait_for;
use crate::page::Page;
use crate::{A, native};

const ENTER: &str = "\u{E007}";
const ESCAPE: &str = "\u{E00C}";
const HOME: &str = "\u{E011}";
const END: &str = "\u{E010}";
const LEFT: &str = "\u{E012}";
const SHIFT: &str = "\u{E008}";
const F9: &str = "\u{E039}";

#[test]
fn a_step_a_position_and_the_end_are_typed_and_nonsense_is_a_sentence() {
    let page = Page::open();
    let mut native = native(0);
    for step in [5_000, 132_751, 12] {
        page.type_step(&step.to_string());
        native.go_to_step(step);
        page.wait_for_state_of(&native);
    }
    let position = native.machine().position();
    page.driver.press("g");
    page.put("#step", "end");
    page.driver.press(ENTER);
    native.run_slice(u64::MAX);
    page.wait_for_state_of(&native);
    page.type_step(&position.to_string());
    native.go_to(position);
    page.wait_for_state_of(&native);
    page.type_step("999999999");
    page.wait_for_words("#notice", "The run ends at step ");
    let end = page.step();
    page.type_step("soon");
    page.wait_for_words("#notice", "“soon” is no place of a run");
    assert_eq!(page.attribute("#step", "aria-invalid"), "true");
    page.driver.press(ESCAPE);
    assert_eq!(page.value("#step").replace(',', ""), end.to_string());
    assert_eq!(page.step(), end);
    page.assert_quiet();
}

#[test]
fn the_timeline_is_dragged_and_moved_by_keys_and_says_where_it_stands() {
    let page = Page::open();
    page.type_step("200000");
    let mut native = native(0);
    native.go_to_step(200_000);
    page.wait_for_state_of(&native);
    for step in [150_000_u64, 199_999, 3] {
        page.put(".scrub", &step.to_string());
        native.go_to_step(step);
        page.wait_for_state_of(&native);
        assert_eq!(page.value(".scrub"), step.to_string());
    }
    page.focus(".scrub");
    for (key, step) in [(END, 200_000), (LEFT, 199_999), (HOME, 0)] {
        page.driver.press(key);
        native.go_to_step(step);
        page.wait_for_state_of(&native);
    }
    let said = page.attribute(".scrub", "aria-valuetext");
    assert!(
        said.starts_with("step 0, position 0.0. Nothing has"),
        "{said}"
    );
    let drawn = page.attribute(".tk-d", "d");
    assert!(
        drawn.matches('M').count() > 20,
        "the misses are drawn: {drawn}"
    );
    page.assert_quiet();
}

impl Page {
    /// Lets an environment hold so many frames from here on.
    pub fn press(&self, env: usize, frames: u32) {
        let slider = format!("#limit-{env}");
        self.put(&slider, &frames.to_string());
        let script = "document.querySelector(arguments[0]).dispatchEvent(new Event('change', { bubbles: true }))";
        self.driver.execute(script, serde_json::json!([slider]));
        self.wait_for_words("#notice", &format!("may hold {frames} frames"));
    }
}

#[test]
fn a_future_that_was_left_is_compared_and_run_again_as_it_was() {
    let page = Page::open();
    let mut native = native(0);
    let stand = |step: u64| {
        page.type_step(&step.to_string());
        wait_for("it stands there", || (page.step() == step).then_some(()));
    };
    stand(70_000);
    assert!(page.driver.find_all("#branches-open").is_empty());
    page.press(1, 40);
    stand(90_000);
    stand(50_000);
    page.press(1, 20);
    native.go_to_step(70_000);
    native.set_frame_limit(EnvId(1), 40).unwrap();

    page.focus("#branches-open");
    page.driver.press(ENTER);
    page.wait_for_words(".branches .running", "Branch 1 runs: 1 change");
    let left = page.wait_for_words(".branches .left", "Branch 0: parts at position");
    assert!(left.contains("1 change; came to step 90,000"), "{left}");
    page.click("Compare with branch 0");
    page.wait_for_words(".branches h3", "Branch 0 and branch 1");
    let found = page.wait_for_words(".branches .body", "steps are the same. Then:");
    for part in ["page loads", "cycles without a TLB", "Environment B"] {
        assert!(found.contains(part), "{part}: {found}");
    }
    page.click("Run it: branch 0");
    page.wait_for_words(".branches .running", "Branch 0 runs: 1 change");
    page.driver.press(ESCAPE);
    stand(90_000);
    native.go_to_step(90_000);
    page.wait_for_state_of(&native);
    page.assert_quiet();
}

#[test]
fn a_change_is_a_mark_to_which_one_can_go_back() {
    let page = Page::open();
    page.type_step("70000");
    wait_for("it stands there", || (page.step() == 70_000).then_some(()));
    page.press(1, 40);
    page.type_step("90000");
    wait_for("it has gone on", || (page.step() == 90_000).then_some(()));
    assert_eq!(page.driver.find_all(".mark-edit").len(), 1);
    page.driver.press_with(SHIFT, "M");
    wait_for("it is back at the mark", || {
        (page.step() == 70_000).then_some(())
    });
    page.assert_quiet();
}

/// A native session right behind the first page that took another one's frame.
fn first_eviction() -> (Session, Frame) {
    let mut session = native(0);
    let eviction = parse_condition("eviction=A").unwrap();
    assert_eq!(session.run_until(&eviction, u64::MAX), Search::Found);
    let frame = match session.current().unwrap().stamped.event {
        Event::Bound { frame, .. } => frame,
        other => panic!("{other:?}"),
    };
    (session, frame)
}

#[test]
fn why_a_frame_is_as_it_is_is_a_chain_of_steps_that_one_goes_to() {
    let page = Page::open();
    let (mut native, frame) = first_eviction();
    page.type_step(&native.step_number().to_string());
    page.wait_for_state_of(&native);
    page.choose_in_table(frame.0);
    page.click("Why?");
    let chain = native.why(Thing::Frame(frame));
    assert_eq!(chain.len(), 3);
    let said = page.wait_for_words(".detail .chain", &chain[2].text);
    let line = chain[0].said_line().unwrap().replace('\'', "’");
    assert!(
        said.contains(&chain[0].text) && said.contains(&line),
        "{said}"
    );
    let asked = page.value("#step");
    for link in &chain {
        let name = format!("Go to step {}", exo_session::explain::grouped(link.step));
        page.click_in(".detail .chain", &name);
        native.go_to(link.position);
        page.wait_for_state_of(&native);
    }
    page.click(&format!("Back to step {asked}"));
    wait_for("it is back", || {
        (page.value("#step") == asked).then_some(())
    });

    page.focus(".tlbgrid");
    page.driver.press(ENTER);
    page.wait_for_words(".detail h3", "TLB slot 0");
    page.click("Why?");
    page.wait_for_words(".detail .chain", "traps to the kernel");
    page.click("Why is B where it is?");
    page.wait_for_words(".envs .chain", "Why?");
    page.assert_quiet();
}

#[test]
fn one_looks_for_what_happened_forward_and_back_and_is_told_if_there_is_nothing() {
    let page = Page::open();
    let mut native = native(0);
    page.driver.press("f");
    wait_for("the bar has the keyboard", || {
        let script = "return document.activeElement.id";
        let active = page.driver.execute(script, serde_json::json!([]));
        (active == "find-what").then_some(())
    });
    page.put("#find-what", "an event of a kind");
    page.choose("Whose event", "0");
    let eviction = parse_condition("eviction=A").unwrap();
    for _ in 0..2 {
        page.click("Run until what is looked for");
        assert_eq!(native.run_until(&eviction, u64::MAX), Search::Found);
        page.wait_for_state_of(&native);
    }
    page.wait_for_words("#found", "a step of A of kind eviction");
    page.click("Back to what is looked for");
    assert!(native.run_back_to(&eviction));
    page.wait_for_state_of(&native);
    assert!(page.driver.find_all(".mark-find").len() >= 2);

    // One back goes in pieces as well, and is given up as one forward is.
    page.type_step("250000");
    native.go_to_step(250_000);
    page.wait_for_state_of(&native);
    page.put("#find-what", "a frame changes its owner");
    page.put("#find-typed", "0xFF");
    page.click("Back to what is looked for");
    page.wait_for_words("#found", "Nothing found. Before step 250,000");
    page.wait_for_state_of(&native);

    page.put("#find-what", "a page loses its frame");
    page.put("#find-typed", "twelve");
    page.click("Run until what is looked for");
    page.wait_for_words("#found", "“twelve” is no page");
    page.put("#find-typed", "0x7FFFF");
    page.click("Run until what is looked for");
    page.wait_for_words("#found", "Nothing found. From step");
    page.wait_for_state_of(&native);
    page.focus("#find-typed");
    page.driver.press(ENTER);
    page.driver.press(ESCAPE);
    wait_for("the search is over", || {
        page.can("Run until what is looked for").then_some(())
    });
    page.wait_for_state_of(&native);
    page.assert_quiet();
}

#[test]
fn what_is_looked_at_is_what_one_looks_for() {
    let page = Page::open();
    let (mut native, frame) = first_eviction();
    page.type_step(&native.step_number().to_string());
    page.wait_for_state_of(&native);
    page.choose_in_table(frame.0);
    page.click("Find its changes…");
    wait_for("the frame is in the field", || {
        (page.driver.find_all("#find-typed").len() == 1).then_some(())
    });
    assert_eq!(page.value("#find-typed"), format!("0x{:X}", frame.0));
    page.click("Back to what is looked for");
    let condition = parse_condition(&format!("frame={}", frame.0)).unwrap();
    assert!(native.run_back_to(&condition));
    page.wait_for_state_of(&native);
    page.driver.press(ESCAPE);
    wait_for("the bar is away", || {
        page.driver.find_all("#find-typed").is_empty().then_some(())
    });
    page.assert_quiet();
}

#[test]
fn a_run_stops_at_a_breakpoint_which_is_listed_and_shared_and_lines_are_stepped_back() {
    let page = Page::open();
    let mut native = native(0);
    let line = 1 + native
        .source_at(A)
        .lines()
        .position(|line| line.contains("let slot = self.hand;"))
        .unwrap() as u32;
    page.click_line(line);
    page.wait_for_words(".stops", &format!("line {line}"));
    page.speed("full");
    page.click("Run");
    page.wait_for_words(
        "#notice",
        &format!("Stopped at the breakpoint at line {line}"),
    );
    let breakpoint = Breakpoint {
        env: A,
        side: Side::LibOs,
        line,
    };
    let found = native.run_to_breakpoint(&[breakpoint], u64::MAX);
    assert_eq!(found, Search::Found);
    page.wait_for_state_of(&native);
    wait_for("the line is marked", || {
        (page.current_line() == line.to_string()).then_some(())
    });

    for (key, stride) in [("I", Stride::Into), ("O", Stride::Over)] {
        page.driver.press_with(SHIFT, key);
        assert!(native.step_line_back(A, stride));
        page.wait_for_state_of(&native);
    }
    page.click("Line out back");
    assert!(native.step_line_back(A, Stride::Out));
    page.wait_for_state_of(&native);

    let link = page.link();
    let other = Page::open_at(&link);
    other.wait_for_words(".stops", &format!("line {line}"));
    page.place_behind("let slot = self.hand;");
    page.driver.press(F9);
    wait_for("it is taken away", || {
        page.words(".stops").is_empty().then_some(())
    });
    other.click(&format!(
        "Remove the breakpoint at line {line} of A’s libOS"
    ));
    wait_for("here too", || {
        other.words(".stops").is_empty().then_some(())
    });
    page.assert_quiet();
    other.assert_quiet();
}
