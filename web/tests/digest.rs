//! The same run has the same digest in the browser as natively (INV-DET-1).

use wasm_bindgen_test::wasm_bindgen_test;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test(unsupported = test)]
fn the_opening_scenario_ends_with_the_digest_that_the_native_test_expects() {
    assert_eq!(
        exo_tests::first_light_digest(),
        exo_tests::FIRST_LIGHT_DIGEST
    );
}

#[wasm_bindgen_test(unsupported = test)]
fn random_sessions_have_the_digests_that_were_found_natively() {
    let found = exo_tests::seeds::digests();
    let differ = found.lines().zip(exo_tests::seeds::DIGESTS.lines());
    let differ: Vec<_> = differ.filter(|(here, native)| here != native).collect();
    assert!(differ.is_empty(), "here and natively: {differ:?}");
    assert_eq!(
        found.lines().count(),
        exo_tests::seeds::DIGESTS.lines().count()
    );
}
