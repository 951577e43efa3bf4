//! The network of the machine at hand, where it stands.

#[cfg(test)]
mod tests;

use exo_core::ids::EnvId;
use exo_core::machine::Machine;

use super::bound::{self, BoundRow, HandlerRow};
use super::passed::{self, PassedRow, milliseconds};
use crate::store::Playground;
use crate::view::network::{self, PeerRow};
use crate::view::packet::PacketView;
use crate::view::rings::{self, RingView, SendRow};
use crate::view::words::letter;

/// A machine's network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineView {
    /// The rows that are drawn.
    pub rows: Vec<PassedRow>,
    /// The filters that are bound.
    pub bound: Vec<BoundRow>,
    /// The programs that were downloaded.
    pub handlers: Vec<HandlerRow>,
    /// The rings.
    pub rings: Vec<RingView>,
    /// What waits to be sent.
    pub sending: Vec<SendRow>,
    /// What the device has counted, and alarm clocks that are set.
    pub counts: Vec<(String, String)>,
    /// How the tasks at the other end got on.
    pub peers: Vec<PeerRow>,
    /// The engine that this machine's kernel has.
    pub engine: &'static str,
}

/// The network, and the packet that is looked at; nothing if the machine has none.
pub(super) fn select(playground: &Playground) -> Option<(MachineView, Option<PacketView>)> {
    let session = playground.session();
    let machine = session.machine();
    let network = machine.kernel().network.as_ref()?;
    let log = &playground.packets().live.log;
    let report = network::report(session)?;
    let mut counts = network::counts(&report);
    counts.extend(alarms(machine));
    let view = MachineView {
        rows: passed::rows(playground),
        bound: bound::bound(network, machine, log),
        handlers: bound::handlers(network, machine, log),
        rings: rings::rings(network, machine, playground.selected_frame()),
        sending: rings::sending(machine),
        counts,
        peers: network::peers(&report),
        engine: network.engine.name(),
    };
    Some((view, passed::packet(playground, network)))
}

/// Alarm clocks that are set.
fn alarms(machine: &Machine) -> Vec<(String, String)> {
    let environments = (0..).map(EnvId).zip(&machine.kernel().environments);
    let set = environments.filter_map(|(env, it)| {
        let at = milliseconds(it.alarm_cycles?);
        Some((
            format!("alarm clock of {}", letter(env.index())),
            format!("{at} ms"),
        ))
    });
    set.collect()
}
