//! The editor: typing, remarks, completion, breakpoints and values, by keyboard; and the plain one in its place.

use exo_libos_samples::application;
use serde_json::json;

use crate::driver::wait_for;
use crate::page::{CONTROL, Page};
use crate::{A, native};
use exo_tests::digest;

const ENTER: &str = "\u{E007}";
const ESCAPE: &str = "\u{E00C}";
const TAB: &str = "\u{E004}";
const BACKSPACE: &str = "\u{E003}";
const F9: &str = "\u{E039}";
const MARK: &str = "let slot = self.hand;";

#[test]
fn what_is_typed_is_completed_remarked_on_and_applied_by_keyboard() {
    let page = Page::open();
    page.go("Next fault");
    let mut native = native(1);
    page.place_behind(MARK);
    page.driver.press(ENTER);
    page.driver.type_text("let spare = self.ha");
    page.wait_for_words(".cm-tooltip-autocomplete [aria-selected]", "hand");
    // The list takes no key at once, so that what is typed fast is not taken for a choice.
    std::thread::sleep(std::time::Duration::from_millis(150));
    page.driver.press(ENTER);
    page.driver.type_text(";");
    let line = "\n        let spare = self.hand;\n";
    wait_for("it is completed and indented", || {
        page.text().contains(line).then_some(())
    });
    page.wait_for_words("#apply-words", "Compiles, with 1 warning");
    page.wait_for_words(".cm-lintRange-warning", "spare");
    page.driver.type_text(" self.hnad;");
    page.wait_for_words(".cm-lintRange-error", "hnad");
    page.wait_for_words(".diag li", "hnad");
    page.wait_for_words("#apply-words", "the running policy stays");
    page.driver.press_with(CONTROL, ENTER);
    assert_eq!(
        page.digest(),
        digest(&native),
        "what is wrong is not applied"
    );
    for _ in 0.." self.hnad;".len() {
        page.driver.press(BACKSPACE);
    }
    page.wait_for_words("#apply-words", "Compiles, with 1 warning");
    page.driver.press_with(CONTROL, ENTER);
    page.wait_for_words("#apply-words", "Applied");
    native.apply(A, &page.text(), false).unwrap();
    assert_eq!(page.digest(), digest(&native));
    page.assert_quiet();
}

#[test]
fn the_editor_keeps_its_keys_and_escape_and_tab_leave_it() {
    let page = Page::open();
    let before = page.text();
    page.place_behind(MARK);
    page.driver.type_text("n i");
    wait_for("it is typed", || {
        page.text().contains("self.hand;n i").then_some(())
    });
    assert_eq!(page.step(), 0, "no key of the page's");
    page.driver.press_with(CONTROL, "z");
    page.driver.press(TAB);
    wait_for("the line is indented", || {
        page.text()
            .contains("            let slot = self.hand;")
            .then_some(())
    });
    page.driver.press_with(CONTROL, "z");
    wait_for("all is undone", || (page.text() == before).then_some(()));
    let within = "return !!document.activeElement.closest('.rich')";
    assert_eq!(page.driver.execute(within, json!([])), true);
    let name = page.attribute(".rich .cm-content", "aria-label");
    assert!(name.contains("Escape, then Tab, leaves"), "{name}");
    page.driver.press(ESCAPE);
    page.driver.press(TAB);
    assert_eq!(page.driver.execute(within, json!([])), false);
    assert_eq!(page.text(), before);
    page.assert_quiet();
}

#[test]
fn values_stand_beside_the_lines_while_one_steps_through_a_handler() {
    let page = Page::open();
    page.go("Next fault");
    page.click("Line into");
    page.click("Line into");
    page.wait_for_words(".cm-now", "");
    let said = page.wait_for_words(".cm-values", " = ");
    let line = wait_for("the line is marked", || {
        let line = page.current_line();
        (!line.is_empty()).then_some(line)
    });
    page.wait_for_words(".envs", &format!("line {line}"));
    page.click("Values");
    let (name, value) = said.split(" · ").next().unwrap().split_once(" = ").unwrap();
    let name = name.rsplit('.').next().unwrap();
    let values = page.wait_for_words(".inside", name);
    assert!(values.contains(value), "{said}: {values}");
    page.click("Source");
    page.go("Reset to step 0");
    wait_for("no value stands where no handler does", || {
        page.words(".cm-values").is_empty().then_some(())
    });
    page.assert_quiet();
}

#[test]
fn an_application_has_a_tab_with_breakpoints_of_its_own() {
    let page = Page::open();
    let scan = application("scan").unwrap();
    page.choose("What A runs", scan.name);
    page.wait_for_words("#notice", scan.title);
    page.click("A scan.rs");
    wait_for("its text is there", || {
        (page.text() == scan.source).then_some(())
    });
    let main = scan
        .source
        .lines()
        .position(|line| line.contains("fn main"))
        .unwrap() as u32;
    page.click_line(main + 2);
    let said = page.wait_for_words(".stops", "line ");
    page.speed("full");
    page.click("Run");
    page.wait_for_words("#notice", "of A’s application");
    let line = page.current_line();
    assert!(said.contains(&format!("line {line}")), "{said}, {line}");
    page.edit(&format!("// mine\n{}", scan.source));
    page.wait_for_words("#apply-words", "begins with `main`");
    page.click("Apply");
    page.wait_for_words("#apply-words", "Applied at step");
    page.assert_quiet();
}

#[test]
fn a_text_is_laid_out_compared_and_put_back() {
    let page = Page::open();
    let before = page.text();
    page.edit(&before.replace(MARK, "let slot=self.hand ;"));
    page.click("what changed");
    let line = before.lines().position(|line| line.contains(MARK));
    page.scroll_to(line.unwrap() as u32);
    page.wait_for_words(".cm-changedLine", "slot=self.hand");
    page.wait_for_words(".cm-deletedChunk", MARK);
    page.click("format");
    wait_for("it is laid out", || (page.text() == before).then_some(()));
    page.edit(&format!("// mine\n{before}"));
    page.click("reset");
    wait_for("it is put back", || (page.text() == before).then_some(()));
    page.assert_quiet();
}

#[test]
fn where_the_bundle_cannot_be_loaded_a_plain_field_does_the_same() {
    let page = Page::open_without_bundle();
    page.go("Next fault");
    let mut native = native(1);
    let text = page.text();
    assert!(page.driver.find_all(".cm-content").is_empty());
    page.edit(&text.replace(MARK, "let slot = self.hnad;"));
    page.wait_for_words(".diag li", "hnad");
    let edited = text.replace(MARK, "let slot = self.hand; // mine");
    page.edit(&edited);
    page.wait_for_words("#apply-words", "Compiles");
    page.focus("#policy-text");
    let script = "document.getElementById('policy-text').setSelectionRange(0, 0)";
    page.driver.execute(script, json!([]));
    page.driver.press(F9);
    page.wait_for_words(".stops", "line ");
    page.driver.press_with(CONTROL, ENTER);
    page.wait_for_words("#apply-words", "Applied");
    native.apply(A, &edited, false).unwrap();
    assert_eq!(page.digest(), digest(&native));
    let loud = page
        .driver
        .console()
        .into_iter()
        .filter(|(level, _)| level == "SEVERE");
    for (_, said) in loud {
        assert!(
            said.contains("editor-") && said.contains("BLOCKED"),
            "{said}"
        );
    }
    let violations = page.driver.execute("return window.violations", json!([]));
    assert_eq!(violations, json!([]));
}

#[test]
fn lines_that_a_task_keeps_cannot_be_typed_into_and_all_others_can() {
    let fifo = exo_libos_samples::sample("fifo").unwrap().source;
    let kept = format!("        // <read-only>\n        {MARK}\n        // </read-only>");
    let text = fifo.replace(&format!("        {MARK}"), &kept);
    let file = std::env::temp_dir().join(format!("exo-e2e-task-{}.toml", std::process::id()));
    let scenario = format!(
        "exokernel = 1\ntitle = \"Task\"\n[[environment]]\nlibos = \"task.rs\"\nframes = 20\n\
         trace = \"hash-join\"\n[[source]]\nname = \"task.rs\"\ntext = '''{text}'''\n"
    );
    std::fs::write(&file, scenario).unwrap();
    let page = Page::open();
    page.open_file(&file);
    wait_for("the task is there", || (page.text() == text).then_some(()));
    page.place_behind(MARK);
    wait_for("the lines are marked as kept", || {
        (!page.driver.find_all(".cm-locked").is_empty()).then_some(())
    });
    page.driver.type_text("x");
    page.wait_for_words("#notice", "are to be read only");
    page.place_behind("use exo_prelude::*;");
    page.driver.type_text(" //");
    let edited = text.replacen("use exo_prelude::*;", "use exo_prelude::*; //", 1);
    wait_for("the other line is edited", || {
        (page.text() == edited).then_some(())
    });
    page.wait_for_words("#apply-words", "Compiles");
    page.assert_quiet();
    std::fs::remove_file(&file).unwrap();
}

#[test]
fn where_nothing_can_be_changed_the_editor_takes_no_text_and_can_still_be_read() {
    let page = Page::open_at(&format!("{}?embed=1&readonly=1", crate::page::address()));
    let before = page.text();
    wait_for("the editor says so", || {
        (page.attribute(".rich .cm-content", "aria-readonly") == "true").then_some(())
    });
    page.place_behind(MARK);
    page.driver.type_text("x");
    page.driver.press(BACKSPACE);
    assert_eq!(page.text(), before);
    page.assert_quiet();
}
