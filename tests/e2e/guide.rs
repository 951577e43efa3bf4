//! The first lesson, by keyboard alone.

use crate::driver::wait_for;
use crate::page::Page;

const TAB: &str = "\u{E004}";
const ENTER: &str = "\u{E007}";
const CONTROL: &str = "\u{E009}";
const ESCAPE: &str = "\u{E00C}";
const END: &str = "\u{E010}";
const HOME: &str = "\u{E011}";
const LEFT: &str = "\u{E012}";
const RIGHT: &str = "\u{E014}";
const DOWN: &str = "\u{E015}";
const BACKSPACE: &str = "\u{E003}";

impl Page {
    /// What assistive technology calls what has the keyboard.
    fn focused(&self) -> String {
        let found = self.driver.find_all(":focus");
        let label = found
            .first()
            .map(|it| self.driver.about(it, "computedlabel"));
        label
            .and_then(|it| it.as_str().map(str::to_owned))
            .unwrap_or_default()
    }

    /// Presses Tab until what has the keyboard is called so.
    fn tab_to(&self, name: &str) {
        for _ in 0..80 {
            if self.focused().contains(name) {
                return;
            }
            self.driver.press(TAB);
        }
        panic!("Tab does not come to {name:?}");
    }

    /// What is done next by keyboard begins where the lesson is, or went.
    fn has_the_keyboard(&self) {
        wait_for("the keyboard is in the page", || {
            let held = self.driver.find_all(":focus:not(body)");
            (!held.is_empty()).then_some(())
        });
    }

    fn lesson_says(&self, words: &str) {
        self.wait_for_words("#guide", words);
    }
}

/// The lines of the lesson in one, so that an editor that indents by itself changes nothing.
const TYPED: &str = "while sys.referenced(self.table.frame[self.hand])? { \
                     sys.clear_referenced(self.table.frame[self.hand])?; \
                     self.hand = (self.hand + 1) % self.table.used; }";

/// A page whose lesson was begun by keyboard alone.
fn begun_by_keyboard() -> Page {
    let page = Page::open();
    page.tab_to("Start the first lesson");
    page.driver.press(ENTER);
    page.lesson_says("1 of 8");
    page.has_the_keyboard();
    page
}

#[test]
fn the_first_lesson_ends_with_one_s_own_policy_running_by_keyboard_alone() {
    let page = begun_by_keyboard();
    let driver = &page.driver;
    driver.press("n");
    page.lesson_says("2 of 8");
    for _ in 0..40 {
        if !page.words("#guide").contains("2 of 8") {
            break;
        }
        driver.press(RIGHT);
    }
    page.lesson_says("3 of 8");
    driver.press(LEFT);
    page.lesson_says("4 of 8");
    driver.press(END);
    page.lesson_says("5 of 8");
    let fifo = page.counter(0, "pageLoads");
    driver.press(HOME);
    page.lesson_says("6 of 8");
    type_the_edit(&page);
    page.lesson_says("7 of 8");
    driver.press_with(CONTROL, ENTER);
    page.lesson_says("8 of 8");
    driver.press(ESCAPE);
    driver.press(TAB);
    driver.press(END);
    page.lesson_says("Your own policy has run to the end");
    assert!(page.counter(0, "pageLoads") < fifo);
    page.assert_quiet();

    page.reload();
    assert!(!page.can("Start the first lesson"), "it is done");
}

/// Goes to `victim` in the text and types the lines there.
fn type_the_edit(page: &Page) {
    let driver = &page.driver;
    let text = page.text();
    let line = text
        .lines()
        .position(|it| it.contains("fn victim"))
        .unwrap();
    let signature = text.lines().nth(line).unwrap();
    let column = signature.find("_sys").unwrap();
    page.tab_to("Text of fifo.rs");
    driver.press_with(CONTROL, HOME);
    (0..line).for_each(|_| driver.press(DOWN));
    (0..=column).for_each(|_| driver.press(RIGHT));
    driver.press(BACKSPACE);
    driver.press(END);
    driver.press(ENTER);
    driver.type_text(TYPED);
    wait_for("the lines are in the text", || {
        let text = page.text();
        (text.contains(TYPED) && !text.contains("_sys: &mut Sys)")).then_some(())
    });
}

#[test]
fn the_lesson_can_be_skipped_and_gone_on_with_where_it_was_left() {
    let page = Page::open();
    page.click("Start the first lesson");
    page.lesson_says("1 of 8");
    page.go("Next fault");
    page.lesson_says("2 of 8");
    page.reload();
    page.lesson_says("You left it at step 2");
    page.click("Go on with the first lesson");
    page.lesson_says("1 of 8");
    assert_eq!(page.step(), 0, "what was done is done again");
    page.click("Skip the lesson");
    page.reload();
    assert_eq!(page.words("#guide"), "");
    page.assert_quiet();
}

#[test]
fn what_goes_with_the_lesson_hands_the_keyboard_on() {
    let page = begun_by_keyboard();
    let driver = &page.driver;
    page.tab_to("Skip the lesson");
    driver.press(ENTER);
    wait_for("it is gone", || {
        driver.find_all(".guide").is_empty().then_some(())
    });
    page.has_the_keyboard();
    page.assert_quiet();
}
