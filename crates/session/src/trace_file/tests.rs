//! What is read, what is refused, and how it is said.

use std::io::Write as _;

use expect_test::{Expect, expect};
use flate2::write::GzEncoder;

use super::*;

const GOOD: &str =
    "==7== Lackey\nI  04015860,3\n L 1ffeffff90,8\n S 1ffeffff88,8\n M 04025000,4\n==7== done\n";

fn summary(text: &[u8], options: ReadOptions) -> String {
    match read_trace(text, "test", &options) {
        Ok(it) => {
            let kinds: Vec<_> = it
                .trace
                .iter()
                .map(|(at, kind)| format!("{kind:?} {at:x}"))
                .collect();
            format!(
                "{} pages={} skipped={} truncated={}",
                kinds.join(", "),
                it.pages,
                it.skipped_lines,
                it.truncated
            )
        }
        Err(error) => error.to_string(),
    }
}

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&summary(text.as_bytes(), ReadOptions::default()));
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn every_kind_of_record_is_one_reference_and_valgrinds_lines_are_counted() {
    check(
        GOOD,
        expect![
            "Fetch 15860, Load 1ffff90, Store 1ffff88, Modify 25000 pages=3 skipped=2 truncated=false"
        ],
    );
}

#[test]
fn the_data_stream_leaves_out_instruction_fetches() {
    let options = ReadOptions {
        stream: Stream::Data,
        ..ReadOptions::default()
    };
    expect!["Load ffff90, Store ffff88, Modify 1025000 pages=2 skipped=2 truncated=false"]
        .assert_eq(&summary(GOOD.as_bytes(), options));
}

#[test]
fn a_trace_that_is_too_long_keeps_its_beginning_and_says_so() {
    let options = ReadOptions {
        references_max: Some(2),
        ..ReadOptions::default()
    };
    expect!["Fetch 15860, Load 1ffff90 pages=2 skipped=1 truncated=true"]
        .assert_eq(&summary(GOOD.as_bytes(), options));
    assert_eq!(
        summary(GOOD.as_bytes(), options),
        summary(&gzip(GOOD), options)
    );
}

#[test]
fn gzip_and_any_cut_into_pieces_read_the_same() {
    let whole = summary(GOOD.as_bytes(), ReadOptions::default());
    assert_eq!(whole, summary(&gzip(GOOD), ReadOptions::default()));
    for bytes in [GOOD.as_bytes().to_vec(), gzip(GOOD)] {
        let mut reader = TraceReader::new(ReadOptions::default());
        for byte in &bytes {
            reader.push(&[*byte]).unwrap();
        }
        assert_eq!(reader.finish("x").unwrap().trace.length(), 4);
    }
}

#[test]
fn every_way_in_which_valgrind_marks_its_own_lines_is_known() {
    check(
        "==7== a\n--7-- b\n**7** c\nI  1,2\n",
        expect!["Fetch 1 pages=1 skipped=3 truncated=false"],
    );
}

#[test]
fn dineros_labels_are_loads_stores_and_fetches_and_its_escapes_are_skipped() {
    check(
        "# made by hand\n2 4015860\n0 1ffeffff90 4\n1\t0x1ffeffff88\n4 0\n3 12\r\n",
        expect!["Fetch 15860, Load 1ffff90, Store 1ffff88 pages=2 skipped=3 truncated=false"],
    );
}

#[test]
fn plain_addresses_are_loads_in_hexadecimal_or_decimal() {
    check(
        "# two pages\n0x1000\n 4097 \n0X2fff\n",
        expect!["Load 1000, Load 1001, Load 2fff pages=2 skipped=1 truncated=false"],
    );
}

#[test]
fn page_numbers_and_pages_of_another_size_become_pages_of_the_machine() {
    let with = |page_bits, text: &str| {
        let options = ReadOptions {
            page_bits,
            ..ReadOptions::default()
        };
        summary(text.as_bytes(), options)
    };
    expect!["Load 1000, Load 2000, Load 1000 pages=2 skipped=0 truncated=false"]
        .assert_eq(&with(0, "1\n2\n1\n"));
    expect!["Load 100f, Load 2000 pages=2 skipped=0 truncated=false"]
        .assert_eq(&with(4, "0x1f\n0x20\n"));
    // What lies in one large page lies in one of the machine's.
    expect!["Load 1fff, Load 1001, Load 2000 pages=2 skipped=0 truncated=false"]
        .assert_eq(&with(16, "0x1ffff\n0x10001\n0x20000\n"));
    expect!["line 1: the page number of this address has more than 52 bits; with --page-bits 12 the address is taken as it is"]
        .assert_eq(&with(0, "0xffffffffffffffff\n"));
}

#[test]
fn the_first_record_says_which_format_it_is_and_another_is_refused() {
    let first_of = |text: &str| summary(text.as_bytes(), ReadOptions::default());
    expect![[r#"line 1: "hello world" is not a reference: expected lackey's records, like ` L 1ffeffff90,8`, Dinero's, like `0 1ffeffff90`, or one address a line, like `0x1ffeffff90`"#]]
        .assert_eq(&first_of("hello world\n"));
    expect![[r#"line 2: " L 12,8" is not a record of Dinero's: expected 0 (load), 1 (store) or 2 (fetch) and a hexadecimal address, like `0 1ffeffff90`"#]]
        .assert_eq(&first_of("0 12\n L 12,8\n"));
    expect![[r#"line 2: "0 12" is not an address: expected one a line, hexadecimal like `0x1ffeffff90` or decimal"#]]
        .assert_eq(&first_of("12\n0 12\n"));
    for bad in [
        "5 12",
        "0 12345678901234567",
        "0x",
        "18446744073709551616",
        "-1",
        "1.5",
        "0 xyz",
        "12,3",
    ] {
        assert!(first_of(bad).starts_with("line 1: "), "{bad}");
    }
}

#[test]
fn a_malformed_record_names_its_line() {
    check(
        "I  04015860,3\n X 12,8\n",
        expect![[
            r#"line 2: " X 12,8" is not a record of lackey's: expected `I`, ` L`, ` S` or ` M`, a hexadecimal address, a comma and a size, like ` L 1ffeffff90,8`"#
        ]],
    );
    for bad in [
        "I  ,3",
        "I  12",
        "I  12,",
        " L 12,x",
        " L 1g,4",
        "L 12,4",
        " L 12345678901234567,4",
    ] {
        let text = format!("\n{bad}");
        assert!(
            summary(text.as_bytes(), ReadOptions::default()).starts_with("line 2: "),
            "{bad}"
        );
    }
}

#[test]
fn a_file_without_a_record_says_how_to_make_one() {
    check(
        "",
        expect![
            "there is no record in this file: make one with `valgrind --tool=lackey --trace-mem=yes --log-file=FILE PROGRAM`"
        ],
    );
    check(
        "==1== nothing\n",
        expect![
            "there is no record in this file: make one with `valgrind --tool=lackey --trace-mem=yes --log-file=FILE PROGRAM`"
        ],
    );
}

#[test]
fn a_damaged_gzip_file_says_where_it_ends() {
    let bytes = gzip(GOOD);
    let text = summary(&bytes[..bytes.len() - 6], ReadOptions::default());
    assert!(
        text.starts_with("the gzip file is damaged after line "),
        "{text}"
    );
}

#[test]
fn every_truncation_and_every_changed_byte_is_a_trace_or_a_sentence() {
    let bytes = gzip(GOOD);
    for length in 0..bytes.len() {
        summary(&bytes[..length], ReadOptions::default());
        let mut changed = bytes.clone();
        changed[length] ^= 0x55;
        summary(&changed, ReadOptions::default());
    }
}

#[test]
fn a_line_without_end_is_refused_before_it_fills_memory() {
    let text = vec![b'I'; 100_000];
    assert!(summary(&text, ReadOptions::default()).starts_with("line 1 is longer"));
}

#[test]
fn more_than_256_regions_name_the_line() {
    let text: String = (0..257).map(|n| format!(" L {n:x}000000,4\n")).collect();
    let text = summary(text.as_bytes(), ReadOptions::default());
    assert!(
        text.starts_with("line 257: the trace touches more than 256 regions"),
        "{text}"
    );
}

#[test]
fn a_byte_order_mark_begins_a_text_and_is_no_part_of_it() {
    let plain = summary(GOOD.as_bytes(), ReadOptions::default());
    let marked = format!("\u{FEFF}{GOOD}");
    assert_eq!(summary(marked.as_bytes(), ReadOptions::default()), plain);
    assert_eq!(summary(&gzip(&marked), ReadOptions::default()), plain);
    check(
        "0x1000\n\u{FEFF}0x1000\n",
        expect![[
            r#"line 2: "\u{feff}0x1000" is not an address: expected one a line, hexadecimal like `0x1ffeffff90` or decimal"#
        ]],
    );
}
