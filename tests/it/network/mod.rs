//! The network: packet filters, their text form, captures, protocol libraries.

mod captures;
mod filters;
mod libraries;
mod libpcap;
mod text;
