//! The values of a program: calls under way, page table and fields, as a tree whose arrays are tables.

mod array;
mod page_table;

use exo_core::ids::EnvId;
use exo_session::Session;
use exo_session::debugger::{Call, HandlerLine, HandlerRun, Inside, Kind, Side, Value};

use super::words::grouped;
use crate::store::{Face, Looking, Playground};
pub use array::{ArrayView, ElementRow};
pub use page_table::{EntryView, PageTableView, TableRow};

/// The values of a program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StateView {
    /// Lines of the message handler that ran at this step, in stretches.
    pub lines: Vec<LinesView>,
    /// Variables, and fields.
    pub groups: Vec<GroupView>,
    /// The page table, if one was recognised.
    pub table: Option<PageTableView>,
    /// What is said where none was.
    pub no_table: Option<&'static str>,
    /// Since when what is marked has changed.
    pub since: String,
}

/// Lines within one function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LinesView {
    /// Whose they are.
    pub title: String,
    /// Number and text.
    pub rows: Vec<(String, String)>,
}

/// Values that belong together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupView {
    /// What they belong to.
    pub title: String,
    /// The values.
    pub rows: Vec<StateRow>,
    /// What to say where there are none.
    pub empty: &'static str,
}

/// A value with its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateRow {
    /// What it goes by: its names from the outermost on.
    pub path: String,
    /// Its name.
    pub name: String,
    /// Whether it has changed since the place before.
    pub changed: bool,
    /// What it is.
    pub body: StateBody,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StateBody {
    /// A word, as Rust would write it.
    Word(String),
    /// A struct.
    Struct {
        /// Name of its type.
        name: String,
        /// Its fields; none while it is folded.
        fields: Option<Vec<StateRow>>,
    },
    /// An array.
    Array {
        /// How many elements it has.
        elements: String,
        /// Its elements; none while it is folded.
        view: Option<ArrayView>,
    },
}

const NO_TABLE: &str = "No page table is drawn: none of its fields has the fields of a table that comes along \
                        (inverted, sorted vector, two-level). Its values are shown below as they are.";

pub(super) fn select(playground: &Playground) -> StateView {
    if playground.face != Face::Values {
        return StateView::default();
    }
    let (session, env) = (playground.session(), playground.shown);
    let run = playground.handler.as_ref().filter(|run| run.env == env);
    let mut view = StateView {
        lines: run.map(lines).unwrap_or_default(),
        since: "Make a step, and what it changes is marked with ●.".to_owned(),
        ..StateView::default()
    };
    for (side, what) in [(Side::LibOs, "libOS"), (Side::Application, "program")] {
        if let Some(inside) = session.inside(env, side) {
            let looking = &playground.looking;
            let before = looking.before(env, side, inside.program);
            if let Some(before) = before {
                let step = grouped(before.step);
                view.since = format!("● marks what has changed since step {step}.");
            }
            let before = before.map(|it| &it.state[..]);
            if side == Side::LibOs {
                view.table = page_table::select(playground, &inside);
                let has_state = !inside.state.is_empty();
                view.no_table = (view.table.is_none() && has_state).then_some(NO_TABLE);
            }
            view.groups
                .extend(groups(&inside, before, looking, side, what));
        }
    }
    view
}

/// The page of the last fault of an environment.
fn fault_page(session: &Session, env: EnvId) -> Option<u32> {
    use exo_core::event::Event;
    session
        .recent()
        .iter()
        .rev()
        .find_map(|it| match it.stamped.event {
            Event::Missed {
                env: whose, page, ..
            }
            | Event::Protected {
                env: whose, page, ..
            } if whose == env => Some(page.0),
            _ => None,
        })
}

/// The lines that a message handler has gone through: a group for each stretch within one function.
fn lines(run: &HandlerRun) -> Vec<LinesView> {
    let stretches = run
        .lines
        .chunk_by(|one, next| one.function == next.function);
    let groups = stretches.map(|lines| {
        let row = |it: &HandlerLine| {
            let changes = it
                .changes
                .iter()
                .map(|(name, value)| format!("  // {name} = {value}"));
            (
                it.line.to_string(),
                changes.fold(it.text.clone(), |text, it| text + &it),
            )
        };
        let function = lines.first().map_or("", |it| &it.function);
        LinesView {
            title: format!("{function} of {}, as it ran for the packet", run.name),
            rows: lines.iter().map(row).collect(),
        }
    });
    groups.collect()
}

/// Calls under way of one program, and its fields.
fn groups(
    inside: &Inside<'_>,
    before: Option<&[u8]>,
    looking: &Looking,
    side: Side,
    what: &str,
) -> Vec<GroupView> {
    let (program, calls) = (inside.program, inside.calls());
    let mut reader = Reader {
        inside,
        before,
        looking,
        pointers: Vec::new(),
    };
    inside
        .fields()
        .for_each(|field| reader.note_pointers(field.name(), field));
    if let Some(call) = calls.first() {
        for variable in &call.variables {
            reader.note_pointers(variable.name(), *variable);
        }
    }
    // The whole state, lent as `self`, stands below as fields.
    let is_whole = |value: &Value<'_>| value.kind() == Kind::Struct(&program.name);
    let call = |(depth, call): (usize, &Call<'_>)| {
        let own = call.variables.iter().filter(|it| !is_whole(it));
        let row = |it: &Value<'_>| reader.row(&format!("{side:?} {depth}"), it.name(), *it);
        GroupView {
            title: format!("{}, at line {}", call.function, call.place.line),
            rows: own.map(row).collect(),
            empty: "No variable has a value here.",
        }
    };
    let mut groups: Vec<GroupView> = calls.iter().enumerate().map(call).collect();
    if groups.is_empty() {
        groups.push(GroupView {
            title: format!("Calls of the {what}"),
            rows: Vec::new(),
            empty: "None is under way at this step.",
        });
    }
    let row = |field: Value<'_>| reader.row(&format!("{side:?}"), field.name(), field);
    groups.push(GroupView {
        title: format!("Fields of {}, the {what}", program.name),
        rows: inside.fields().map(row).collect(),
        empty: "It has no fields.",
    });
    groups
}

/// Reads one program's values.
struct Reader<'view> {
    inside: &'view Inside<'view>,
    /// The state at the place before.
    before: Option<&'view [u8]>,
    looking: &'view Looking,
    /// Numbers that could be an index, by name.
    pointers: Vec<(String, u32)>,
}

impl Reader<'_> {
    /// Notes the numbers in a value that could be an index.
    fn note_pointers(&mut self, name: &str, value: Value<'_>) {
        for field in value.fields() {
            self.note_pointers(&format!("{name}.{}", field.name()), field);
        }
        let index = value.index().and_then(|it| u32::try_from(it).ok());
        if let Some(index) = index {
            let name = name.strip_prefix("self.").unwrap_or(name);
            if self.pointers.iter().all(|(it, _)| it != name) {
                self.pointers.push((name.to_owned(), index));
            }
        }
    }

    /// Whether the bytes of a value have changed since the place before.
    fn changed(&self, value: &Value<'_>) -> bool {
        let (Some(before), Some(range)) = (self.before, value.range()) else {
            return false;
        };
        before.get(range.clone()) != self.inside.state.get(range)
    }

    fn row(&self, above: &str, name: &str, value: Value<'_>) -> StateRow {
        let path = format!("{above}.{name}");
        let toggled = self.looking.toggled.contains(&path);
        let body = match value.kind() {
            Kind::Struct(name) => StateBody::Struct {
                name: name.to_owned(),
                fields: (!toggled).then(|| {
                    let fields = value.fields();
                    fields.map(|it| self.row(&path, it.name(), it)).collect()
                }),
            },
            Kind::Array(length) => StateBody::Array {
                elements: grouped(length.into()),
                view: toggled.then(|| self.array(&path, value)),
            },
            _ => StateBody::Word(value.to_string()),
        };
        StateRow {
            path,
            name: name.to_owned(),
            changed: self.changed(&value),
            body,
        }
    }
}

#[cfg(test)]
mod tests;
