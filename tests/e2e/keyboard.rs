//! The page by keyboard alone: sheets take it and give it back, and it falls off nothing that goes.

use serde_json::json;

use crate::driver::wait_for;
use crate::page::Page;

const ENTER: &str = "\u{E007}";
const ESCAPE: &str = "\u{E00C}";
const RIGHT: &str = "\u{E014}";

impl Page {
    /// What has the keyboard: the label or the text of an element.
    fn has_keyboard(&self) -> String {
        let script = "const it = document.activeElement; \
                      return it.tagName === 'BODY' ? 'nothing' : it.getAttribute('aria-label') ?? it.innerText";
        let focused = self.driver.execute(script, json!([]));
        focused.as_str().unwrap_or_default().trim().to_owned()
    }

    /// Gives the keyboard to the button of that name and presses Enter.
    fn press_button(&self, name: &str) {
        let script = "const it = [...document.querySelectorAll('button')].find(it => \
                      (it.getAttribute('aria-label') ?? it.innerText.trim()) === arguments[0]); it.focus(); return !!it";
        let found = self.driver.execute(script, json!([name]));
        assert_eq!(found, true, "there is no button {name:?}");
        self.driver.press(ENTER);
    }

    fn has_sheet(&self) -> bool {
        !self.driver.find_all("dialog[open]").is_empty()
    }
}

#[test]
fn each_sheet_gives_the_keyboard_back_to_the_button_that_opened_it_the_first_time_too() {
    for name in ["Charts…", "Packets…", "All events…", "Other kernels…"] {
        let page = Page::open();
        for time in ["first", "second"] {
            page.press_button(name);
            wait_for(&format!("{name} is open for the {time} time"), || {
                page.has_sheet().then_some(())
            });
            page.driver.press(ESCAPE);
            wait_for(&format!("{name} is closed"), || {
                (!page.has_sheet()).then_some(())
            });
            wait_for(&format!("{name} has the keyboard again"), || {
                (page.has_keyboard() == name).then_some(())
            });
        }
        page.assert_quiet();
    }
}

/// The browser says that a dialog was closed with its next picture: here it has been opened again by then.
#[test]
fn a_sheet_that_is_opened_again_at_once_stays_open() {
    let page = Page::open();
    page.press_button("Charts…");
    wait_for("the sheet is open", || page.has_sheet().then_some(()));
    // The page is drawn between the two, or only after both.
    for turns in [20, 0] {
        let script = "const [turns, done] = arguments; \
                      const sheet = document.querySelector('dialog[open]'); \
                      const drawn = () => new Promise(requestAnimationFrame); \
                      (async () => { \
                          await drawn(); \
                          sheet.dispatchEvent(new Event('cancel', { cancelable: true })); \
                          for (let turn = 0; turn < turns; turn += 1) await null; \
                          sheet.close(); \
                          const open = [...document.querySelectorAll('button')].find(it => it.innerText.trim() === 'Charts…'); \
                          open.click(); \
                          await drawn(); await drawn(); await drawn(); \
                          done(null); \
                      })();";
        page.driver.execute_async(script, json!([turns]));
        wait_for("the sheet is open again", || page.has_sheet().then_some(()));
    }
    page.driver.press(ESCAPE);
    wait_for("the sheet is closed", || (!page.has_sheet()).then_some(()));
    page.assert_quiet();
}

#[test]
fn a_sheet_in_which_a_control_goes_keeps_the_keyboard_and_closes_by_escape() {
    let page = Page::open();
    page.press_button("Other kernels…");
    wait_for("the sheet is open", || page.has_sheet().then_some(()));
    wait_for(
        "“Stop here” has the keyboard while it is compared",
        || {
            let script = "const it = document.querySelector('.kernels [role=status] button'); it?.focus(); return !!it";
            page.driver
                .execute(script, json!([]))
                .as_bool()?
                .then_some(())
        },
    );
    page.wait_for_words(".kernels tbody", "monolithic, by signal");
    wait_for("nothing is to be stopped any more", || {
        let stop = page.driver.find_all(".kernels [role=status] button");
        stop.is_empty().then_some(())
    });
    wait_for("the way out has the keyboard", || {
        (page.has_keyboard() == "Close").then_some(())
    });
    // Whatever happens to the keyboard, the machine behind the sheet stays where it is.
    page.driver
        .execute("document.activeElement.blur()", json!([]));
    let step = page.step();
    for key in ["n", "e", RIGHT, " "] {
        page.driver.press(key);
    }
    assert_eq!(page.step(), step);
    assert!(page.has_sheet());
    page.driver.press(ESCAPE);
    wait_for("the sheet is closed", || (!page.has_sheet()).then_some(()));
    page.driver.press(RIGHT);
    wait_for("keys are the page's again", || {
        (page.step() == step + 1).then_some(())
    });
    page.assert_quiet();
}

#[test]
fn a_button_that_can_be_used_no_more_hands_the_keyboard_to_its_neighbour() {
    let page = Page::open();
    page.go("Step");
    page.press_button("Step back");
    wait_for("it stands at step 0", || (page.step() == 0).then_some(()));
    wait_for("Step has the keyboard", || {
        (page.has_keyboard() == "Step").then_some(())
    });
    page.driver.press(ENTER);
    wait_for("it has stepped", || (page.step() == 1).then_some(()));
    page.type_step("end");
    wait_for("the run is over", || page.is_over().then_some(()));
    page.go("Step back");
    page.press_button("Next fault");
    wait_for("the run is over again", || page.is_over().then_some(()));
    wait_for("Step back has the keyboard", || {
        (page.has_keyboard() == "Step back").then_some(())
    });
    page.assert_quiet();
}

#[test]
fn keys_with_an_f_run_and_step_outside_of_the_editor() {
    let page = Page::open();
    page.driver.press("\u{E039}");
    wait_for("F9 has stepped", || (page.step() == 1).then_some(()));
    page.driver.press("\u{E03A}");
    wait_for("F10 has gone on", || (page.step() > 1).then_some(()));
    page.speed("1/s");
    page.driver.press("\u{E038}");
    wait_for("F8 runs", || page.can("Pause").then_some(()));
    page.driver.press("\u{E038}");
    wait_for("F8 pauses", || page.can("Run").then_some(()));
    page.assert_quiet();
}

#[test]
fn the_slider_of_a_limit_shows_the_one_in_force_and_control_z_on_it_undoes_what_it_did() {
    let page = Page::open();
    let shows = |frames: &str| {
        wait_for("the slider shows it", || {
            (page.value("#limit-0") == frames).then_some(())
        });
        page.wait_for_words(".pressure output", frames);
    };
    shows("64");
    page.press(0, 211);
    shows("211");
    page.click("Undo the change");
    page.wait_for_words("#notice", "Undone");
    shows("64");
    page.focus("#limit-0");
    page.driver.press(RIGHT);
    page.wait_for_words("#notice", "may hold 65 frames");
    page.driver.press_with(crate::page::CONTROL, "z");
    page.wait_for_words("#notice", "Undone");
    shows("64");
    page.assert_quiet();
}

#[test]
fn an_answer_has_the_keyboard_and_gives_it_back_and_no_control_that_goes_hands_it_to_a_limit() {
    let page = Page::open();
    page.go("Next fault");
    let has = |name: &str| {
        wait_for(&format!("{name:?} has the keyboard"), || {
            (page.has_keyboard() == name).then_some(())
        });
    };
    for letter in ["A", "B"] {
        let why = format!("Why is {letter} where it is?");
        page.press_button(&why);
        has("Close the answer");
        page.driver.press(ENTER);
        has(&why);
    }
    page.press(0, 60);
    page.press_button("Undo the change");
    has("Charts…");
    page.driver.press_with(crate::page::CONTROL, "z");
    page.wait_for_words("#notice", "There is nothing left to undo");
    page.assert_quiet();
}
