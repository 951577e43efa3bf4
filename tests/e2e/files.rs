//! Large files, and files that are dropped on the page.

use std::io::{BufWriter, Write};
use std::path::Path;

use serde_json::json;

use crate::driver::wait_for;
use crate::page::Page;

/// Records of a large trace.
const RECORDS: u64 = 10_000_000;

/// Writes a trace of a walk over five hundred pages: addresses alone, one a line.
fn write_trace(path: &Path, records: u64) {
    let mut file = BufWriter::new(std::fs::File::create(path).unwrap());
    for number in 0..records {
        let page = number / 64 * 7 % 500;
        writeln!(file, "0x{:x}", (page << 12) + number % 64 * 8).unwrap();
    }
    file.flush().unwrap();
}

#[test]
fn ten_million_records_are_read_with_progress_and_can_be_given_up() {
    let folder = std::env::temp_dir().join(format!("exo-e2e-large-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let large = folder.join("large.txt");
    write_trace(&large, RECORDS);
    let page = Page::open();
    page.go("Next fault");
    let before = page.digest();

    page.open_file(&large);
    page.wait_for_words("#notice", "Reading large.txt");
    page.click("Stop reading");
    page.wait_for_words("#notice", "Reading was stopped");
    assert_eq!(page.digest(), before);

    page.open_file(&large);
    page.wait_for_words("#notice", "Reading large.txt");
    wait_for("more and more is read", || {
        let script = "return document.querySelector('.notice progress')?.value ?? 0";
        let read = page.driver.execute(script, json!([])).as_f64()?;
        (read > 1_000_000.0).then_some(())
    });
    page.wait_for_words("#notice", "10,000,000 references to 500 pages");
    page.go("Next fault");
    page.assert_quiet();
    std::fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn a_file_that_is_dropped_on_the_page_is_opened() {
    let page = Page::open();
    let script = "const dragged = new DataTransfer(); \
                  dragged.items.add(new File([arguments[0]], 'dropped.toml')); \
                  const over = new DragEvent('dragover', { dataTransfer: dragged, bubbles: true, cancelable: true }); \
                  const drop = new DragEvent('drop', { dataTransfer: dragged, bubbles: true, cancelable: true }); \
                  const main = document.getElementById('main'); \
                  return [main.dispatchEvent(over), main.dispatchEvent(drop)]";
    let text = "exokernel = 1\ntitle = \"Dropped\"\n[[environment]]\nlibos = \"lru\"\nframes = 20\n\
                trace = \"hash-join\"\n";
    let shown = page.driver.execute(script, json!([text]));
    assert_eq!(
        shown,
        json!([false, false]),
        "the browser does not leave the page"
    );
    page.wait_for_words("#notice", "Opened from dropped.toml");
    // Text that is dragged is not ours.
    let script = "const dragged = new DataTransfer(); dragged.setData('text/plain', 'x'); \
                  return document.getElementById('main').dispatchEvent(new DragEvent('drop', \
                  { dataTransfer: dragged, bubbles: true, cancelable: true }))";
    assert_eq!(page.driver.execute(script, json!([])), true);
    page.assert_quiet();
}
