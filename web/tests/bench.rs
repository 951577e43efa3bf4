//! Speed of a replay in Wasm: prints, and asserts nothing that depends on time.

use exo_session::bench::{
    measure, measure_compile, measure_filters, measure_handler, measure_history, repeated, worst,
};
use exo_session::sample_trace;
use wasm_bindgen_test::{console_log, wasm_bindgen_test};

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn a_replay_under_the_compiled_policy_is_measured_beside_a_bare_loop() {
    let performance = web_sys::window().and_then(|window| window.performance());
    let performance = performance.expect("a page has a clock");
    let sample = exo_libos_samples::sample("clock").expect("clock is a sample");
    let trace = sample_trace().expect("the sample trace is whole");
    let report = measure(trace, sample, 64, 9, || performance.now() * 1e6);
    let report = report.expect("the opening machine can be made");
    assert!(
        report.upcalls > 0,
        "a replay without upcalls measures no policy"
    );
    console_log!("wasm{report}");
}

#[wasm_bindgen_test]
fn a_page_fault_handler_is_measured_beside_the_same_code_under_rustc() {
    let performance = web_sys::window().and_then(|window| window.performance());
    let performance = performance.expect("a page has a clock");
    let report = measure_handler(500, || performance.now() * 1e6);
    let report = report.expect("the handler runs both ways");
    assert!(report.instructions > 1.0, "a handler does something");
    console_log!("wasm {report}");
}

#[wasm_bindgen_test]
fn a_compile_is_measured() {
    let performance = web_sys::window().and_then(|window| window.performance());
    let performance = performance.expect("a page has a clock");
    let report = measure_compile(200, || performance.now() * 1e6);
    console_log!("wasm {}", report.expect("a sample compiles"));
}

#[wasm_bindgen_test]
fn packet_filters_are_gone_through_with_each_engine() {
    let performance = web_sys::window().and_then(|window| window.performance());
    let performance = performance.expect("a page has a clock");
    let figures = measure_filters(20, || performance.now() * 1e6);
    for figures in figures.expect("the engines agree") {
        console_log!("wasm {figures}");
    }
}

#[wasm_bindgen_test]
fn the_history_of_a_long_run_is_gone_through() {
    let performance = web_sys::window().and_then(|window| window.performance());
    let performance = performance.expect("a page has a clock");
    let sample = exo_libos_samples::sample("clock").expect("clock is a sample");
    let short = sample_trace().expect("the sample trace is whole");
    for trace in [repeated(&short), worst()] {
        let figures = measure_history(trace, sample, 64, || performance.now() * 1e6);
        let figures = figures.expect("the machine can be made");
        assert!(
            figures.history.checkpoints > 1,
            "there is a history to go through"
        );
        console_log!("wasm {figures}");
    }
}
