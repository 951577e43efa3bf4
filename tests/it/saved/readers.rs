//! What the readers' fuzz targets were fed and what they found: every file of the corpora, and every
//! file with some of it changed.

use std::fs;
use std::path::PathBuf;

use exo_core::rng::Rng;
use exo_tests::readers;

/// Changes of each file that are tried.
const CHANGES: u32 = 60;
/// The same of files of filters: what is accepted is run by every engine over many packets.
const CHANGES_OF_FILTERS: u32 = 8;

fn files(reader: &str) -> Vec<(String, Vec<u8>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("corpus/readers")
        .join(reader);
    let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(folder)
        .unwrap()
        .map(|file| {
            let path = file.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read(path).unwrap())
        })
        .collect();
    files.sort();
    files
}

/// Cuts, doubles, exchanges or overwrites a stretch.
fn changed(rng: &mut Rng, bytes: &[u8], other: &[u8]) -> Vec<u8> {
    let mut place = |length: usize| rng.below(length as u32 + 1) as usize;
    let (from, to) = (place(bytes.len()), place(bytes.len()));
    let (from, to) = (from.min(to), from.max(to).min(from.min(to) + 64));
    let there = place(other.len());
    let mut new = bytes.to_vec();
    match rng.below(4) {
        0 => drop(new.drain(from..to)),
        1 => drop(new.splice(from..from, bytes[from..to].to_vec())),
        2 => drop(new.splice(from..to, other[there..other.len().min(there + 64)].to_vec())),
        _ => new[from..to]
            .iter_mut()
            .for_each(|byte| *byte = rng.below(256) as u8),
    }
    new
}

fn holds_for_all(reader: &str, changes: u32, holds: fn(&[u8]) -> bool) {
    let files = files(reader);
    let (mut read, mut refused) = (0, 0);
    let mut count = |bytes: &[u8]| {
        *if holds(bytes) {
            &mut read
        } else {
            &mut refused
        } += 1
    };
    let mut rng = Rng::new(files.len() as u64, 3);
    for (_, bytes) in &files {
        count(bytes);
        for _ in 0..changes {
            let (_, other) = &files[rng.below(files.len() as u32) as usize];
            count(&changed(&mut rng, bytes, other));
        }
    }
    assert!(
        read > 20 && refused > 20,
        "{reader}: {read} read, {refused} refused"
    );
}

#[test]
fn session_files_are_read_and_run_or_refused_with_a_sentence() {
    holds_for_all("session", CHANGES, readers::session);
}

#[test]
fn links_are_read_or_refused_with_a_sentence() {
    holds_for_all("link", CHANGES, readers::link);
}

#[test]
fn traces_are_the_same_in_pieces_or_refused_with_a_sentence() {
    holds_for_all("trace", CHANGES, readers::trace);
}

#[test]
fn captures_are_read_as_far_as_they_are_whole() {
    holds_for_all("capture", CHANGES, readers::capture);
}

#[test]
fn files_of_filters_are_read_or_refused_with_line_and_column() {
    holds_for_all("filters", CHANGES_OF_FILTERS, readers::filters);
}
