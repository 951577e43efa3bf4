//! An array as a table: a stretch of its rows, in each an element, or elements in a row that are equal.

use exo_session::debugger::{Kind, Value};

use super::Reader;
use crate::view::words::grouped;

/// Rows of a stretch.
const ROWS: usize = 48;
/// Equal elements in a row that become one row.
const FOLDED_MIN: u32 = 4;

/// An array as a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArrayView {
    /// What the columns hold: the fields of an element that is a struct, or the one word `value`.
    pub columns: Vec<String>,
    /// The rows of the stretch.
    pub rows: Vec<ElementRow>,
    /// Numbers that could be its index: name and number.
    pub pointers: Vec<(String, u32)>,
    /// Where the stretch before begins.
    pub before: Option<u32>,
    /// Where the stretch behind begins.
    pub behind: Option<u32>,
}

/// An element, or several in a row that are equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ElementRow {
    /// Its index, or the first and the last.
    pub index: String,
    /// A value for each column.
    pub cells: Vec<String>,
    /// Whether it has changed since the place before.
    pub changed: bool,
    /// What points to it: names, with the index where there are several.
    pub pointers: String,
    /// Whether the index that was asked for is here.
    pub asked: bool,
}

/// First and last element of a row.
type Run = (u32, u32);

impl Reader<'_> {
    /// An array, from the element that was asked for on.
    pub(super) fn array(&self, path: &str, array: Value<'_>) -> ArrayView {
        let asked = self
            .looking
            .first(path)
            .min(array.length().saturating_sub(1));
        let runs = self.runs(array);
        let from = runs.partition_point(|run| run.1 < asked);
        let pointers = self.pointers.iter().filter(|it| it.1 < array.length());
        let first = array.element(0);
        let columns = match first.map(|it| it.kind()) {
            Some(Kind::Struct(_)) => {
                let fields = first.iter().flat_map(|it| it.fields());
                fields.map(|it| it.name().to_owned()).collect()
            }
            _ => vec!["value".to_owned()],
        };
        let shown = runs.iter().skip(from).take(ROWS);
        ArrayView {
            columns,
            rows: shown
                .map(|run| self.element_row(array, *run, asked))
                .collect(),
            pointers: pointers.cloned().collect(),
            before: (from > 0).then(|| runs[from.saturating_sub(ROWS)].0),
            behind: runs.get(from + ROWS).map(|run| run.0),
        }
    }

    /// The rows of an array: equal elements together, where there are enough of them.
    fn runs(&self, array: Value<'_>) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        let close = |runs: &mut Vec<Run>, (first, last): Run| {
            if last - first + 1 >= FOLDED_MIN {
                runs.push((first, last));
            } else {
                runs.extend((first..=last).map(|it| (it, it)));
            }
        };
        let mut open: Option<(Run, Value<'_>, bool)> = None;
        for index in 0..array.length() {
            let Some(element) = array.element(index) else {
                break;
            };
            let changed = self.changed(&element);
            open = Some(match open {
                Some(((first, _), one, was)) if was == changed && self.equal(&one, &element) => {
                    ((first, index), one, was)
                }
                open => {
                    if let Some((run, ..)) = open {
                        close(&mut runs, run);
                    }
                    ((index, index), element, changed)
                }
            });
        }
        if let Some((run, ..)) = open {
            close(&mut runs, run);
        }
        runs
    }

    fn equal(&self, one: &Value<'_>, other: &Value<'_>) -> bool {
        match (one.range(), other.range()) {
            (Some(one), Some(other)) => self.inside.state.get(one) == self.inside.state.get(other),
            _ => one.to_string() == other.to_string(),
        }
    }

    fn element_row(&self, array: Value<'_>, (first, last): Run, asked: u32) -> ElementRow {
        let element = array.element(first);
        let cells = match element {
            Some(element) if matches!(element.kind(), Kind::Struct(_)) => {
                element.fields().map(|it| it.to_string()).collect()
            }
            element => vec![element.map_or_else(String::new, |it| it.to_string())],
        };
        let here = self.pointers.iter();
        let here = here.filter(|(_, index)| (first..=last).contains(index));
        let here = here.map(|(name, index)| match first == last {
            true => name.clone(),
            false => format!("{name} = {index}"),
        });
        ElementRow {
            index: match first == last {
                true => grouped(first.into()),
                false => format!("{} to {}", grouped(first.into()), grouped(last.into())),
            },
            cells,
            changed: element.is_some_and(|it| self.changed(&it)),
            pointers: here.collect::<Vec<_>>().join(", "),
            asked: asked > 0 && (first..=last).contains(&asked),
        }
    }
}
