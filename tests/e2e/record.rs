//! Every event of a run, and undoing what changes the scenario.

use serde_json::json;

use crate::driver::wait_for;
use crate::page::Page;

/// The numbers of the rows that are on the page.
fn rows(page: &Page) -> Vec<u64> {
    let script = "return [...document.querySelectorAll('.long tr')].map(row => Number(row.ariaRowIndex ?? row.getAttribute('aria-rowindex')))";
    let rows = page.driver.execute(script, json!([]));
    let rows = rows.as_array().into_iter().flatten();
    rows.filter_map(|it| it.as_u64()).collect()
}

fn wait_for_first(page: &Page, first: u64) {
    wait_for(&format!("event {first} is the first one"), || {
        (rows(page).first() == Some(&first)).then_some(())
    });
}

/// Scrolls the list to a part of its way, or on by so many rows.
fn scroll(page: &Page, part: Option<f64>, by: f64) {
    let script = "const list = document.querySelector('.long'); const [part, by] = arguments; \
                  const base = part === null ? list.scrollTop : part * (list.scrollHeight - list.clientHeight); \
                  list.scrollTop = base + by * list.clientHeight / 16";
    page.driver.execute(script, json!([part, by]));
}

#[test]
fn every_event_of_a_long_run_is_scrolled_over_filtered_and_gone_to() {
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
    assert_eq!(
        page.attribute(".long table", "aria-rowcount"),
        end.to_string()
    );
    wait_for_first(&page, end - 15);
    // In the middle of a run of more than a hundred thousand events.
    let middle = 1 + (end - 16) / 2;
    scroll(&page, Some(0.5), 0.0);
    let first = wait_for("the middle is shown", || {
        let first = *rows(&page).first()?;
        (first.abs_diff(middle) < 3).then_some(first)
    });
    assert_eq!(rows(&page), (first..first + 16).collect::<Vec<u64>>());
    scroll(&page, None, 3.0);
    wait_for_first(&page, first + 3);
    scroll(&page, None, -5.0);
    wait_for_first(&page, first - 2);
    page.focus(".long");
    for (key, wanted) in [
        ("\u{E010}", end - 15),
        ("\u{E00E}", end - 30),
        ("\u{E011}", 1),
        ("\u{E015}", 2),
        ("\u{E00F}", 17),
        ("\u{E013}", 16),
    ] {
        page.driver.press(key);
        wait_for_first(&page, wanted);
    }
    let last = "const list = document.querySelector('.long').getBoundingClientRect(); \
                const row = document.querySelector('.long tr:last-child').getBoundingClientRect(); \
                return row.bottom <= list.bottom && row.top > list.top";
    page.driver.press("\u{E010}");
    wait_for_first(&page, end - 15);
    assert_eq!(
        page.driver.execute(last, json!([])),
        true,
        "the last row is seen"
    );
    scroll(&page, Some(0.25), 0.0);
    wait_for("another quarter is shown", || {
        (rows(&page).first()?.abs_diff(end / 4) < 16).then_some(())
    });
    only_upcalls(&page, (end, &digest));
    page.assert_quiet();
}

/// Of a run that stands at a step with a digest, only upcalls are shown, scrolled over and gone to.
fn only_upcalls(page: &Page, (end, digest): (u64, &str)) {
    page.choose("Kinds of events", "3");
    wait_for("only upcalls are shown", || {
        let words = page.words(".record tbody");
        (words.lines().filter(|it| it.contains("upcall")).count() >= 10).then_some(())
    });
    let upcalls = rows(page);
    scroll(page, None, 4.0);
    wait_for_first(page, upcalls[4]);
    scroll(page, None, -4.0);
    wait_for_first(page, upcalls[0]);
    assert_eq!(
        (page.step(), page.digest()),
        (end, digest.to_owned()),
        "the run stays where it is"
    );
    let buttons = page.driver.find_all(".record tbody .linkbtn");
    page.driver.click(&buttons[0]);
    wait_for("the step is gone to", || {
        (page.step() == upcalls[0]).then_some(())
    });
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

#[test]
fn a_long_search_says_where_it_looks_is_stopped_and_all_that_is_found_is_collected() {
    let page = Page::open();
    page.run_to_the_end();
    let end = page.step();
    page.click("All events…");
    page.wait_for_words("#record-place", "Events ");
    assert_eq!(
        page.words(".record tr.now .n").replace(',', ""),
        end.to_string()
    );
    let search = "const it = document.getElementById('record-words'); it.value = 'no such words'; \
                  it.dispatchEvent(new Event('change', { bubbles: true })); const said = new Set(); \
                  window.said = said; new MutationObserver(() => said.add(document.getElementById('record-place').textContent)) \
                  .observe(document.getElementById('record-place'), { characterData: true, childList: true, subtree: true })";
    page.driver.execute(search, json!([]));
    page.wait_for_words("#record-place", "None of all ");
    let said = page.driver.execute("return [...window.said]", json!([]));
    let said: Vec<&str> = said
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|it| it.as_str())
        .collect();
    let places = said
        .iter()
        .filter(|it| it.starts_with("Looking… at event "));
    assert!(places.count() > 3, "{said:?}");
    assert!(!said.iter().any(|it| it.contains("from event")), "{said:?}");
    page.choose("Kinds of events", "3");
    page.driver.execute(
        "const it = document.getElementById('record-words'); it.value = ''; \
                         it.dispatchEvent(new Event('change', { bubbles: true }))",
        json!([]),
    );
    wait_for("only upcalls are shown", || {
        (rows(&page).len() == 16).then_some(())
    });
    page.click("Collect all, to copy");
    let upcalls = page.counter(0, "upcalls") + page.counter(1, "upcalls");
    wait_for("all are collected", || {
        let buttons = page.words(".record .r2:nth-of-type(2)").replace(',', "");
        buttons
            .contains(&format!("Copy all {upcalls} rows"))
            .then_some(())
    });
    assert_eq!(page.step(), end, "the run stays where it is");
    page.assert_quiet();
}

#[test]
fn a_row_of_every_event_is_chosen_by_click_and_by_keys_and_stays_chosen_when_the_sheet_is_closed() {
    let page = Page::open();
    page.go_to_step(3_000);
    page.go_to_step(2_000);
    let digest = page.digest();
    page.click("All events…");
    wait_for_first(&page, 1_985);
    let focused = || {
        let script = "return document.activeElement.getAttribute('data-look') ?? ''";
        let row = page.driver.execute(script, json!([]));
        row.as_str().and_then(|it| it.parse::<u64>().ok())
    };
    let pressed = || page.attribute(".record [aria-pressed=true]", "data-look");
    page.driver
        .click(&page.driver.find_all(".record [data-look]")[2]);
    wait_for("it is chosen", || (pressed() == "1987").then_some(()));
    assert_eq!(focused(), Some(1_987));
    // Down to the last row, and on: the list comes along, and the keyboard stays at its end.
    (0..13).for_each(|_| page.driver.press("\u{E015}"));
    assert_eq!(focused(), Some(2_000));
    for first in [1_986, 1_987] {
        page.driver.press("\u{E015}");
        wait_for_first(&page, first);
        assert_eq!(focused(), Some(first + 15));
    }
    (0..3).for_each(|_| page.driver.press("\u{E013}"));
    assert_eq!(focused(), Some(1_999));
    page.driver.press("\u{E007}");
    wait_for("it is chosen", || (pressed() == "1999").then_some(()));
    page.driver.press("\u{E00C}");
    wait_for("the sheet is closed", || {
        page.driver
            .find_all(".record [data-look]")
            .is_empty()
            .then_some(())
    });
    assert_eq!((page.step(), page.digest()), (2_000, digest));
    page.wait_for_words(".detail h3", "age ");
    page.wait_for_words(".detail", "1,999");
    page.click("All events…");
    wait_for("the row is still chosen", || {
        (pressed() == "1999").then_some(())
    });
    page.focus(".record [aria-pressed=true]");
    page.driver.press("\u{E007}");
    wait_for("it is gone to", || (page.step() == 1_999).then_some(()));
    page.assert_quiet();
}
