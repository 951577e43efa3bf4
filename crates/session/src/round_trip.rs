//! How long a small datagram is under way there and back, however many are active on the machine that answers it
//! (table 11 and figure 2): a message handler in the kernel answers, a library that is given the processor at
//! once, or a library that answers in its turn.

mod sources;

use std::sync::Arc;

use exo_core::hw::LinkConfig;
use exo_core::ids::EnvId;
use exo_core::machine::{Machine, Stop};
use exo_libos_samples::Part;
use exo_libos_samples::network::{ASH_COPY, ASH_ECHO, ASH_HOST};
use serde::Serialize;

use crate::network::{NetworkShape, NetworkSpec, PeerSpec};
use crate::scenario::{
    ApplicationSpec, DownloadSpec, EnvironmentSpec, MachineShape, Scenario, SessionError,
};
use crate::session::{Ear, Tally};
use crate::tables::TablesError;
use sources::{ACTIVE, ECHO, IDLE};

/// The machine of the published figures, a DECstation 5000/125.
pub const MHZ: f64 = 25.0;
/// The most active processes that are tried.
pub const PROCESSES_MAX: u8 = 10;
/// Exchanges before it is measured.
const WARM: u64 = 4;
/// Exchanges that are measured.
const MEASURED: u64 = 32;
/// Bytes of the packet.
const PACKET_BYTES: u64 = 60;
/// Units after which an experiment is not expected to end.
const UNITS_MAX: u64 = 100_000_000;
/// Units between two looks at how far it has come.
const LOOK_UNITS: u64 = 4_096;
/// How long each other process computes until it gives up the processor: 320 microseconds, the published time of
/// one exchange without a handler. The published slope says that it was so there.
pub const TURN_CYCLES: u64 = 8_000;
/// How long the process computes that also answers: a little less than the wire takes, so that it has given up
/// the processor when the next packet comes, and answers one in each turn.
const OWN_TURN_CYCLES: u64 = 6_000;

/// Who answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Receiver {
    /// A message handler that was downloaded into the kernel (A50).
    Handler,
    /// A library that gets the processor as soon as a packet lies in its ring.
    Upcall,
    /// A library that finds the packet in its ring when its turn comes.
    Queue,
}

impl Receiver {
    /// Every one, the fastest first.
    pub const ALL: [Receiver; 3] = [Receiver::Handler, Receiver::Upcall, Receiver::Queue];

    /// What it is called.
    pub fn name(self) -> &'static str {
        match self {
            Receiver::Handler => "message handler",
            Receiver::Upcall => "upcall at once",
            Receiver::Queue => "in its turn",
        }
    }

    /// The published round trips in microseconds with 1 to 10 active processes (SOSP'95 figure 2); none of an
    /// upcall at once, which the paper has not.
    pub fn published(self) -> Option<[f64; PROCESSES_MAX as usize]> {
        match self {
            Receiver::Handler => Some([259.0; PROCESSES_MAX as usize]),
            Receiver::Upcall => None,
            Receiver::Queue => Some([
                320.0, 640.0, 961.0, 1312.0, 1602.0, 1922.0, 2563.0, 2883.0, 3204.0, 3524.0,
            ]),
        }
    }
}

/// What a packet of 60 bytes takes there and back on the wire of the machine, whoever answers, in cycles.
pub fn wire_cycles() -> u64 {
    let link = LinkConfig::default();
    let bytes = PACKET_BYTES + u64::from(link.overhead_bytes);
    2 * (bytes * u64::from(link.byte_cycles) + link.latency_cycles)
}

/// One measurement.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Point {
    /// Who answers.
    pub receiver: Receiver,
    /// Active processes, the one that answers included.
    pub processes: u8,
    /// Cycles of a round trip, on average.
    pub cycles: f64,
    /// The shortest and the longest.
    pub range: [u64; 2],
}

impl Point {
    /// How long a round trip takes on average, on the machine of the published figures.
    pub fn microseconds(&self) -> f64 {
        self.cycles / MHZ
    }
}

/// The machine of a measurement.
fn scenario(receiver: Receiver, processes: u8) -> Result<Scenario, SessionError> {
    let active = |turn: u64| ApplicationSpec::Program {
        name: "active.rs".to_owned(),
        source: ACTIVE.replace("TURN_CYCLES", &turn.to_string()),
    };
    let download = |part: Part| DownloadSpec {
        name: format!("{}.rs", part.name),
        source: part.source.to_owned(),
    };
    let (name, source) = match receiver {
        Receiver::Handler => (ASH_HOST.name, ASH_HOST.source.to_owned()),
        Receiver::Upcall => ("echo", ECHO.replace("DELIVERY", "Delivery::Urgent")),
        Receiver::Queue => ("echo", ECHO.replace("DELIVERY", "Delivery::Notice")),
    };
    let downloads = match receiver {
        Receiver::Handler => vec![download(ASH_ECHO), download(ASH_COPY)],
        Receiver::Upcall | Receiver::Queue => Vec::new(),
    };
    let mut environments = vec![EnvironmentSpec {
        name: format!("{name}.rs"),
        source,
        frame_limit: 40,
        application: active(OWN_TURN_CYCLES),
        downloads,
    }];
    environments.extend((1..processes).map(|_| EnvironmentSpec {
        name: "idle.rs".to_owned(),
        source: IDLE.to_owned(),
        frame_limit: 4,
        application: active(TURN_CYCLES),
        downloads: Vec::new(),
    }));
    let count = (WARM + MEASURED).to_string();
    let peer = PeerSpec::parse(&[
        ("kind", "ping-pong"),
        ("target", "10.0.0.32"),
        ("size", "18"),
        ("count", &count),
        ("start", "20ms"),
    ]);
    let peer = peer.map_err(|error| SessionError::Network(error.to_string()))?;
    let shape = NetworkShape {
        peers: vec![peer],
        ..NetworkShape::default()
    };
    let network = NetworkSpec::new(shape, &mut |_| Err("there is none".to_owned()));
    let mut scenario = Scenario {
        title: format!("{} among {processes}", receiver.name()),
        machine: MachineShape {
            slice_references: 1 << 24,
            ..MachineShape::default()
        },
        environments,
        network: Some(Arc::new(network.map_err(SessionError::Network)?)),
    };
    let limits = scenario.environments.iter().map(|it| it.frame_limit);
    let frames = limits.sum::<u32>();
    scenario.machine.frames = frames + scenario.pinned_frames()?;
    Ok(scenario)
}

/// A measurement under way.
#[derive(Debug)]
struct Run {
    network: Arc<NetworkSpec>,
    machine: Machine,
    /// Replies and the cycles of all round trips, when it was warm.
    warm: Option<(u64, u64)>,
}

impl Run {
    fn new(receiver: Receiver, processes: u8) -> Result<Run, TablesError> {
        let scenario = scenario(receiver, processes)?;
        let (machine, _) = scenario.build()?;
        let network = scenario.network.ok_or_else(|| broke("it has no network"))?;
        Ok(Run {
            network,
            machine,
            warm: None,
        })
    }

    /// Runs about so many units; the mean, once it is known.
    fn advance(&mut self, units: u64) -> Result<Option<(f64, [u64; 2])>, TablesError> {
        let end = self.machine.position().retired.saturating_add(units);
        // As a session runs, so that there is one loop for both.
        let mut tally = Tally::new(EnvId(0));
        while self.machine.position().retired < end {
            let here = self.machine.position().retired;
            let stop = self
                .machine
                .run(here + LOOK_UNITS, &[], &mut Ear::<false>::of(&mut tally));
            let reports = self.network.reports(&self.machine);
            let report = reports.first().ok_or_else(|| broke("nobody asks"))?;
            let trips = report.round_trips;
            if self.warm.is_none() && trips.count >= WARM {
                self.warm = Some((trips.count, trips.sum));
            }
            if trips.count >= WARM + MEASURED {
                let (count, sum) = self.warm.unwrap_or_default();
                let mean = (trips.sum - sum) as f64 / (trips.count - count).max(1) as f64;
                return Ok(Some((mean, [trips.min, trips.max])));
            }
            if stop != Stop::Reached || here > UNITS_MAX {
                return Err(broke(&format!(
                    "{} replies of {}: {}",
                    report.replies,
                    WARM + MEASURED,
                    report.outcome
                )));
            }
        }
        Ok(None)
    }
}

fn broke(why: &str) -> TablesError {
    TablesError::Broke(why.to_owned())
}

/// The curves of figure 2, measured one point after the other.
#[derive(Debug)]
pub struct RoundTrips {
    wanted: Vec<(Receiver, u8)>,
    run: Option<Run>,
    /// What is known so far: each receiver's with one process first.
    pub points: Vec<Point>,
}

impl RoundTrips {
    /// Sets out on all receivers with 1 to `processes_max` active processes, at most [`PROCESSES_MAX`].
    pub fn new(processes_max: u8) -> RoundTrips {
        let most = processes_max.min(PROCESSES_MAX);
        let all = Receiver::ALL.into_iter();
        let wanted =
            all.flat_map(|receiver| (1..=most).map(move |processes| (receiver, processes)));
        let mut wanted: Vec<(Receiver, u8)> = wanted.collect();
        wanted.reverse();
        RoundTrips {
            wanted,
            run: None,
            points: Vec::new(),
        }
    }

    /// How many points are still to be measured.
    pub fn left(&self) -> usize {
        self.wanted.len()
    }

    /// Runs about so many units more. False once nothing is left to do.
    ///
    /// # Errors
    /// A measurement has no result; those before it stay.
    pub fn advance(&mut self, units: u64) -> Result<bool, TablesError> {
        let Some((receiver, processes)) = self.wanted.last().copied() else {
            return Ok(false);
        };
        let run = match &mut self.run {
            Some(run) => run,
            none => none.insert(Run::new(receiver, processes)?),
        };
        if let Some((cycles, range)) = run.advance(units)? {
            self.points.push(Point {
                receiver,
                processes,
                cycles,
                range,
            });
            self.wanted.pop();
            self.run = None;
        }
        Ok(!self.wanted.is_empty())
    }

    /// Measures all that is left.
    ///
    /// # Errors
    /// As [`RoundTrips::advance`].
    pub fn finish(mut self) -> Result<Vec<Point>, TablesError> {
        while self.advance(u64::MAX)? {}
        Ok(self.points)
    }
}

#[cfg(test)]
mod tests {
    use super::{Point, Receiver, RoundTrips, wire_cycles};

    fn of(points: &[Point], receiver: Receiver, processes: u8) -> f64 {
        let wanted = |it: &&Point| (it.receiver, it.processes) == (receiver, processes);
        points.iter().find(wanted).unwrap().cycles
    }

    #[test]
    fn in_slices_the_same_is_measured_as_at_once_and_only_who_waits_for_its_turn_waits_for_others()
    {
        let mut curves = RoundTrips::new(3);
        let mut slices = 0;
        while curves.advance(10_000).unwrap() {
            slices += 1;
        }
        let points = curves.points;
        assert!(slices > 20, "{slices}");
        assert_eq!(points, RoundTrips::new(3).finish().unwrap());
        assert_eq!(points.len(), 9);
        for receiver in [Receiver::Handler, Receiver::Upcall] {
            let (one, three) = (of(&points, receiver, 1), of(&points, receiver, 3));
            assert!(
                (three - one).abs() < one / 50.0,
                "{receiver:?}: {one} {three}"
            );
            assert!(one > wire_cycles() as f64 && one < 1.1 * wire_cycles() as f64);
        }
        let handler = of(&points, Receiver::Handler, 1);
        assert!(handler < of(&points, Receiver::Upcall, 1));
        assert!(of(&points, Receiver::Queue, 3) > 3.0 * handler);
    }

    #[test]
    fn the_wire_alone_takes_what_was_published_as_the_least() {
        assert_eq!(wire_cycles().div_ceil(25), 253);
    }
}
