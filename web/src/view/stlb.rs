//! The software TLB: how full each part of it is, and the one place where a page can be.

use std::fmt::Write;

use exo_core::event::Event;
use exo_core::ids::{EnvId, Page};
use exo_core::kernel::Stlb;
use exo_session::Session;
use exo_session::explain::env_letter;
use exo_session::why::Thing;

use super::linked::Linked;
use super::memory::Owner;
use super::trend::{self, TrendView};
use super::words::{grouped, hex};
use crate::store::Playground;

/// Buckets of the strip at most.
const BUCKETS_MAX: usize = 128;
/// Height of the strip's bars, in hundredths.
const BAR_HEIGHT: usize = 2000;
/// Height of a bar of one entry, so that it can be seen.
const BAR_HEIGHT_MIN: usize = 200;
/// Entries to each side of the one that is shown close by.
const NEAR: u32 = 3;

/// What a probe found, or a write left, in the one place of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The page's binding.
    Hit,
    /// Nothing.
    Empty,
    /// Another page's binding: a conflict.
    Conflict,
    /// The page's binding, which does not allow what is wanted.
    ReadOnly,
    /// It was written.
    Written,
}

/// The entry that this step looked into or wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Its bucket.
    pub bucket: usize,
    /// What was found, or done.
    pub text: String,
    /// The page that it was for, with its owner.
    pub wanted: (Owner, String),
    /// What was found, or done.
    pub outcome: Outcome,
}

/// An entry close to the one that is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearView {
    /// Its index.
    pub index: u32,
    /// Whose page it holds.
    pub entry: Option<(Owner, String)>,
    /// Whether it belongs to what is chosen.
    pub selected: bool,
}

/// The neighbourhood of the entry that this step looked into, or that is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CloseView {
    /// The entry.
    pub index: u32,
    /// It and those beside it, in order.
    pub entries: Vec<NearView>,
    /// How the place follows from the page, and what is there, in sentences.
    pub words: String,
}

/// The strip.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StlbView {
    /// Whether the machine has one.
    pub on: bool,
    /// The bars as an SVG path, in a box of `buckets × 10` by 24.
    pub bars: String,
    /// How many buckets there are.
    pub buckets: usize,
    /// `611 of 4,096 in use; 32 to a bar`.
    pub summary: String,
    /// What this step did.
    pub probe: Option<Probe>,
    /// The entries in use, by their indices.
    pub used: Vec<u32>,
    /// How many entries a bucket has.
    pub size: u32,
    /// The entry that is looked at, or the first that belongs to what is, in words, with its index.
    pub looked: Option<(u32, String)>,
    /// Buckets with entries that belong to what is chosen, in order.
    pub linked: Vec<u32>,
    /// Whether all entries of an environment do.
    pub whole: bool,
    /// The neighbourhood of one entry.
    pub close: Option<CloseView>,
    /// Its hit rate over the run.
    pub trend: Option<TrendView>,
}

pub(super) fn select(playground: &Playground, linked: &Linked) -> StlbView {
    let session = playground.session();
    let stlb = &session.machine().kernel().stlb;
    let entries = stlb.entries();
    let buckets = entries.len().min(BUCKETS_MAX);
    let size = entries.len().div_ceil(buckets.max(1)).max(1);
    let used = (0..).zip(entries);
    let used = used.filter_map(|(index, entry)| entry.as_ref().map(|_| index));
    let used: Vec<u32> = used.collect();
    let looked = match playground.looked {
        Some(Thing::Stlb(index)) => Some(index).filter(|it| (*it as usize) < entries.len()),
        _ if linked.is_whole() => None,
        _ => linked.entries.first().copied(),
    };
    let probed = probed(session);
    let mut parts: Vec<u32> = linked.entries.iter().map(|it| it / size as u32).collect();
    parts.dedup();
    let shown = probed.as_ref().map(|it| it.index).or(looked);
    StlbView {
        on: !entries.is_empty(),
        bars: bars(
            entries
                .chunks(size)
                .map(|chunk| chunk.iter().flatten().count()),
            size,
        ),
        buckets,
        summary: format!(
            "{} of {} in use; {size} to a bar",
            grouped(used.len() as u64),
            grouped(entries.len() as u64)
        ),
        used,
        size: size as u32,
        looked: looked.map(|index| (index, held(stlb, index))),
        linked: parts,
        whole: linked.is_whole(),
        trend: trend::select(playground, trend::stlb),
        close: shown.map(|index| CloseView {
            index,
            entries: near(stlb, index, linked),
            words: told(stlb, index, probed.as_ref()),
        }),
        probe: probed.map(|it| Probe {
            bucket: it.index as usize / size,
            text: it.headline(),
            wanted: (Owner { env: it.env }, hex(it.page.0)),
            outcome: it.outcome,
        }),
    }
}

/// What an entry holds.
fn held(stlb: &Stlb, index: u32) -> String {
    match stlb.entry(index) {
        None => format!("slot {} is empty", hex(index)),
        Some(entry) => format!(
            "slot {} holds {} {}",
            hex(index),
            env_letter(entry.env),
            hex(entry.page.0)
        ),
    }
}

/// One vertical stroke for each bucket that is not empty.
fn bars(counts: impl Iterator<Item = usize>, size: usize) -> String {
    let mut path = String::new();
    for (bucket, count) in counts.enumerate().filter(|(_, count)| *count > 0) {
        let height = (count * BAR_HEIGHT).div_ceil(size).max(BAR_HEIGHT_MIN);
        let _ = write!(
            path,
            "M{} 22v-{}.{:02}",
            bucket * 10 + 5,
            height / 100,
            height % 100
        );
    }
    path
}

/// A look into the one place of a page, or a write there.
struct Probed {
    env: EnvId,
    page: Page,
    index: u32,
    /// Who is in the way.
    occupant: Option<(EnvId, Page)>,
    outcome: Outcome,
}

/// What the current step found or wrote; of an upcall, what the look-up before it had found.
fn probed(session: &Session) -> Option<Probed> {
    let current = session.current()?;
    let before = || {
        let recent = session.recent().iter().rev();
        let mut before = recent.skip_while(|it| it.number >= current.number);
        before.next().map(|it| it.stamped.event)
    };
    let event = match (current.stamped.event, before()) {
        (
            Event::Upcall { env, page, .. },
            Some(
                missed @ Event::StlbMissed {
                    env: by,
                    page: wanted,
                    ..
                },
            ),
        ) if (by, wanted) == (env, page) => missed,
        (event, _) => event,
    };
    let (env, page, index, occupant, outcome) = match event {
        Event::StlbMissed {
            env,
            page,
            index,
            occupant,
        } => {
            let outcome = match occupant {
                None => Outcome::Empty,
                Some(own) if own == (env, page) => Outcome::ReadOnly,
                Some(_) => Outcome::Conflict,
            };
            (env, page, index, occupant, outcome)
        }
        Event::StlbHit {
            env, page, index, ..
        } => (env, page, index, None, Outcome::Hit),
        Event::Bound {
            env,
            page,
            index: Some(index),
            ..
        }
        | Event::BoundShared {
            env,
            page,
            index: Some(index),
            ..
        } => (env, page, index, None, Outcome::Written),
        _ => return None,
    };
    Some(Probed {
        env,
        page,
        index,
        occupant,
        outcome,
    })
}

impl Probed {
    fn wanted(&self) -> String {
        named(self.env, self.page)
    }

    fn headline(&self) -> String {
        let (wanted, slot) = (self.wanted(), hex(self.index));
        match (self.outcome, self.occupant) {
            (Outcome::Hit, _) => format!("slot {slot} holds {wanted}: hit"),
            (Outcome::Written, _) => format!("slot {slot} now holds {wanted}"),
            (Outcome::ReadOnly, _) => format!("slot {slot} holds {wanted}, read only: miss"),
            (Outcome::Conflict, Some((env, page))) => {
                format!(
                    "{wanted} finds {} in slot {slot}: conflict",
                    named(env, page)
                )
            }
            (Outcome::Empty | Outcome::Conflict, _) => {
                format!("{wanted} finds slot {slot} empty: miss")
            }
        }
    }
}

fn named(env: EnvId, page: Page) -> String {
    format!("{} {}", env_letter(env), hex(page.0))
}

/// The entries around one; at an end of the table there are fewer.
fn near(stlb: &Stlb, index: u32, linked: &Linked) -> Vec<NearView> {
    let last = (stlb.entries().len() as u32).saturating_sub(1);
    let around = index.saturating_sub(NEAR)..=index.saturating_add(NEAR).min(last);
    let one = |index| NearView {
        index,
        entry: stlb
            .entry(index)
            .map(|it| (Owner { env: it.env }, hex(it.page.0))),
        selected: linked.entries.contains(&index),
    };
    around.map(one).collect()
}

/// How the place follows from the page, and what is there.
fn told(stlb: &Stlb, index: u32, probed: Option<&Probed>) -> String {
    let Some(probed) = probed else {
        return match stlb.entry(index) {
            Some(it) => format!(
                "{} It is there, in frame {}.",
                hashed(stlb, it.env, it.page),
                hex(it.frame.0)
            ),
            None => format!("Nothing is in slot {}.", hex(index)),
        };
    };
    let hashed = hashed(stlb, probed.env, probed.page);
    let there = match (probed.outcome, probed.occupant) {
        (Outcome::Hit, _) => "It is there: the kernel writes it to the TLB.".to_owned(),
        (Outcome::Written, _) => "It has taken the place.".to_owned(),
        (Outcome::ReadOnly, _) => "It is there, and allows reading only.".to_owned(),
        (Outcome::Conflict, Some((env, page))) => {
            let frame = stlb
                .entry(index)
                .map_or_else(String::new, |it| format!(" in frame {}", hex(it.frame.0)));
            format!(
                "{}{frame} is there, and only one fits: in turn each puts the other out, with an upcall each time.",
                named(env, page)
            )
        }
        (Outcome::Empty | Outcome::Conflict, _) => {
            "Nothing is there: the library is called.".to_owned()
        }
    };
    format!("{hashed} {there}")
}

/// How the kernel finds the one place of a page.
fn hashed(stlb: &Stlb, env: EnvId, page: Page) -> String {
    let entries = stlb.entries().len() as u32;
    let (Some(index), Some(tag)) = (stlb.index_of(env, page), stlb.index_of(env, Page(0))) else {
        return String::new();
    };
    // The remainder of an exclusive or is that of its parts where only low bits count.
    let tag = match entries.is_power_of_two() {
        true => format!("tag {}", hex(tag)),
        false => "tag".to_owned(),
    };
    format!(
        "{}: {} xor {}’s {tag}, mod {} = slot {}.",
        named(env, page),
        hex(page.0),
        env_letter(env),
        grouped(entries.into()),
        hex(index)
    )
}

#[cfg(test)]
mod tests {
    use exo_session::explain::env_letter;

    use super::Outcome;
    use crate::store::{Action, Playground};
    use crate::view::tests::{playground, step_until};
    use crate::view::{StlbView, View};

    fn stlb(playground: &Playground) -> StlbView {
        (*View::of(playground).stlb).clone()
    }

    #[test]
    fn the_first_fault_finds_its_place_empty_and_the_write_fills_it() {
        let mut playground = playground();
        step_until(&mut playground, |text| text.starts_with("STLB "));
        let before = stlb(&playground);
        let probe = before.probe.unwrap();
        assert_eq!(probe.outcome, Outcome::Empty);
        assert!(probe.text.ends_with(" empty: miss"), "{}", probe.text);
        assert!(before.bars.is_empty() && before.summary.starts_with("0 of "));
        // At the upcall that follows from it, it is still told.
        playground.update(Action::Step);
        assert_eq!(stlb(&playground).probe.map(|it| it.text), Some(probe.text));
        step_until(&mut playground, |text| text.starts_with("tlb_write "));
        let after = stlb(&playground);
        assert_eq!(after.probe.unwrap().outcome, Outcome::Written);
        assert!(after.summary.starts_with("1 of ") && after.bars.starts_with('M'));
        let close = after.close.unwrap();
        let written = close.entries.iter().find(|it| it.index == close.index);
        assert!(written.is_some_and(|it| it.entry.is_some()));
    }

    #[test]
    fn a_conflict_names_the_page_that_is_wanted_its_hash_and_the_one_in_its_place() {
        let mut scenario = playground().session().scenario().clone();
        scenario.machine.stlb_entries = 4;
        let mut playground = Playground::new(scenario).unwrap();
        for _ in 0..40 {
            step_until(&mut playground, |text| text.starts_with("STLB "));
            let view = stlb(&playground);
            let (probe, close) = (view.probe.unwrap(), view.close.unwrap());
            if probe.outcome != Outcome::Conflict {
                continue;
            }
            let entries = playground.session().machine().kernel().stlb.entries();
            let there = entries[close.index as usize].as_ref().unwrap();
            let wanted = format!("{} {}", probe.wanted.0.letter(), probe.wanted.1);
            let other = format!("{} 0x{:X}", env_letter(there.env), there.page.0);
            assert_ne!(wanted, other);
            assert!(probe.text.starts_with(&wanted), "{}", probe.text);
            for said in [
                format!("{wanted}: {} xor ", probe.wanted.1),
                format!("mod 4 = slot 0x{:X}. ", close.index),
                format!("{other} in frame 0x{:X} is there", there.frame.0),
            ] {
                assert!(close.words.contains(&said), "{}: {said}", close.words);
            }
            return;
        }
        panic!("eight pages never collide in four entries");
    }
}
