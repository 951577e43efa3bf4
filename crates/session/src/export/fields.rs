//! Every kind of event with its word and its numbers: the one table of it that all exports read.

use exo_core::cpu::{Exception, ExceptionKind};
use exo_core::error::SysError;
use exo_core::event::Event;
use exo_core::ids::Object;
use exo_policy::order::sorted;

use super::columns::{Column, Value};
use crate::explain::called;

/// An event as a row of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// What happened, in a word.
    pub kind: &'static str,
    /// Its numbers, in the order of the columns; those that do not apply are not there.
    pub fields: Vec<(Column, Value)>,
}

impl Row {
    /// What stands in a column.
    pub fn get(&self, column: Column) -> Value {
        let found = self.fields.iter().find(|(it, _)| *it == column);
        found.map_or(Value::Nothing, |(_, value)| *value)
    }
}

/// An event as a row of a table.
pub fn row(event: &Event) -> Row {
    let (kind, mut fields) = own(event);
    let call = called(event);
    fields.push((Column::Call, call.map(|it| it.name()).into()));
    fields.retain(|(_, value)| *value != Value::Nothing);
    let fields = sorted(fields, |(one, _), (other, _)| {
        (*one as usize).cmp(&(*other as usize))
    });
    Row { kind, fields }
}

/// Makes the table: a kind of event with all that it holds, its word, and what stands in which column.
macro_rules! events {
    ($event:expr; $(
        $kind:ident { $($fields:tt)* } $word:tt [$($column:ident: $value:expr),*] $(+ $more:expr)?;
    )*) => {
        match *$event {
            $(Event::$kind { $($fields)* } => {
                let fields = vec![$((Column::$column, Value::from($value))),*];
                $(let fields = [fields, $more].concat();)?
                ($word, fields)
            })*
        }
    };
}

/// The word of an event and what only it holds. Whoever it is about stands in every row.
fn own(event: &Event) -> (&'static str, Vec<(Column, Value)>) {
    events! { event;
        Accessed { env: _, page, frame, slot, kind, rerun } "accessed"
            [Page: page, Frame: frame, TlbEntry: slot, Reference: kind, Rerun: rerun];
        Missed { env: _, address, page, access } "missed"
            [Address: address, Page: page, Access: access];
        Protected { env: _, address, page, slot } "protected"
            [Address: address, Page: page, TlbEntry: slot];
        StlbHit { env: _, page, frame, access, index, slot } "stlb_hit"
            [Page: page, Frame: frame, Access: access, StlbEntry: index, TlbEntry: slot];
        StlbMissed { env: _, page, index, occupant } "stlb_missed"
            [Page: page, StlbEntry: index, Other: occupant.map(|it| it.0), OtherPage: occupant.map(|it| it.1)];
        Upcall { env: _, address, page, access, cause } "upcall"
            [Address: address, Page: page, Access: access, Cause: cause];
        Allocated { env: _, frame, named } "allocated" [Frame: frame, Named: named];
        Freed { env: _, frame, page, dropped } "freed" [Frame: frame, Page: page, Dropped: dropped];
        Bound { env: _, page, frame, access, slot, index, loaded, replaced } "bound"
            [Page: page, Frame: frame, Access: access, TlbEntry: slot, StlbEntry: index, Loaded: loaded,
             Replaced: replaced];
        Unbound { env: _, page, pages, dropped } "unbound" [Page: page, Pages: pages, Dropped: dropped];
        BitRead { env: _, frame, bit, set } "bit_read" [Frame: frame, Bit: bit, Set: set];
        BitCleared { env: _, frame, bit } "bit_cleared" [Frame: frame, Bit: bit];
        StampRead { env: _, frame, stamp } "stamp_read" [Frame: frame, Value: stamp];
        Answered { env: _, call: _, value } "answered" [Value: value];
        Refused { env: _, call: _, error } "refused" [Refusal: error.name()];
        Logged { env: _, application, message, count, values } "logged"
            [Application: application, Message: message] + words(&values, count.into());
        Requested { env: _, request, first, second } "requested"
            [Request: request, First: first, Second: second];
        Replied { env: _, answer } "replied"
            [Value: answer.ok(), Refusal: answer.err().map(SysError::name)];
        Notified { env: _, upcall, arguments } "notified"
            [Upcall: upcall.name()] + words(&arguments, arguments.len());
        LimitSet { env: _, frame_limit, excess } "limit_set" [Limit: frame_limit, Excess: excess];
        FramesRequested { env: _, from, unpromised, moved } "frames_requested"
            [Other: from, Unpromised: unpromised, Moved: moved];
        RevocationDemanded { env: _, frames, due_cycles } "revocation_demanded"
            [Frames: frames, DueCycles: due_cycles];
        Repossessed { env: _, frame, page, dropped, contents, block } "repossessed"
            [Frame: frame, Page: page, Dropped: dropped, Contents: contents, Block: block];
        RepossessionRead { env: _, frame, contents, block } "repossession_read"
            [Frame: frame, Contents: contents, Block: block];
        Preloaded { env: _, block } "preloaded" [Block: block];
        ContentsSaved { env: _, block, frame, result } "contents_saved"
            [Block: block, Frame: frame, Refusal: result.err().map(SysError::name)];
        HandlerAccessed { env: _, page, frame, slot, kind } "handler_accessed"
            [Page: page, Frame: frame, TlbEntry: slot, Reference: kind];
        Idled { env: _, cycles } "idled" [IdleCycles: cycles];
        Resumed { env: _ } "resumed" [];
        Broken { env: _, reason: _, place } "broken" [Line: place.line];
        Switched { from, to: _ } "switched" [Other: from];
        Finished { env: _ } "finished" [];
        Installed { env: _, kept, fresh, dropped, released } "installed"
            [Kept: kept, Fresh: fresh, FieldsDropped: dropped, Released: released];
        InstallRefused { env: _, frames_needed, frames_free } "install_refused"
            [FramesNeeded: frames_needed, FramesFree: frames_free];
        Loaded { env: _, frames } "loaded" [Frames: frames];
        LoadRefused { env: _, frames_needed, frames_free } "load_refused"
            [FramesNeeded: frames_needed, FramesFree: frames_free];
        CapabilityMade { env: _, capability, object, access, parent } "capability_made"
            [Capability: capability, Access: access, Parent: parent] + named(object);
        CapabilityRevoked { env: _, capability, object, ended, dropped } "capability_revoked"
            [Capability: capability, Ended: ended, Dropped: dropped] + named(object);
        BoundShared { env: _, page, frame, access, slot, index, capability } "bound_shared"
            [Page: page, Frame: frame, Access: access, TlbEntry: slot, StlbEntry: index,
             Capability: capability];
        Raised { env: _, exception: Exception { kind, instruction, address, value } } "raised"
            [Exception: word(kind), Instruction: instruction, Address: address, Value: value];
        Recovered { env: _, skipped } "recovered" [Value: skipped];
        CoprocessorSet { env: _, enabled } "coprocessor_set" [Enabled: enabled];
        SliceAllocated { env: _, position, named } "slice_allocated" [Slice: position, Named: named];
        SliceFreed { env: _, position } "slice_freed" [Slice: position];
        Yielded { env: _, to } "yielded" [Other: to];
        SliceBegan { env: _, position } "slice_began" [Slice: position];
        SliceEnding { env: _, position } "slice_ending" [Slice: position];
        Saved { env: _ } "saved" [];
        Overran { env: _, excess } "overran" [Owed: excess];
        Forfeited { env: _, position, owed } "forfeited" [Slice: position, Owed: owed];
        Transferred { from: _, to, transfer, words: message } "transferred"
            [Other: to, Transfer: transfer] + words(&message, message.len());
        TransferFailed { env: _, callee } "transfer_failed" [Other: callee];
        ExtentAllocated { env: _, extent, named: asked, capability } "extent_allocated"
            [Named: asked, Capability: capability] + named(Object::Extent(extent));
        ExtentFreed { env: _, extent, ended } "extent_freed"
            [Ended: ended] + named(Object::Extent(extent));
        DiskRequested { env: _, direction, block, frame, dropped, due_cycles } "disk_requested"
            [Direction: direction, Block: block, Frame: frame, Dropped: dropped, DueCycles: due_cycles];
        DiskCompleted { env: _, direction, block, frame, result, replaced } "disk_completed"
            [Direction: direction, Block: block, Frame: frame,
             Refusal: result.err().map(SysError::name), Replaced: replaced];
        AlarmSet { env: _, at_cycles } "alarm_set" [DueCycles: at_cycles];
        AlarmRang { env: _ } "alarm_rang" [];
        Network { env: _, fact } (super::packets::network(&fact).0) [] + super::packets::network(&fact).1;
    }
}

/// Words that are passed, in order.
fn words(words: &[u64], count: usize) -> Vec<(Column, Value)> {
    let columns = [Column::First, Column::Second, Column::Third, Column::Fourth];
    let words = words.iter().take(count).map(|it| (*it).into());
    columns.into_iter().zip(words).collect()
}

/// What a capability is for.
fn named(object: Object) -> Vec<(Column, Value)> {
    match object {
        Object::Frame(frame) => vec![(Column::Frame, frame.into())],
        Object::Extent(extent) => vec![
            (Column::Block, extent.first.into()),
            (Column::Blocks, extent.blocks.into()),
        ],
    }
}

fn word(kind: ExceptionKind) -> &'static str {
    match kind {
        ExceptionKind::Unaligned => "unaligned",
        ExceptionKind::Overflow => "overflow",
        ExceptionKind::DivideByZero => "divide_by_zero",
        ExceptionKind::Coprocessor => "coprocessor",
    }
}
