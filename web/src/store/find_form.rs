//! What is looked for in a run, as it is chosen and typed.

use exo_core::ids::EnvId;
use exo_session::condition::{Condition, parse_condition};

use crate::view::words::letter;

/// What is looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum What {
    /// An event of a kind.
    #[default]
    Kind,
    /// A frame with another owner.
    Frame,
    /// A page that faulted.
    Fault,
    /// A page that was mapped.
    Map,
    /// A page that lost its frame.
    Evict,
    /// An entry of the TLB that was written.
    Tlb,
    /// A counter above a number.
    Counter,
    /// A line of a policy.
    Line,
    /// A line of an application.
    ApplicationLine,
    /// One of the breakpoints.
    Breakpoint,
}

impl What {
    /// All of them, in order of the menu.
    pub const ALL: [What; 10] = [
        What::Kind,
        What::Frame,
        What::Fault,
        What::Map,
        What::Evict,
        What::Tlb,
        What::Counter,
        What::Line,
        What::ApplicationLine,
        What::Breakpoint,
    ];

    /// What the menu calls it.
    pub fn label(self) -> &'static str {
        match self {
            What::Kind => "an event of a kind",
            What::Frame => "a frame changes its owner",
            What::Fault => "a page faults",
            What::Map => "a page is mapped",
            What::Evict => "a page loses its frame",
            What::Tlb => "a TLB entry is written",
            What::Counter => "a counter passes a number",
            What::Line => "a policy comes to a line",
            What::ApplicationLine => "an application comes to a line",
            What::Breakpoint => "a breakpoint is reached",
        }
    }

    /// Whether it concerns one environment.
    pub fn has_owner(self) -> bool {
        !matches!(
            self,
            What::Kind | What::Frame | What::Tlb | What::Breakpoint
        )
    }

    /// What is typed for it: a name, and an example.
    pub fn typed(self) -> Option<(&'static str, &'static str)> {
        match self {
            What::Kind | What::Breakpoint => None,
            What::Frame => Some(("frame", "0x1A")),
            What::Fault | What::Map | What::Evict => Some(("page", "0x12")),
            What::Tlb => Some(("slot", "5")),
            What::Counter => Some(("number", "100")),
            What::Line | What::ApplicationLine => Some(("line", "30")),
        }
    }
}

/// Kinds of events, by the words of a condition.
pub const KINDS: &[&str] = &[
    "eviction",
    "load",
    "upcall",
    "miss",
    "refusal",
    "switch",
    "revocation",
    "repossession",
    "disk",
    "packet",
    "handler",
    "transfer",
    "log",
    "edit",
    "break",
];

/// Counters, by the words of a condition.
pub const COUNTERS: &[&str] = &[
    "page-loads",
    "evictions",
    "upcalls",
    "tlb-misses",
    "stlb-hits",
    "system-calls",
    "stack-calls",
    "crossings",
    "references",
    "instructions",
    "repossessions",
];

/// What stands in the fields. Each kind of number keeps its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FindForm {
    /// What is looked for.
    pub what: What,
    /// Whose page, counter or line.
    pub owner: EnvId,
    /// Whose event; none is anyone's.
    pub whose: Option<EnvId>,
    /// The kind of event.
    pub kind: &'static str,
    /// The counter.
    pub counter: &'static str,
    /// A frame.
    pub frame: String,
    /// A page.
    pub page: String,
    /// A slot of the TLB.
    pub slot: String,
    /// What the counter is to pass.
    pub above: String,
    /// A line.
    pub line: String,
}

impl Default for FindForm {
    fn default() -> FindForm {
        FindForm {
            what: What::default(),
            owner: EnvId(0),
            whose: None,
            kind: KINDS[0],
            counter: COUNTERS[0],
            frame: String::new(),
            page: String::new(),
            slot: String::new(),
            above: String::new(),
            line: String::new(),
        }
    }
}

impl FindForm {
    /// What is typed for what is looked for.
    pub fn typed(&self) -> &str {
        match self.what {
            What::Kind | What::Breakpoint => "",
            What::Frame => &self.frame,
            What::Fault | What::Map | What::Evict => &self.page,
            What::Tlb => &self.slot,
            What::Counter => &self.above,
            What::Line | What::ApplicationLine => &self.line,
        }
    }

    /// Puts it there.
    pub fn put(&mut self, text: String) {
        match self.what {
            What::Kind | What::Breakpoint => {}
            What::Frame => self.frame = text,
            What::Fault | What::Map | What::Evict => self.page = text,
            What::Tlb => self.slot = text,
            What::Counter => self.above = text,
            What::Line | What::ApplicationLine => self.line = text,
        }
    }

    /// The condition as the command line takes it: `evict=A:0x12`.
    pub fn words(&self) -> String {
        let typed = self.typed().trim();
        let owner = letter(self.owner.index());
        match self.what {
            What::Kind => match self.whose {
                Some(env) => format!("{}={}", self.kind, letter(env.index())),
                None => self.kind.to_owned(),
            },
            What::Frame => format!("frame={typed}"),
            What::Fault => format!("fault={owner}:{typed}"),
            What::Map => format!("map={owner}:{typed}"),
            What::Evict => format!("evict={owner}:{typed}"),
            What::Tlb => format!("tlb={typed}"),
            What::Counter => format!("{owner}:{}>{typed}", self.counter),
            What::Line => format!("line={owner}:{typed}"),
            What::ApplicationLine => format!("line=app:{owner}:{typed}"),
            What::Breakpoint => "breakpoint".to_owned(),
        }
    }

    /// What is looked for.
    ///
    /// # Errors
    /// A sentence that says what is to be typed.
    pub fn condition(&self) -> Result<Condition, String> {
        parse_condition(&self.words()).map_err(|_| match self.what.typed() {
            Some((name, example)) if self.typed().trim().is_empty() => {
                format!("Which {name}? Type one, like {example}.")
            }
            Some((name, example)) => format!(
                "“{}” is no {name}: type a number, like {example}.",
                self.typed().trim().chars().take(24).collect::<String>()
            ),
            None => "Choose what to look for.".to_owned(),
        })
    }
}
