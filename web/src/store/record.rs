//! Every event of the run, as many as can be seen: they are told again from the nearest checkpoint, so
//! that a run of millions needs no more room than a short one.

use std::rc::Rc;

use exo_core::event::Event;
use exo_core::ids::EnvId;

use super::playground::Playground;
use super::work::Activity;
use crate::scroll::Scrolled;
use crate::view::{LogRow, log_mark, log_row};

/// Rows that can be seen; the style sheet gives the list as much room.
pub const ROWS: usize = 16;
/// Rows that are collected at most.
pub const COLLECTED_MAX: usize = 20_000;
/// Events of one piece of work, and those where plain hits are leapt over.
const PIECE: u64 = 8_000;
const LEAPT: u64 = 60_000;

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
    /// Whether plain hits are among what is shown.
    fn hits(&self) -> bool {
        self.kind == 0
    }

    /// Events that are looked through in one piece.
    fn piece(&self) -> u64 {
        if self.hits() { PIECE } else { LEAPT }
    }

    /// Whether an event may be shown, its words aside.
    fn may_pass(&self, event: &Event) -> bool {
        let kinds = RECORD_KINDS.get(self.kind).map_or(&[][..], |it| it.1);
        (kinds.is_empty() || kinds.contains(&log_mark(event).1))
            && self.env.is_none_or(|it| it == event.env())
    }
}

/// Whether a text has these words in it, whatever their case; `words` are in small letters.
fn has(text: &str, words: &str) -> bool {
    words.is_empty() || text.to_ascii_lowercase().contains(words)
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
    /// Collect all of those that are shown, to be copied.
    Collect,
    /// Look at what one of the rows touched, by its number.
    Choose(u64),
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
    /// Where a search was stopped before it was through.
    pub stopped: Option<u64>,
    /// All rows of the run that are shown, once they were asked for.
    pub collected: Option<Rc<[LogRow]>>,
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
    /// Whether all are collected, in order, from the first event on.
    all: bool,
    /// Events that have been looked through.
    looked: u64,
    /// The one that was looked at last.
    at: u64,
}

impl Telling {
    fn full(&self) -> bool {
        match self.all {
            true => self.ahead.len() >= COLLECTED_MAX,
            false => self.ahead.len() + self.behind.len() >= ROWS,
        }
    }
}

impl Record {
    /// The event at which a search is, while it has no rows to show or has been at it for longer; none without one.
    pub fn searches_at(&self) -> Option<u64> {
        let bare = self.pending && self.rows.is_empty();
        (bare || self.telling.looked > 0).then_some(self.telling.at)
    }

    /// Events that have been looked through by a search under way, and the one that was looked at last; none if it has
    /// just begun.
    pub fn looked(&self) -> Option<(u64, u64)> {
        let telling = &self.telling;
        (telling.looked > 0).then_some((telling.looked, telling.at))
    }

    /// Sets out for the rows from an event on.
    fn begin(&mut self, event: u64) {
        self.first = event;
        self.telling = Telling {
            next: event,
            before: event,
            at: event,
            ..Telling::default()
        };
        self.pending = true;
        self.stopped = None;
    }

    /// Sets out for the rows from one of those that are shown on, and for so many before it.
    fn begin_by_rows(&mut self, event: u64, wanted: usize) {
        self.telling = Telling {
            wanted,
            by_rows: true,
            next: event,
            before: event,
            at: event,
            ..Telling::default()
        };
        self.stopped = None;
    }

    /// What was looked for is there, or as much of it as was found.
    fn told(&mut self) {
        let told = std::mem::take(&mut self.telling);
        if told.all {
            self.collected = Some(told.ahead.into());
            return;
        }
        self.rows = told.behind.into_iter().rev().chain(told.ahead).collect();
        self.pending = false;
        if let Some(row) = self.rows.first()
            && (told.by_rows || self.filter == RecordFilter::default())
        {
            self.first = row.number;
        }
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
        if !matches!(action, RecordAction::Choose(_)) {
            self.pause();
        }
        let furthest = self.session.furthest_step();
        let here = self.session.step_number();
        let record = &mut self.record;
        match action {
            RecordAction::Show(false) => {
                *record = Record {
                    filter: std::mem::take(&mut record.filter),
                    ..Record::default()
                };
                return;
            }
            RecordAction::Show(true) => {
                record.open = true;
                record.begin(here.saturating_sub(ROWS as u64 - 1).max(1));
            }
            RecordAction::Scroll(scrolled) => record.scroll(scrolled, furthest),
            RecordAction::Choose(number) => return self.choose_row(number),
            RecordAction::Collect => {
                record.collected = None;
                record.telling = Telling {
                    all: true,
                    next: 1,
                    before: 1,
                    ..Telling::default()
                };
            }
            RecordAction::Filter(filter) => {
                record.filter = filter;
                record.collected = None;
                record.rows.clear();
                record.begin(record.first);
            }
        }
        self.activity = Activity::Recording;
    }

    /// Looks at what the event of a row touched. The run stands where it stood, and goes on if rows are being told.
    fn choose_row(&mut self, number: u64) {
        let row = self.record.rows.iter().find(|it| it.number == number);
        if let Some(thing) = row.and_then(|it| it.thing) {
            self.look(Some(thing));
            self.looked_step = Some(number);
        }
    }

    /// Tells some events again and goes back to where the run stands. True if there is more to do within this frame.
    pub(super) fn record_more(&mut self) -> bool {
        let here = self.session.machine().position();
        let more = self.tell_piece();
        self.session.go_to(here);
        if !more {
            self.record.told();
            self.activity = Activity::Idle;
        }
        more
    }

    /// Ends a search before it is through; what it has found is shown.
    pub(super) fn stop_recording(&mut self) {
        self.record.stopped = Some(self.record.telling.at);
        self.record.told();
    }

    /// Looks through some events: those before the one that was asked for as far as they are wanted,
    /// then those from it on, and at the end of the run those before it again. False if all is told.
    fn tell_piece(&mut self) -> bool {
        let furthest = self.session.furthest_step();
        let filter = &self.record.filter;
        let (piece, hits) = (filter.piece(), filter.hits());
        let words = filter.words.trim().to_ascii_lowercase();
        // As many as there are rows are enough where every event is one.
        let every = words.is_empty() && hits && filter.env.is_none() && !self.record.telling.all;
        let piece = if every { ROWS as u64 } else { piece };
        let telling = &self.record.telling;
        let at_end = telling.next > furthest;
        let wanted = match telling.all {
            true => 0,
            false if at_end => ROWS,
            false => telling.wanted,
        };
        let backward = telling.before > 1 && telling.behind.len() < wanted;
        if telling.full() || at_end && !backward {
            return false;
        }
        let (first, last) = match backward {
            true => (
                telling.before.saturating_sub(piece).max(1),
                telling.before - 1,
            ),
            false => (telling.next, (telling.next + piece - 1).min(furthest)),
        };
        let room = match (telling.all, backward) {
            (true, _) => COLLECTED_MAX - telling.ahead.len(),
            (false, true) => wanted.min(ROWS - telling.ahead.len()) - telling.behind.len(),
            (false, false) => ROWS - telling.ahead.len() - telling.behind.len(),
        };
        let mut found: Vec<LogRow> = Vec::new();
        let mut seen = last;
        let filter = self.record.filter.clone();
        self.session
            .tell_again(first, last, hits, &mut |session, told, cycles| {
                if told.number < first || !filter.may_pass(&told.stamped.event) {
                    return true;
                }
                let row = log_row(session, told, cycles);
                if has(&row.text, &words) {
                    found.push(row);
                    // Ahead the first are the nearest, and enough.
                    if !backward && found.len() >= room {
                        seen = told.number;
                        return false;
                    }
                }
                true
            });
        let telling = &mut self.record.telling;
        telling.looked += seen + 1 - first;
        if backward {
            telling.at = first;
            telling.before = match found.len() > room {
                true => found.get(found.len() - room).map_or(first, |it| it.number),
                false => first,
            };
            telling.behind.extend(found.into_iter().rev().take(room));
        } else {
            telling.at = seen;
            telling.next = seen + 1;
            telling.ahead.extend(found);
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
    fn a_row_is_chosen_and_what_it_touched_stays_chosen_when_the_sheet_is_closed() {
        let mut playground = shown();
        settled(
            &mut playground,
            Action::Record(RecordAction::Scroll(Scrolled::To(40))),
        );
        let digest = playground.session().machine().state_digest();
        let (number, thing) = playground
            .record
            .rows
            .iter()
            .find_map(|it| Some((it.number, it.thing?)))
            .unwrap();
        settled(
            &mut playground,
            Action::Record(RecordAction::Choose(number)),
        );
        let view = View::of(&playground);
        let chosen = view.record.rows.iter().filter(|it| it.chosen);
        assert_eq!(chosen.map(|it| it.number).collect::<Vec<_>>(), [number]);
        assert_eq!(view.detail.thing, Some(thing));
        settled(
            &mut playground,
            Action::Record(RecordAction::Choose(u64::MAX)),
        );
        settled(&mut playground, Action::Record(RecordAction::Show(false)));
        let view = View::of(&playground);
        assert_eq!(view.detail.thing, Some(thing), "no such row, and it stays");
        assert_eq!(view.looked.step, Some(number));
        assert_eq!(playground.session().step_number(), 300);
        assert_eq!(playground.session().machine().state_digest(), digest);
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
                .all(|it| it.owner.letter() == "B" && it.mark.1 == "upcall")
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
        assert!(view.record.rows.is_empty());
        let furthest = crate::view::words::grouped(playground.session().furthest_step());
        let said = format!("None of all {furthest} events.");
        assert_eq!(view.record.words, said);
        assert_eq!(playground.session().step_number(), 300);
    }

    fn long() -> Playground {
        let mut playground = Playground::new(exo_session::first_light().unwrap()).unwrap();
        settled(&mut playground, Action::GoTo(Target::Step(60_000)));
        settled(&mut playground, Action::Record(RecordAction::Show(true)));
        playground
    }

    fn filter(playground: &mut Playground, kind: usize, words: &str) {
        let filter = RecordFilter {
            kind,
            env: None,
            words: words.to_owned(),
        };
        playground.update(Action::Record(RecordAction::Filter(filter)));
    }

    #[test]
    fn a_long_search_says_where_it_looks_and_how_far_it_is_and_can_be_stopped() {
        let mut playground = long();
        filter(&mut playground, 0, "no such words");
        let view = View::of(&playground).record;
        assert!(
            view.words.starts_with("Looking… at event "),
            "nothing is said of what has not been looked at: {}",
            view.words
        );
        let (mut told, mut pieces) = (0, 0);
        while playground.work(0.0) {
            let view = View::of(&playground).record;
            let (done, all) = view.progress.unwrap();
            assert!(done > told && done <= all && all == playground.session().furthest_step());
            assert!(
                view.words.starts_with("Looking… at event "),
                "{}",
                view.words
            );
            assert_ne!(playground.work_seen(), told, "what is seen of it changes");
            (told, pieces) = (done, pieces + 1);
        }
        assert!(pieces > 4, "{pieces}");
        assert!(
            View::of(&playground)
                .record
                .words
                .starts_with("None of all ")
        );
        filter(&mut playground, 0, "no such words");
        (0..3).for_each(|_| assert!(playground.work(0.0)));
        playground.update(Action::Cancel);
        let view = View::of(&playground).record;
        assert!(view.progress.is_none() && !playground.is_busy());
        assert!(
            view.words.starts_with("Stopped at event "),
            "{}",
            view.words
        );
        assert_eq!(playground.session().step_number(), 60_000);
    }

    #[test]
    fn all_that_is_found_is_collected_in_order_with_its_cycles_and_no_more_than_there_is_room_for()
    {
        let mut playground = long();
        filter(&mut playground, 3, "");
        while playground.work(0.0) {}
        settled(&mut playground, Action::Record(RecordAction::Collect));
        let upcalls = playground.session().machine().kernel().environments.iter();
        let upcalls: u64 = upcalls.map(|it| it.counters.upcalls).sum();
        let rows = playground.record.collected.as_ref().unwrap();
        assert_eq!(rows.len() as u64, upcalls);
        assert!(rows.windows(2).all(|pair| pair[0].number < pair[1].number));
        assert!(rows.iter().all(|it| it.cycles.is_some()));
        let text = View::of(&playground).record.text();
        assert_eq!(text.lines().count() as u64, upcalls);
        filter(&mut playground, 0, "");
        while playground.work(0.0) {}
        settled(&mut playground, Action::Record(RecordAction::Collect));
        let view = View::of(&playground).record;
        assert_eq!(
            playground.record.collected.as_ref().unwrap().len(),
            super::COLLECTED_MAX
        );
        assert_eq!(view.copies.as_deref(), Some("Copy the first 20,000 rows"));
    }
}
