//! The network: packet filters, their text form, captures.

mod filters;
mod libpcap;
mod text;
