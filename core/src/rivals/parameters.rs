//! What the comparison kernels' paths cost: named, sourced, and there to be changed.

use core::fmt;

/// How sure a figure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Read in the primary source.
    Published,
    /// Read in a secondary source.
    Secondary,
    /// Computed from published figures.
    Derived,
    /// From memory, unverified.
    Memory,
}

impl Mark {
    /// The letter that a table shows.
    pub fn letter(self) -> &'static str {
        match self {
            Mark::Published => "P",
            Mark::Secondary => "S",
            Mark::Derived => "D",
            Mark::Memory => "M",
        }
    }
}

/// What is known of one parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name, as it is set.
    pub name: &'static str,
    /// Which kernel pays it.
    pub kernel: &'static str,
    /// What it is, and in which unit.
    pub meaning: &'static str,
    /// What it is unless somebody says otherwise.
    pub default: u64,
    /// How sure that is.
    pub mark: Mark,
    /// Where it comes from.
    pub source: &'static str,
}

/// The largest value of a parameter: larger ones would say nothing more.
pub const PARAMETER_MAX: u64 = 1_000_000;

/// Why a parameter was not set. None has changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the sentence of each is in its Display")]
pub enum ParameterError {
    Unknown,
    TooLarge { asked: u64 },
}

impl fmt::Display for ParameterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ParameterError::Unknown => {
                f.write_str("there is no such parameter; there are ")?;
                for (index, parameter) in Parameters::ALL.iter().enumerate() {
                    let separator = if index == 0 { "" } else { ", " };
                    write!(f, "{separator}{}", parameter.name)?;
                }
                Ok(())
            }
            ParameterError::TooLarge { asked } => {
                write!(f, "{asked} is too large: at most {PARAMETER_MAX}")
            }
        }
    }
}

/// The fields of [`Parameters`], their defaults and the table of them, from one list.
macro_rules! parameters {
    ($($name:ident, $kernel:literal, $meaning:literal, $default:literal, $mark:ident, $source:literal;)*) => {
        /// The parameters of the comparison kernels, in cycles of the R2000 and R3000 unless said
        /// otherwise.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Parameters {
            $(
                #[doc = concat!($meaning, ". Source (", stringify!($mark), "): ", $source, ".")]
                pub $name: u64,
            )*
        }

        impl Default for Parameters {
            fn default() -> Parameters {
                Parameters { $($name: $default,)* }
            }
        }

        impl Parameters {
            /// All of them, in the order in which they are shown.
            pub const ALL: &'static [Parameter] = &[$(
                Parameter {
                    name: stringify!($name),
                    kernel: $kernel,
                    meaning: $meaning,
                    default: $default,
                    mark: Mark::$mark,
                    source: $source,
                },
            )*];

            /// The value of the parameter of that name.
            pub fn get(&self, name: &str) -> Option<u64> {
                match name {
                    $(stringify!($name) => Some(self.$name),)*
                    _ => None,
                }
            }

            fn place(&mut self, name: &str) -> Option<&mut u64> {
                match name {
                    $(stringify!($name) => Some(&mut self.$name),)*
                    _ => None,
                }
            }
        }
    };
}

parameters! {
    tlb_refill, "both",
    "a TLB miss that the kernel answers from its own page table",
    36, Derived,
    "the 18 instructions of a software TLB hit (E95 5.4): a table in unmapped memory is probed just so";

    ipc_one_way, "microkernel",
    "one message, one way, the entry into the kernel included",
    65, Secondary,
    "L95: what Aegis's transfer on an R2000 would cost with L3's semantics; elsewhere L3 on a 486 \
     250 (P), L4 on Alpha 45 and on a Pentium 121 (S), on an R4600 86 (M)";

    space_switch, "microkernel",
    "a change of address space, without the TLB misses that may follow it, which are charged by themselves",
    0, Secondary,
    "L95: 0 with a tagged TLB; by segments 15 on a Pentium and 39 on a 486";

    map, "microkernel",
    "one mapping that a reply carries, entered by the kernel",
    36, Derived,
    "as writing one translation at a software TLB hit; figures from memory say more (a mapping RPC \
     on a Pentium at 133 MHz 12 us, an empty one 5: 930 cycles)";

    unmap, "microkernel",
    "one mapping that a flush takes away or restricts",
    36, Derived,
    "as entering one";

    kernel_call, "microkernel",
    "a system call of a pager, without what it does",
    80, Derived,
    "L3's null call, 123 cycles on a 486 (L95), times 65/100, at which L95 compares the processors";

    library_call, "both",
    "what a libOS asks of the exokernel and a pager or a process does for itself, as frames come \
     from its own list",
    7, Published,
    "E95 table 4: a null procedure call";

    pager_pages, "microkernel",
    "pages of its own that a pager touches through the TLB each time it runs (pages, not cycles)",
    0, Derived,
    "0, as the state of a libOS is reached past the TLB in this machine; five would fit the 45 \
     cycles of TLB misses of L3's message at 9 each (S)";

    kernel_entry, "monolithic",
    "an entry into the kernel with its return",
    403, Published,
    "E95 table 4: getpid under Ultrix on a DEC2100, 32.2 us at 12.5 MHz; DEC3100 562, DEC5000 532";

    fault_code, "monolithic",
    "the kernel's own work on a page fault, without the search for a victim",
    242, Derived,
    "E95 tables 10 and 4 on a DEC2100: closing one page less getpid, 645 - 403; a fault does no less";

    clock_step, "monolithic",
    "one frame that the hand of the global CLOCK looks at",
    10, Derived,
    "ten instructions: load and test a bit, clear it, drop the translation, move on";

    protect_call, "monolithic",
    "a system call that changes the protection of one page",
    645, Published,
    "E95 table 10: prot1 under Ultrix on a DEC2100, 51.6 us; DEC3100 650, DEC5000 800";

    protect_page, "monolithic",
    "each further page of the same call",
    16, Derived,
    "E95 table 10 on a DEC2100: (prot100 - prot1) / 99 = (2188 - 645) / 99";

    signal, "monolithic",
    "a fault passed to a user's handler by signal, with the return from it",
    3000, Published,
    "E95 table 10: trap under Ultrix on a DEC2100, 240 us; DEC3100 3084, DEC5000 4025";
}

impl Parameters {
    /// Sets the parameter of that name.
    ///
    /// # Errors
    /// There is none of that name, or the value is larger than [`PARAMETER_MAX`].
    pub fn set(&mut self, name: &str, value: u64) -> Result<(), ParameterError> {
        let place = self.place(name).ok_or(ParameterError::Unknown)?;
        if value > PARAMETER_MAX {
            return Err(ParameterError::TooLarge { asked: value });
        }
        *place = value;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::{PARAMETER_MAX, ParameterError, Parameters};

    #[test]
    fn every_parameter_can_be_read_and_set_by_its_name_and_begins_with_its_default() {
        let defaults = Parameters::default();
        for parameter in Parameters::ALL {
            assert_eq!(defaults.get(parameter.name), Some(parameter.default));
            assert!(!parameter.source.is_empty() && !parameter.meaning.is_empty());
            let mut changed = defaults;
            assert_eq!(changed.set(parameter.name, 4711), Ok(()));
            assert_eq!(changed.get(parameter.name), Some(4711));
            let others = Parameters::ALL
                .iter()
                .filter(|it| it.name != parameter.name);
            others.for_each(|it| assert_eq!(changed.get(it.name), Some(it.default)));
        }
    }

    #[test]
    fn an_unknown_name_and_too_large_a_value_change_nothing_and_say_what_would_be_right() {
        let mut parameters = Parameters::default();
        let unknown = parameters.set("ipc", 1).unwrap_err();
        assert!(unknown.to_string().contains("ipc_one_way"), "{unknown}");
        let asked = PARAMETER_MAX + 1;
        let too_large = parameters.set("map", asked).unwrap_err();
        assert_eq!(too_large, ParameterError::TooLarge { asked });
        assert!(too_large.to_string().contains("1000000"), "{too_large}");
        assert_eq!(parameters, Parameters::default());
    }

    /// What a user's handler costs under Ultrix follows from its parts (E95 tables 10 and 13).
    #[test]
    fn the_monolithic_parameters_explain_the_published_composites_within_15_percent() {
        let it = Parameters::default();
        let near = |ours: u64, published: u64| ours.abs_diff(published) * 100 <= published * 15;
        let prot100 = it.protect_call + 99 * it.protect_page;
        assert!(near(prot100, 2188), "{prot100}");
        let appel1 = it.signal + 2 * it.protect_call;
        assert!(near(appel1, 4788), "{appel1}");
        let appel2 = prot100 / 100 + it.signal + it.protect_call;
        assert!(near(appel2, 4188), "{appel2}");
    }
}
