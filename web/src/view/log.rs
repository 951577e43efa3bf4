//! The event log: the last events, hits folded into one row.

use exo_core::event::Event;
use exo_session::debugger::Breakpoint;
use exo_session::explain::short;
use exo_session::why::Thing;
use exo_session::{Recorded, Session};

use super::linked::Linked;
use super::memory::Owner;
use super::touched;
use super::words::grouped;
use crate::store::Playground;

/// Rows shown at most: where a run ends, all of them are made within one frame of the display.
const ROWS_MAX: usize = 60;

/// A row of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogRow {
    /// The number of its last event.
    pub number: u64,
    /// The same, grouped.
    pub step: String,
    /// The environment's letter and hue.
    pub owner: Owner,
    /// The mark of its kind, a symbol of the sprite, with its name.
    pub mark: (&'static str, &'static str),
    /// What happened.
    pub text: String,
    /// Cycles, if the event before is known.
    pub cycles: Option<String>,
    /// Whether it is the current step.
    pub now: bool,
    /// Whether something went wrong.
    pub bad: bool,
    /// The line that made its last event.
    pub line: Option<Breakpoint>,
    /// Whether it names what is chosen, or what belongs to it, or was made by it.
    pub looked: bool,
    /// Whether what is chosen was chosen by it.
    pub chosen: bool,
    /// What is chosen by it.
    pub(crate) thing: Option<Thing>,
}

pub(super) fn select(playground: &Playground, linked: &Linked) -> Vec<LogRow> {
    let session = playground.session();
    let recent = session.recent();
    let current = session.current().map(|current| current.number);
    let mut rows: Vec<LogRow> = Vec::new();
    let mut end = recent.len();
    while end > 0 && rows.len() < ROWS_MAX {
        let now = current == Some(recent[end - 1].number);
        let start = if now {
            end - 1
        } else {
            fold_start(recent, end)
        };
        let mut made = row(session, recent, start, end, now);
        let mut events = recent[start..end].iter();
        made.looked = playground.looked.is_some() && events.any(|it| linked.names(it));
        made.chosen = playground.looked.is_some() && playground.looked_step == Some(made.number);
        rows.push(made);
        end = start;
    }
    rows.reverse();
    rows
}

/// The row of an event by itself; the machine had so many `cycles` before it, if that is known.
pub(crate) fn single(session: &Session, told: &Recorded, cycles: Option<u64>) -> LogRow {
    let event = &told.stamped.event;
    let text = short(event, session.machine());
    let cycles = cycles.map(|it| told.stamped.cycles.saturating_sub(it));
    made(told, text, cycles, false)
}

/// The first event of the row that ends before `end`: hits of one environment share one.
fn fold_start(recent: &[Recorded], end: usize) -> usize {
    let env = recent[end - 1].stamped.event.env();
    let folds = |it: &&Recorded| is_hit(&it.stamped.event) && it.stamped.event.env() == env;
    let hits = recent[..end].iter().rev().take_while(folds).count();
    end - hits.max(1)
}

fn is_hit(event: &Event) -> bool {
    matches!(event, Event::Accessed { rerun: false, .. })
}

fn row(session: &Session, recent: &[Recorded], start: usize, end: usize, now: bool) -> LogRow {
    let last = &recent[end - 1];
    let event = &last.stamped.event;
    let before = match start.checked_sub(1) {
        Some(index) => Some(recent[index].stamped.cycles),
        None => (recent[start].number == 1).then_some(0),
    };
    // Of hits that go on before the first event that is kept, nobody knows how many they are.
    let cut = start == 0 && recent[start].number > 1 && is_hit(event) && !now;
    let text = match end - start {
        hits if cut => format!("{} TLB hits or more", grouped(hits as u64)),
        1 => short(event, session.machine()),
        hits => format!("{} TLB hits", grouped(hits as u64)),
    };
    made(last, text, before.map(|it| last.stamped.cycles - it), now)
}

fn made(last: &Recorded, text: String, cycles: Option<u64>, now: bool) -> LogRow {
    let event = &last.stamped.event;
    LogRow {
        number: last.number,
        step: grouped(last.number),
        owner: Owner { env: event.env() },
        mark: mark(event),
        text,
        cycles: cycles.map(grouped),
        now,
        bad: matches!(
            event,
            Event::Refused { .. } | Event::Broken { .. } | Event::InstallRefused { .. }
        ),
        line: last.line,
        looked: false,
        chosen: false,
        thing: touched::of(event).thing(),
    }
}

/// The mark of an event's kind, with its name.
pub(crate) fn mark(event: &Event) -> (&'static str, &'static str) {
    match event {
        Event::Accessed { rerun: false, .. } => ("#e-hit", "hit"),
        Event::Accessed { .. } => ("#e-ref", "reference"),
        Event::Missed { .. } | Event::Protected { .. } | Event::StlbMissed { .. } => {
            ("#e-miss", "miss")
        }
        Event::StlbHit { .. } => ("#e-hit", "hit"),
        Event::Upcall { .. } => ("#e-up", "upcall"),
        Event::Refused { .. } | Event::Broken { .. } | Event::InstallRefused { .. } => {
            ("#e-no", "refused")
        }
        Event::Resumed { .. } | Event::Installed { .. } => ("#e-lib", "libOS"),
        Event::Switched { .. } => ("#e-cpu", "switch"),
        Event::Finished { .. } => ("#e-end", "end"),
        _ => ("#e-sys", "system call"),
    }
}

#[cfg(test)]
mod tests {
    use super::is_hit;
    use crate::store::{Action, Target};
    use crate::view::View;
    use crate::view::tests::settled;

    #[test]
    fn hits_are_folded_into_one_row_and_the_current_step_never_is() {
        let mut playground = crate::view::tests::playground();
        playground.update(Action::NextFault);
        while playground.work(0.0) {}
        for _ in 0..40 {
            playground.update(Action::Step);
        }
        let log = View::of(&playground).log;
        assert!(
            log.iter().any(|row| row.text.ends_with(" TLB hits")),
            "{log:#?}"
        );
        let now: Vec<_> = log.iter().filter(|row| row.now).collect();
        assert_eq!(now.len(), 1);
        assert_eq!(Some(now[0].number), log.last().map(|row| row.number));
        assert!(!now[0].text.ends_with(" TLB hits"));
    }

    #[test]
    fn of_hits_whose_first_is_not_kept_it_is_not_said_how_many_they_are() {
        let mut playground = crate::view::tests::playground();
        settled(&mut playground, Action::OpenScenario("attack-replay"));
        let mut told = Vec::new();
        for target in (2_000..60_000).step_by(999) {
            settled(&mut playground, Action::GoTo(Target::Step(target)));
            let recent = playground.session().recent();
            let first = recent.first().map_or(0, |it| it.number);
            let hits = recent
                .iter()
                .take_while(|it| is_hit(&it.stamped.event))
                .count() as u64;
            let log = View::of(&playground).log;
            let row = log.iter().find(|row| row.number == first + hits - 1);
            let words = format!("{hits} TLB hits or more");
            told.extend(row.filter(|_| hits > 0).map(|it| it.text == words));
        }
        assert!(!told.is_empty() && told.iter().all(|it| *it), "{told:?}");
    }

    #[test]
    fn the_cycles_of_all_rows_sum_up_to_the_machines() {
        let mut playground = crate::view::tests::playground();
        for _ in 0..60 {
            playground.update(Action::Step);
        }
        let log = View::of(&playground).log;
        let sum: u64 = log
            .iter()
            .filter_map(|row| row.cycles.as_ref()?.parse::<u64>().ok())
            .sum();
        assert_eq!(sum, playground.session().machine().cycles());
    }
}
