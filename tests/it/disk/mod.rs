//! The disk: extents and their capabilities, transfers that are waited for, faults, and paging.

mod application;
mod chance;
mod extents;
mod faults;
mod paging;
mod saving;
mod session;
mod transfers;
mod twins;
