//! The page table of a libOS, and all else of its state, read out of the machine's memory.

use exo_core::ids::EnvId;
use exo_core::machine::Stop;
use exo_libos_samples::{Kind as SampleKind, SAMPLES, TABLES, sample, table};
use exo_session::Session;
use exo_session::debugger::{Inside, Kind, PageTable, Side, Structure, Value};

use super::synthetic;

const A: EnvId = EnvId(0);

fn session(source: &str) -> Session {
    let mut scenario = synthetic(2_000);
    scenario.environments.truncate(1);
    scenario.environments[0].source = source.to_owned();
    scenario.machine.use_stamps = true;
    scenario.machine.frames = 12 + scenario.pinned_frames().unwrap();
    super::session(scenario)
}

fn inside(session: &Session) -> Inside<'_> {
    session.inside(A, Side::LibOs).unwrap()
}

/// Each page that the kernel knows in a frame of A's, with the frame.
fn pages(session: &Session) -> Vec<(u32, u32)> {
    let records = session.machine().kernel().frames.records();
    let own = (0..)
        .zip(records)
        .filter(|(_, it)| it.owner == Some(A) && !it.pinned);
    own.filter_map(|(frame, it)| Some((it.page?.0, frame)))
        .collect()
}

fn structure(name: &str) -> Structure {
    match name {
        "inverted" => Structure::Inverted,
        "linear" => Structure::Linear,
        "two-level" => Structure::TwoLevel,
        other => panic!("a test must be written for {other}"),
    }
}

#[test]
fn the_page_table_of_every_policy_is_recognised_with_every_table() {
    for table in TABLES {
        for sample in SAMPLES {
            let session = session(&sample.with_table(table));
            let inside = inside(&session);
            let known = PageTable::of(&inside).map(|it| (it.structure, it.name()));
            let wanted = Some((structure(table.name), "table"));
            assert_eq!(known, wanted, "{} with {}", sample.name, table.name);
        }
    }
}

#[test]
fn a_look_up_leads_to_the_frame_in_which_the_kernel_has_the_page() {
    for table in TABLES {
        for sample in SAMPLES.iter().filter(|it| it.kind == SampleKind::General) {
            let mut session = session(&sample.with_table(table));
            session.run_slice(1_000);
            let at = format!("{} with {}", sample.name, table.name);
            let in_handler = |it: &Session| it.machine().environment(A).unwrap().in_handler();
            while in_handler(&session) && session.step() == Stop::Reached {}
            let inside = inside(&session);
            let known = PageTable::of(&inside).unwrap();
            let held = pages(&session);
            assert!(held.len() > 5, "{at}");
            for (page, frame) in &held {
                let path = known.look_up(*page);
                let slot = path.slot.expect(&at);
                assert_eq!(
                    (known.page(slot), known.frame(slot)),
                    (Some(*page), Some(*frame)),
                    "{at}"
                );
                assert!(path.probes.iter().any(|it| it.slot == Some(slot)), "{at}");
            }
            let groups = known.groups();
            let slots = groups.iter().flat_map(|it| it.slots.iter().flatten());
            let mut entered: Vec<u32> = slots.filter_map(|slot| known.page(*slot)).collect();
            entered.sort_unstable();
            let mut wanted: Vec<u32> = held.iter().map(|it| it.0).collect();
            wanted.sort_unstable();
            assert_eq!(
                entered, wanted,
                "{at}: the structure has these pages and no other"
            );
            assert_eq!((known.look_up(999).slot, known.astray()), (None, 0), "{at}");
        }
    }
}

#[test]
fn a_table_of_another_shape_is_none() {
    let fifo = sample("fifo").unwrap();
    let inverted = fifo.source;
    let renamed = inverted.replace("used", "taken");
    let shorter = inverted
        .replace("next: [u16; FRAMES]", "next: [u16; CHAINS]")
        .replace("next: [END; FRAMES]", "next: [END; CHAINS]");
    let longer = inverted
        .replace("used: usize,", "used: usize,\n    more: usize,")
        .replace("used: 0,", "used: 0,\n            more: 0,");
    for (what, source) in [
        ("renamed", &renamed),
        ("shorter", &shorter),
        ("longer", &longer),
    ] {
        assert_ne!(source, inverted, "{what}");
        let session = session(source);
        assert!(PageTable::of(&inside(&session)).is_none(), "{what}");
    }
    // Larger or smaller in all is the same shape.
    let smaller = inverted.replace("CHAINS: usize = 1024", "CHAINS: usize = 16");
    assert_ne!(smaller, inverted);
    let session = session(&smaller);
    let inside = inside(&session);
    assert!(PageTable::of(&inside).is_some());
}

#[test]
fn a_chain_that_leads_in_a_circle_is_read_to_an_end_and_another_hash_is_said() {
    let fifo = sample("fifo").unwrap().source;
    let circle = fifo.replace(
        "self.next[slot] = self.chain[chain];",
        "self.next[slot] = slot as u16;",
    );
    assert_ne!(circle, fifo);
    let mut circling = session(&circle);
    circling.run_slice(2_000);
    let state = inside(&circling);
    let known = PageTable::of(&state).unwrap();
    let (page, _) = pages(&circling)[0];
    assert_eq!(known.look_up(page + 1024).slot, None);
    let hash = fifo.replace("page as usize % CHAINS", "(page as usize + 1) % CHAINS");
    let hash = hash.replace(
        "self.page[slot] as usize % CHAINS",
        "(self.page[slot] as usize + 1) % CHAINS",
    );
    assert_ne!(hash, fifo);
    let mut other = session(&hash);
    other.run_slice(1_000);
    let state = inside(&other);
    assert!(PageTable::of(&state).unwrap().astray() > 5);
}

/// The fields of A's libOS by path.
fn at<'run>(inside: &'run Inside<'_>, path: &str) -> Value<'run> {
    let mut names = path.split('.');
    let first = names.next().unwrap();
    let field = inside.fields().find(|it| it.name() == first).unwrap();
    names.fold(field, |value, name| value.field(name).unwrap())
}

#[test]
fn every_element_of_the_largest_array_can_be_read() {
    let source = sample("clock").unwrap();
    let mut session = session(&source.with_table(table("two-level").unwrap()));
    session.run_slice(1_000);
    let inside = inside(&session);
    let leaf = at(&inside, "table.leaf");
    assert_eq!((leaf.kind(), leaf.length()), (Kind::Array(32_768), 32_768));
    assert_eq!(leaf.number_at(32_767), Some(0));
    assert!(leaf.element(32_768).is_none());
    let range = leaf.range().unwrap();
    assert_eq!(range.len(), 65_536);
    let slot = at(&inside, "table.slot");
    let filled = (0..slot.length()).filter(|it| slot.number_at(*it) != Some(65_535));
    assert_eq!(filled.count(), pages(&session).len());
    let words = leaf.to_string();
    assert!(words.ends_with(", … 32768 in all]"), "{words}");
}

#[test]
fn pages_addresses_and_frames_are_written_in_base_16_and_counts_in_base_10() {
    let mut session = session(sample("fifo").unwrap().source);
    session.run_slice(1_000);
    let inside = inside(&session);
    let (frame, page) = (at(&inside, "table.frame"), at(&inside, "table.page"));
    let (number, paged) = (frame.number_at(3).unwrap(), page.number_at(3).unwrap());
    assert_eq!(
        frame.element(3).unwrap().to_string(),
        format!("Frame(0x{number:X})")
    );
    assert_eq!(page.element(3).unwrap().to_string(), format!("0x{paged:X}"));
    assert_eq!(at(&inside, "table.used").to_string(), "12");
    assert_eq!(at(&inside, "table.used").index(), Some(12));
    assert_eq!(at(&inside, "store").kind(), Kind::Nothing);
}
