//! The timeline: notes on it, a part of it from close by, and what is told where one points.

use crate::driver::wait_for;
use crate::page::Page;

const ENTER: &str = "\u{E007}";

#[test]
fn a_note_is_written_at_a_step_shown_on_the_timeline_and_gone_to() {
    let page = Page::open();
    (0..4).for_each(|_| page.go("Next fault"));
    let (step, digest) = (page.step(), page.digest());
    let drawn = page.attribute(".tk-d", "d");
    assert_eq!(
        drawn.matches('M').count(),
        4,
        "one stroke for each miss: {drawn}"
    );
    page.click("Marks…");
    page.put("#note", "the fourth miss");
    page.click("Write it");
    page.wait_for_words(".marks tbody", "the fourth miss");
    page.click("Close");
    let label = "return document.querySelector('.mark-label')?.textContent ?? ''";
    wait_for("the timeline shows the note", || {
        let label = page.driver.execute(label, serde_json::json!([]));
        (label == "the fourth miss").then_some(())
    });
    page.go_to_step(0);
    page.click("Marks…");
    page.click_in(".marks", &format!("Go to step {step}"));
    wait_for("the step is gone to", || {
        (page.step() == step).then_some(())
    });
    assert_eq!(page.digest(), digest);
    page.assert_quiet();
}

#[test]
fn the_timeline_shows_a_part_of_a_long_run_and_the_run_is_played_back() {
    let page = Page::open();
    page.go_to_step(100_000);
    page.click("Closer");
    page.click("Closer");
    let shown = || {
        (
            page.attribute(".scrub", "min"),
            page.attribute(".scrub", "max"),
        )
    };
    wait_for("a part is shown", || {
        let (from, to) = shown();
        let (from, to) = (from.parse::<u64>().ok()?, to.parse::<u64>().ok()?);
        (from > 80_000 && to == 100_000).then_some(())
    });
    assert_eq!(page.value(".scrub"), "100000");
    page.click("Wider");
    page.click("Wider");
    wait_for("all is shown", || (shown().0 == "0").then_some(()));
    page.speed("full");
    page.click("Play back");
    wait_for("it has gone back to reset", || {
        (page.step() == 0).then_some(())
    });
    page.assert_quiet();
}

/// Points at a part of the timeline's way, in thousandths from the left.
fn point_at_timeline(page: &Page, part: u32) {
    let script = "const box = document.querySelector('.scrub').getBoundingClientRect(); \
                  return [box.left + box.width * arguments[0] / 1000, box.top + box.height - 6].map(Math.round)";
    let at = page.driver.execute(script, serde_json::json!([part]));
    let place = |index: usize| at[index].as_i64().unwrap_or_default();
    page.driver.point_at(place(0), place(1));
}

#[test]
fn what_is_pointed_at_on_the_timeline_is_told_and_its_marks_by_keyboard_too_without_drawing_it_again()
 {
    let page = Page::open();
    page.type_step("70000");
    wait_for("it stands there", || (page.step() == 70_000).then_some(()));
    page.press(1, 40);
    page.type_step("100000");
    wait_for("it has gone on", || (page.step() == 100_000).then_some(()));
    let hint = page.words("#time-told");
    let height = "return document.querySelector('.dock').offsetHeight";
    let before = page.driver.execute(height, serde_json::json!([]));
    let watch = "window.drawn = 0; new MutationObserver(all => window.drawn += all.length).observe( \
                 document.querySelector('.track > svg'), { attributes: true, childList: true, subtree: true })";
    page.driver.execute(watch, serde_json::json!([]));
    point_at_timeline(&page, 300);
    let told = page.wait_for_words("#time-told", "TLB misses ");
    let steps = told.split_once(": ").map_or("", |it| it.0).replace(',', "");
    let steps: Vec<u64> = steps.split(' ').filter_map(|it| it.parse().ok()).collect();
    assert!(
        steps.len() == 2 && steps[0] < 30_200 && steps[1] > 29_800,
        "{told}"
    );
    point_at_timeline(&page, 700);
    let mark = page.wait_for_words(
        "#time-told",
        "Step 70,000, change: B’s frame limit was changed.",
    );
    assert_eq!(page.driver.find_all(".over circle").len(), 1);
    page.driver.point_at(2, 2);
    page.wait_for_words("#time-told", &hint);
    let drawn = page
        .driver
        .execute("return window.drawn", serde_json::json!([]));
    assert_eq!(drawn, 0, "nothing of the timeline is drawn again");
    assert_eq!(page.driver.execute(height, serde_json::json!([])), before);
    // The keyboard goes over the marks, and is told in the same words.
    page.focus(".onmarks");
    let told = page.wait_for_words("#time-told", "Step 70,000, change: ");
    assert!(mark.starts_with(&told) || told == mark, "{told}");
    assert_eq!(page.attribute(".onmarks", "aria-valuetext"), told);
    page.driver.press(ENTER);
    wait_for("it is gone to", || (page.step() == 70_000).then_some(()));
    page.assert_quiet();
}
