//! The same run under other kernels, as the page shows it and as `exo compare` counts it.

use exo_core::rivals::Parameters;
use exo_session::compare::{Beside, compare};
use exo_session::first_light;
use exo_session::path::fault_path;
use serde_json::json;

use crate::page::Page;

/// The cells of the table, row by row: the kernel's name, then its figures.
const ROWS: &str = "return [...document.querySelectorAll('.kernels .figures tbody tr')]
    .map(row => [...row.children].map(cell => cell.textContent))";

#[test]
fn the_page_counts_for_every_kernel_what_the_command_line_counts() {
    let page = Page::open();
    page.go("Next fault");
    let (step, digest) = (page.step(), page.digest());
    page.click("Other kernels…");
    let rows = crate::driver::wait_for("six kernels have run", || {
        let rows = page.driver.execute(ROWS, json!([]));
        (rows.as_array().is_some_and(|it| it.len() == 6)).then_some(rows)
    });
    let native = compare(&first_light().unwrap(), Parameters::default(), |_| {}).unwrap();
    for (shown, counted) in rows.as_array().unwrap().iter().zip(&native) {
        let cell = |column: usize| shown[column].as_str().unwrap().replace(',', "");
        assert_eq!(shown[0], counted.kernel.title());
        let total = &counted.total;
        let expected = [
            total.total_cycles(),
            total.faults,
            total.refills,
            total.page_loads,
        ];
        let expected = expected.map(|it| it.to_string());
        assert_eq!(
            [cell(2), cell(3), cell(4), cell(5)],
            expected,
            "{}",
            cell(0)
        );
    }
    let close = "document.querySelector('.kernels footer button').click()";
    page.driver.execute(close, json!([]));
    assert_eq!((page.step(), page.digest()), (step, digest));
    page.assert_quiet();
}

/// The kernels beside the fault: the name, the cycles, the crossings, and how many hops.
const BESIDE: &str = "return [...document.querySelectorAll('.beside details')].map(it => \
    [...it.querySelectorAll('summary b, summary .n')].map(it => it.textContent) \
    .concat(it.querySelectorAll('.hops li').length))";

#[test]
fn the_fault_of_the_path_stands_beside_four_kernels_and_follows_the_steps() {
    let page = Page::open();
    page.go("Next fault");
    page.click("Beside other kernels");
    let mut native = exo_session::Session::new(first_light().unwrap()).unwrap();
    for _ in 0..3 {
        native.go_to_step(page.step());
        let path = fault_path(&native).unwrap();
        let parameters = Parameters::default();
        let scenario = native.scenario().clone();
        let mut beside = Beside::new(scenario, parameters, path.env, path.reference).unwrap();
        while beside.advance(u64::MAX) {}
        let expected = beside.ways().iter().map(|way| {
            let cycles: u64 = way.hops.iter().map(|it| it.cycles).sum();
            let crossing = if way.crossings == 1 {
                "crossing"
            } else {
                "crossings"
            };
            json!([
                way.kernel.title(),
                format!("{} cycles", exo_session::explain::grouped(cycles)),
                format!("{} {crossing} ‖", way.crossings),
                way.hops.len(),
            ])
        });
        let expected = json!(expected.collect::<Vec<_>>());
        crate::driver::wait_for("the kernels have come to this reference", || {
            (page.driver.execute(BESIDE, json!([])) == expected).then_some(())
        });
        page.go("Next fault");
    }
    page.click("Beside other kernels");
    assert!(page.driver.find_all(".beside").is_empty());
    page.assert_quiet();
}
