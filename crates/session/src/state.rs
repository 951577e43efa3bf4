//! The machine's state as a plain object: what `exokernel.state()` gives a script on the page, and
//! what `exo replay --json` prints.

use exo_core::kernel::{Phase, Upcall};
use exo_core::machine::MODEL_VERSION;
use serde::{Serialize, Serializer};

use crate::network::{NetworkReport, network_report};
use crate::session::Session;

/// Numbers up to here are exact in JavaScript.
pub(crate) const SAFE_MAX: u64 = (1 << 53) - 1;

/// A count: a number where JavaScript can hold it exactly, else its digits in a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number(pub u64);

impl Serialize for Number {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0 <= SAFE_MAX {
            serializer.serialize_u64(self.0)
        } else {
            serializer.serialize_str(&self.0.to_string())
        }
    }
}

/// The state of the machine at the current step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StateReport {
    /// Version of the machine's model; positions of one version mean nothing in another.
    pub model_version: u32,
    /// Where the machine stands.
    pub position: PositionReport,
    /// Events since reset.
    pub step: Number,
    /// The state's 64-bit digest, 16 hexadecimal digits.
    pub digest: String,
    /// The environments, A first.
    pub environments: Vec<EnvironmentReport>,
    /// What became of packets, on a machine that has a network.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network: Option<NetworkReport>,
}

/// A position.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PositionReport {
    /// References and instructions completed since reset.
    pub retired: Number,
    /// Events that the unit under way has caused.
    pub event: u32,
}

/// One environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EnvironmentReport {
    /// The name of its policy's type.
    pub name: String,
    /// `application`, `kernel`, `handler`, `adopting`, `rerunning`, `finished` or `broken`.
    pub phase: &'static str,
    /// Frames it holds for its application's pages.
    pub frames_held: u32,
    /// What the machine counted.
    pub counters: CountersReport,
    /// Who spent its cycles.
    pub cycles: CyclesReport,
}

/// What the machine counted of an environment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    missing_docs,
    reason = "each is documented at exo_core::kernel::Counters"
)]
pub struct CountersReport {
    pub references: Number,
    pub tlb_hits: Number,
    pub tlb_misses: Number,
    pub stlb_hits: Number,
    pub protection_faults: Number,
    pub upcalls: Number,
    pub system_calls: Number,
    pub crossings: Number,
    pub page_loads: Number,
    pub evictions: Number,
}

/// Cycles by who spent them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[expect(
    missing_docs,
    reason = "each is documented at exo_core::kernel::Cycles"
)]
pub struct CyclesReport {
    pub application: Number,
    pub libos: Number,
    pub kernel: Number,
}

/// The state of a session's machine.
pub fn state_report(session: &Session) -> StateReport {
    let machine = session.machine();
    let position = machine.position();
    StateReport {
        model_version: MODEL_VERSION,
        position: PositionReport {
            retired: Number(position.retired),
            event: position.event,
        },
        step: Number(session.step_number()),
        digest: format!("{:016x}", machine.state_digest()),
        environments: machine
            .kernel()
            .environments
            .iter()
            .map(environment)
            .collect(),
        network: session
            .scenario()
            .network
            .as_ref()
            .and_then(|spec| network_report(spec, machine)),
    }
}

fn environment(environment: &exo_core::kernel::Environment) -> EnvironmentReport {
    let (it, cycles) = (environment.counters, environment.cycles);
    EnvironmentReport {
        name: environment
            .program()
            .map_or_else(String::new, |it| it.name.clone()),
        phase: match environment.phase {
            Phase::Application => "application",
            Phase::Probing | Phase::Dispatching => "kernel",
            Phase::Handling(Upcall::PageFault) => "handler",
            Phase::Requesting => "requesting",
            Phase::Handling(Upcall::Request) => "answering",
            Phase::Handling(Upcall::Exception) => "excepting",
            Phase::Handling(Upcall::SliceBegan | Upcall::SliceEnded) => "slicing",
            Phase::Handling(Upcall::Entered | Upcall::Signalled) => "serving",
            Phase::Transferring => "transferring",
            Phase::Handling(Upcall::Adopted) => "adopting",
            Phase::Handling(Upcall::Revoke) => "revoking",
            Phase::Handling(Upcall::Repossessed) => "repossessed",
            Phase::Handling(Upcall::Packets) => "receiving",
            Phase::Handling(Upcall::Alarm) => "woken",
            Phase::Rerunning => "rerunning",
            Phase::Waiting(_) => "waiting",
            Phase::Finished => "finished",
            Phase::Broken(_) => "broken",
        },
        frames_held: environment.frames_held,
        counters: CountersReport {
            references: Number(it.references),
            tlb_hits: Number(it.tlb_hits),
            tlb_misses: Number(it.tlb_misses),
            stlb_hits: Number(it.stlb_hits),
            protection_faults: Number(it.protection_faults),
            upcalls: Number(it.upcalls),
            system_calls: Number(it.system_calls),
            crossings: Number(it.crossings),
            page_loads: Number(it.page_loads),
            evictions: Number(it.evictions),
        },
        cycles: CyclesReport {
            application: Number(cycles.application),
            libos: Number(cycles.libos),
            kernel: Number(cycles.kernel),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{Number, state_report};
    use crate::{Session, first_light};

    #[test]
    fn a_count_that_javascript_cannot_hold_becomes_a_string() {
        let text = |number| serde_json::to_string(&Number(number)).unwrap();
        assert_eq!(text((1 << 53) - 1), "9007199254740991");
        assert_eq!(text(1 << 53), "\"9007199254740992\"");
    }

    #[test]
    fn stepping_back_gives_the_same_report_as_before() {
        let mut session = Session::new(first_light().unwrap()).unwrap();
        session.step();
        session.step();
        let before = state_report(&session);
        session.step();
        assert_ne!(state_report(&session), before);
        session.step_back();
        assert_eq!(state_report(&session), before);
        let json = serde_json::to_value(&before).unwrap();
        assert_eq!(json["step"], 2);
        assert_eq!(json["digest"].as_str().map(str::len), Some(16));
        assert_eq!(json["environments"][0]["counters"]["tlbMisses"], 1);
    }
}
