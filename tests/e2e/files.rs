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

impl Page {
    /// Drops files of these names and texts on the page; whether the browser would have left it for them.
    fn drop_files(&self, files: &[(&str, &str)]) -> bool {
        let script = "const dragged = new DataTransfer(); \
                      for (const [name, text] of arguments[0]) dragged.items.add(new File([text], name)); \
                      const event = (kind) => new DragEvent(kind, \
                      { dataTransfer: dragged, bubbles: true, cancelable: true }); \
                      const main = document.getElementById('main'); \
                      return [main.dispatchEvent(event('dragover')), main.dispatchEvent(event('drop'))]";
        self.driver.execute(script, json!([files])) != json!([false, false])
    }
}

const DROPPED: &str = "exokernel = 1\ntitle = \"Dropped\"\n[[environment]]\nlibos = \"lru\"\nframes = 20\n\
                       trace = \"hash-join\"\n";

#[test]
fn a_file_that_is_dropped_on_the_page_is_opened() {
    let page = Page::open();
    assert!(!page.drop_files(&[("dropped.toml", DROPPED)]));
    page.wait_for_words("#notice", "Opened from dropped.toml");
    // Text that is dragged is not ours.
    let script = "const dragged = new DataTransfer(); dragged.setData('text/plain', 'x'); \
                  return document.getElementById('main').dispatchEvent(new DragEvent('drop', \
                  { dataTransfer: dragged, bubbles: true, cancelable: true }))";
    assert_eq!(page.driver.execute(script, json!([])), true);
    page.assert_quiet();
}

#[test]
fn a_program_that_is_dropped_goes_into_the_editor_and_of_several_files_the_first_is_taken() {
    let page = Page::open();
    let (before, digest) = (page.text(), page.digest());
    let lru = exo_libos_samples::sample("lru").unwrap().source;
    page.drop_files(&[("submission.rs", lru)]);
    page.wait_for_words("#notice", "submission.rs is in the editor");
    wait_for("the program is shown", || {
        (page.text() == lru).then_some(())
    });
    assert_eq!(page.digest(), digest);
    page.click("bring my text back");
    wait_for("the text before is back", || {
        (page.text() == before).then_some(())
    });
    page.click("Share…");
    page.drop_files(&[("unseen.rs", lru)]);
    page.wait_for_words("#notice", "Close what lies over the editor first");
    assert_eq!(page.text(), before);
    page.driver.press("\u{E00C}");
    page.drop_files(&[("D.TOML", DROPPED), ("other.rs", lru)]);
    let said = page.wait_for_words("#notice", "Opened from D.TOML");
    assert!(said.starts_with("Of the 2 files"), "{said}");
    page.assert_quiet();
}
