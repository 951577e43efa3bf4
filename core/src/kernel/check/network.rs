//! The invariants of the network interface, of rings, and of downloaded code.

use alloc::collections::BTreeSet;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

use super::require;
use crate::ids::{EnvId, Frame};
use crate::kernel::network::Stage;
use crate::kernel::{Hardware, Kernel, filter};
use crate::limits::{
    COMING_MAX, DOWNLOADED_FUEL, DOWNLOADS_MAX, FILTERS_PER_ENVIRONMENT_MAX, HANDLER_FRAMES_MAX,
    RECEIVED_MAX, RING_BUFFERS_MAX, SENDING_MAX,
};

/// Every packet that arrived is in a buffer, was consumed, was dropped for a reason, or waits; and a frame
/// is the device's for exactly as many packets as lie in it.
pub(super) fn inv_nic_1(kernel: &Kernel, hw: &Hardware) -> Result<(), String> {
    let (Some(nic), Some(network)) = (&hw.nic, &kernel.network) else {
        let none = hw.nic.is_none() && kernel.network.is_none();
        return require(none, || String::from("half a network"));
    };
    let counts = network.counts;
    let waiting = nic.received().count() as u64 + u64::from(nic.filling().is_some());
    let dropped: u64 = counts.dropped.iter().sum();
    let all = counts.delivered + counts.consumed + dropped + waiting;
    require(all == u64::from(nic.arrived()), || {
        format!("{} arrived; {counts:?} and {waiting} wait", nic.arrived())
    })?;
    let used = |frame: Frame| {
        let sent = nic.queue().flat_map(|it| it.frames());
        let sent = sent.filter(|it| *it == frame).count();
        sent + usize::from(nic.filling().is_some_and(|it| it.frame == frame))
    };
    for (index, record) in kernel.frames.records().iter().enumerate() {
        let frame = Frame(index as u32);
        // Most frames have no packet: only those that say so, and those that are named, are counted.
        if record.packets > 0 {
            require(usize::from(record.packets) == used(frame), || {
                format!("{frame:?} is {record:?}, {} packets name it", used(frame))
            })?;
        }
    }
    let named = nic.queue().flat_map(|it| it.frames());
    for frame in named.chain(nic.filling().map(|it| it.frame)) {
        let record = kernel.frames.records().get(frame.index());
        require(record.is_some_and(|it| it.packets > 0), || {
            format!("{frame:?} is {record:?}, and a packet names it")
        })?;
    }
    let small = nic.received().count() <= RECEIVED_MAX && nic.coming() <= COMING_MAX;
    require(small, || String::from("a ring of the device is too long"))
}

/// The filters that are installed are those that something is bound to, each for its owner; engines agree
/// on the packets at hand (A46).
pub(super) fn inv_filt_1(kernel: &Kernel, hw: &Hardware) -> Result<(), String> {
    let (Some(nic), Some(network)) = (&hw.nic, &kernel.network) else {
        return Ok(());
    };
    for (id, it) in network.filters.filters() {
        let binding = network.bindings.get(&id);
        require(
            binding.is_some_and(|binding| binding.owner == it.owner),
            || format!("{id:?} of {:?} has {binding:?}", it.owner),
        )?;
    }
    let drafted = network.bindings.values().filter(|it| it.program.is_none());
    require(drafted.count() == network.filters.filters().count(), || {
        String::from("something is bound to a filter that is not installed")
    })?;
    if let Stage::Claimed(id) | Stage::Queued(id) = network.stage {
        let known = network.bindings.contains_key(&id) && nic.first().is_some();
        require(known, || {
            format!("the first packet is {id:?}'s, which is not there")
        })?;
    }
    let packets: Vec<&[u8]> = nic.received().map(|it| &*it.bytes).collect();
    filter::check::all(&network.filters, &packets).map_err(|it| it.detail)
}

/// Rings and handlers reach frames of their owners only, and no frame is in two rings.
pub(super) fn inv_code_2(kernel: &Kernel, _: &Hardware) -> Result<(), String> {
    let Some(network) = &kernel.network else {
        return Ok(());
    };
    let mut seen = BTreeSet::new();
    for (id, binding) in &network.bindings {
        for frame in binding.ring.iter().chain(&binding.reached) {
            let record = kernel.frames.records().get(frame.index());
            let own = record.is_some_and(|it| it.owner == Some(binding.owner) && !it.pinned);
            require(own, || {
                format!(
                    "{id:?} of {:?} reaches {frame:?}, which is {record:?}",
                    binding.owner
                )
            })?;
        }
        for frame in &binding.ring {
            require(seen.insert(*frame), || {
                format!("{frame:?} is in two places of rings")
            })?;
        }
        let next = binding.next < binding.ring.len() || binding.next == 0;
        require(next, || {
            format!(
                "{id:?}: buffer {} of {} is next",
                binding.next,
                binding.ring.len()
            )
        })?;
    }
    Ok(())
}

/// What was downloaded was verified, so that it ends in time, and nobody has more of anything than it may.
pub(super) fn inv_code_1(kernel: &Kernel, hw: &Hardware) -> Result<(), String> {
    for (index, environment) in kernel.environments.iter().enumerate() {
        let env = EnvId(index as u8);
        for download in &environment.downloads {
            let (fuel, code) = (download.fuel, download.program.code.len() as u64);
            let bounded = (1..=DOWNLOADED_FUEL.max(code)).contains(&fuel);
            require(bounded, || {
                format!("{env:?} has a program that may take {fuel} instructions")
            })?;
        }
        require(environment.downloads.len() <= DOWNLOADS_MAX, || {
            format!("{env:?} came with too many programs")
        })?;
        let (Some(nic), Some(network)) = (&hw.nic, &kernel.network) else {
            continue;
        };
        let filters = network.of(env).count();
        let sending = nic.queue().filter(|it| it.note == env.0).count();
        let rings = network.of(env).all(|(_, it)| {
            it.ring.len() <= RING_BUFFERS_MAX && it.reached.len() <= HANDLER_FRAMES_MAX
        });
        let small = filters <= FILTERS_PER_ENVIRONMENT_MAX && sending <= SENDING_MAX && rings;
        require(small, || {
            format!("{env:?} has {filters} filters and sends {sending} packets")
        })?;
    }
    Ok(())
}
