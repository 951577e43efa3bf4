//! Windows of a run: where they begin and end, and what a limit does.

use exo_core::ids::Position;
use exo_session::Session;
use exo_session::export::{Format, Options};

use crate::csv_reader;
use crate::runs::{exported, shipped, short, unit};
use crate::trace_reader::read;

fn window(from: Position, to: Position) -> Options {
    Options {
        from,
        to: Some(to),
        ..Options::default()
    }
}

#[test]
fn windows_side_by_side_are_the_whole() {
    let mut run = short();
    let all = run.whole(Format::JsonLines);
    let mut session = run.session;
    let end = exported(&mut session, Format::Csv, &Options::default())
        .1
        .to;
    let borders = [
        unit(0),
        Position {
            retired: 40,
            event: 2,
        },
        unit(41),
        unit(1_000),
        unit(1_000),
        Position {
            retired: 5_000,
            event: 1,
        },
        end,
    ];
    let mut joined = String::new();
    for pair in borders.windows(2) {
        let options = window(pair[0], pair[1]);
        let (text, said) = exported(&mut session, Format::JsonLines, &options);
        assert_eq!(said.cut, None);
        joined.push_str(&text);
    }
    assert_eq!(joined, all);
}

#[test]
fn a_limit_cuts_where_it_says_and_the_rest_follows_from_there() {
    let mut run = short();
    let all = run.whole(Format::JsonLines);
    let mut session = run.session;
    let few = Options {
        events_max: 100,
        ..Options::default()
    };
    let (first, said) = exported(&mut session, Format::JsonLines, &few);
    assert_eq!((said.events, first.lines().count()), (100, 100));
    let whole_end = said.cut.unwrap();
    assert!(said.to < whole_end);
    let rest = window(said.to, whole_end);
    let (rest, _) = exported(&mut session, Format::JsonLines, &rest);
    assert_eq!(first + &rest, all);
    // As many as there are cut nothing.
    let exact = Options {
        events_max: all.lines().count() as u64,
        ..Options::default()
    };
    let (text, said) = exported(&mut session, Format::JsonLines, &exact);
    assert_eq!((said.cut, text), (None, all));
}

#[test]
fn a_trace_that_is_cut_anywhere_is_well_formed_and_says_so() {
    let mut session = shipped("swap").session;
    for events_max in (0..400).step_by(17).chain([1_000, 2_000]) {
        let options = Options {
            events_max,
            ..Options::default()
        };
        let (text, said) = exported(&mut session, Format::Perfetto, &options);
        let trace = read(&text);
        assert_eq!(trace.about["cutBefore"], said.cut.unwrap().to_string());
        assert_eq!(trace.about["to"], said.to.to_string());
    }
}

#[test]
fn a_trace_that_begins_anywhere_is_well_formed() {
    let mut session = shipped("swap").session;
    let mut open_at_the_start = 0;
    for number in 0..24_u64 {
        let from = Position {
            retired: 165_000 + number * 4_913,
            event: (number % 3) as u32,
        };
        let to = unit(from.retired + 3_000);
        let trace = read(&exported(&mut session, Format::Perfetto, &window(from, to)).0);
        let first = trace.counters["free frames"][0].0;
        assert!(trace.slices.iter().all(|it| it.begins >= first));
        let disk = trace.slices.iter().filter(|it| it.category == "disk");
        open_at_the_start += disk.filter(|it| it.begins == first).count();
    }
    assert!(open_at_the_start > 0, "no window began within a transfer");
}

#[test]
fn an_empty_window_is_an_empty_export() {
    let mut session = short().session;
    let nowhere = window(unit(500), unit(500));
    let text = |session: &mut Session, format| exported(session, format, &nowhere).0;
    assert_eq!(text(&mut session, Format::JsonLines), "");
    let rows = csv_reader::read(&text(&mut session, Format::Csv));
    assert_eq!(rows.len(), 1, "the header alone");
    assert!(
        read(&text(&mut session, Format::Perfetto))
            .instants
            .is_empty()
    );
    let picture = text(&mut session, Format::Svg);
    roxmltree::Document::parse(&picture).unwrap();
}

#[test]
fn the_session_stands_where_it_stood() {
    let mut session = short().session;
    session.go_to(unit(777));
    let before = session.machine().state_digest();
    for format in [Format::Perfetto, Format::Csv, Format::Svg] {
        exported(&mut session, format, &Options::default());
        assert_eq!(session.machine().state_digest(), before);
    }
    let after_the_end = session.step_number();
    session.step();
    assert_eq!(session.step_number(), after_the_end + 1);
}
