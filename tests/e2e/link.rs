//! One thing chosen anywhere is marked everywhere, and the text follows the run.

use serde_json::json;

use crate::driver::wait_for;
use crate::page::Page;

const ARROW_UP: &str = "\u{E013}";
const ENTER: &str = "\u{E007}";
const ESCAPE: &str = "\u{E00C}";
const ALT: &str = "\u{E00A}";

/// What is marked as belonging to what is chosen.
const MARKS: [&str; 5] = [
    ".tlbgrid li.sel",
    ".stlb rect.slooked",
    ".log tr.looked",
    ".envs li.looked",
    ".tab.looked",
];

impl Page {
    fn wait_for_marks(&self, there: bool) {
        for mark in MARKS {
            wait_for(&format!("{mark}: {there}"), || {
                (self.driver.find_all(mark).is_empty() != there).then_some(())
            });
        }
    }

    /// The tab whose text is shown.
    fn shown(&self) -> String {
        self.words(".tab[aria-pressed=true]")
    }
}

#[test]
fn a_slot_of_the_tlb_is_marked_in_every_part_of_the_page_until_escape() {
    let page = Page::open();
    page.go_to_step(205_414);
    page.wait_for_marks(false);
    let script = "document.getElementById('tlb-12').click()";
    page.driver.execute(script, json!([]));
    page.wait_for_marks(true);
    let mut heading = page.wait_for_words(".detail h3", "TLB slot 12");
    // From the slot to its page and on: all that belongs to it stays marked.
    for name in ["0x", "STLB", "0x"] {
        let script = "[...document.querySelectorAll('.detail .kv .linkbtn')].find(it => it.textContent.startsWith(arguments[0])).click()";
        page.driver.execute(script, json!([name]));
        heading = wait_for("something else is told of", || {
            let now = page.words(".detail h3");
            (now != heading).then_some(now)
        });
        page.wait_for_marks(true);
    }
    page.driver.press(ESCAPE);
    page.wait_for_words(".detail h3", "Nothing chosen");
    page.wait_for_marks(false);
    page.focus(".logscroll");
    page.driver.press(ARROW_UP);
    page.driver.press(ENTER);
    page.wait_for_words(".detail h3", "Page 0x");
    page.wait_for_words(".detail", "Go to step 205,414");
    let pressed = page.attribute(".log tr:last-child [data-look]", "aria-pressed");
    assert_eq!(pressed, "true");
    page.assert_quiet();
}

#[test]
fn the_text_follows_to_the_next_fault_of_another_environment_unless_it_shall_not() {
    let page = Page::open();
    page.go_to_step(100_000);
    let a = page.shown();
    let fault_of_b = || {
        for _ in 0..60 {
            page.go("Next fault");
            if page.driver.find_all(".envs li:nth-child(2).on").len() == 1 {
                return;
            }
        }
        panic!("B has no fault");
    };
    fault_of_b();
    wait_for("B’s text is shown", || (page.shown() != a).then_some(()));
    wait_for("its line is marked", || {
        (!page.current_line().is_empty()).then_some(())
    });
    page.click("Follow");
    page.reload();
    page.wait_for_the_machine();
    wait_for("it is remembered", || {
        let script = "return [...document.querySelectorAll('.tabs .btn')].find(it => it.textContent == 'Follow').ariaPressed";
        (page.driver.execute(script, json!([])) == "false").then_some(())
    });
    page.go_to_step(100_000);
    fault_of_b();
    assert_eq!(page.shown(), a);
    // The line at which B's handler stands is a way to its text.
    page.driver.execute(
        "document.querySelector('.envs li:nth-child(2) button.stt').click()",
        json!([]),
    );
    wait_for("B’s text is shown", || (page.shown() != a).then_some(()));
    page.wait_for_words(".detail h3", "Line ");
    page.wait_for_words(".detail .kv", "B, ");
    page.assert_quiet();
}

/// What binds a page, in the policy of A.
const WRITES: &str = "sys.tlb_write(fault.page";

/// Goes on until a page is bound.
fn to_a_bound_page(page: &Page) {
    page.go("Next fault");
    for _ in 0..60 {
        if page.words(".log tr:last-child .t").starts_with("tlb_write") {
            return;
        }
        page.go("Step");
    }
    panic!("no page is bound");
}

#[test]
fn a_line_chosen_by_key_is_marked_with_its_events_and_hops_until_escape_and_can_be_looked_for() {
    let page = Page::open();
    to_a_bound_page(&page);
    page.place_behind(WRITES);
    page.driver.press_with(ALT, ENTER);
    let title = page.wait_for_words(".detail h3", "of A’s libOS");
    page.wait_for_words(".detail .kv", WRITES);
    page.wait_for_words(".detail .kv", "1 of the last ");
    page.wait_for_words(".log tr.looked:last-child .t", "tlb_write");
    page.wait_for_words(".hops li.looked:last-child", "tlb_write");
    page.wait_for_words(".cm-line.cm-looked", WRITES);
    let number = page.words(".cm-lineNumbers .looked").trim().to_owned();
    assert!(
        title.contains(&format!("Line {number} of")),
        "{title}: {number}"
    );
    assert!(!page.words(".tab.looked").is_empty());
    // Every event: the same one is marked there.
    page.click("All events…");
    page.wait_for_words(".record tr.looked .t", "tlb_write");
    page.click_in(".record", "Close");
    // What is looked at is what one looks for.
    page.click("Find when it runs…");
    let step = page.step();
    page.click("Run until what is looked for");
    wait_for("it has run again", || (page.step() > step).then_some(()));
    wait_for("it stands at the line", || {
        (page.current_line() == number).then_some(())
    });
    page.driver.press(ESCAPE);
    page.driver.press(ESCAPE);
    page.wait_for_words(".detail h3", "Nothing chosen");
    for mark in [
        ".cm-line.cm-looked",
        ".log tr.looked",
        ".hops li.looked",
        ".tab.looked",
    ] {
        assert!(page.driver.find_all(mark).is_empty(), "{mark}");
    }
    page.assert_quiet();
}

#[test]
fn a_row_of_the_log_marks_its_line_and_a_button_looks_at_the_line_of_the_cursor() {
    let page = Page::open();
    to_a_bound_page(&page);
    page.focus(".logscroll");
    page.driver.press(ARROW_UP);
    page.driver.press(ENTER);
    page.wait_for_words(".detail h3", "Page 0x");
    page.wait_for_words(".cm-line.cm-looked", WRITES);
    let said = page.wait_for_words(".detail", "It was made by line ");
    let script = "[...document.querySelectorAll('.detail .linkbtn')].find(it => it.textContent.startsWith('line ')).click()";
    page.driver.execute(script, json!([]));
    let title = page.wait_for_words(".detail h3", "of A’s libOS");
    let number = page.words(".cm-lineNumbers .looked").trim().to_owned();
    assert!(
        said.contains(&format!("line {number} of")),
        "{said}: {title}"
    );
    // Another line, by the button.
    page.place_behind("fn victim(");
    page.click("look at line");
    wait_for("another line is marked", || {
        let now = page.words(".cm-lineNumbers .looked").trim().to_owned();
        (!now.is_empty() && now != number).then_some(())
    });
    page.wait_for_words(".detail .kv", "0 of the last ");
    page.assert_quiet();
}

#[test]
fn a_line_is_chosen_and_marked_in_the_plain_field_too() {
    let page = Page::open_without_bundle();
    to_a_bound_page(&page);
    let script = "const area = document.getElementById('policy-text'); area.focus(); \
                  const at = area.value.indexOf(arguments[0]); area.setSelectionRange(at, at)";
    page.driver.execute(script, json!([WRITES]));
    page.driver.press_with(ALT, ENTER);
    page.wait_for_words(".detail h3", "of A’s libOS");
    page.wait_for_words(".ln.looked", WRITES);
    page.wait_for_words(".log tr.looked:last-child .t", "tlb_write");
    page.wait_for_words(".gutter li.looked", "");
    page.driver.press(ESCAPE);
    page.wait_for_words(".detail h3", "Nothing chosen");
    assert!(page.driver.find_all(".ln.looked").is_empty());
}
