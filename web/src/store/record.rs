//! Every event of the run, a page at a time: each is told again from the nearest checkpoint, so that a
//! run of millions needs no more room than a short one.

use exo_core::ids::EnvId;

use super::playground::Playground;
use super::work::Activity;
use crate::view::LogRow;

/// Rows of a page.
pub const ROWS: usize = 20;
/// Events that are told again at a time; the session keeps at least as many.
const CHUNK: u64 = 500;
/// Chunks of one piece of work.
const CHUNKS: u32 = 4;

/// What is shown of the events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RecordFilter {
    /// A kind, by its name in [`RECORD_KINDS`].
    pub kind: usize,
    /// Only those of one environment.
    pub env: Option<EnvId>,
    /// Only those with these words in their sentences.
    pub words: String,
}

/// The kinds to choose from: the name in the menu, and the marks of the log that belong to it.
pub const RECORD_KINDS: [(&str, &[&str]); 8] = [
    ("every event", &[]),
    (
        "all but hits",
        &[
            "reference",
            "miss",
            "upcall",
            "refused",
            "libOS",
            "switch",
            "end",
            "system call",
        ],
    ),
    ("misses", &["miss"]),
    ("upcalls", &["upcall"]),
    ("system calls", &["system call"]),
    ("refusals and ends by force", &["refused"]),
    ("switches", &["switch"]),
    ("ends", &["end"]),
];

impl RecordFilter {
    fn passes(&self, env: EnvId, row: &LogRow) -> bool {
        let kinds = RECORD_KINDS.get(self.kind).map_or(&[][..], |it| it.1);
        let words = self.words.trim().to_ascii_lowercase();
        (kinds.is_empty() || kinds.contains(&row.mark.1))
            && self.env.is_none_or(|it| it == env)
            && (words.is_empty() || row.text.to_ascii_lowercase().contains(&words))
    }
}

/// What can be done with the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordAction {
    /// Show it around this step, or put it away.
    Show(bool),
    /// Show the events from that one on.
    From(u64),
    /// The next page, or the one before.
    Turn {
        /// Whether the next one.
        forward: bool,
    },
    /// Show others.
    Filter(RecordFilter),
}

/// The record, while it is looked at.
#[derive(Debug, Default)]
pub struct Record {
    /// Whether it is.
    pub open: bool,
    /// What is shown of it.
    pub filter: RecordFilter,
    /// The rows of this page.
    pub rows: Vec<LogRow>,
    /// The event that is looked at next.
    pub next: u64,
    /// Where this page begins, and those before it.
    begins: Vec<u64>,
}

impl Record {
    /// Where this page begins.
    pub fn first(&self) -> u64 {
        self.begins.last().copied().unwrap_or(1)
    }

    /// Whether there is a page before this one.
    pub fn can_go_back(&self) -> bool {
        self.begins.len() > 1 || self.first() > 1
    }

    fn begin(&mut self, first: u64) {
        self.begins.push(first.max(1));
        self.next = first.max(1);
        self.rows.clear();
    }
}

impl Playground {
    pub(super) fn update_record(&mut self, action: RecordAction) {
        if action == RecordAction::Show(false) && !self.record.open {
            return; // its sheet tells late that it was closed: what was begun since goes on
        }
        self.pause();
        let furthest = self.session.furthest_step();
        let here = self.session.step_number();
        let record = &mut self.record;
        match action {
            RecordAction::Show(false) => {
                record.open = false;
                record.rows.clear();
                return;
            }
            RecordAction::Show(true) => {
                record.open = true;
                record.begins.clear();
                record.begin(here.saturating_sub(ROWS as u64 - 1));
            }
            RecordAction::From(first) => {
                record.begins.clear();
                record.begin(first.min(furthest));
            }
            RecordAction::Turn { forward: true } if record.next > furthest => return,
            RecordAction::Turn { forward: true } => record.begin(record.next),
            RecordAction::Turn { forward: false } => {
                let this = record.begins.pop().unwrap_or(1);
                let before = record.begins.pop();
                record.begin(before.unwrap_or(this.saturating_sub(ROWS as u64)));
            }
            RecordAction::Filter(filter) => {
                let first = record.first();
                record.filter = filter;
                record.begins.clear();
                record.begin(first);
            }
        }
        self.activity = Activity::Recording;
    }

    /// Tells some events again and goes back to where the run stands. True if there is more to do.
    pub(super) fn record_more(&mut self) -> bool {
        let (here, furthest) = (
            self.session.machine().position(),
            self.session.furthest_step(),
        );
        for _ in 0..CHUNKS {
            if self.record.rows.len() >= ROWS || self.record.next > furthest {
                break;
            }
            self.tell_chunk(furthest);
        }
        self.session.go_to(here);
        let full = self.record.rows.len() >= ROWS || self.record.next > furthest;
        if full {
            self.activity = Activity::Idle;
        }
        !full
    }

    fn tell_chunk(&mut self, furthest: u64) {
        let first = self.record.next;
        let last = (first + CHUNK - 1).min(furthest);
        self.session.go_to_step(last);
        let recent = self.session.recent();
        for (index, recorded) in recent.iter().enumerate() {
            if recorded.number < first || self.record.rows.len() >= ROWS {
                continue;
            }
            let row = crate::view::log_row(&self.session, index);
            let env = recorded.stamped.event.env();
            if self.record.filter.passes(env, &row) {
                self.record.rows.push(row);
            }
            self.record.next = recorded.number + 1;
        }
        if self.record.rows.len() < ROWS {
            self.record.next = self.record.next.max(last + 1);
        }
    }
}

#[cfg(test)]
mod tests {
    use exo_core::ids::EnvId;

    use super::{ROWS, RecordAction, RecordFilter};
    use crate::store::{Action, Playground, Target};
    use crate::view::View;

    fn settled(playground: &mut Playground, action: Action) {
        playground.update(action);
        while playground.work(0.0) {}
    }

    fn shown() -> Playground {
        let mut playground = crate::view::tests::playground();
        settled(&mut playground, Action::GoTo(Target::End));
        settled(&mut playground, Action::GoTo(Target::Step(300)));
        settled(&mut playground, Action::Record(RecordAction::Show(true)));
        playground
    }

    #[test]
    fn pages_follow_each_other_without_a_gap_and_the_run_stays_where_it_is() {
        let mut playground = shown();
        let digest = playground.session().machine().state_digest();
        settled(&mut playground, Action::Record(RecordAction::From(1)));
        let mut expected = 1;
        for _ in 0..60 {
            for row in &playground.record.rows {
                assert_eq!(row.number, expected);
                expected += 1;
            }
            settled(
                &mut playground,
                Action::Record(RecordAction::Turn { forward: true }),
            );
        }
        assert!(expected > ROWS as u64 * 59);
        settled(
            &mut playground,
            Action::Record(RecordAction::Turn { forward: false }),
        );
        let last = playground.record.rows.last().unwrap().number;
        assert_eq!(last, expected - 1);
        assert_eq!(playground.session().machine().state_digest(), digest);
        assert_eq!(playground.session().step_number(), 300);
    }

    #[test]
    fn what_is_shown_can_be_chosen_by_kind_by_owner_and_by_words() {
        let mut playground = shown();
        settled(&mut playground, Action::Record(RecordAction::From(1)));
        let filter = RecordFilter {
            kind: 3,
            env: Some(EnvId(1)),
            words: String::new(),
        };
        settled(
            &mut playground,
            Action::Record(RecordAction::Filter(filter)),
        );
        let view = View::of(&playground);
        assert_eq!(view.record.rows.len(), ROWS);
        assert!(
            view.record
                .rows
                .iter()
                .all(|it| it.owner.0 == "B" && it.mark.1 == "upcall")
        );
        let filter = RecordFilter {
            words: "no such words".to_owned(),
            ..RecordFilter::default()
        };
        settled(
            &mut playground,
            Action::Record(RecordAction::Filter(filter)),
        );
        let view = View::of(&playground);
        assert!(view.record.rows.is_empty() && view.record.words.contains("None"));
        assert_eq!(playground.session().step_number(), 300);
    }
}
