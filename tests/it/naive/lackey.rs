//! Reads lackey's text in the plainest way: no regions, no blocks, no streaming.

use std::io::Read;

/// A reference: its 64-bit address as the program had it, and the letter that lackey wrote.
pub type Record = (u64, char);

/// Every record of the trace that comes with the playground, straight from the file.
pub fn shipped() -> Vec<Record> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../static/dash.lackey.gz");
    let file = std::fs::File::open(path).unwrap();
    let mut text = String::new();
    flate2::read::MultiGzDecoder::new(file)
        .read_to_string(&mut text)
        .unwrap();
    let records = text.lines().filter(|line| !line.starts_with("=="));
    records.map(record).collect()
}

fn record(line: &str) -> Record {
    let mut words = line.split_whitespace();
    let letter = words.next().unwrap().chars().next().unwrap();
    let (address, _size) = words.next().unwrap().split_once(',').unwrap();
    (u64::from_str_radix(address, 16).unwrap(), letter)
}
