//! Every event of the run, as many as can be seen: they are told again from the nearest checkpoint, so
//! that a run of millions needs no more room than a short one.

use exo_core::ids::EnvId;

use super::playground::Playground;
use super::work::Activity;
use crate::scroll::Scrolled;
use crate::view::LogRow;

/// Rows that can be seen; the style sheet gives the list as much room.
pub const ROWS: usize = 16;
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
    /// Show other rows of it.
    Scroll(Scrolled),
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
    /// The rows that can be seen.
    pub rows: Vec<LogRow>,
    /// The event at which they begin.
    pub first: u64,
    /// Rows that are being looked for, to take their place.
    telling: Telling,
    /// Whether the rows that can be seen are still those of another place.
    pending: bool,
}

/// Rows that are looked for, ahead of an event and then behind it.
#[derive(Debug, Default)]
struct Telling {
    /// Those from the event on.
    ahead: Vec<LogRow>,
    /// Those before it, the nearest first.
    behind: Vec<LogRow>,
    /// How many of those before it are wanted.
    wanted: usize,
    /// Whether the event was scrolled to by rows: it is the first row that counts then.
    by_rows: bool,
    /// The next event ahead that is to be looked at.
    next: u64,
    /// The event before which nothing has been looked at yet.
    before: u64,
    /// Events that were looked through in earlier pieces.
    looked: u64,
}

impl Telling {
    fn full(&self) -> bool {
        self.ahead.len() + self.behind.len() >= ROWS
    }
}

impl Record {
    /// Events that have been looked through, if that takes so long that it is told.
    pub fn looked(&self) -> Option<u64> {
        Some(self.telling.looked).filter(|it| *it > 0)
    }

    /// Sets out for the rows from an event on.
    fn begin(&mut self, event: u64) {
        self.first = event;
        self.telling = Telling {
            next: event,
            before: event,
            ..Telling::default()
        };
        self.pending = true;
    }

    /// Sets out for the rows from one of those that are shown on, and for so many before it.
    fn begin_by_rows(&mut self, event: u64, wanted: usize) {
        self.telling = Telling {
            wanted,
            by_rows: true,
            next: event,
            before: event,
            ..Telling::default()
        };
    }

    fn scroll(&mut self, scrolled: Scrolled, furthest: u64) {
        let first = self.rows.first().filter(|_| !self.pending);
        match (scrolled, first.map(|it| it.number)) {
            (Scrolled::To(event), _) => self.begin(event.clamp(1, furthest.max(1))),
            // Rows that are not there yet are as far apart as events.
            (Scrolled::By(rows), None) => {
                let event = self.first.saturating_add_signed(rows);
                self.begin(event.clamp(1, furthest.max(1)));
            }
            (Scrolled::By(rows), Some(first)) if rows < 0 => {
                self.begin_by_rows(first, rows.unsigned_abs().min(ROWS as u64) as usize);
            }
            (Scrolled::By(rows), Some(first)) => {
                let row = self.rows.get(rows as usize).or(self.rows.last());
                self.begin_by_rows(row.map_or(first, |it| it.number), 0);
            }
        }
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
                record.begin(here.saturating_sub(ROWS as u64 - 1).max(1));
            }
            RecordAction::Scroll(scrolled) => record.scroll(scrolled, furthest),
            RecordAction::Filter(filter) => {
                record.filter = filter;
                record.rows.clear();
                record.begin(record.first);
            }
        }
        self.activity = Activity::Recording;
    }

    /// Tells some events again and goes back to where the run stands. True if there is more to do.
    pub(super) fn record_more(&mut self) -> bool {
        let here = self.session.machine().position();
        let more = (0..CHUNKS).all(|_| self.tell_chunk());
        self.session.go_to(here);
        let record = &mut self.record;
        if more {
            record.telling.looked += u64::from(CHUNKS) * CHUNK;
            return true;
        }
        let told = std::mem::take(&mut record.telling);
        record.rows = told.behind.into_iter().rev().chain(told.ahead).collect();
        record.pending = false;
        if let Some(row) = record.rows.first()
            && (told.by_rows || record.filter == RecordFilter::default())
        {
            record.first = row.number;
        }
        self.activity = Activity::Idle;
        false
    }

    /// Looks through some events: those before the one that was asked for as far as they are wanted,
    /// then those from it on, and at the end of the run those before it again. False if all is told.
    fn tell_chunk(&mut self) -> bool {
        let furthest = self.session.furthest_step();
        let telling = &mut self.record.telling;
        let at_end = telling.next > furthest;
        let wanted = if at_end { ROWS } else { telling.wanted };
        let backward = telling.before > 1 && telling.behind.len() < wanted;
        if telling.full() || at_end && !backward {
            return false;
        }
        let (first, last) = match backward {
            true => (
                telling.before.saturating_sub(CHUNK).max(1),
                telling.before - 1,
            ),
            false => (telling.next, (telling.next + CHUNK - 1).min(furthest)),
        };
        self.session.go_to_step(last);
        let recent = self.session.recent().iter().enumerate();
        let mut places: Vec<(usize, EnvId, u64)> = recent
            .filter(|(_, it)| it.number >= first)
            .map(|(index, it)| (index, it.stamped.event.env(), it.number))
            .collect();
        if backward {
            places.reverse();
        }
        for (index, env, number) in places {
            let telling = &mut self.record.telling;
            if telling.full() || backward && telling.behind.len() == wanted {
                return true;
            }
            let row = crate::view::log_row(&self.session, index);
            let passes = self.record.filter.passes(env, &row);
            let (rows, looked) = match backward {
                true => (&mut telling.behind, (number, telling.next)),
                false => (&mut telling.ahead, (telling.before, number + 1)),
            };
            rows.extend(passes.then_some(row));
            (telling.before, telling.next) = looked;
        }
        let telling = &mut self.record.telling;
        match backward {
            true => telling.before = telling.before.min(first),
            false => telling.next = telling.next.max(last + 1),
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use exo_core::ids::EnvId;

    use super::{ROWS, RecordAction, RecordFilter};
    use crate::scroll::Scrolled;
    use crate::store::{Action, Playground, Target};
    use crate::view::View;

    fn settled(playground: &mut Playground, action: Action) {
        playground.update(action);
        while playground.work(0.0) {}
    }

    fn scroll(playground: &mut Playground, scrolled: Scrolled) -> Vec<u64> {
        settled(playground, Action::Record(RecordAction::Scroll(scrolled)));
        numbers(playground)
    }

    fn numbers(playground: &Playground) -> Vec<u64> {
        playground.record.rows.iter().map(|it| it.number).collect()
    }

    fn shown() -> Playground {
        let mut playground = crate::view::tests::playground();
        settled(&mut playground, Action::GoTo(Target::End));
        settled(&mut playground, Action::GoTo(Target::Step(300)));
        settled(&mut playground, Action::Record(RecordAction::Show(true)));
        playground
    }

    #[test]
    fn one_scrolls_over_all_events_by_rows_and_to_any_and_the_run_stays_where_it_is() {
        let mut playground = shown();
        let digest = playground.session().machine().state_digest();
        let rows = ROWS as u64;
        let page = |first: u64| (first..first + rows).collect::<Vec<u64>>();
        assert_eq!(numbers(&playground), page(301 - rows));
        let furthest = playground.session().furthest_step();
        let mut first = 1;
        assert_eq!(scroll(&mut playground, Scrolled::To(first)), page(first));
        for by in [1, 15, 3, -1, 15, -15, -4, 15, 15, 15, -2] {
            first = first.saturating_add_signed(by);
            assert_eq!(
                scroll(&mut playground, Scrolled::By(by)),
                page(first),
                "{by}"
            );
            assert_eq!(View::of(&playground).record.first, first);
        }
        assert_eq!(scroll(&mut playground, Scrolled::To(777)), page(777));
        let last = page(furthest + 1 - rows);
        assert_eq!(scroll(&mut playground, Scrolled::To(u64::MAX)), last);
        assert_eq!(scroll(&mut playground, Scrolled::By(5)), last);
        assert_eq!(scroll(&mut playground, Scrolled::To(0)), page(1));
        assert_eq!(scroll(&mut playground, Scrolled::By(-5)), page(1));
        assert_eq!(playground.session().machine().state_digest(), digest);
        assert_eq!(playground.session().step_number(), 300);
    }

    #[test]
    fn rows_stay_while_others_are_looked_for() {
        let mut playground = shown();
        let before = numbers(&playground);
        playground.update(Action::Record(RecordAction::Scroll(Scrolled::To(900))));
        assert_eq!(numbers(&playground), before);
        let view = View::of(&playground).record;
        assert_eq!((view.first, view.words.starts_with("Events ")), (900, true));
        while playground.work(0.0) {}
        assert_eq!(numbers(&playground)[0], 900);
    }

    #[test]
    fn what_is_shown_can_be_chosen_by_kind_by_owner_and_by_words_and_scrolled_over() {
        let mut playground = shown();
        scroll(&mut playground, Scrolled::To(1));
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
        let first = numbers(&playground);
        assert_eq!(first.len(), ROWS);
        let rows = &view.record.rows;
        assert!(
            rows.iter()
                .all(|it| it.owner.0 == "B" && it.mark.1 == "upcall")
        );
        let on = scroll(&mut playground, Scrolled::By(7));
        assert_eq!(on[..ROWS - 7], first[7..]);
        assert_eq!(scroll(&mut playground, Scrolled::By(-7)), first);
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
