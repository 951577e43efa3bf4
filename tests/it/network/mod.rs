//! The network: packet filters, their text form, captures.

mod captures;
mod filters;
mod libpcap;
mod text;
mod view;
