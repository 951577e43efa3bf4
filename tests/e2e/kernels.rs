//! The same run under other kernels, as the page shows it and as `exo compare` counts it.

use exo_core::rivals::Parameters;
use exo_session::compare::compare;
use exo_session::first_light;
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
