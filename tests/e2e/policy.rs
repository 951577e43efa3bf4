//! The policy's column and what environments run: each control against the same natively.

use exo_libos_samples::{APPLICATIONS, application, sample, table};
use exo_session::debugger::Stride;
use exo_session::{ApplicationSpec, Search, Session, first_light};
use exo_tests::digest;
use serde_json::json;

use crate::driver::wait_for;
use crate::page::Page;
use crate::{A, native};

#[test]
fn a_sample_with_another_page_table_is_chosen_read_and_applied() {
    let page = Page::open();
    page.go("Next fault");
    let mut native = native(1);
    page.choose("Load a sample policy", "lru");
    wait_for("the sample is there", || {
        (page.text() == sample("lru").unwrap().source).then_some(())
    });
    let lessons = page.words(".lessons");
    assert!(lessons.contains("Lesson: LRU"), "{lessons}");
    page.choose("Page table", "linear");
    let text = sample("lru").unwrap().with_table(table("linear").unwrap());
    wait_for("the table is there", || (page.text() == text).then_some(()));
    page.driver.execute(
        "document.querySelector('.lesson summary').click()",
        json!([]),
    );
    let lesson = sample("lru").unwrap().lesson();
    let first = lesson.split_whitespace().next().unwrap();
    page.wait_for_words(".lesson[open] p", first);
    assert_eq!(page.digest(), digest(&native), "nothing is applied yet");

    page.wait_for_words("#apply-words", "Compiles");
    page.click("Apply");
    native.apply(A, &text, false).unwrap();
    page.wait_for_words("#apply-words", "Applied");
    page.run_to_the_end();
    native.run_slice(u64::MAX);
    assert_eq!(page.digest(), digest(&native));
    assert_eq!(page.phase(0), "finished", "use stamps are there for it");
    page.assert_quiet();
}

#[test]
fn an_application_that_comes_along_runs_as_it_does_natively() {
    let page = Page::open();
    let scan = application("scan").unwrap();
    let options = page.words("select[aria-label='What A runs']");
    for one in APPLICATIONS {
        assert!(options.contains(one.title), "{options}");
    }
    page.choose("What A runs", scan.name);
    page.wait_for_words("#notice", scan.title);

    let mut scenario = first_light().unwrap();
    let spec = &mut scenario.environments[0];
    let libos = sample(scan.libos).unwrap();
    spec.source = libos.source.to_owned();
    spec.frame_limit = scan.frames;
    spec.application = ApplicationSpec::Program {
        name: format!("{}.rs", scan.name),
        source: scan.source.to_owned(),
    };
    let limits: u32 = scenario.environments.iter().map(|it| it.frame_limit).sum();
    let wanted = limits + scenario.pinned_frames().unwrap();
    scenario.machine.frames = scenario.machine.frames.max(wanted);
    let mut native = Session::new(scenario).unwrap();
    assert_eq!(page.digest(), digest(&native));
    assert_eq!(page.text(), libos.source);

    page.go("Next fault");
    assert_eq!(native.run_until_fault(u64::MAX), Search::Found);
    assert_eq!(page.digest(), digest(&native));
    page.run_to_the_end();
    native.run_slice(u64::MAX);
    assert_eq!(page.digest(), digest(&native));

    page.choose("What A runs", "");
    page.wait_for_words("#notice", "the trace dash");
    assert_eq!(page.digest(), digest(&crate::native(0)));
    page.assert_quiet();
}

#[test]
fn lines_are_stepped_and_bytecode_and_values_follow() {
    let page = Page::open();
    assert!(!page.can("Line over"), "no handler stands at reset");
    page.go("Next fault");
    let mut native = native(1);
    let current = || page.current_line();
    let strides = [
        ("Line into", Stride::Into),
        ("Line into", Stride::Into),
        ("Line out", Stride::Out),
        ("Line over", Stride::Over),
    ];
    for (name, stride) in strides {
        page.click(name);
        native.step_line(A, stride, u64::MAX);
        let digest = digest(&native);
        wait_for(name, || (page.digest() == digest).then_some(()));
        let line = native.handler_place(A).unwrap().line.to_string();
        wait_for("the line follows", || (current() == line).then_some(()));
    }
    let line = current();
    page.click("Bytecode");
    page.wait_for_words(".bytecode tr.now", &line);
    page.click("Values");
    let values = page.wait_for_words(".inside", "page_fault, at line");
    assert!(values.contains(&format!("at line {line}")), "{values}");
    assert!(values.contains("Fields of Fifo"), "{values}");
    page.driver.press("u");
    page.wait_for_words(".inside", "None is under way");
    assert!(!page.can("Line over"));
    page.click("Source");
    assert_eq!(page.text(), native.source_at(A));
    page.assert_quiet();
}

#[test]
fn a_warning_stands_at_its_line_and_does_not_stop_an_apply() {
    let page = Page::open();
    page.go("Next fault");
    let text = page.text();
    let mark = "let slot = self.hand;";
    let spare = text.replace(mark, &format!("let spare = 1_u32;\n        {mark}"));
    page.edit(&spare);
    page.wait_for_words("#apply-words", "Compiles, with 1 warning");
    page.wait_for_words(".diag li", "warning");
    page.wait_for_words(".diag li", "spare");
    page.click("Apply");
    page.wait_for_words("#apply-words", "Applied");
    page.assert_quiet();
}
