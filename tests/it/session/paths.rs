//! Paths: every hop of a fault and of the other upcalls, whoever runs in between, with cycles that add up.

use exo_core::event::Event;
use exo_core::ids::EnvId;
use exo_core::machine::Stop;
use exo_session::path::{FaultPath, Hop, PathKind, fault_path};
use exo_session::{Search, Session};
use expect_test::{Expect, expect};

use super::{session, synthetic};
use crate::saved::{opened, shipped};

fn scenario(name: &str) -> Session {
    opened(shipped(name)).session
}

fn told(hop: &Hop) -> String {
    let mark = if hop.now { "> " } else { "  " };
    let refused = if hop.refused { "x " } else { "" };
    let aside = if hop.aside { "(aside) " } else { "" };
    let note = hop
        .note
        .as_deref()
        .map_or(String::new(), |it| format!(" [{it}]"));
    let crossing = if hop.crossings > 0 { " ‖" } else { "" };
    format!(
        "{mark}{} {:?}>{:?} {refused}{aside}{}{note} {}{crossing}",
        hop.step, hop.from, hop.to, hop.text, hop.cycles
    )
}

/// The path, a line for each hop; of many that are alike the first two.
fn text(path: &FaultPath) -> String {
    let mut lines = vec![format!("{:?}: {}", path.kind, path.title)];
    let mut alike = 0;
    for (index, hop) in path.hops.iter().enumerate() {
        let same = |it: &&Hop| (&it.text, it.cycles) == (&hop.text, hop.cycles);
        let before = index.checked_sub(1).and_then(|it| path.hops.get(it));
        alike = if before.as_ref().is_some_and(same) {
            alike + 1
        } else {
            0
        };
        if alike < 2 || hop.now {
            lines.push(told(hop));
        }
    }
    lines.push(format!(
        "{} cycles: application {}, libOS {}, kernel {}; aside {}; {} crossings; {}",
        path.cycles(),
        path.application,
        path.libos,
        path.kernel,
        path.aside,
        path.crossings,
        if path.complete { "complete" } else { "so far" }
    ));
    lines.join("\n") + "\n"
}

fn check(session: &Session, expected: Expect) {
    expected.assert_eq(&text(&fault_path(session).unwrap()));
}

/// The machine's cycles between the first and the last hop.
fn passed(session: &Session, path: &FaultPath) -> u64 {
    let at = |step: u64| {
        let found = session.recent().iter().find(|it| it.number == step);
        found.unwrap().stamped.cycles
    };
    at(path.hops.last().unwrap().step) - at(path.hops[0].step)
}

#[test]
fn a_transfer_into_another_libos_and_what_is_refused_behind_it_are_hops() {
    let mut session = scenario("attack-forge");
    session.go_to_step(138);
    let mut before = fault_path(&session).unwrap();
    for _ in 139..=146 {
        session.step();
        let path = fault_path(&session).unwrap();
        assert_eq!(path.hops.len(), before.hops.len() + 1);
        assert!(path.cycles() > before.cycles() && path.crossings > before.crossings);
        assert!(path.hops.last().unwrap().now);
        before = path;
    }
    check(
        &session,
        expect![[r#"
        Fault: B refers to 0x0001AB70; page 0x1A is not in the TLB
          134 Hardware>Kernel page 0x1A not in TLB 0 ‖
          135 Kernel>Kernel STLB 0xEE9 is empty 0
          136 Kernel>Libos upcall page_fault 0x1A 36
          137 Libos>Kernel allocate → frame 0x8 46 ‖
          138 Libos>Kernel capability for frame 0x8 44 ‖
          139 Libos>Kernel transfer_sync → A 57 ‖
          140 Libos>Kernel A: derive a capability for frame 0x2 48 ‖
          141 Libos>Kernel A: transfers back to B 52 ‖
          142 Libos>Kernel x tlb_write_shared [no: the kernel never made such a capability] 65 ‖
          143 Libos>Kernel x tlb_write_shared [no: the kernel never made such a capability] 55 ‖
          144 Libos>Kernel x tlb_write_shared [no: the kernel never made such a capability] 55 ‖
        > 146 Libos>Kernel x tlb_write_shared [no: the kernel never made such a capability] 55 ‖
        568 cycles: application 0, libOS 140, kernel 428; aside 0; 11 crossings; so far
    "#]],
    );
}

#[test]
fn a_handler_that_uses_all_its_fuel_up_has_a_path_up_to_the_hop_that_gives_it_up() {
    let mut session = scenario("attack-loop-in-handler");
    session.go_to_step(134_532);
    check(
        &session,
        expect![[r#"
        Fault: B refers to 0x00020E90; page 0x20 is not in the TLB
          134526 Hardware>Kernel page 0x20 not in TLB 0 ‖
          134527 Kernel>Kernel STLB 0xED3 is empty 0
          134528 Kernel>Libos upcall page_fault 0x20 36
          134529 Libos>Kernel environment → 1 44 ‖
          134531 Libos>Libos (aside) the handler runs on; 2 steps of others 871099
        > 134532 Kernel>Kernel x given up, line 51 128897
        1000076 cycles: application 0, libOS 1000000, kernel 76; aside 0; 2 crossings; so far
    "#]],
    );
    // What happens to others meanwhile is told by the paths that it is part of.
    session.go_to_step(134_530);
    check(
        &session,
        expect![[r#"
        Fault: B refers to 0x00020E90; page 0x20 is not in the TLB
          134526 Hardware>Kernel page 0x20 not in TLB 0 ‖
          134527 Kernel>Kernel STLB 0xED3 is empty 0
          134528 Kernel>Libos upcall page_fault 0x20 36
          134529 Libos>Kernel environment → 1 44 ‖
        > 134530 Libos>Libos (aside) the handler runs on; A: the disk has written 58564
        58644 cycles: application 0, libOS 58568, kernel 76; aside 0; 2 crossings; so far
    "#]],
    );
}

/// The steps of a dialogue about frames, as the path tells them behind the last one.
fn dialogue(mut session: Session, ends: impl Fn(&Event) -> bool) -> Session {
    loop {
        assert_eq!(session.step(), Stop::Reached);
        if ends(&session.current().unwrap().stamped.event) {
            return session;
        }
    }
}

#[test]
fn a_request_for_frames_its_upcall_and_what_is_given_up_are_one_path() {
    let mut session = Session::new(exo_session::first_light().unwrap()).unwrap();
    session.go_to_step(200_000);
    session.set_frame_limit(EnvId(0), 59).unwrap();
    let asked = dialogue(session, |event| matches!(event, Event::Notified { .. }));
    check(
        &asked,
        expect![[r#"
        Revocation: A is to give back 5 frames
          200001 Kernel>Kernel limit is now 59 0
          200773 Application>Application (aside) B runs, 772 steps 1047
        > 200774 Kernel>Libos upcall revoke [5 frames] 36
        36 cycles: application 0, libOS 0, kernel 36; aside 1047; 0 crossings; so far
    "#]],
    );
    let answered = dialogue(asked, |event| matches!(event, Event::Resumed { .. }));
    check(
        &answered,
        expect![[r#"
        Revocation: A is to give back 5 frames
          200001 Kernel>Kernel limit is now 59 0
          200773 Application>Application (aside) B runs, 772 steps 1047
          200774 Kernel>Libos upcall revoke [5 frames] 36
          200775 Libos>Kernel x next_repossessed [no: the kernel has taken no frame that the environment has not been told of] 45 ‖
          200776 Libos>Kernel frame_limit → 59 47 ‖
          200777 Libos>Kernel tlb_drop 0x844 55 ‖
          200778 Libos>Kernel free frame 0x77 [kernel stack] 119 ‖
          200779 Libos>Kernel x next_repossessed [no: the kernel has taken no frame that the environment has not been told of] 57 ‖
          200780 Libos>Kernel frame_limit → 59 47 ‖
          200781 Libos>Kernel tlb_drop 0x83E 55 ‖
          200782 Libos>Kernel free frame 0x78 [kernel stack] 119 ‖
          200783 Libos>Kernel x next_repossessed [no: the kernel has taken no frame that the environment has not been told of] 57 ‖
          200784 Libos>Kernel frame_limit → 59 47 ‖
          200785 Libos>Kernel tlb_drop 0x842 55 ‖
          200786 Libos>Kernel free frame 0x79 [kernel stack] 119 ‖
          200787 Libos>Kernel x next_repossessed [no: the kernel has taken no frame that the environment has not been told of] 57 ‖
          200788 Libos>Kernel frame_limit → 59 47 ‖
          200789 Libos>Kernel tlb_drop 0x843 55 ‖
          200790 Libos>Kernel free frame 0x7A [kernel stack] 119 ‖
          200791 Libos>Kernel x next_repossessed [no: the kernel has taken no frame that the environment has not been told of] 57 ‖
          200792 Libos>Kernel frame_limit → 59 47 ‖
          200793 Libos>Kernel tlb_drop 0x83F 55 ‖
          200794 Libos>Kernel free frame 0x82 [kernel stack] 119 ‖
        > 200795 Libos>Application resumes the application 17
        1431 cycles: application 0, libOS 505, kernel 926; aside 1047; 20 crossings; complete
    "#]],
    );
}

#[test]
fn an_order_its_deadline_and_the_loss_by_force_are_one_path() {
    let mut session = scenario("attack-ignore-revocation");
    let taken = exo_session::condition::parse_condition("repossession").unwrap();
    assert_eq!(session.run_until(&taken, u64::MAX), Search::Found);
    check(
        &session,
        expect![[r#"
        Revocation: B is to give back 40 frames
          361885 Kernel>Libos must give back 40 frames [the request is over] 0
          361886 Kernel>Libos upcall revoke [40 frames] 36
          361887 Libos>Application resumes the application 6
          361888 Hardware>Hardware (aside) nobody runs for 1,208 cycles 1208
        > 361889 Kernel>Libos x loses frame 0x18 by force [the deadline is over] 0
        42 cycles: application 0, libOS 6, kernel 36; aside 1208; 0 crossings; so far
    "#]],
    );
    let told = |event: &Event| {
        matches!(
            event,
            Event::Notified { .. } | Event::Switched { .. } | Event::Broken { .. }
        )
    };
    check(
        &dialogue(session, told),
        expect![[r#"
        Revocation: B is to give back 40 frames
          361885 Kernel>Libos must give back 40 frames [the request is over] 0
          361886 Kernel>Libos upcall revoke [40 frames] 36
          361887 Libos>Application resumes the application 6
          361888 Hardware>Hardware (aside) nobody runs for 1,208 cycles 1208
          361889 Kernel>Libos x loses frame 0x18 by force [the deadline is over] 0
          361890 Kernel>Libos x loses frame 0x19 by force [the deadline is over] 0
          361891 Kernel>Libos x loses frame 0x1A by force [the deadline is over] 0
          361892 Kernel>Libos x loses frame 0x1B by force [the deadline is over] 0
          361893 Kernel>Libos x loses frame 0x1C by force [the deadline is over] 0
          361894 Kernel>Libos x loses frame 0x1D by force [the deadline is over] 0
          361895 Kernel>Libos x loses frame 0x1E by force [the deadline is over] 0
          361896 Kernel>Libos x loses frame 0x1F by force [the deadline is over] 0
          361897 Kernel>Libos x loses frame 0x20 by force [the deadline is over] 0
          361898 Kernel>Libos x loses frame 0x21 by force [the deadline is over] 0
          361899 Kernel>Libos x loses frame 0x22 by force [the deadline is over] 0
          361900 Kernel>Libos x loses frame 0x23 by force [the deadline is over] 0
          361901 Kernel>Libos x loses frame 0x24 by force [the deadline is over] 0
          361902 Kernel>Libos x loses frame 0x25 by force [the deadline is over] 0
          361903 Kernel>Libos x loses frame 0x26 by force [the deadline is over] 0
          361904 Kernel>Libos x loses frame 0x27 by force [the deadline is over] 0
          361905 Kernel>Libos x loses frame 0x28 by force [the deadline is over] 0
          361906 Kernel>Libos x loses frame 0x29 by force [the deadline is over] 0
          361907 Kernel>Libos x loses frame 0x2A by force [the deadline is over] 0
          361908 Kernel>Libos x loses frame 0x2B by force [the deadline is over] 0
          361909 Kernel>Libos x loses frame 0x2C by force [the deadline is over] 0
          361910 Kernel>Libos x loses frame 0x2D by force [the deadline is over] 0
          361911 Kernel>Libos x loses frame 0x2E by force [the deadline is over] 0
          361912 Kernel>Libos x loses frame 0x2F by force [the deadline is over] 0
          361913 Kernel>Libos x loses frame 0x30 by force [the deadline is over] 0
          361914 Kernel>Libos x loses frame 0x31 by force [the deadline is over] 0
          361915 Kernel>Libos x loses frame 0x32 by force [the deadline is over] 0
          361916 Kernel>Libos x loses frame 0x33 by force [the deadline is over] 0
          361917 Kernel>Libos x loses frame 0x34 by force [the deadline is over] 0
          361918 Kernel>Libos x loses frame 0x35 by force [the deadline is over] 0
          361919 Kernel>Libos x loses frame 0x36 by force [the deadline is over] 0
          361920 Kernel>Libos x loses frame 0x37 by force [the deadline is over] 0
          361921 Kernel>Libos x loses frame 0x38 by force [the deadline is over] 0
          361922 Kernel>Libos x loses frame 0x39 by force [the deadline is over] 0
          361923 Kernel>Libos x loses frame 0x3A by force [the deadline is over] 0
          361924 Kernel>Libos x loses frame 0x3B by force [the deadline is over] 0
          361925 Kernel>Libos x loses frame 0x3C by force [the deadline is over] 0
          361926 Kernel>Libos x loses frame 0x3D by force [the deadline is over] 0
          361927 Kernel>Libos x loses frame 0x3E by force [the deadline is over] 0
          361928 Kernel>Libos x loses frame 0x3F by force [the deadline is over] 0
        > 361929 Kernel>Libos upcall repossessed 36
        78 cycles: application 0, libOS 6, kernel 72; aside 1208; 0 crossings; so far
    "#]],
    );
}

#[test]
fn a_fault_goes_on_behind_what_passes_meanwhile() {
    let mut session = scenario("swap");
    let switched = |path: &FaultPath| {
        let aside = path.hops.iter().any(|it| it.aside);
        aside && path.complete && path.kind == PathKind::Fault
    };
    loop {
        assert_eq!(session.step(), Stop::Reached);
        if fault_path(&session).is_some_and(|it| switched(&it)) {
            break;
        }
    }
    check(
        &session,
        expect![[r#"
        Fault: A writes 0x00111000; page 0x111 is not in the TLB
          50710 Hardware>Kernel page 0x111 not in TLB 0 ‖
          50711 Kernel>Kernel STLB 0x111 is empty 0
          50712 Kernel>Libos upcall page_fault 0x111 36
          50713 Libos>Kernel frame_limit → 16 56 ‖
          50714 Libos>Kernel referenced 0x21: no 49 ‖
          50715 Libos>Kernel tlb_drop 0x101 54 ‖
          50716 Libos>Kernel dirty 0x21: yes 66 ‖
          50717 Libos>Kernel disk_write frame 0x21 → block 17 [kernel stack] 115 ‖
          50718 Hardware>Hardware (aside) nobody runs for 50,000 cycles 50000
          50719 Hardware>Libos the disk has written 0
          50720 Libos>Kernel clear_dirty 0x21 47 ‖
          50721 Libos>Kernel tlb_write 0x111 → frame 0x21 for 0x101 [owner: yes] 95 ‖
          50722 Libos>Application resumes the application 1
        > 50723 Application>Hardware store 0x111 again 1
        520 cycles: application 1, libOS 185, kernel 334; aside 50000; 8 crossings; complete
    "#]],
    );
}

#[test]
fn the_cycles_of_hops_add_up_to_those_that_the_machine_counted() {
    let names = [
        "first-light",
        "swap",
        "collector",
        "attack-forge",
        "attack-replay",
        "attack-exhaust-tables",
        "attack-fault-in-handler",
        "attack-guess-ids",
    ];
    let mut lit = 0;
    for name in names {
        let mut session = scenario(name);
        for _ in 0..1_500 {
            if session.step() != Stop::Reached {
                break;
            }
            let Some(path) = fault_path(&session) else {
                continue;
            };
            let hops: u64 = path.hops.iter().map(|it| it.cycles).sum();
            assert_eq!(hops, path.cycles() + path.aside, "{name}: {path:#?}");
            assert_eq!(hops, passed(&session, &path), "{name}: {path:#?}");
            let current = path.hops.iter().filter(|it| it.now).count();
            lit += current;
            assert!(current <= 1, "{name}: {path:#?}");
        }
    }
    assert!(lit > 3_000, "{lit}");
}

#[test]
fn the_cycles_of_a_fault_are_its_environment_s_own_however_its_time_is_cut() {
    let mut scenario = synthetic(3_000);
    scenario.machine.slice_references = 7;
    let mut session = session(scenario);
    let own = |session: &Session, env: EnvId| {
        let environment = session.machine().environment(env).unwrap();
        let cycles = environment.cycles;
        (
            cycles.application,
            cycles.libos,
            cycles.kernel,
            environment.counters.crossings,
        )
    };
    let mut begun = None;
    let mut checked = 0;
    while session.step() == Stop::Reached {
        let event = session.current().unwrap().stamped.event;
        let env = event.env();
        match event {
            Event::Missed { .. } if begun.is_none() => begun = Some((env, own(&session, env))),
            Event::Accessed { rerun: true, .. } => {
                let Some((by, before)) = begun.take().filter(|it| it.0 == env) else {
                    continue;
                };
                let (path, after) = (fault_path(&session).unwrap(), own(&session, by));
                assert!(path.complete && path.env == by && path.hops.last().unwrap().now);
                assert_eq!(path.application, after.0 - before.0);
                assert_eq!(path.libos, after.1 - before.1, "{}", text(&path));
                assert_eq!(path.kernel, after.2 - before.2, "{}", text(&path));
                // The trap was counted with the first hop.
                assert_eq!(u64::from(path.crossings), after.3 - before.3 + 1);
                checked += 1;
            }
            _ => {}
        }
    }
    assert!(checked > 300, "{checked}");
}
