//! Charts: page loads against frames, and their pictures as files.

use serde_json::json;

use crate::driver::wait_for;
use crate::page::Page;

#[test]
fn a_chart_is_drawn_and_saved_as_svg_and_as_png() {
    let folder = std::env::temp_dir().join(format!("exo-e2e-charts-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let page = Page::open();
    let behavior = json!({ "behavior": "allow", "downloadPath": folder });
    page.driver.devtools("Page.setDownloadBehavior", behavior);
    page.run_to_the_end();
    let loads = page.counter(0, "pageLoads");
    page.click("Charts…");
    // FIFO with 64 frames, which is what A runs: the machine and the chart agree.
    let script = "return [...document.querySelectorAll('.chart tbody tr')].map(row => \
                  [...row.children].map(it => it.textContent.replaceAll(',', '')))";
    let row = wait_for("the chart is done", || {
        let rows = page.driver.execute(script, json!([]));
        let row = rows.as_array()?.iter().find(|row| row[0] == "64").cloned();
        row.filter(|_| page.words("#charts-left").is_empty())
    });
    assert_eq!(row[2], loads.to_string());
    page.click("Save as SVG");
    page.click("Save as PNG");
    let read = |ending: &str| {
        wait_for(&format!("{ending} is saved"), || {
            let mut files = folder.read_dir().ok()?.flatten().map(|it| it.path());
            let file = files.find(|it| it.extension().is_some_and(|it| it == ending))?;
            std::fs::read(file).ok().filter(|bytes| !bytes.is_empty())
        })
    };
    assert!(read("svg").starts_with(b"<svg "));
    assert!(read("png").starts_with(b"\x89PNG"));
    page.assert_quiet();
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn two_branches_that_were_compared_and_the_hit_rates_are_drawn() {
    let page = Page::open();
    page.run_to_the_end();
    page.put("#step", "70000");
    page.focus("#step");
    page.driver.press("\u{E007}");
    wait_for("it stands there", || (page.step() == 70_000).then_some(()));
    page.press(1, 40);
    page.focus("#branches-open");
    page.driver.press("\u{E007}");
    page.click("Compare with branch 0");
    page.wait_for_words(".branches h3", "Branch 1 and branch 0");
    let figures = page.words(".branches .figures:last-of-type");
    page.click("Close");
    page.click("Charts…");
    let bars = page.wait_for_words(".bars", "B, page loads: ");
    let (_, rest) = bars.split_once("B, page loads: ").expect("the bars of B");
    let (one, rest) = rest.split_once(" and ").expect("two numbers");
    let other = rest.lines().next().unwrap_or_default();
    assert!(
        figures.contains(one) && figures.contains(other),
        "{one}, {other}: {figures}"
    );
    let drawn = "return [...document.querySelectorAll('.bars rect')].every(it => it.getBoundingClientRect().width > 1)";
    assert_eq!(page.driver.execute(drawn, json!([])), true);
    page.wait_for_words(".charts", "B, branch 0: ");
    page.wait_for_words(".charts", "Hit rates, over ");
    page.assert_quiet();
}
