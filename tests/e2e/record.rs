//! Every event of a run, and undoing what changes the scenario.

use serde_json::json;

use crate::driver::wait_for;
use crate::page::Page;

#[test]
fn every_event_of_a_long_run_is_paged_filtered_and_gone_to() {
    let page = Page::open();
    page.run_to_the_end();
    let end = page.step();
    let digest = page.digest();
    page.click("All events…");
    let said = page.wait_for_words("#record-place", "Events ");
    assert!(
        said.replace(',', "").contains(&format!("of {end}.")),
        "{said}"
    );
    let first = |page: &Page| {
        let text = page.words(".record tbody tr:first-child .n");
        text.replace(',', "").trim().parse::<u64>().unwrap_or(0)
    };
    // In the middle of a run of more than a hundred thousand events.
    let middle = end / 2;
    let script = "const slide = document.querySelector('.record .slide'); slide.value = arguments[0]; \
                  slide.dispatchEvent(new Event('change', { bubbles: true }))";
    page.driver.execute(script, json!([middle]));
    wait_for("the middle is shown", || {
        (first(&page) == middle).then_some(())
    });
    page.click("Later events");
    wait_for("the next page is shown", || {
        (first(&page) == middle + 20).then_some(())
    });
    page.choose("Kinds of events", "3");
    page.wait_for_words("#record-place", "Events ");
    wait_for("only upcalls are shown", || {
        let words = page.words(".record tbody");
        (!words.is_empty() && words.lines().filter(|it| it.contains("upcall")).count() >= 10)
            .then_some(())
    });
    assert_eq!(
        (page.step(), page.digest()),
        (end, digest),
        "the run stays where it is"
    );
    let there = first(&page);
    let buttons = page.driver.find_all(".record tbody .linkbtn");
    page.driver.click(&buttons[0]);
    wait_for("the step is gone to", || {
        (page.step() == there).then_some(())
    });
    page.assert_quiet();
}

#[test]
fn another_program_is_undone_with_what_was_there_before() {
    let page = Page::open();
    (0..3).for_each(|_| page.go("Next fault"));
    let (step, digest) = (page.step(), page.digest());
    page.choose("What A runs", "scan");
    page.wait_for_words("#notice", "from reset on");
    assert_eq!(page.step(), 0);
    page.click("Undo the change");
    page.wait_for_words("#notice", "Undone");
    assert_eq!((page.step(), page.digest()), (step, digest));
    page.assert_quiet();
}
