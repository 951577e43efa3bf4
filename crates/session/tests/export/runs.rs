//! Runs to export: every scenario that comes along, every attack, and programs that talk to each other.

use std::sync::Arc;

use exo_core::ids::{EnvId, Position, ReferenceKind};
use exo_core::kernel::{Counters, Environment};
use exo_core::trace::Trace;
use exo_libos_samples::attacks::ATTACKS;
use exo_libos_samples::ipc::{LRPC, SERVER};
use exo_libos_samples::{SCENARIOS, application, sample, scenario};
use exo_session::attacks::scene;
use exo_session::export::{Exported, Format, Options, export};
use exo_session::saved::{self, Nothing};
use exo_session::{
    ApplicationSpec, EnvironmentSpec, Given, GivenChange, MachineShape, NamedTrace, Scenario,
    Session,
};

/// A run that is exported up to a position.
pub struct Run {
    pub name: String,
    pub session: Session,
    to: Option<Position>,
}

/// Units of an attack that are exported: enough for each to do its worst.
const ATTACK_UNITS: u64 = 80_000;

impl Run {
    fn to_its_end(name: &str, session: Session) -> Run {
        Run {
            name: name.to_owned(),
            session,
            to: None,
        }
    }

    /// The text of an export of all of it.
    pub fn whole(&mut self, format: Format) -> String {
        let options = Options {
            to: self.to,
            ..Options::default()
        };
        let (text, exported) = exported(&mut self.session, format, &options);
        assert_eq!(exported.cut, None);
        text
    }

    /// The machine's environments where it ends; the session stands there afterwards.
    pub fn at_the_end(&mut self) -> Vec<(EnvId, Environment)> {
        match self.to {
            Some(to) => self.session.go_to(to),
            None => {
                self.session.run_slice(u64::MAX);
            }
        }
        let environments = self.session.machine().kernel().environments.iter();
        (0..).map(EnvId).zip(environments.cloned()).collect()
    }
}

/// A scenario that comes along.
pub fn shipped(name: &str) -> Run {
    let read = saved::read(scenario(name).unwrap().text).unwrap();
    let opened = saved::open(&read.saved, &mut Nothing).unwrap();
    Run::to_its_end(name, opened.session)
}

/// Every scenario that comes along but those of attacks, which [`attacked`] has in less time.
pub fn all_shipped() -> impl Iterator<Item = Run> {
    let own = SCENARIOS
        .iter()
        .filter(|it| !it.name.starts_with("attack-"));
    own.map(|it| shipped(it.name))
}

/// Every attack, with what presses memory in it.
pub fn attacked() -> impl Iterator<Item = Run> {
    ATTACKS.iter().map(|attack| {
        let scene = scene(attack).unwrap();
        let inputs: Vec<Given> = scene
            .presses
            .iter()
            .map(|press| Given {
                at: unit(press.retired),
                env: press.env,
                change: GivenChange::FrameLimit(press.frame_limit),
            })
            .collect();
        let mut session = Session::with_inputs(scene.scenario, &inputs).unwrap();
        session.go_to(unit(ATTACK_UNITS));
        let to = session.machine().position();
        Run {
            to: Some(to),
            ..Run::to_its_end(attack.name, session)
        }
    })
}

/// A client that calls a server by transfers, and a program that takes faults on purpose.
pub fn conversations() -> impl Iterator<Item = Run> {
    let primitives = application("primitives").unwrap();
    let libos = sample(primitives.libos).unwrap().source;
    let alone = environment(libos, primitives.frames, Some(primitives.source));
    [
        (
            "lrpc",
            vec![
                environment(SERVER.source, 16, Some(LRPC.source)),
                environment(SERVER.source, 16, None),
            ],
        ),
        ("primitives", vec![alone]),
    ]
    .into_iter()
    .map(|(name, environments)| Run::to_its_end(name, session(environments)))
}

fn environment(libos: &str, frame_limit: u32, program: Option<&str>) -> EnvironmentSpec {
    let nothing = NamedTrace::made("nothing", Trace::new(), 0);
    EnvironmentSpec {
        name: "libos.rs".to_owned(),
        source: libos.to_owned(),
        frame_limit,
        application: match program {
            Some(source) => ApplicationSpec::Program {
                name: "program.rs".to_owned(),
                source: source.to_owned(),
            },
            None => ApplicationSpec::Trace(Arc::new(nothing)),
        },
        downloads: Vec::new(),
    }
}

fn session(environments: Vec<EnvironmentSpec>) -> Session {
    let scenario = Scenario {
        title: "A conversation".to_owned(),
        machine: MachineShape::default(),
        environments,
        network: None,
    };
    Session::new(scenario).unwrap()
}

/// A run that is over soon: FIFO over pages that do not fit, on a machine with a small TLB.
pub fn short() -> Run {
    let mut trace = Trace::new();
    for number in 0..600_u32 {
        let page = (number * 7 + number / 30) % 11;
        let kind = match number % 3 {
            0 => ReferenceKind::Store,
            1 => ReferenceKind::Fetch,
            _ => ReferenceKind::Load,
        };
        trace.push(page << 12 | number, kind);
    }
    let mut spec = environment(sample("fifo").unwrap().source, 6, None);
    if let ApplicationSpec::Trace(named) = &mut spec.application {
        Arc::make_mut(named).trace = trace;
    }
    let mut other = spec.clone();
    other.source = sample("clock").unwrap().source.to_owned();
    let scenario = Scenario {
        title: "Short & <simple>, \"quoted\"".to_owned(),
        machine: MachineShape {
            tlb: exo_session::parse_tlb("full:4:fifo").unwrap(),
            slice_references: 50,
            ..MachineShape::default()
        },
        environments: vec![spec, other],
        network: None,
    };
    Run::to_its_end("short", Session::new(scenario).unwrap())
}

/// The first moment of a unit.
pub fn unit(retired: u64) -> Position {
    Position { retired, event: 0 }
}

/// The text of an export.
pub fn exported(session: &mut Session, format: Format, options: &Options) -> (String, Exported) {
    let mut out = Vec::new();
    let exported = export(session, format, options, &mut out).unwrap();
    (String::from_utf8(out).unwrap(), exported)
}

/// What all environments counted, together.
pub fn sum(environments: &[(EnvId, Environment)], of: impl Fn(&Counters) -> u64) -> u64 {
    environments.iter().map(|(_, it)| of(&it.counters)).sum()
}
