//! Tests of the values of a program, as they are shown.

use exo_libos_samples::{sample, table};
use exo_session::condition::parse_condition;
use exo_session::debugger::Stride;
use exo_session::why::Thing;

use super::{ArrayView, NO_TABLE, StateBody, StateRow, StateView};
use crate::store::{Action, Face, Playground, StateAction, Target};
use crate::view::tests::{playground, settled, step_until};
use crate::view::{InsideView, View};

fn state(playground: &Playground) -> StateView {
    match &*View::of(playground).inside {
        InsideView::Values(state) => (**state).clone(),
        other => panic!("no values: {other:?}"),
    }
}

fn in_handler() -> Playground {
    let mut playground = playground();
    step_until(&mut playground, |text| text.starts_with("upcall"));
    playground.update(Action::ShowFace(Face::Values));
    playground
}

fn ask(playground: &mut Playground, action: StateAction) {
    playground.update(Action::State(action));
}

/// The row of that path, however deep.
fn find<'view>(rows: &'view [StateRow], path: &str) -> Option<&'view StateRow> {
    rows.iter().find_map(|row| match &row.body {
        _ if row.path == path => Some(row),
        StateBody::Struct {
            fields: Some(fields),
            ..
        } => find(fields, path),
        _ => None,
    })
}

fn row(state: &StateView, path: &str) -> StateRow {
    let rows = state.groups.iter().find_map(|it| find(&it.rows, path));
    rows.unwrap_or_else(|| panic!("no {path}: {:?}", state.groups))
        .clone()
}

fn array(state: &StateView, path: &str) -> ArrayView {
    match row(state, path).body {
        StateBody::Array { view: Some(it), .. } => it,
        other => panic!("{path} is folded, or no array: {other:?}"),
    }
}

fn word(state: &StateView, path: &str) -> String {
    match row(state, path).body {
        StateBody::Word(word) => word,
        other => panic!("{path} is no word: {other:?}"),
    }
}

#[test]
fn values_are_those_of_the_handler_and_its_fields_while_it_stands() {
    let mut playground = in_handler();
    let shown = state(&playground);
    let first = &shown.groups[0];
    assert!(first.title.contains("page_fault, at line "), "{first:?}");
    assert!(first.rows.iter().all(|row| row.name != "self"));
    let page = word(&shown, "LibOs 0.fault.page");
    assert!(page.starts_with("0x"), "as the page writes it: {page}");
    let fields = shown.groups.last().unwrap();
    assert!(fields.title.starts_with("Fields of Fifo"));
    assert_eq!(word(&shown, "LibOs.hand"), "0");
    assert_eq!(word(&shown, "LibOs.table.used"), "0");
    playground.update(Action::StepLine(Stride::Out));
    let shown = state(&playground);
    assert_eq!(shown.groups[0].empty, "None is under way at this step.");
}

#[test]
fn a_message_handler_is_shown_line_by_line_at_the_step_at_which_it_ran() {
    let mut playground = playground();
    settled(&mut playground, Action::OpenScenario("network-udp"));
    let scenario = playground.session().scenario().clone();
    let mut session = exo_session::Session::new(scenario).unwrap();
    session.run_until(&parse_condition("handler").unwrap(), u64::MAX);
    let target = Target::Step(session.step_number());
    settled(&mut playground, Action::GoTo(target));
    let here = playground.session().machine().state_digest();
    playground.update(Action::ShowFace(Face::Values));
    let shown = state(&playground);
    let titles: Vec<&str> = shown.lines.iter().map(|it| &*it.title).collect();
    let first = "AshEcho::arrived of ash-echo.rs, as it ran for the packet";
    assert_eq!(titles[0], first);
    let again = titles.iter().filter(|it| **it == first).count();
    assert!(again > 2, "{titles:?}");
    assert!(titles.contains(&"AshEcho::copy of ash-echo.rs, as it ran for the packet"));
    let rows = shown.lines.iter().flat_map(|it| &it.rows);
    let told: Vec<&str> = rows.map(|(_, text)| &**text).collect();
    let counts = "self.echoed += 1;  // self.echoed = 1";
    assert!(told.contains(&counts), "{told:?}");
    assert_eq!(playground.session().machine().state_digest(), here);
    playground.update(Action::Step);
    assert!(playground.handler.is_none());
}

#[test]
fn structs_fold_and_arrays_unfold_and_stay_so_from_step_to_step() {
    let mut playground = in_handler();
    let folded = row(&state(&playground), "LibOs.table.page");
    assert!(
        matches!(&folded.body, StateBody::Array { elements, view: None } if elements == "4,096")
    );
    ask(
        &mut playground,
        StateAction::Toggle("LibOs.table.page".to_owned()),
    );
    playground.update(Action::Step);
    assert_eq!(
        array(&state(&playground), "LibOs.table.page").columns,
        ["value"]
    );
    ask(
        &mut playground,
        StateAction::Toggle("LibOs.table".to_owned()),
    );
    let table = row(&state(&playground), "LibOs.table");
    assert!(matches!(table.body, StateBody::Struct { fields: None, .. }));
    ask(
        &mut playground,
        StateAction::Toggle("LibOs.table".to_owned()),
    );
    assert_eq!(
        array(&state(&playground), "LibOs.table.page").columns,
        ["value"]
    );
}

#[test]
fn the_slot_at_the_hand_is_one_click_away_and_says_that_the_hand_is_there() {
    let mut playground = playground();
    playground.update(Action::ShowFace(Face::Values));
    settled(&mut playground, Action::GoTo(Target::Step(400)));
    let path = "LibOs.table.page".to_owned();
    ask(&mut playground, StateAction::Toggle(path.clone()));
    let shown = array(&state(&playground), &path);
    let hand = shown.pointers.iter().find(|(name, _)| name == "hand");
    let index = hand.unwrap().1;
    assert_eq!(word(&state(&playground), "LibOs.hand"), index.to_string());
    ask(
        &mut playground,
        StateAction::Show {
            path: path.clone(),
            index,
        },
    );
    let shown = array(&state(&playground), &path);
    let here = shown.rows.iter().find(|row| row.pointers.contains("hand"));
    assert_eq!(here.unwrap().index, index.to_string());
    // What is used up to its end, and the rest, which is all the same.
    let rest = shown.rows.last().unwrap();
    assert_eq!(
        (&*rest.index, &*rest.pointers),
        ("4 to 4,095", "table.used = 4")
    );
    for typed in ["4000", "0xFA0", "99999999"] {
        let index = typed.to_owned();
        ask(
            &mut playground,
            StateAction::ShowTyped {
                path: path.clone(),
                index,
            },
        );
        let shown = array(&state(&playground), &path);
        assert!(
            shown.rows[0].asked && shown.rows[0].index == "4 to 4,095",
            "{typed}"
        );
    }
}

#[test]
fn every_element_of_an_array_is_in_just_one_row() {
    let mut playground = playground();
    playground.update(Action::ExchangeTable("two-level"));
    settled(&mut playground, Action::Apply { reset: true });
    settled(&mut playground, Action::GoTo(Target::Step(600)));
    playground.update(Action::ShowFace(Face::Values));
    for (name, length) in [("leaf", 32_768), ("slot", 32_800), ("page", 1_024)] {
        let path = format!("LibOs.table.{name}");
        ask(&mut playground, StateAction::Toggle(path.clone()));
        let (mut next, mut from) = (0, Some(0));
        while let Some(index) = from {
            ask(
                &mut playground,
                StateAction::Show {
                    path: path.clone(),
                    index,
                },
            );
            let shown = array(&state(&playground), &path);
            for row in &shown.rows {
                let plain = row.index.replace(',', "");
                let (first, last) = plain.split_once(" to ").unwrap_or((&plain, &plain));
                assert_eq!(first.parse(), Ok(next), "{name}");
                next = last.parse::<u32>().unwrap() + 1;
                assert_eq!(row.cells.len(), 1);
            }
            assert_eq!(shown.before.is_some(), index > 0);
            from = shown.behind;
        }
        assert_eq!(next, length, "{name}");
    }
}

#[test]
fn what_a_step_changed_is_marked_in_the_tree_and_in_the_array() {
    let mut playground = in_handler();
    let path = "LibOs.table.page".to_owned();
    ask(&mut playground, StateAction::Toggle(path.clone()));
    let before = state(&playground);
    assert!(before.since.starts_with("Make a step"), "{}", before.since);
    assert!(!row(&before, "LibOs.table").changed);
    let step = playground.session().step_number();
    while !row(&state(&playground), "LibOs.table.used").changed {
        playground.update(Action::StepLine(Stride::Into));
        assert!(
            playground.session().step_number() < step + 9,
            "it grows before it is bound"
        );
    }
    let shown = state(&playground);
    assert!(
        shown.since.contains("changed since step"),
        "{}",
        shown.since
    );
    assert!(row(&shown, "LibOs.table").changed && !row(&shown, "LibOs.hand").changed);
    // The page is entered: of a page other than 0 one element is another one, and no other is marked.
    step_until(&mut playground, |text| text.starts_with("upcall"));
    playground.update(Action::StepLine(Stride::Out));
    let shown = array(&state(&playground), &path);
    let marked: Vec<&str> = shown
        .rows
        .iter()
        .filter(|it| it.changed)
        .map(|it| &*it.index)
        .collect();
    assert_eq!(marked, ["1"]);
}

#[test]
fn the_page_table_shows_the_way_from_the_page_of_the_fault_to_its_frame_with_every_table() {
    for name in ["inverted", "linear", "two-level"] {
        let mut playground = playground();
        if name != "inverted" {
            playground.update(Action::ExchangeTable(name));
            settled(&mut playground, Action::Apply { reset: true });
        }
        playground.update(Action::ShowFace(Face::Values));
        for _ in 0..6 {
            step_until(&mut playground, |text| text.starts_with("upcall"));
        }
        let shown = state(&playground).table.unwrap();
        let title = table(name).unwrap().title.to_lowercase();
        assert!(shown.title.contains(&title), "{}", shown.title);
        playground.update(Action::StepLine(Stride::Out));
        let shown = state(&playground).table.unwrap();
        let page = u32::from_str_radix(shown.page.trim_start_matches("0x"), 16).unwrap();
        let frame = shown.frame.expect(name);
        let records = playground.session().machine().kernel().frames.records();
        assert_eq!(
            records[frame.index()].page.map(|it| it.0),
            Some(page),
            "{name}"
        );
        assert!(
            shown.found.ends_with(&format!("frame 0x{:X}.", frame.0)),
            "{}",
            shown.found
        );
        assert!(
            !shown.steps.is_empty() && shown.note.contains("4 slots have a frame"),
            "{name}"
        );
        let entries = shown.rows.iter().flat_map(|it| it.entries.iter().flatten());
        let found: Vec<_> = entries.filter(|it| it.looked_up).collect();
        assert_eq!(found.len(), 1, "{name}");
        assert_eq!((found[0].page, found[0].frame), (page, frame));
        // A click on it looks at its frame, and shows that.
        playground.update(Action::Look(Some(Thing::Frame(frame))));
        let shown = state(&playground).table.unwrap();
        let entries = shown.rows.iter().flat_map(|it| it.entries.iter().flatten());
        assert_eq!(entries.filter(|it| it.selected).count(), 1, "{name}");
        ask(&mut playground, StateAction::LookUp("0x7FF".to_owned()));
        let shown = state(&playground).table.unwrap();
        assert_eq!(
            (&*shown.found, shown.frame),
            ("Page 0x7FF is in no slot.", None)
        );
        ask(&mut playground, StateAction::LookUp(String::new()));
        assert_eq!(state(&playground).table.unwrap().frame, Some(frame));
    }
}

#[test]
fn a_table_of_another_shape_is_not_drawn_and_that_is_said() {
    let mut playground = playground();
    let text = sample("fifo").unwrap().source.replace("used", "taken");
    playground.update(Action::Edit(text));
    settled(&mut playground, Action::Apply { reset: true });
    step_until(&mut playground, |text| text.starts_with("upcall"));
    playground.update(Action::ShowFace(Face::Values));
    let shown = state(&playground);
    assert!(shown.table.is_none());
    assert_eq!(shown.no_table, Some(NO_TABLE));
    assert!(word(&shown, "LibOs.table.taken").parse::<u32>().is_ok());
}
