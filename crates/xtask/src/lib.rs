//! The page's static file server, for `cargo xtask serve` and the end-to-end test.

pub mod headers;
mod page_files;
pub mod page_server;
