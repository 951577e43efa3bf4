//! The columns of a table of events, and what may stand in one.

use exo_core::event::{Bit, Transfer};
use exo_core::ids::{
    Access, Block, CapabilityId, Cause, Contents, Direction, EnvId, Frame, Page, ReferenceKind,
    TlbSlot,
};

use crate::explain::env_letter;

/// What stands in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing: it does not apply.
    Nothing,
    /// A number.
    Number(u64),
    /// A yes or no.
    Flag(bool),
    /// One of few words.
    Word(&'static str),
    /// An environment, shown by its letter.
    Environment(EnvId),
}

impl Value {
    /// As it stands in a table of plain text.
    pub fn text(self) -> String {
        match self {
            Value::Nothing => String::new(),
            Value::Number(number) => number.to_string(),
            Value::Flag(flag) => flag.to_string(),
            Value::Word(word) => word.to_owned(),
            Value::Environment(env) => env_letter(env),
        }
    }
}

/// Declares the columns, in the order in which they stand in a table.
macro_rules! columns {
    ($($column:ident $name:literal $meaning:literal;)*) => {
        /// A number of an event. Which of them an event has, its kind says.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Column {
            $(#[doc = $meaning] $column,)*
        }

        impl Column {
            /// All of them, in order.
            pub const ALL: &[Column] = &[$(Column::$column,)*];

            /// Its name, as it stands above a column.
            pub fn name(self) -> &'static str {
                match self {
                    $(Column::$column => $name,)*
                }
            }

            /// What stands in it.
            pub fn meaning(self) -> &'static str {
                match self {
                    $(Column::$column => $meaning,)*
                }
            }
        }
    };
}

columns! {
    Address "address" "a virtual address";
    Page "page" "a virtual page of the environment";
    Pages "pages" "how many pages from that one on";
    Frame "frame" "a physical frame";
    Frames "frames" "how many frames";
    TlbEntry "tlb_entry" "an entry of the TLB";
    StlbEntry "stlb_entry" "an entry of the software TLB";
    Access "access" "`read` or `read_write`";
    Reference "reference" "`fetch`, `load`, `store` or `modify`";
    Rerun "rerun" "whether the reference had missed or faulted before";
    Cause "cause" "why the hardware could not go on: `miss` or `protection`";
    Loaded "loaded" "whether the frame is given to another page than before";
    Replaced "replaced" "the page that lost the frame";
    Dropped "dropped" "cached bindings that went";
    Call "call" "the system call, by its name";
    Refusal "refusal" "why it was refused, by its name";
    Value "value" "the answer, or the value of the event";
    Bit "bit" "`referenced` or `dirty`";
    Set "set" "whether that bit is set";
    Upcall "upcall" "the handler that is entered, by its name";
    First "first" "the first word that is passed";
    Second "second" "the second";
    Third "third" "the third";
    Fourth "fourth" "the fourth";
    Request "request" "a number between an application and its libOS";
    Message "message" "which `log!` of its program";
    Application "application" "whether the application did it, and not its libOS";
    Other "other" "another environment: whose entry, from or to whom";
    OtherPage "other_page" "a page of that one";
    Named "named" "whether that very one was asked for";
    Limit "limit" "frames that the environment may hold";
    Excess "excess" "frames that it holds beyond that";
    Unpromised "unpromised" "frames that no limit had promised";
    Moved "moved" "frames by which the limit of the other one falls";
    DueCycles "due_cycles" "the machine's cycle count at which it is due";
    IdleCycles "idle_cycles" "cycles in which nobody could run";
    Line "line" "a line of the source; 0 is none";
    Kept "kept" "fields of the policy that keep their values";
    Fresh "fresh" "fields that begin afresh";
    FieldsDropped "fields_dropped" "fields that are gone";
    Released "released" "frames that were freed first";
    FramesNeeded "frames_needed" "frames that a program's state needs";
    FramesFree "frames_free" "frames that can be had";
    Capability "capability" "a capability, by the place of its record";
    Parent "parent" "the one that it was derived from";
    Ended "ended" "capabilities that ended";
    Block "block" "a block of the disk, or the first of several";
    Blocks "blocks" "how many blocks";
    Direction "direction" "`read` from the disk or `write` to it";
    Exception "exception" "`unaligned`, `overflow`, `divide_by_zero` or `coprocessor`";
    Instruction "instruction" "an instruction, by its place in the program";
    Enabled "enabled" "whether the coprocessor is on";
    Slice "slice" "a slice of the processor, by its position";
    Owed "owed" "slices that are owed";
    Transfer "transfer" "`synchronous`, `asynchronous` or `back`";
    Contents "contents" "what became of what was in a frame that was taken: `unchanged`, `saved` or `lost`";
    Packet "packet" "a packet, by its number: those that came in and those that go out have their own";
    Filter "filter" "a packet filter, by its number";
    Length "length" "how many bytes";
    At "at" "the first byte, within its frame, or behind the base";
    Mask "mask" "which bits of a field are looked at";
    Shift "shift" "log2 of what a field is multiplied by";
    Advance "advance" "bytes by which the base moves on";
    Delivery "delivery" "`poll`, `notice` or `urgent`";
    Program "program" "a program that was downloaded, by its place";
    Place "place" "a place in a ring, or among what a handler reaches";
    Packets "packets" "how many packets";
    Lost "lost" "how many of them do not arrive";
    EngineCycles "engine_cycles" "what the filters took, in cycles";
    Reason "reason" "why a packet was dropped, in a word";
    Fate "fate" "what a handler made of a packet: `done`, `wake` or `queue`";
    Instructions "instructions" "instructions of a handler";
    Reply "reply" "the packet with which it replied";
    Arrivals "arrivals" "how often a packet arrives at the other end";
}

/// Conversions of what events hold.
macro_rules! values {
    ($($what:ty: $name:pat => $value:expr;)*) => {
        $(impl From<$what> for Value {
            fn from($name: $what) -> Value {
                $value
            }
        })*
    };
}

values! {
    u8: number => Value::Number(number.into());
    u16: number => Value::Number(number.into());
    u32: number => Value::Number(number.into());
    u64: number => Value::Number(number);
    bool: flag => Value::Flag(flag);
    &'static str: word => Value::Word(word);
    EnvId: env => Value::Environment(env);
    Page: Page(number) => Value::Number(number.into());
    Frame: Frame(number) => Value::Number(number.into());
    TlbSlot: TlbSlot(number) => Value::Number(number.into());
    Block: Block(number) => Value::Number(number.into());
    CapabilityId: CapabilityId(number) => Value::Number(number.into());
    Access: access => Value::Word(match access {
        Access::Read => "read",
        Access::ReadWrite => "read_write",
    });
    Cause: cause => Value::Word(match cause {
        Cause::Miss => "miss",
        Cause::Protection => "protection",
    });
    Direction: direction => Value::Word(match direction {
        Direction::Read => "read",
        Direction::Write => "write",
    });
    ReferenceKind: kind => Value::Word(match kind {
        ReferenceKind::Fetch => "fetch",
        ReferenceKind::Load => "load",
        ReferenceKind::Store => "store",
        ReferenceKind::Modify => "modify",
    });
    Contents: contents => Value::Word(match contents {
        Contents::Unchanged => "unchanged",
        Contents::Saved => "saved",
        Contents::Lost => "lost",
    });
    Bit: bit => Value::Word(match bit {
        Bit::Referenced => "referenced",
        Bit::Dirty => "dirty",
    });
    Transfer: transfer => Value::Word(match transfer {
        Transfer::Synchronous => "synchronous",
        Transfer::Asynchronous => "asynchronous",
        Transfer::Back => "back",
    });
}

impl<V: Into<Value>> From<Option<V>> for Value {
    fn from(value: Option<V>) -> Value {
        value.map_or(Value::Nothing, V::into)
    }
}
