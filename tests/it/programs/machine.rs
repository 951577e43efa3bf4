//! An application as our compiler compiles it, on the machine, under the libOS it is meant for.

use std::collections::VecDeque;

use exo_core::event::{Event, Sink};
use exo_core::ids::{EnvId, Position, ReferenceKind};
use exo_core::kernel::call::Call;
use exo_core::machine::Stop;
use exo_libos_samples::{APPLICATIONS, ApplicationSample, application, sample};
use exo_session::{
    ApplicationSpec, EnvironmentSpec, MachineShape, RunReport, Scenario, Session, report,
};

use super::trail::Trail;

const A: EnvId = EnvId(0);

/// The application of that name.
pub fn named(name: &str) -> &'static ApplicationSample {
    let names: Vec<&str> = APPLICATIONS.iter().map(|it| it.name).collect();
    application(name).unwrap_or_else(|| panic!("there is no {name} in {names:?}"))
}

/// One environment with an application under a sample, on a machine with room for both.
pub fn scenario(application: &ApplicationSample, libos: &str, frames: u32) -> Scenario {
    let mut scenario = Scenario {
        title: application.title.to_owned(),
        machine: MachineShape::default(),
        environments: vec![EnvironmentSpec {
            name: libos.to_owned(),
            source: sample(libos).unwrap().source.to_owned(),
            frame_limit: frames,
            application: ApplicationSpec::Program {
                name: application.name.to_owned(),
                source: application.source.to_owned(),
            },
            downloads: Vec::new(),
        }],
        network: None,
    };
    scenario.machine.frames = frames + scenario.pinned_frames().unwrap();
    scenario
}

/// The scenario that an application is meant for.
pub fn meant(name: &str) -> Scenario {
    let application = named(name);
    scenario(application, application.libos, application.frames)
}

/// Runs a scenario to its end, which must be its application's.
pub fn figures(scenario: &Scenario) -> RunReport {
    let report = report(scenario, |_| {}).unwrap().remove(0);
    assert_eq!(report.broken, None);
    report
}

/// The lines in a report's log.
pub fn lines(report: &RunReport) -> Vec<String> {
    report.log.iter().map(|line| line.text.clone()).collect()
}

/// What the pages hold that are in memory at the end, by page.
pub fn image(scenario: &Scenario) -> Vec<(u32, Vec<u8>)> {
    let mut session = Session::new(scenario.clone()).unwrap();
    session.run_slice(u64::MAX);
    let machine = session.machine();
    let records = machine.kernel().frames.records().iter().zip(0..);
    let held = records.filter(|(record, _)| record.owner == Some(A) && !record.pinned);
    let mut image: Vec<(u32, Vec<u8>)> = held
        .filter_map(|(record, number)| {
            let page = record.page?;
            let bytes = machine
                .hardware()
                .memory
                .frame_bytes(exo_core::ids::Frame(number));
            Some((page.0, bytes.to_vec()))
        })
        .collect();
    image.sort_unstable();
    image
}

/// What the application did: its references and what it was told of the time.
#[derive(Default)]
pub struct Deeds {
    pub trail: Trail,
    pub told: VecDeque<u64>,
}

impl Sink for Deeds {
    const RECORDING: bool = true;

    fn take(&mut self, _: Position, _: u64, event: Event) {
        match event {
            Event::Accessed { page, kind, .. } => {
                self.trail.add(page.0, kind == ReferenceKind::Store);
            }
            Event::Answered {
                call: Call::Cycles,
                value,
                ..
            } => self.told.push_back(value),
            _ => {}
        }
    }
}

/// Runs a scenario to its end and tells what the application did.
pub fn deeds(scenario: &Scenario) -> Deeds {
    let session = Session::new(scenario.clone()).unwrap();
    let (mut machine, mut deeds) = (session.machine().clone(), Deeds::default());
    assert_eq!(machine.run(u64::MAX, &[], &mut deeds), Stop::Halted);
    machine.check().unwrap();
    deeds
}
