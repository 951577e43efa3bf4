//! Protocols as library code (A48, A50): whole stacks that share one network interface and do not know
//! of each other. The kernel was told which packets are whose; all that they mean is here.
//!
//! A library is one text, put together of parts: what it is, and the protocols that it speaks. rustc
//! compiles each here, as the page and the command line do.

use crate::{Part, PartKind};

/// Libraries: each by its constant, kind, name, module, files and summary.
macro_rules! libraries {
    ($($(#[$doc:meta])* $constant:ident $kind:ident $name:literal $module:ident
       [$first:literal $($file:literal)*] $summary:literal;)*) => {
        $(
            $(#[$doc])*
            #[allow(dead_code, reason = "a part has the same functions for every library")]
            #[allow(
                clippy::new_without_default,
                reason = "a program's `new` is a constant, not a default"
            )]
            #[allow(
                clippy::wildcard_imports,
                reason = "a program names the prelude's handful of words"
            )]
            #[allow(
                clippy::needless_range_loop,
                clippy::manual_find,
                clippy::manual_is_multiple_of,
                reason = "the subset has no iterators and few methods"
            )]
            #[allow(
                clippy::manual_rotate,
                reason = "a rotation takes as many instructions as five shifts"
            )]
            #[allow(
                clippy::too_many_arguments,
                reason = "a header has that many fields, and the subset no builders"
            )]
            pub mod $module {
                include!($first);
                $(include!($file);)*
            }

            $(#[$doc])*
            pub const $constant: Part = Part {
                name: $name,
                kind: PartKind::$kind,
                summary: $summary,
                source: concat!(include_str!($first) $(, "\n", include_str!($file))*),
            };
        )*

        /// Every one of them.
        pub const PARTS: &[Part] = &[$($constant),*];
    };
}

libraries! {
    /// ARP, ping, UDP echo and names.
    RESPONDER LibOs "responder" responder
        ["responder.rs" "bytes.rs" "buffers.rs" "ethernet.rs" "ipv4.rs" "host.rs" "icmp.rs" "udp.rs" "names.rs"]
        "answers ARP, ping, UDP echo and questions for names, at 10.0.0.1";
    /// A web server in the manner of Cheetah.
    HTTP_SERVER LibOs "http-server" http_server
        ["http_server.rs" "bytes.rs" "buffers.rs" "ethernet.rs" "ipv4.rs" "host.rs" "icmp.rs" "udp.rs" "names.rs"
         "segment.rs" "connection.rs" "tcp.rs" "sending.rs" "files.rs" "http.rs"]
        "serves files from the disk by HTTP, and what responder does, at 10.0.0.1";
    /// One port of UDP for an application that asks.
    DATAGRAM LibOs "datagram" datagram
        ["datagram.rs" "bytes.rs" "ethernet.rs" "claims.rs"]
        "a second stack, for polling-echo: datagrams when they are asked for, at 10.0.0.16";
    /// An application that polls.
    POLLING_ECHO Application "polling-echo" polling_echo
        ["polling_echo.rs"]
        "asks datagram for what came to port 7, and sends it back";
    /// The owner of two message handlers.
    ASH_HOST LibOs "ash-host" ash_host
        ["ash_host.rs" "bytes.rs" "buffers.rs" "ethernet.rs" "claims.rs"]
        "binds ash-echo to port 7 and ash-copy to port 9, at 10.0.0.32";
    /// UDP echo in the kernel.
    ASH_ECHO MessageHandler "ash-echo" ash_echo
        ["ash_echo.rs" "messages.rs"]
        "sends datagrams back as they arrive, whoever runs";
    /// Payloads into their owner's frames.
    ASH_COPY MessageHandler "ash-copy" ash_copy
        ["ash_copy.rs" "messages.rs"]
        "puts payloads into pages of its owner, summed on the way, and wakes it";
}

// The parts as modules of their own: for rustfmt alone, which follows modules and no `include!`.
#[cfg(rustfmt)]
mod ash_copy;
#[cfg(rustfmt)]
mod ash_echo;
#[cfg(rustfmt)]
mod ash_host;
#[cfg(rustfmt)]
mod buffers;
#[cfg(rustfmt)]
mod bytes;
#[cfg(rustfmt)]
mod claims;
#[cfg(rustfmt)]
mod connection;
#[cfg(rustfmt)]
mod datagram;
#[cfg(rustfmt)]
mod ethernet;
#[cfg(rustfmt)]
mod files;
#[cfg(rustfmt)]
mod host;
#[cfg(rustfmt)]
mod http;
#[cfg(rustfmt)]
mod http_server;
#[cfg(rustfmt)]
mod icmp;
#[cfg(rustfmt)]
mod ipv4;
#[cfg(rustfmt)]
mod messages;
#[cfg(rustfmt)]
mod names;
#[cfg(rustfmt)]
mod polling_echo;
#[cfg(rustfmt)]
mod responder;
#[cfg(rustfmt)]
mod segment;
#[cfg(rustfmt)]
mod sending;
#[cfg(rustfmt)]
mod tcp;
#[cfg(rustfmt)]
mod udp;
