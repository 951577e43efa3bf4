//! What must be so after each attack, looked up in what was counted.

use exo_core::event::{BreakReason, Event};
use exo_core::ids::EnvId;
use exo_core::kernel::Phase;
use exo_core::limits::{CAPABILITIES_PER_ENVIRONMENT_MAX, EXCESS_SLICES_MAX, UPCALL_FUEL};

use super::{AttackReport, HONEST, Outcome};
use crate::compare::Expectation;
use crate::explain::grouped;

/// The only attacker, or the first.
const FIRST: EnvId = EnvId(1);

/// Gathers sentences.
struct Judge<'run> {
    report: &'run AttackReport,
    outcome: &'run Outcome,
    said: Vec<Expectation>,
}

/// What must be so after this attack, and whether it is.
pub(super) fn expectations(report: &AttackReport, outcome: &Outcome) -> Vec<Expectation> {
    let mut judge = Judge {
        report,
        outcome,
        said: Vec::new(),
    };
    judge.everywhere();
    match report.name {
        "forge" => judge.forge(),
        "replay" => judge.replay(),
        "ignore-revocation" => judge.ignore_revocation(),
        "loop-in-handler" => judge.loop_in_handler(),
        "fault-in-handler" => judge.fault_in_handler(),
        "exhaust-tables" => judge.exhaust_tables(),
        "guess-ids" => judge.guess_ids(),
        _ => {}
    }
    judge.said
}

impl Judge<'_> {
    fn require(&mut self, text: impl Into<String>, holds: bool) {
        self.said.push(Expectation {
            text: text.into(),
            holds,
        });
    }

    /// Calls of the first attacker with that answer.
    fn times(&self, call: &str, refusal: Option<&str>) -> u64 {
        self.outcome.watch.times(FIRST, call, refusal)
    }

    fn refused(&self, call: &str) -> u64 {
        let tried = self.outcome.watch.tried(FIRST);
        let refused = tried
            .iter()
            .filter(|it| it.call == call && it.refusal.is_some());
        refused.map(|it| it.times).sum()
    }

    fn finished(&self, env: EnvId) -> bool {
        let environment = self.outcome.machine.environment(env);
        environment.is_some_and(|it| it.phase == Phase::Finished)
    }

    fn broke(&self, env: EnvId) -> Option<BreakReason> {
        match self.outcome.machine.environment(env)?.phase {
            Phase::Broken(reason) => Some(reason),
            _ => None,
        }
    }

    fn everywhere(&mut self) {
        let (checks, sound) = (self.report.checks, self.report.violation.is_none());
        self.require(
            format!("every invariant of the kernel held, {checks} times"),
            sound && checks > 0,
        );
        let mut promised = self.report.honest.iter().filter(|it| it.promised);
        let same = promised.all(|it| it.alone == it.beside);
        let honest = self.finished(HONEST);
        self.require(
            "the honest environment has the results that it has alone",
            same && honest,
        );
        let refused = self.report.attackers.iter().map(super::Attacker::refused);
        let refused: u64 = refused.sum();
        let told = self.outcome.watch.told();
        let told = told.filter(|(it, _)| matches!(it.event, Event::Refused { .. }));
        let told: u64 = told.map(|(_, times)| times).sum();
        self.require(
            format!("every refusal is in the log: {}", grouped(refused)),
            refused == told,
        );
    }

    fn forge(&mut self) {
        let forged = self.times("tlb_write_shared", Some("Forged"));
        self.require(
            format!(
                "none of {} numbers that were made up was believed",
                grouped(forged)
            ),
            forged > 10_000 && self.times("tlb_write_shared", None) == 0,
        );
        let widened = self.times("tlb_write_shared", Some("NoAuthority"))
            + self.times("derive", Some("NoAuthority"));
        self.require(
            format!(
                "none of {} attempts to get more out of a real one had it",
                grouped(widened)
            ),
            widened > 100 && self.times("derive", None) == 0,
        );
    }

    fn replay(&mut self) {
        let stale = ["tlb_write_shared", "derive", "revoke", "extent_free"]
            .map(|call| self.times(call, Some("Stale")));
        let disk = self.times("disk_read", Some("Stale")) + self.times("disk_write", Some("Stale"));
        let all: u64 = stale.iter().sum::<u64>() + disk;
        self.require(
            format!(
                "each of {} numbers that had ended was refused as such",
                grouped(all)
            ),
            disk > 100 && stale.iter().all(|times| *times > 100) && self.times("derive", None) == 0,
        );
        let frames = self.times("tlb_write", Some("NoAuthority"));
        self.require(
            format!(
                "none of {} frames that had been given back was bound",
                grouped(frames)
            ),
            frames > 100 && self.times("tlb_write", None) == 0,
        );
        self.require(
            "what was lent and had not ended was good each time",
            self.times("tlb_write_shared", None) > 100,
        );
    }

    fn ignore_revocation(&mut self) {
        let watch = &self.outcome.watch;
        let demanded = watch.count(FIRST, |it| matches!(it, Event::RevocationDemanded { .. }));
        let taken = watch.count(FIRST, |it| matches!(it, Event::Repossessed { .. }));
        let environment = self.outcome.machine.environment(FIRST);
        let (held, limit) = environment.map_or((0, 0), |it| (it.frames_held, it.frame_limit));
        let freed = self.times("free", None);
        self.require(
            format!("the kernel asked, insisted, and took {taken} frames; none was given"),
            demanded > 0 && taken > 0 && freed == 0,
        );
        self.require(
            format!("it is left with {held} frames, as many as it may have"),
            held == limit && limit > 0,
        );
        let refused = self.times("tlb_write", Some("NoAuthority"));
        self.require(
            format!(
                "a frame that was taken was refused each of the {} times that it was used",
                grouped(refused)
            ),
            refused > 0 && refused == self.refused("tlb_write"),
        );
        self.require(
            "it was not ended for that, and came to its own end (A18)",
            self.finished(FIRST),
        );
    }

    fn loop_in_handler(&mut self) {
        let fuel = grouped(UPCALL_FUEL);
        let trapped = |reason| matches!(reason, Some(BreakReason::Trap(_)));
        let (first, third) = (trapped(self.broke(FIRST)), trapped(self.broke(EnvId(3))));
        self.require(
            format!("who loops in an upcall is given up after {fuel} instructions"),
            first && third,
        );
        let watch = &self.outcome.watch;
        let excess = watch.count(EnvId(2), |it| matches!(it, Event::Overran { .. }));
        self.require(
            format!(
                "who goes on after the end of a slice is told {EXCESS_SLICES_MAX} times what it \
                 owes, and then given up (A39)"
            ),
            excess == u64::from(EXCESS_SLICES_MAX)
                && self.broke(EnvId(2)) == Some(BreakReason::ExcessTime),
        );
    }

    fn fault_in_handler(&mut self) {
        let attackers = self.report.attackers.len() as u8;
        let reasons: Vec<BreakReason> = (1..=attackers)
            .filter_map(|env| self.broke(EnvId(env)))
            .collect();
        let distinct = reasons
            .iter()
            .enumerate()
            .all(|(index, it)| !reasons[..index].contains(it));
        self.require(
            "each of them was given up, each for a reason of its own",
            reasons.len() == usize::from(attackers) && distinct,
        );
        self.require(
            "a fault within a handler was passed up to nobody",
            reasons
                .iter()
                .any(|it| matches!(it, BreakReason::DoubleFault { .. })),
        );
        let watch = &self.outcome.watch;
        let once = |env| watch.count(EnvId(env), |it| matches!(it, Event::Broken { .. })) == 1;
        self.require(
            "each was ended once, in the upcall in which it failed",
            (1..=attackers).all(once),
        );
    }

    fn exhaust_tables(&mut self) {
        let capabilities = self.outcome.machine.kernel().capabilities.records();
        let made = capabilities.filter(|(_, it)| it.maker == FIRST).count();
        self.require(
            format!("it made {made} capabilities, its share of the table, and no more"),
            made == CAPABILITIES_PER_ENVIRONMENT_MAX,
        );
        let limits = [
            ("allocate", "Limit"),
            ("extent_allocate", "BlockLimit"),
            ("capability", "CapabilityLimit"),
            ("derive", "CapabilityLimit"),
            ("slice_allocate", "Taken"),
        ];
        let all = limits.iter().all(|(call, refusal)| {
            self.times(call, Some(refusal)) > 0
                && self.refused(call) == self.times(call, Some(refusal))
        });
        self.require("each table said that there was no more", all);
        let environment = self.outcome.machine.environment(HONEST);
        self.require(
            "the neighbour's limit is what it was: room only moves down to where both are equal",
            environment.is_some_and(|it| it.frame_limit == it.frames_held),
        );
    }

    fn guess_ids(&mut self) {
        let calls = [
            "allocate_at",
            "capability",
            "referenced",
            "clear_referenced",
            "dirty",
            "clear_dirty",
            "disk_write",
            "disk_read",
            "free",
            "slice_free",
            "transfer_sync",
            "transfer_async",
        ];
        let guesses: u64 = calls.iter().map(|call| self.refused(call)).sum();
        let none = |call: &&str| self.times(call, None) == 0;
        self.require(
            format!("none of {} guesses was granted", grouped(guesses)),
            guesses > 10_000 && calls.iter().all(none),
        );
        self.require(
            "what has an owner was refused for that, and what there is not for that",
            self.times("free", Some("NoAuthority")) > 0
                && self.times("free", Some("NoSuchFrame")) > 0
                && self.times("free", Some("Pinned")) > 0,
        );
    }
}
