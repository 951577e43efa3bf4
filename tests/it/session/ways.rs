//! A reference under the comparison kernels: each hop costs what a parameter says, and all of them what the
//! comparison charges for it.

use std::sync::Arc;

use exo_core::cpu::{Program, Role};
use exo_core::ids::EnvId;
use exo_core::rivals::{
    Counts, GlobalClock, Pagers, Parameters, Rival, RivalApplication, RivalConfig, Service, Signals,
};
use exo_core::trace::Trace;
use exo_session::compare::{Beside, KernelKind, Way};
use exo_session::{ApplicationSpec, EnvironmentSpec, Scenario};
use expect_test::expect;

use super::synthetic;

const A: EnvId = EnvId(0);
const B: EnvId = EnvId(1);

fn ways(scenario: &Scenario, parameters: Parameters, env: EnvId, reference: u64) -> Vec<Way> {
    let mut beside = Beside::new(scenario.clone(), parameters, env, reference).unwrap();
    while beside.advance(1_000) {}
    beside.ways().to_vec()
}

fn config(scenario: &Scenario, tagged: bool) -> RivalConfig {
    let environments = scenario.environments.iter().map(|it| RivalApplication {
        policy: Some(Arc::<Program>::new(
            exo_policy::compile_as(Role::LibOs, &it.source).unwrap(),
        )),
        frame_limit: it.frame_limit,
    });
    RivalConfig {
        page_bits: scenario.machine.page_bits,
        tlb: scenario.machine.tlb,
        tagged,
        slice_references: scenario.machine.slice_references,
        use_stamps: scenario.machine.use_stamps,
        seed: scenario.machine.seed,
        environments: environments.collect(),
    }
}

fn traced(spec: &EnvironmentSpec) -> &Trace {
    match &spec.application {
        ApplicationSpec::Trace(named) => &named.trace,
        ApplicationSpec::Program { name, .. } => panic!("{name} is a program"),
    }
}

/// What a kernel charges for each reference of an environment: the differences of its counts.
fn charged<S: Service>(scenario: &Scenario, tagged: bool, env: EnvId) -> Vec<(u64, u64, u64, u64)> {
    let mut rival = Rival::<S>::new(&config(scenario, tagged), Parameters::default()).unwrap();
    let traces: Vec<_> = scenario.environments.iter().map(traced).collect();
    let counts = |rival: &Rival<S>| rival.board().counts(env).unwrap();
    let mut all = Vec::new();
    let mut before = counts(&rival);
    for completed in 1.. {
        let over = rival.run(completed, &traces);
        let after = counts(&rival);
        if after.references > before.references {
            let less = |of: fn(&Counts) -> u64| of(&after) - of(&before);
            all.push((
                less(|it| it.cycles.application),
                less(|it| it.cycles.handler),
                less(|it| it.cycles.kernel),
                less(|it| it.crossings),
            ));
        }
        before = after;
        if over {
            break;
        }
    }
    all
}

#[test]
fn the_hops_of_a_reference_add_up_to_what_the_comparison_charges_for_it() {
    let scenario = synthetic(600);
    for env in [A, B] {
        let kernels = [
            charged::<Pagers>(&scenario, true, env),
            charged::<Pagers>(&scenario, false, env),
            charged::<GlobalClock>(&scenario, true, env),
            charged::<Signals>(&scenario, true, env),
        ];
        let mut beside = Beside::new(scenario.clone(), Parameters::default(), env, 0).unwrap();
        for reference in (0..600).step_by(3) {
            assert!(beside.go_on_to(env, reference));
            while beside.advance(50) {}
            for (way, charged) in beside.ways().iter().zip(&kernels) {
                let cycles = &way.cycles;
                let told = (
                    cycles.application,
                    cycles.libos,
                    cycles.kernel,
                    way.crossings,
                );
                assert_eq!(told, charged[reference as usize], "{reference}: {way:#?}");
                let hops: u64 = way.hops.iter().map(|it| it.cycles).sum();
                assert_eq!(hops, told.0 + told.1 + told.2);
            }
        }
        assert!(
            !beside.go_on_to(env, 0),
            "what is past is gone to from the beginning"
        );
    }
}

#[test]
fn every_hop_of_a_kernel_costs_what_a_parameter_says() {
    let scenario = synthetic(600);
    let parameters = Parameters::default();
    let mut named = std::collections::BTreeSet::new();
    for reference in (0..600).step_by(29) {
        for way in ways(&scenario, parameters, A, reference) {
            for hop in &way.hops {
                let Some(note) = &hop.note else {
                    let free = [
                        "page_fault: instructions",
                        "page 0x",
                        "store to",
                        "return from",
                    ];
                    assert!(free.iter().any(|it| hop.text.starts_with(it)), "{hop:?}");
                    continue;
                };
                let (times, name) = match note.split_once(" × ") {
                    Some((times, name)) => (times.parse().unwrap(), name),
                    None => (1, note.as_str()),
                };
                assert_eq!(hop.cycles, times * parameters.get(name).unwrap(), "{hop:?}");
                named.insert(name.to_owned());
            }
        }
    }
    for name in [
        "ipc_one_way",
        "map",
        "unmap",
        "kernel_call",
        "library_call",
        "space_switch",
    ] {
        assert!(named.contains(name), "{name}: {named:?}");
    }
    for name in [
        "kernel_entry",
        "fault_code",
        "clock_step",
        "signal",
        "protect_call",
    ] {
        assert!(named.contains(name), "{name}: {named:?}");
    }
}

#[test]
fn a_path_that_costs_more_makes_its_hops_longer() {
    let scenario = synthetic(600);
    let mut dear = Parameters::default();
    dear.set("ipc_one_way", 1_000).unwrap();
    let (usual, dear) = (
        ways(&scenario, Parameters::default(), A, 0),
        ways(&scenario, dear, A, 0),
    );
    for (usual, dear) in usual.iter().zip(&dear) {
        let messages = matches!(
            usual.kernel,
            KernelKind::MicrokernelTagged | KernelKind::MicrokernelUntagged
        );
        let more = if messages { 2 * (1_000 - 65) } else { 0 };
        assert_eq!(dear.cycles.kernel, usual.cycles.kernel + more, "{dear:#?}");
    }
}

#[test]
fn a_fault_that_takes_another_page_s_frame_is_told_hop_by_hop_under_every_kernel() {
    let scenario = synthetic(600);
    let full = |ways: &[Way]| ways.iter().all(|it| it.hops.len() > 3);
    let all = (100..600).map(|it| ways(&scenario, Parameters::default(), A, it));
    let ways = all.into_iter().find(|it| full(it)).unwrap();
    let mut text = String::new();
    for way in &ways {
        text += &format!("{}: {} crossings\n", way.kernel.title(), way.crossings);
        for hop in &way.hops {
            let note = hop.note.as_deref().unwrap_or("");
            text += &format!(
                "  {:?}>{:?} {} [{note}] {}\n",
                hop.from, hop.to, hop.text, hop.cycles
            );
        }
    }
    expect![[r#"
        microkernel, tagged TLB: 3 crossings
          Hardware>Kernel page 0x17 not in TLB [] 0
          Kernel>Libos message to the pager [ipc_one_way] 65
          Kernel>Kernel to the pager’s space [space_switch] 0
          Libos>Libos page_fault: instructions [] 16
          Libos>Libos frame_limit, its own list [library_call] 7
          Libos>Libos page_fault: instructions [] 17
          Libos>Kernel tlb_drop [kernel_call] 80
          Kernel>Kernel takes the mapping away [unmap] 36
          Libos>Libos page_fault: instructions [] 48
          Libos>Libos tlb_write, its own list [library_call] 7
          Libos>Libos page_fault: instructions [] 1
          Libos>Kernel reply with mappings [ipc_one_way] 65
          Kernel>Kernel to its own space [space_switch] 0
          Kernel>Hardware maps page 0x17 [map] 36
          Application>Hardware page 0x17 again [] 1
        microkernel, untagged TLB: 3 crossings
          Hardware>Kernel page 0x17 not in TLB [] 0
          Kernel>Libos message to the pager [ipc_one_way] 65
          Kernel>Kernel to the pager’s space [space_switch] 0
          Libos>Libos page_fault: instructions [] 16
          Libos>Libos frame_limit, its own list [library_call] 7
          Libos>Libos page_fault: instructions [] 17
          Libos>Kernel tlb_drop [kernel_call] 80
          Kernel>Kernel takes the mapping away [unmap] 36
          Libos>Libos page_fault: instructions [] 48
          Libos>Libos tlb_write, its own list [library_call] 7
          Libos>Libos page_fault: instructions [] 1
          Libos>Kernel reply with mappings [ipc_one_way] 65
          Kernel>Kernel to its own space [space_switch] 0
          Kernel>Hardware maps page 0x17 [map] 36
          Application>Hardware page 0x17 again [] 1
        monolithic, own CLOCK: 1 crossings
          Hardware>Kernel page 0x17 not in TLB [] 0
          Kernel>Kernel in and out [kernel_entry] 403
          Kernel>Kernel page-fault code [fault_code] 242
          Kernel>Kernel the CLOCK’s hand [clock_step] 10
          Application>Hardware page 0x17 again [] 1
        monolithic, by signal: 4 crossings
          Hardware>Kernel page 0x17 not in TLB [] 0
          Kernel>Libos signal to the handler [signal] 3000
          Libos>Libos page_fault: instructions [] 16
          Libos>Libos frame_limit, its own list [library_call] 7
          Libos>Libos page_fault: instructions [] 17
          Libos>Kernel tlb_drop [protect_call] 645
          Libos>Libos page_fault: instructions [] 48
          Libos>Kernel tlb_write [protect_call] 645
          Libos>Libos page_fault: instructions [] 1
          Libos>Kernel return from the signal [] 0
          Application>Hardware page 0x17 again [] 1
    "#]]
    .assert_eq(&text);
}

#[test]
fn a_reference_that_hits_under_another_kernel_has_one_hop_there() {
    let mut scenario = synthetic(600);
    scenario.environments.truncate(1);
    let hit = (1..600).find_map(|it| {
        let ways = ways(&scenario, Parameters::default(), A, it);
        ways.into_iter().find(|way| way.hops.len() == 1)
    });
    let way = hit.unwrap();
    assert!(way.hops[0].text.ends_with(": a hit"), "{way:?}");
    assert_eq!(
        (way.cycles.application, way.cycles.kernel, way.crossings),
        (1, 0, 0)
    );
}

#[test]
fn what_a_comparison_kernel_cannot_run_is_refused_with_the_reason() {
    let scenario = crate::saved::opened(crate::saved::shipped("network-ping"));
    let scenario = scenario.session.scenario().clone();
    let refused = Beside::new(scenario, Parameters::default(), A, 0)
        .err()
        .unwrap();
    assert!(refused.to_string().contains("has a network"), "{refused}");
}
