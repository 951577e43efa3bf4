//! One thing chosen anywhere is marked everywhere, and the text follows the run.

use serde_json::json;

use crate::driver::wait_for;
use crate::page::Page;

const ARROW_UP: &str = "\u{E013}";
const ENTER: &str = "\u{E007}";
const ESCAPE: &str = "\u{E00C}";

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
    page.wait_for_words(".detail h3", "Environment B");
    page.assert_quiet();
}
