//! Packets of a capture: opened, looked at, filtered, and refused where they are wrong.

use std::path::{Path, PathBuf};

use exo_net::sample;
use serde_json::{Value, json};

use crate::driver::wait_for;
use crate::page::Page;

const ARROW_DOWN: &str = "\u{E015}";
const END: &str = "\u{E010}";

/// The cells of the rows that are on the page.
const ROWS: &str = "return [...document.querySelectorAll('.packets .rows tbody tr')]
    .map(row => [...row.children].map(cell => cell.textContent))";

impl Page {
    /// Opens the packets and waits for the capture that comes along.
    fn open_packets(&self) {
        self.click("Packets…");
        self.wait_for_words("#packets-what", "sample.pcap: 22 packets");
        self.wait_for_whose(0, "arp");
    }

    fn packet_rows(&self) -> Value {
        self.driver.execute(ROWS, json!([]))
    }

    /// Waits until a row says who has its packet.
    fn wait_for_whose(&self, row: usize, word: &str) {
        wait_for(&format!("packet {} is {word}'s", row + 1), || {
            let rows = self.packet_rows();
            rows[row][4].as_str()?.contains(word).then_some(())
        });
    }

    fn open_capture(&self, path: &Path) {
        let inputs = self.driver.find_all(".packets input[type=file]");
        self.driver.choose(&inputs[0], path.to_str().unwrap());
    }
}

/// A folder of captures, which goes with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let path = std::env::temp_dir().join(format!("exo-e2e-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_capture_that_comes_along_is_listed_with_the_verdicts_of_the_command_line() {
    let page = Page::open();
    page.go("Next fault");
    let (step, digest) = (page.step(), page.digest());
    page.open_packets();
    let rows = page.packet_rows();
    let filters = exo_net::read_filters(sample::FILTERS).unwrap();
    let engine = exo_core::kernel::filter::Engine::Compiled;
    let frames = sample::frames();
    assert_eq!(rows.as_array().unwrap().len(), frames.len());
    for (index, frame) in frames.iter().enumerate() {
        let verdict = filters.set.classify(engine, frame);
        let line = verdict.accepted.and_then(|(id, _)| filters.line(id));
        let owner = line.map_or("nobody", |it| &it.owner);
        let row = &rows[index];
        assert!(row[4].as_str().unwrap().contains(owner), "{row}");
        assert_eq!(row[5], verdict.cycles.to_string());
        assert_eq!(row[3], exo_net::decode::summary(frame));
    }
    page.click("Close");
    assert_eq!((page.step(), page.digest()), (step, digest));
    page.assert_quiet();
}

#[test]
fn a_packet_is_chosen_by_keys_and_its_fields_and_bytes_point_at_each_other() {
    let page = Page::open();
    page.open_packets();
    page.focus(".packets .rows table");
    (0..4).for_each(|_| page.driver.press(ARROW_DOWN));
    page.wait_for_words("#h-packet", "Packet 5");
    // The way to the name server's filter: type, header length, fragment, protocol, port.
    let marked = "return [...document.querySelectorAll('.hex .all, .hex .some')].map(it => it.dataset.byte).join(' ')";
    assert_eq!(
        page.driver.execute(marked, json!([])),
        "12 13 14 20 21 23 36 37"
    );
    page.focus(".packets .hex");
    (0..3).for_each(|_| page.driver.press(ARROW_DOWN));
    (0..4).for_each(|_| page.driver.press("\u{E014}"));
    let said = page.wait_for_words(".packets .about", "Byte 36");
    assert!(
        said.contains("53") && said.contains("bits 0xffff"),
        "{said}"
    );
    let lit = "return [...document.querySelectorAll('.hex .lit.byte')].map(it => it.textContent).join(' ')";
    assert_eq!(page.driver.execute(lit, json!([])), "00 35");
    let field = page.words(".fields [aria-selected=true]");
    assert!(field.contains("destination port"), "{field}");
    page.focus(".packets .fields");
    page.driver.press("\u{E011}");
    page.wait_for_words(".packets .about", "Bytes 0 to 5.");
    page.assert_quiet();
}

#[test]
fn verdicts_change_as_the_filters_are_typed_and_what_would_steal_is_refused() {
    let page = Page::open();
    page.open_packets();
    page.wait_for_whose(11, "echo");
    let text = page.value("#filter-text");
    page.put(
        "#filter-text",
        &text.replace("echo: udp dst port 7", "hear: udp dst port 7"),
    );
    page.wait_for_whose(11, "hear");
    page.put("#filter-text", &text.replace("dst port 7\n", "dst prt 7\n"));
    let said = page.wait_for_words("#filter-said", "Line 10, column");
    assert!(said.contains("prt"), "{said}");
    page.wait_for_whose(11, "hear");
    page.click("Go there");
    let at = "const it = document.activeElement; return it.id + ' ' + it.value.slice(it.selectionStart).slice(0, 3)";
    assert_eq!(page.driver.execute(at, json!([])), "filter-text prt");
    page.put("#filter-text", &format!("{text}spy: udp dst port 7\n"));
    let said = page.wait_for_words("#filter-said", "has these packets by line 10");
    assert!(
        said.contains("\"echo\" has claimed in line 10") && said.contains("E has"),
        "{said}"
    );
    page.put("#filter-text", &text);
    page.wait_for_whose(11, "echo");
    assert_eq!(page.words("#filter-said"), "");
    page.assert_quiet();
}

#[test]
fn the_way_through_the_merged_filters_is_shown_and_every_engine_told() {
    let page = Page::open();
    page.open_packets();
    page.focus(".packets .rows table");
    (0..6).for_each(|_| page.driver.press(ARROW_DOWN));
    page.wait_for_words("#h-packet", "Packet 7");
    let taken = "return [...document.querySelectorAll('.tree .won > .value')].map(it => it.textContent).join('')";
    let way = page.driver.execute(taken, json!([]));
    assert_eq!(way, "= 0x0800 = 0x0000= 0x06 = 0x0050");
    let end = page.words(".tree .has");
    assert!(
        end.contains('D') && end.contains("web, line 9") && end.contains("has this packet"),
        "{end}"
    );
    let cells = "return [...document.querySelectorAll('.engines tbody tr')].map(row => [...row.children].map(it => it.textContent))";
    let rows = page.driver.execute(cells, json!([]));
    let filters = exo_net::read_filters(sample::FILTERS).unwrap();
    let frames = sample::frames();
    for (row, engine) in rows
        .as_array()
        .unwrap()
        .iter()
        .zip(exo_core::kernel::filter::Engine::ALL)
    {
        let cycles = filters.set.classify(engine, &frames[6]).cycles;
        assert_eq!(
            (&row[0], &row[1]),
            (&engine.name().into(), &cycles.to_string().into())
        );
    }
    page.assert_quiet();
}

#[test]
fn a_bad_capture_is_refused_with_the_reason_and_a_good_one_may_be_dropped_anywhere() {
    let folder = Folder::new("captures");
    let page = Page::open();
    page.open_packets();
    page.open_capture(&folder.file("words.pcap", b"no capture at all"));
    let said = page.wait_for_words("#notice", "this is no capture");
    assert!(
        said.contains("words.pcap") && said.contains("nothing has changed"),
        "{said}"
    );
    assert!(page.words("#packets-what").contains("22 packets"));
    page.open_capture(&folder.file("cut.pcap", &sample::CAPTURE[..900]));
    page.wait_for_words("#notice", "cut off");
    page.wait_for_words("#packets-what", "cut.pcap: 11 packets");
    page.click("Close");
    // Dropped on the workbench: the sheet opens.
    let drop = "const bytes = Uint8Array.from(atob(arguments[0]), it => it.charCodeAt(0)); \
                const dataTransfer = new DataTransfer(); dataTransfer.items.add(new File([bytes], 'dropped.pcap')); \
                document.body.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true, cancelable: true }))";
    use base64::Engine as _;
    let bytes = base64::engine::general_purpose::STANDARD.encode(sample::CAPTURE);
    page.driver.execute(drop, json!([bytes]));
    page.wait_for_words("#packets-what", "dropped.pcap: 22 packets");
    page.assert_quiet();
}

#[test]
fn a_large_capture_is_filtered_in_slices_can_be_given_up_and_is_scrolled_through() {
    let folder = Folder::new("large-capture");
    let frames = sample::frames();
    let many = (0..300_000).map(|it| frames[it % frames.len()].as_slice());
    let large = folder.file("large.pcap", &exo_net::capture::write(many));
    let page = Page::open();
    page.open_packets();
    page.open_capture(&large);
    let stop = "const button = document.querySelector('.going button'); \
                const there = document.querySelector('#packets-what').textContent.startsWith('large.pcap: 300,000'); \
                if (there) button?.click(); return there && !!button";
    wait_for("the filtering is under way and given up", || {
        page.driver
            .execute(stop, json!([]))
            .as_bool()?
            .then_some(())
    });
    page.wait_for_words("#notice", "Stopped.");
    let text = page.value("#filter-text");
    page.put("#filter-text", &format!("{text}\n"));
    page.wait_for_words(".counts", "27,274");
    page.focus(".packets .rows table");
    page.driver.press(END);
    page.wait_for_words("#h-packet", "Packet 300,000");
    let drawn = wait_for("the last row is on the page", || {
        let rows = page.packet_rows();
        let rows = rows.as_array()?;
        (rows.last()?[0] == "300000").then_some(rows.len())
    });
    assert!(drawn < 200, "{drawn} rows are drawn");
    page.assert_quiet();
}
