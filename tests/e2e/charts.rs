//! Charts: page loads against frames, round trips against active processes, and their pictures as files.

use exo_session::round_trip::{PROCESSES_MAX, Receiver, RoundTrips};
use serde_json::json;

use crate::driver::wait_for;
use crate::page::Page;
use crate::saved::Saved;

#[test]
fn a_chart_is_drawn_and_saved_as_svg_and_as_png() {
    let page = Page::open();
    let saved = Saved::new(&page, "charts");
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
    assert!(saved.with_ending("svg").starts_with(b"<svg "));
    assert!(saved.with_ending("png").starts_with(b"\x89PNG"));
    page.assert_quiet();
}

#[test]
fn two_branches_that_were_compared_and_the_hit_rates_are_drawn() {
    let page = Page::open();
    page.run_to_the_end();
    page.go_to_step(70_000);
    page.press(1, 40);
    page.focus("#branches-open");
    page.driver.press("\u{E007}");
    page.click("Compare with branch 0");
    page.wait_for_words(".branches h3", "Branch 0 and branch 1");
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
    page.click("Close");
    for (panel, name) in [(".tlb", "TLB"), (".stlb", "software TLB")] {
        let said = page.attribute(&format!("{panel} .trend"), "aria-label");
        let span = page.words(&format!("{panel} .trend"));
        let words = format!("Hits of the {name} over the run, all environments together: {span}; ");
        assert!(said.starts_with(&words) && span.ends_with('%'), "{said}");
    }
    page.assert_quiet();
}

#[test]
fn round_trips_are_measured_in_the_page_and_can_be_stopped_half_way() {
    let page = Page::open();
    let digest = page.digest();
    page.click("Charts…");
    let stop = "setInterval(() => [...document.querySelectorAll('.charts button')] \
                .find(it => it.textContent === 'Stop here')?.click(), 1)";
    let stopping = page.driver.execute(&format!("return {stop}"), json!([]));
    page.click("Measure");
    wait_for("it can go on", || page.button("Go on"));
    let words = page.words("#trips-words");
    assert!(words.ends_with(" of 30 measurements are done."), "{words}");
    assert!(!words.starts_with("30 "), "{words}");
    page.driver
        .execute("clearInterval(arguments[0])", json!([stopping]));
    assert_eq!(page.words("#trips-words"), words);
    page.click("Go on");
    let title = "[aria-label^=\"Round trip\"]";
    let script = format!(
        "return [...document.querySelectorAll('{title} tbody tr')].map(row => \
         [...row.children].map(it => it.textContent))"
    );
    let rows = wait_for("all are measured", || {
        let rows = page.driver.execute(&script, json!([]));
        let cells = rows.as_array()?.iter().flat_map(|row| row.as_array());
        let done = cells.flatten().filter(|it| *it != "").count();
        (done == usize::from(PROCESSES_MAX) * 6).then_some(rows.clone())
    });
    let points = RoundTrips::new(PROCESSES_MAX).finish().unwrap();
    for (row, processes) in (0..).zip(1..=PROCESSES_MAX) {
        for (column, receiver) in [Receiver::Queue, Receiver::Upcall, Receiver::Handler]
            .into_iter()
            .enumerate()
        {
            let wanted = (receiver, processes);
            let mut all = points.iter();
            let point = all.find(|it| (it.receiver, it.processes) == wanted);
            let own = (point.unwrap().microseconds() * 10.0).round() / 10.0;
            let told = rows[row][column + 1].as_str().unwrap();
            assert!((told.parse::<f64>().unwrap() - own).abs() < 0.11, "{told}");
        }
    }
    let drawn = format!(
        "return [...document.querySelectorAll('{title} > svg .line')] \
         .map(it => (it.getAttribute('d').match(/[ML]/g) ?? []).length) \
         .every(points => points === {PROCESSES_MAX} || points === 0)"
    );
    assert_eq!(page.driver.execute(&drawn, json!([])), true);
    assert_eq!(page.digest(), digest);
    page.assert_quiet();
}

#[test]
fn the_comparison_of_kernels_is_drawn_and_saved_as_svg_png_and_csv() {
    let page = Page::open();
    let saved = Saved::new(&page, "kernels");
    page.click("Other kernels…");
    let rows = "return [...document.querySelectorAll('.kernels .figures tbody tr')].map(row => \
                [...row.children].map(it => it.textContent.replaceAll(',', '')))";
    let rows = wait_for("six kernels have run", || {
        let rows = page.driver.execute(rows, json!([]));
        rows.as_array().filter(|it| it.len() == 6).cloned()
    });
    let drawn = "return [...document.querySelectorAll('.kernels .chart > svg .shape')] \
                 .filter(it => it.getBBox().height > 1).length";
    assert_eq!(page.driver.execute(drawn, json!([])), 4);
    for file in ["Save as SVG", "Save as PNG", "Save as CSV"] {
        page.click_in(".kernels", file);
    }
    assert!(saved.with_ending("svg").starts_with(b"<svg "));
    assert!(saved.with_ending("png").starts_with(b"\x89PNG"));
    let csv = String::from_utf8(saved.with_ending("csv")).unwrap();
    for (line, row) in csv.lines().skip(1).zip(&rows) {
        let cells: Vec<&str> = line.split(',').collect();
        assert_eq!(
            [cells[0], cells[1]],
            [&row[0], &row[2]].map(|it| it.as_str().unwrap())
        );
    }
    page.assert_quiet();
}
