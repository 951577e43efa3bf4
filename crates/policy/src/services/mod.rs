//! What an editor asks of a source: shared by the page, the command line and the tests.
//!
//! Places are bytes of the source, in UTF-8. A source need not be a policy yet: help is wanted most
//! while it is not.

mod format;

pub use format::format;
