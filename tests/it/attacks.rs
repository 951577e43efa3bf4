//! Malicious libOSes beside an honest one: the kernel holds, the honest one has the results that it has
//! alone, and the log says what happened.

use exo_libos_samples::attacks::{ATTACKS, Attack, Honest, attack};
use exo_session::Session;
use exo_session::attacks::{AttackReport, run, scene};
use exo_session::attempts::{Attempt, holdings};

/// Runs an attack, after which everything must be so that is said of it.
fn holds(name: &str) -> AttackReport {
    let report = run(attack(name).unwrap()).unwrap();
    for it in &report.expectations {
        assert!(it.holds, "{name}: it is not so that {}", it.text);
    }
    assert!(report.expectations.len() > 3 && report.checks > 1);
    report
}

/// How often a call had that answer, of all attackers.
fn times(report: &AttackReport, call: &str, refusal: Option<&str>) -> u64 {
    let tried = report.attackers.iter().flat_map(|it| &it.tried);
    let tried = tried.filter(|it| (it.call, it.refusal) == (call, refusal));
    tried.map(|it| it.times).sum()
}

#[test]
fn a10_no_forged_capability_is_believed_and_none_gives_more_than_it_allows() {
    let report = holds("forge");
    assert!(times(&report, "tlb_write_shared", Some("Forged")) > 40_000);
    assert_eq!(times(&report, "tlb_write_shared", None), 0);
    assert_eq!(times(&report, "derive", None), 0);
}

#[test]
fn a11_what_has_ended_is_worth_nothing_when_it_is_presented_again() {
    let report = holds("replay");
    for call in [
        "tlb_write_shared",
        "derive",
        "revoke",
        "disk_read",
        "disk_write",
        "extent_free",
    ] {
        assert!(times(&report, call, Some("Stale")) > 1000, "{call}");
    }
}

#[test]
fn a18_who_ignores_revocation_loses_frames_and_nothing_else() {
    let report = holds("ignore-revocation");
    let [attacker] = &report.attackers[..] else {
        panic!("{:?}", report.attackers);
    };
    assert_eq!((attacker.frames_held, attacker.repossessions), (8, 40));
    let told = |text: &str| report.log.iter().any(|it| it.text.contains(text));
    assert!(told("the kernel insists") && told("The deadline is over"));
}

#[test]
fn a39_who_loops_in_a_handler_is_given_up_and_keeps_nobody_waiting_for_ever() {
    let report = holds("loop-in-handler");
    let ends: Vec<&str> = report
        .attackers
        .iter()
        .map(|it| it.ending.as_str())
        .collect();
    assert!(ends[0].contains("used all its fuel") && ends[2].contains("used all its fuel"));
    assert!(ends[1].contains("more than 3 slices"), "{}", ends[1]);
}

#[test]
fn who_faults_in_a_handler_is_given_up_at_that_line() {
    let report = holds("fault-in-handler");
    for attacker in &report.attackers {
        assert!(attacker.ending.contains("line "), "{attacker:?}");
    }
}

#[test]
fn who_takes_all_there_is_gets_its_share_and_the_neighbour_its_own() {
    let report = holds("exhaust-tables");
    for (call, refusal) in [
        ("allocate", "Limit"),
        ("extent_allocate", "BlockLimit"),
        ("capability", "CapabilityLimit"),
        ("slice_allocate", "Taken"),
    ] {
        assert!(times(&report, call, None) > 0, "{call}");
        assert!(times(&report, call, Some(refusal)) > 0, "{call}");
    }
}

#[test]
fn a02_a_name_is_no_right() {
    let report = holds("guess-ids");
    for call in [
        "free",
        "tlb_write",
        "disk_write",
        "slice_free",
        "capability",
    ] {
        assert!(times(&report, call, Some("NoAuthority")) > 0, "{call}");
    }
}

#[test]
fn a_session_counts_the_refusals_that_who_listens_to_the_attack_counts() {
    for name in ["forge", "replay", "guess-ids", "exhaust-tables"] {
        let attack = attack(name).unwrap();
        let report = run(attack).unwrap();
        let mut session = Session::new(scene(attack).unwrap().scenario).unwrap();
        session.run_slice(u64::MAX);
        let mut all = 0;
        for it in session.tally().tries(session.step_number()) {
            let Attempt::Call(call, error) = it.attempt else {
                panic!("{it:?}");
            };
            let attacker = &report.attackers[it.env.index() - 1];
            let same = |tried: &&exo_session::attacks::Tried| {
                (tried.call, tried.refusal) == (call.name(), Some(error.name()))
            };
            let tried = attacker.tried.iter().find(same);
            assert_eq!(tried.map(|it| it.times), Some(it.times), "{name}: {it:?}");
            all += it.times;
        }
        let refused = report.attackers.iter().map(|it| it.refused());
        assert_eq!(all, refused.sum::<u64>(), "{name}");
        let holdings = holdings(session.machine());
        assert!(holdings[0].is_whole(), "{name}: {:?}", holdings[0]);
        assert!(
            holdings.iter().all(|it| it.stolen + it.robbed == 0),
            "{name}"
        );
    }
}

#[test]
fn what_is_lent_is_reached_and_what_is_reached_without_a_right_is_told_so() {
    let mut session = Session::new(scene(attack("replay").unwrap()).unwrap().scenario).unwrap();
    let mut most = 0;
    while session.run_slice(500) == exo_core::machine::Stop::Reached && most == 0 {
        let holdings = holdings(session.machine());
        most = most.max(holdings[1].reaches);
        assert_eq!(holdings[0].reached, holdings[1].reaches);
    }
    assert!(most > 0, "the attacker has what was lent");
    let mut holding = holdings(session.machine())[0].clone();
    holding.robbed = 2;
    assert!(!holding.is_whole() && holding.words(true).contains("is not as it was"));
    assert!(
        holding
            .words(false)
            .contains("; 2 of its frames are reached without a right")
    );
}

#[test]
fn every_attack_is_told_and_has_a_lesson_and_no_warning() {
    assert_eq!(ATTACKS.len(), 7);
    for it in ATTACKS {
        assert!(it.lesson().lines().count() > 3, "{}", it.name);
        let checked = exo_policy::check(it.source);
        let told: Vec<String> = checked
            .diagnostics
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(told, [""; 0], "{}", it.name);
    }
}

/// Serves its faults as anyone does.
static POLITE: &str = "
use exo_prelude::*;
pub struct Polite { own: Option<Frame> }
impl Polite {
    pub const fn new() -> Polite { Polite { own: None } }
}
impl LibOs for Polite {
    fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {
        let frame = match self.own {
            Some(frame) => frame,
            None => sys.allocate()?,
        };
        self.own = Some(frame);
        sys.tlb_write(fault.page, frame, Access::ReadWrite)
    }
}
";

#[test]
fn an_attack_that_attacks_nothing_is_noticed() {
    for name in [
        "forge",
        "replay",
        "ignore-revocation",
        "guess-ids",
        "exhaust-tables",
    ] {
        let polite: &'static Attack = Box::leak(Box::new(Attack {
            name: attack(name).unwrap().name,
            honest: Honest::Pager,
            source: POLITE,
            ..ATTACKS[0]
        }));
        let report = run(polite).unwrap();
        let failed = report.expectations.iter().filter(|it| !it.holds).count();
        assert!(failed > 0, "{name} shows nothing");
    }
}
