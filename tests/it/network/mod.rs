//! The network: packet filters, their text form, captures, protocol libraries.

mod captures;
mod filters;
mod libpcap;
mod libraries;
mod text;
mod view;
