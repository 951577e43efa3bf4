//! A machine with a network: clients that come to their ends, and its packets, filters and rings.

use serde_json::{Value, json};

use crate::driver::wait_for;
use crate::page::{Page, address};
use crate::saved::Saved;

/// The cells of the packets that are on the page.
const ROWS: &str = "return [...document.querySelectorAll('.packets .rows tbody tr')]
    .map(row => [...row.children].map(cell => cell.textContent))";

const ARROW_UP: &str = "\u{E013}";
const ARROW_RIGHT: &str = "\u{E014}";
const ENTER: &str = "\u{E007}";

impl Page {
    /// Opens the page on a scenario that comes along.
    pub fn on_scenario(name: &str) -> Page {
        Page::open_at(&format!("{}?scenario={name}", address()))
    }

    /// Shows the machine's packets, and waits until so many are there.
    pub fn show_machine_packets(&self, packets: &str) {
        self.click("Packets…");
        self.wait_for_words(
            "#packets-what",
            &format!("This machine: {packets} up to step"),
        );
        wait_for("all are collected", || {
            self.words(".packets .going").is_empty().then_some(())
        });
    }

    fn passed(&self) -> Vec<Value> {
        let rows = self.driver.execute(ROWS, json!([]));
        rows.as_array().cloned().unwrap_or_default()
    }
}

/// The same run natively, at its end.
fn native(name: &str) -> exo_session::Session {
    use exo_session::saved::{Nothing, Opened, open, read};
    let text = exo_libos_samples::scenario(name).unwrap().text;
    let Opened { mut session, .. } = open(&read(text).unwrap().saved, &mut Nothing).unwrap();
    session.run_slice(u64::MAX);
    session.settle();
    session
}

#[test]
fn clients_of_a_lossy_link_get_every_byte_and_the_page_tells_of_each() {
    let page = Page::on_scenario("network-lossy");
    page.speed("full");
    page.click("Run");
    let script =
        "return [...document.querySelectorAll('.network .peers li')].map(it => it.textContent)";
    let told = wait_for("every client is done", || {
        let told = page.driver.execute(script, json!([]));
        let done = |it: &Value| it.as_str().is_some_and(|it| it.contains("finished"));
        let all = told
            .as_array()
            .is_some_and(|it| !it.is_empty() && it.iter().all(done));
        all.then_some(told)
    });
    let session = native("network-lossy");
    let spec = session.scenario().network.as_ref().unwrap();
    let report = exo_session::network::network_report(spec, session.machine()).unwrap();
    let told = told.as_array().unwrap();
    assert_eq!(told.len(), report.peers.len());
    for (told, peer) in told.iter().zip(&report.peers) {
        assert_eq!(told.as_str().unwrap(), peer.line());
        assert_eq!(peer.outcome, "finished");
        assert_eq!(peer.sent, peer.replies);
    }
    // A file of 100,000 bytes, twice; pings of 56 bytes; datagrams of three sizes, twice.
    let bytes: Vec<u64> = report.peers.iter().map(|it| it.bytes.0).collect();
    assert_eq!(bytes, [200_000, 8 * 56, 2 * (18 + 512 + 1472)]);
    wait_for("the run is over", || {
        page.can("Run").then_some(()).or_else(|| {
            page.words("#notice")
                .contains("Nothing is left to do")
                .then_some(())
        })
    });
    page.wait_for_state_of(&session);
    page.assert_quiet();
}

#[test]
fn the_machines_packets_are_listed_followed_and_gone_to() {
    let page = Page::on_scenario("network-ping");
    page.type_step("end");
    page.show_machine_packets("10 packets");
    let rows = page.passed();
    assert_eq!(rows.len(), 10);
    assert!(
        rows[0][4].as_str().unwrap().starts_with("ARP"),
        "{}",
        rows[0]
    );
    assert!(
        rows[2][6].as_str().unwrap().starts_with("in frame 0x"),
        "{}",
        rows[2]
    );
    assert_eq!(rows[1][6], "left; arrives");
    // Who claimed it, and its way through what the filters were merged into.
    let bound = page.words(".claims");
    assert!(
        bound.contains("type: 2 bytes at 12") && bound.contains('A'),
        "{bound}"
    );
    page.focus(".packets .rows table");
    page.driver.press(ARROW_UP);
    page.wait_for_words("#h-packet", "Packet 9");
    page.wait_for_words(".tree .has", "has this packet");
    let end = page.step();
    page.driver.press(ENTER);
    let step: u64 = rows[8][8]
        .as_str()
        .unwrap()
        .replace(',', "")
        .parse()
        .unwrap();
    wait_for("its step is gone to", || {
        (page.step() == step).then_some(())
    });
    page.wait_for_words("#packets-what", "1 more lies ahead");
    // Its fate is told again as the machine goes on.
    let fate = || page.passed()[8][6].as_str().unwrap_or_default().to_owned();
    assert_eq!(fate(), "waits in the device");
    page.click("Next packet");
    wait_for("it is claimed", || (fate() == "claimed").then_some(()));
    let steps = page.driver.find_all(".steps .linkbtn");
    assert_eq!(steps.len(), 5);
    page.driver.click(&steps[3]);
    wait_for("it is in its frame", || {
        fate().starts_with("in frame").then_some(())
    });
    assert!(page.step() < end);
    page.assert_quiet();
}

#[test]
fn a_buffer_that_is_chosen_is_the_frame_of_the_map_and_rings_have_a_table() {
    let page = Page::on_scenario("network-ping");
    page.type_step("end");
    page.show_machine_packets("10 packets");
    page.focus(".slots");
    page.driver.press(ARROW_RIGHT);
    page.driver.press(ARROW_RIGHT);
    let said = page.wait_for_words(".ring [aria-live]", "buffer 1, frame 0x");
    let chosen = page.words(".slot[aria-selected=true] span");
    assert!(said.contains(&chosen), "{said}");
    let buttons = page.driver.find_all(".netpane .ph .btn");
    page.driver.click(&buttons[0]);
    let table = page.wait_for_words(".ringtable", &chosen);
    assert!(table.contains("kernel"), "{table}");
    page.click("Close");
    page.wait_for_words(".detail", &chosen);
    page.assert_quiet();
}

#[test]
fn the_machines_packets_are_saved_as_natively_and_filtered_by_hand() {
    let page = Page::on_scenario("network-ping");
    let saved = Saved::new(&page, "network");
    page.type_step("end");
    page.show_machine_packets("10 packets");
    let (step, digest) = (page.step(), page.digest());
    page.click("Save as pcapng");
    let bytes = saved.with_ending("pcapng");
    assert_eq!(bytes[..4], [0x0a, 0x0d, 0x0d, 0x0a]);
    use exo_session::export::{Format, Options, export};
    let mut same = Vec::new();
    export(
        &mut native("network-ping"),
        Format::Pcapng,
        &Options::default(),
        &mut same,
    )
    .unwrap();
    assert_eq!(bytes, same);
    page.click("Filter them…");
    page.wait_for_words(
        "#packets-what",
        &format!("this machine up to step {step}: 10 packets"),
    );
    page.put("#filter-text", "me: arp\n");
    page.wait_for_words(".counts", "me, line 1: 2");
    page.click("This machine");
    page.wait_for_words("#packets-what", "This machine: 10 packets");
    assert_eq!((page.step(), page.digest()), (step, digest));
    page.assert_quiet();
}
