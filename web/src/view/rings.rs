//! Rings of buffers with their ownership words (X14), and what waits to be sent.

use exo_core::ids::{EnvId, Frame};
use exo_core::kernel::filter::FilterId;
use exo_core::kernel::network::{Binding, Network};
use exo_core::machine::Machine;
use exo_session::export::Clock;

use super::memory::Owner;
use super::words::{grouped, hex};

/// Whose a buffer is at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder {
    /// The kernel's: it is empty, and may be filled.
    Kernel,
    /// The device's: a packet is on its way into it.
    Device,
    /// The library's: it holds a packet of so many bytes, until the library stores 0.
    Library(u32),
}

impl Holder {
    /// Its letter in the picture.
    pub fn letter(self) -> &'static str {
        match self {
            Holder::Kernel => "K",
            Holder::Device => "D",
            Holder::Library(_) => "L",
        }
    }
}

/// A buffer of a ring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SlotView {
    /// Its frame.
    pub frame: Frame,
    /// The same as it is written.
    pub frame_words: String,
    /// Whose it is.
    pub holder: Holder,
    /// The same in words.
    pub words: String,
    /// Whether it is filled next.
    pub next: bool,
    /// Whether its frame is looked at.
    pub chosen: bool,
}

/// The ring of a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RingView {
    /// The filter's number.
    pub filter: u32,
    /// Whose it is.
    pub owner: Owner,
    /// Its buffers, in order.
    pub slots: Vec<SlotView>,
    /// How many are whose, in words.
    pub what: String,
}

/// A packet that waits to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendRow {
    /// Its number among those that were handed out.
    pub number: String,
    /// Whose it is.
    pub owner: Owner,
    /// Its length in bytes.
    pub length: String,
    /// When its last byte leaves, in milliseconds since reset.
    pub leaves: String,
    /// The frames that it lies in, which are the device's too until then.
    pub frames: Vec<(Frame, String)>,
}

/// Every ring that has a buffer.
pub(super) fn rings(network: &Network, machine: &Machine, chosen: Option<Frame>) -> Vec<RingView> {
    let bindings = network.bindings.iter();
    let rings = bindings.filter(|(_, binding)| !binding.ring.is_empty());
    rings
        .map(|(id, binding)| ring(*id, binding, machine, chosen))
        .collect()
}

fn ring(id: FilterId, binding: &Binding, machine: &Machine, chosen: Option<Frame>) -> RingView {
    let frames = binding.ring.iter().enumerate();
    let slots = frames.map(|(place, frame)| {
        let holder = holder(*frame, machine);
        let says = match holder {
            Holder::Kernel => "the kernel’s: empty, it may be filled".to_owned(),
            Holder::Device => "the device’s: a packet is on its way into it".to_owned(),
            Holder::Library(bytes) => format!(
                "the library’s: its word says that it holds {} bytes",
                grouped(bytes.into())
            ),
        };
        let next = place == binding.next;
        let after = if next { "; it is filled next" } else { "" };
        let frame_words = hex(frame.0);
        SlotView {
            words: format!("buffer {place}, frame {frame_words}: {says}{after}"),
            frame: *frame,
            frame_words,
            holder,
            next,
            chosen: chosen == Some(*frame),
        }
    });
    let slots: Vec<SlotView> = slots.collect();
    RingView {
        filter: id.0,
        owner: Owner { env: binding.owner },
        what: what(&slots),
        slots,
    }
}

/// Whose a buffer is: what the device is doing goes before its word.
fn holder(frame: Frame, machine: &Machine) -> Holder {
    let hardware = machine.hardware();
    let filling = hardware.nic.as_ref().and_then(|nic| nic.filling());
    if filling.is_some_and(|it| it.frame == frame) {
        return Holder::Device;
    }
    let word = hardware.memory.frame_bytes(frame).first_chunk();
    match word.map_or(0, |word| u32::from_le_bytes(*word)) {
        0 => Holder::Kernel,
        bytes => Holder::Library(bytes),
    }
}

fn what(slots: &[SlotView]) -> String {
    let count = |letter: &str| {
        slots
            .iter()
            .filter(|it| it.holder.letter() == letter)
            .count()
    };
    let (kernel, library) = (count("K"), count("L"));
    let device = if count("D") > 0 {
        ", the device fills 1"
    } else {
        ""
    };
    format!(
        "{kernel} of {} empty, {library} hold packets{device}",
        slots.len()
    )
}

/// What waits to be sent, in order.
pub(super) fn sending(machine: &Machine) -> Vec<SendRow> {
    let nic = machine.hardware().nic.as_ref();
    let queue = nic.into_iter().flat_map(|nic| nic.queue());
    let rows = queue.map(|it| SendRow {
        number: it.number.to_string(),
        owner: Owner {
            env: EnvId(it.note),
        },
        length: grouped(it.length.into()),
        leaves: Clock::default().at(it.due_cycles).milliseconds(),
        frames: it.frames().map(|frame| (frame, hex(frame.0))).collect(),
    });
    rows.collect()
}
