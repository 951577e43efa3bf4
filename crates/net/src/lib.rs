//! Packets: captures, a text form of filters, and what filters make of them.
//!
//! The kernel knows no protocol; this crate does. It reads and writes captures (pcap and pcapng), compiles a
//! subset of the language of tcpdump to the kernel's declarative filters, and tells people what a frame says.

pub mod capture;
pub mod decode;
pub mod filters;
pub mod flows;
pub mod frames;
pub mod pcapng;
pub mod sample;
pub mod text;
pub mod verdicts;

pub use capture::{Capture, CaptureError, Packet};
pub use filters::{FilterFile, FilterFileError, FilterReader, Line, read_filters};
pub use text::{TextError, compile};
