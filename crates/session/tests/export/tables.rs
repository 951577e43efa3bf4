//! The tables of events hold one row for each event, and agree with each other and with the machine.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Index;
use std::rc::Rc;

use exo_session::export::{Column, Format, Options};
use serde_json::Value;

use crate::csv_reader;
use crate::runs::{Run, all_shipped, attacked, conversations, exported, shipped, short, sum, unit};

/// A row of a CSV. Its cells are found by the names of their columns, which all rows share.
struct Row {
    places: Rc<BTreeMap<String, usize>>,
    cells: Vec<String>,
}

impl Row {
    /// The columns' names with the cells.
    fn cells(&self) -> impl Iterator<Item = (&String, &String)> {
        let places = self.places.iter();
        places.map(|(name, place)| (name, &self.cells[*place]))
    }
}

impl Index<&str> for Row {
    type Output = String;

    fn index(&self, column: &str) -> &String {
        &self.cells[self.places[column]]
    }
}

/// The rows of a run's CSV.
fn rows(run: &mut Run) -> Vec<Row> {
    let mut records = csv_reader::read(&run.whole(Format::Csv)).into_iter();
    let header = records.next().unwrap();
    let places = header.into_iter().enumerate().map(|(at, name)| (name, at));
    let places: Rc<BTreeMap<String, usize>> = Rc::new(places.collect());
    let row = |cells: Vec<String>| {
        assert_eq!(cells.len(), places.len(), "{cells:?}");
        let places = places.clone();
        Row { places, cells }
    };
    records.map(row).collect()
}

fn objects(text: &str) -> Vec<Value> {
    let lines = text.lines();
    lines
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

#[test]
fn rows_and_lines_say_the_same() {
    for mut run in all_shipped().chain(conversations()) {
        let lines = run.whole(Format::JsonLines);
        let rows = rows(&mut run);
        let name = &run.name;
        assert_eq!(lines.lines().count(), rows.len(), "{name}");
        // Reading takes most of the time: of a kind of which there are many, a part of them is read.
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for (line, row) in lines.lines().zip(&rows) {
            let seen = seen.entry(&row["kind"]).or_default();
            *seen += 1;
            if *seen > 500 && !seen.is_multiple_of(8) {
                continue;
            }
            let line: Value = serde_json::from_str(line).unwrap();
            let line = line.as_object().unwrap();
            for (column, cell) in row.cells() {
                let said = match line.get(column) {
                    None => String::new(),
                    Some(Value::String(text)) => text.clone(),
                    Some(other) => other.to_string(),
                };
                assert_eq!(&said, cell, "{name}: {column} of {line:?}");
            }
            assert!(
                line.keys().all(|key| row.places.contains_key(key)),
                "{line:?}"
            );
        }
    }
}

#[test]
fn counts_of_rows_are_the_machines_counts() {
    let mut filled = BTreeSet::new();
    for mut run in all_shipped().chain(attacked()).chain(conversations()) {
        let rows = rows(&mut run);
        let environments = run.at_the_end();
        let Run { name, session, .. } = run;
        for row in &rows {
            for (column, _) in row.cells().filter(|(_, cell)| !cell.is_empty()) {
                if !filled.contains(column) {
                    filled.insert(column.clone());
                }
            }
        }
        let count = |holds: &dyn Fn(&str, &Row) -> bool| {
            rows.iter().filter(|row| holds(&row["kind"], row)).count() as u64
        };
        let counted = |of: fn(&exo_core::kernel::Counters) -> u64| sum(&environments, of);
        let reruns = count(&|kind, row| kind == "accessed" && row["rerun"] == "true");
        assert_eq!(count(&|kind, _| kind == "accessed"), reruns, "{name}");
        let hits = counted(|it| it.references) - reruns;
        assert_eq!(
            rows.len() as u64,
            session.machine().events() - hits,
            "{name}"
        );
        let upcalls = count(&|kind, _| {
            let kinds = [
                "upcall",
                "raised",
                "notified",
                "slice_began",
                "slice_ending",
            ];
            kinds.contains(&kind)
        });
        assert_eq!(upcalls, counted(|it| it.upcalls), "{name}");
        let loads = count(&|kind, row| kind == "bound" && row["loaded"] == "true");
        assert_eq!(loads, counted(|it| it.page_loads), "{name}");
        let calls = count(&|kind, row| kind != "transferred" && !row["call"].is_empty());
        let refused_transfers =
            count(&|kind, row| kind == "refused" && row["call"].starts_with("transfer_"));
        let system_calls = counted(|it| it.system_calls);
        assert_eq!(calls - refused_transfers, system_calls, "{name}");
        let stlb = count(&|kind, _| kind == "stlb_hit");
        assert_eq!(stlb, counted(|it| it.stlb_hits), "{name}");
        let taken = count(&|kind, _| kind == "repossessed");
        assert_eq!(taken, counted(|it| it.repossessions), "{name}");
        let read = count(&|kind, row| {
            kind == "disk_completed" && row["direction"] == "read" && row["refusal"].is_empty()
        });
        assert_eq!(read, counted(|it| it.disk_reads), "{name}");
    }
    assert_filled(&filled);
}

/// All columns have been seen with something in them, but for those of events that no run here has.
fn assert_filled(filled: &BTreeSet<String>) {
    let rare = [
        "instruction",
        "exception",
        "enabled",
        "owed",
        "frames_needed",
        "frames_free",
        "shift",
        "advance",
    ];
    let names = Column::ALL.iter().map(|column| column.name());
    let empty = names.filter(|name| !filled.contains(*name) && !rare.contains(name));
    assert_eq!(empty.collect::<Vec<_>>(), [""; 0]);
}

#[test]
fn with_hits_every_event_has_a_row_and_its_number() {
    let mut run = short();
    let options = Options {
        hits: true,
        ..Options::default()
    };
    let (text, said) = exported(&mut run.session, Format::JsonLines, &options);
    let steps: Vec<u64> = objects(&text)
        .iter()
        .map(|line| line["step"].as_u64().unwrap())
        .collect();
    run.at_the_end();
    let all = run.session.machine().events();
    assert_eq!(steps, (1..=all).collect::<Vec<_>>());
    assert_eq!(said.events, all);
}

#[test]
fn a_rows_position_is_where_a_replay_stands_behind_its_event() {
    let mut run = shipped("pressure");
    let lines = objects(&run.whole(Format::JsonLines));
    let session = &mut run.session;
    let mut seen = BTreeMap::new();
    // The first of each kind, and some in between.
    let some = lines.iter().enumerate().filter(|(number, line)| {
        let kind = line["kind"].as_str().unwrap().to_owned();
        seen.insert(kind, ()).is_none() || number % 4001 == 0
    });
    let some: Vec<&Value> = some.map(|(_, line)| line).collect();
    assert!(some.len() > 15);
    for line in some {
        let position = line["position"].as_str().unwrap();
        let position = exo_session::saved::parse_position(position).unwrap();
        session.go_to(position);
        assert_eq!(session.machine().position(), position);
        let current = session.current().unwrap();
        assert_eq!(Some(current.number), line["step"].as_u64(), "{line}");
        assert_eq!(Some(current.stamped.cycles), line["cycles"].as_u64());
        let sentence = exo_session::explain::explain(&current.stamped.event, session.machine());
        assert_eq!(line["text"], sentence.text);
    }
}

#[test]
fn every_column_is_explained_where_people_read() {
    let text = include_str!("../../../../docs/sessions.md");
    for column in Column::ALL {
        let row = format!("| `{}` | {} |", column.name(), column.meaning());
        assert!(text.contains(&row), "docs/sessions.md lacks: {row}");
    }
}

#[test]
fn a_run_that_was_moved_through_before_is_exported_the_same() {
    for format in [
        Format::Perfetto,
        Format::Csv,
        Format::JsonLines,
        Format::Svg,
    ] {
        let fresh = shipped("live-edit").whole(format);
        let mut travelled = shipped("live-edit");
        travelled.session.run_slice(333_333);
        travelled.session.step_back();
        travelled.session.go_to(unit(700_001));
        travelled.session.go_to(unit(12_345));
        assert!(fresh == travelled.whole(format), "{format:?}");
        assert_eq!(travelled.session.machine().position(), unit(12_345));
    }
}
