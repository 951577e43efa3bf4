//! What must hold of every reader, whatever it is given: the tests replay corpora through these, and
//! the fuzz targets of `fuzz/` look for bytes that break them.

use std::io::Write;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use exo_core::kernel::filter::check;
use exo_net::pcapng::{Record, Writer};
use exo_net::{capture, decode, read_filters, sample};
use exo_session::saved::{
    FILE_BYTES_MAX, Form, LINK_CHARS_MAX, LINK_TEXT_BYTES_MAX, Nothing, from_link, open, read,
    to_link, write,
};
use exo_session::{ReadOptions, TraceReader, read_trace};
use flate2::Compression;
use flate2::write::ZlibEncoder;

/// Units that a session which was read is run for.
const UNITS: u64 = 2_000;
/// The longest sentence of a complaint.
const SENTENCE_MAX: usize = 2_000;

/// A scenario's or session's file: what is read is written and read again as it was, and runs; what is
/// not is complained of with a line of the text. Returns whether it was read.
///
/// # Panics
/// If it does not hold.
pub fn session(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    let saved = match read(text) {
        Ok(read) => read.saved,
        Err(error) => {
            let lines = 1 + text.matches('\n').count();
            assert!(error.line >= 1 && error.line as usize <= lines, "{error}");
            sentence(&error.to_string());
            return false;
        }
    };
    assert!(text.len() <= FILE_BYTES_MAX);
    for form in [Form::File, Form::Link] {
        let again = read(&write(&saved, form)).expect("what was written is read");
        assert_eq!(again.saved, saved, "{form:?}");
    }
    match open(&saved, &mut Nothing) {
        Ok(mut opened) => {
            opened.session.run_slice(UNITS);
            opened
                .session
                .machine()
                .check()
                .expect("the invariants hold");
        }
        Err(error) => sentence(&error.to_string()),
    }
    true
}

/// A link, behind a byte: a text as it is if that is even, and else what it packs. What is read makes a
/// link again that holds the same; what is not is complained of. Returns whether it was read.
///
/// # Panics
/// If it does not hold.
pub fn link(bytes: &[u8]) -> bool {
    let Some((first, bytes)) = bytes.split_first() else {
        return false;
    };
    let link = if first % 2 == 0 {
        String::from_utf8_lossy(bytes).into_owned()
    } else {
        packed(bytes)
    };
    let read = match from_link(&link) {
        Ok(read) => read,
        Err(error) => {
            sentence(&error.to_string());
            return false;
        }
    };
    let written = write(&read.saved, Form::File);
    assert!(
        written.len() <= 2 * LINK_TEXT_BYTES_MAX,
        "{}",
        written.len()
    );
    if let Ok(link) = to_link(&read.saved) {
        assert!(link.len() <= LINK_CHARS_MAX + 8);
        let again = from_link(&link).expect("a link that was made is read");
        assert_eq!(again.saved.inputs, read.saved.inputs);
        assert_eq!(again.saved.environments, read.saved.environments);
    }
    true
}

/// A trace: it is the same whether it comes at once or in pieces, the first byte says how long; what is
/// not read is complained of, in pieces too. Returns whether it was read.
///
/// # Panics
/// If it does not hold.
pub fn trace(bytes: &[u8]) -> bool {
    let Some((first, bytes)) = bytes.split_first() else {
        return false;
    };
    let options = ReadOptions {
        page_bits: first % 25,
        references_max: (*first >= 128).then_some(100),
        ..ReadOptions::default()
    };
    let whole = read_trace(bytes, "fuzzed", &options);
    let mut reader = TraceReader::new(options);
    let pieces = bytes.chunks(1 + usize::from(*first));
    let pushed = pieces.into_iter().try_for_each(|piece| reader.push(piece));
    let pieces = pushed.and_then(|()| reader.finish("fuzzed"));
    match (whole, pieces) {
        (Ok(whole), Ok(pieces)) => {
            assert!(
                whole.trace.iter().eq(pieces.trace.iter()),
                "in pieces it is another trace"
            );
            assert_eq!(
                (whole.pages, whole.skipped_lines),
                (pieces.pages, pieces.skipped_lines)
            );
            assert!(u64::from(whole.pages) <= whole.trace.length());
            assert!(
                options
                    .references_max
                    .is_none_or(|most| whole.trace.length() <= most)
            );
            true
        }
        (Err(error), Err(_)) => {
            sentence(&error.to_string());
            false
        }
        (whole, pieces) => panic!("at once: {:?}, in pieces: {:?}", whole.err(), pieces.err()),
    }
}

/// A capture: what is read lies within the file, in order, every filter of the sample and every engine
/// agrees on it, it is told layer by layer, and it is read again as it was when it is written; where it ends
/// too soon there is a sentence. Returns whether it was read to its end.
///
/// # Panics
/// If it does not hold.
pub fn capture(bytes: &[u8]) -> bool {
    let capture = capture::read(bytes);
    let total: usize = capture.packets.iter().map(|it| it.bytes.len()).sum();
    assert!(total <= bytes.len(), "no byte is in two packets");
    let file = read_filters(sample::FILTERS).expect("the sample's filters");
    let packets: Vec<&[u8]> = capture.packets.iter().map(|it| it.bytes).collect();
    check::all(&file.set, &packets).expect("the invariants hold");
    let mut writer = Writer::new("capture");
    for (number, packet) in (1..).zip(&capture.packets) {
        assert_eq!(packet.number, number);
        told(packet.bytes);
        writer.packet(&Record {
            nanoseconds: packet.nanoseconds,
            direction: None,
            length: packet.length,
            bytes: packet.bytes,
            comment: &decode::summary(packet.bytes),
        });
    }
    let written = writer.finish();
    let again = capture::read(&written);
    assert_eq!(again.error, None);
    let what = |it: &exo_net::Packet<'_>| (it.nanoseconds, it.bytes.to_vec());
    let both = [&capture, &again].map(|it| it.packets.iter().map(what).collect::<Vec<_>>());
    assert_eq!(both[0], both[1]);
    if let Some(error) = &capture.error {
        sentence(&error.to_string());
    }
    capture.error.is_none()
}

/// A frame: its layers cover every byte in order, and their fields lie within it.
fn told(frame: &[u8]) {
    let mut behind = 0;
    for layer in decode::decode(frame) {
        assert_eq!(layer.range.start, behind, "{frame:02x?}");
        behind = layer.range.end;
        let within =
            |it: &decode::Field| it.range.start <= it.range.end && it.range.end <= frame.len();
        assert!(layer.fields.iter().all(within), "{frame:02x?}");
    }
    assert_eq!(behind, frame.len(), "{frame:02x?}");
}

/// A file of filters: what is read gives one verdict by every engine on frames of all kinds, whole and cut;
/// what is not is complained of with a line and a column of the text. Returns whether it was read.
///
/// # Panics
/// If it does not hold.
pub fn filters(bytes: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return false;
    };
    let file = match read_filters(text) {
        Ok(file) => file,
        Err(error) => {
            let lines = 1 + text.matches('\n').count();
            assert!(error.line >= 1 && error.line <= lines, "{error}");
            let line = text.lines().nth(error.line - 1).unwrap_or("");
            assert!(
                (1..=line.chars().count() + 1).contains(&error.error.column),
                "{error}"
            );
            sentence(&error.to_string());
            return false;
        }
    };
    let frames = sample::frames();
    let cuts = [0, 14, 20, 35, 60, 1500];
    let packets: Vec<&[u8]> = frames
        .iter()
        .flat_map(|frame| cuts.map(|cut| &frame[..frame.len().min(cut)]))
        .collect();
    check::all(&file.set, &packets).expect("the invariants hold");
    true
}

/// The link that packs these bytes.
fn packed(bytes: &[u8]) -> String {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::fast());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    format!(
        "#v1.{}",
        URL_SAFE_NO_PAD.encode(written.expect("a vector has room"))
    )
}

/// A complaint is a sentence that can be shown.
fn sentence(text: &str) {
    assert!(
        !text.trim().is_empty() && text.len() <= SENTENCE_MAX,
        "{text:?}"
    );
}
