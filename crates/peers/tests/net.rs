//! scratch
#[path = "../../../tests/it/network/libraries/mod.rs"]
mod libraries;
