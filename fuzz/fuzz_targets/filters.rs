//! Looks for bytes that break what must hold of this reader (`tests/src/readers.rs`).
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    exo_tests::readers::filters(bytes);
});
