//! Exports: each is read by a strict reader, and says what the machine counted.

mod csv_reader;
mod errors;
mod packets;
mod picture;
mod runs;
mod snapshot;
mod tables;
mod timeline;
mod trace_reader;
mod windows;
