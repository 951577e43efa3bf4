//! A loop without an end, in each function that the kernel calls up to and in a program's `main`: the page
//! answers, names the line, and can be stepped back and repaired.

use std::path::{Path, PathBuf};
use std::time::Instant;

use crate::ANSWERS_WITHIN;
use crate::driver::{PATIENCE, wait_for};
use crate::page::Page;

/// Touches more pages than A may hold, for some ten slices.
const TOUCHES: &str = "let mut round: u32 = 0;
        while round < 3_000 {
            mem.store_u32(0x0010_0000 + round % 24 * 4_096, round);
            round += 1;
        }";
/// What a function of FIFO's begins with.
const FUNCTION: &str = "impl LibOs for Fifo {\n";
/// Says how an instruction goes on that cannot be completed.
const SKIPS: &str = "Ok(Resume { how: Resumption::Skip, value: 1 })";

/// A function that never ends, and what calls it.
struct Case {
    /// The function's signature, to the brace.
    function: &'static str,
    /// What it gives where it ends.
    gives: &'static str,
    /// `main` of A's program.
    main: &'static str,
    /// `main` of B's.
    other: &'static str,
    /// Whether memory is taken back from A.
    pressed: bool,
    /// What the page says of it.
    says: &'static str,
}

const USUAL: Case = Case {
    function: "",
    gives: "",
    main: TOUCHES,
    other: "self.value += 1;",
    pressed: false,
    says: "one upcall used all its fuel",
};

const CASES: [Case; 11] = [
    Case {
        function: "fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {",
        ..USUAL
    },
    Case {
        function: "fn adopted(&mut self, sys: &mut Sys) {",
        ..USUAL
    },
    Case {
        function: "fn request(&mut self, sys: &mut Sys, request: u32, first: u64, second: u64) -> Result<u64, SysError> {",
        gives: "Ok(1)",
        main: "mem.request(1, 2, 3);",
        ..USUAL
    },
    Case {
        function: "fn exception(&mut self, sys: &mut Sys, exception: Exception) -> Result<Resume, SysError> {",
        gives: SKIPS,
        main: "self.value = 1 / (self.value - self.value);",
        ..USUAL
    },
    Case {
        function: "fn slice_began(&mut self, sys: &mut Sys, position: u32) {",
        ..USUAL
    },
    Case {
        function: "fn slice_ended(&mut self, sys: &mut Sys) {",
        says: "end-of-slice handler went on",
        ..USUAL
    },
    Case {
        function: "fn entered(&mut self, sys: &mut Sys, caller: Environment, message: Message) -> Message {",
        gives: "message",
        other: "sys.transfer_sync(Environment::new(0), 1, 2, 3, 4);",
        ..USUAL
    },
    Case {
        function: "fn signalled(&mut self, sys: &mut Sys, caller: Environment, message: Message) {",
        other: "sys.transfer_async(Environment::new(0), 1, 2, 3, 4);",
        ..USUAL
    },
    Case {
        function: "fn alarm(&mut self, sys: &mut Sys) -> Result<(), SysError> {",
        gives: "Ok(())",
        main: "sys.alarm(1); self.value += mem.load_u32(0x0010_0000) as u64;",
        ..USUAL
    },
    Case {
        function: "fn revoke(&mut self, sys: &mut Sys, revocation: Revocation) -> Result<(), SysError> {",
        pressed: true,
        ..USUAL
    },
    Case {
        function: "fn repossessed(&mut self, sys: &mut Sys) -> Result<(), SysError> {",
        pressed: true,
        ..USUAL
    },
];

fn program(main: &str) -> String {
    format!(
        "use exo_prelude::*;
pub struct Body {{ value: u64 }}
impl Body {{ pub const fn new() -> Body {{ Body {{ value: 7 }} }} }}
impl Application for Body {{
    fn main(&mut self, mem: &mut Mem, sys: &mut Sys) {{
        {main}
    }}
}}
"
    )
}

impl Case {
    fn name(&self) -> &str {
        let name = self.function.split(['(', ' ']).nth(1);
        name.unwrap_or("main")
    }

    /// FIFO's text with the function in it, which has `first` in front of what it does.
    fn text(&self, fifo: &str, first: &str) -> String {
        let Case {
            function, gives, ..
        } = self;
        let name = format!("    fn {}(", self.name());
        let Some(start) = fifo.find(&name) else {
            let whole =
                format!("{FUNCTION}    {function}\n        {first}\n        {gives}\n    }}\n\n");
            return fifo.replacen(FUNCTION, &whole, 1);
        };
        let body = start + fifo[start..].find("{\n").expect("a body") + 2;
        format!("{}        {first}\n{}", &fifo[..body], &fifo[body..])
    }

    fn session(&self) -> String {
        let [one, other] = [self.main, self.other].map(program);
        let environment = |libos: &str, app: &str| {
            format!("[[environment]]\nlibos = \"{libos}\"\nframes = 8\napp = \"{app}\"\n")
        };
        let source = |name: &str, text: &str| {
            format!("[[source]]\nname = \"{name}\"\ntext = '''\n{text}'''\n")
        };
        [
            "exokernel = 1\ntitle = \"Loops\"\n",
            &environment("fifo", "one.rs"),
            &environment("clock", "other.rs"),
            &source("one.rs", &one),
            &source("other.rs", &other),
        ]
        .concat()
    }
}

/// Puts a text into the editor, and lets it take over.
fn apply(page: &Page, text: &str) {
    page.edit(text);
    page.wait_for_words("#apply-words", "ompiles");
    page.click("Apply");
    page.wait_for_words("#apply-words", "Applied");
}

/// Runs on until A stands as it should, whatever the run pauses for.
fn run_until(page: &Page, phase: &str) {
    let start = Instant::now();
    while page.phase(0) != phase {
        let stands = || format!("{} {}", page.words("#notice"), page.words("#sentence"));
        assert!(start.elapsed() < PATIENCE, "A is not {phase}: {}", stands());
        if let Some(run) = page.button("Run") {
            page.driver.click(&run);
        }
    }
}

fn line_of(text: &str, words: &str) -> usize {
    let line = text.lines().position(|line| line.contains(words));
    1 + line.expect("a line with these words")
}

fn opened(page: &Page, folder: &Path, case: &Case) -> String {
    let file = folder.join("loops.toml");
    std::fs::write(&file, case.session()).expect("a file is written");
    page.open_file(&file);
    page.wait_for_words("#notice", "Opened from loops.toml");
    page.text()
}

fn folder(name: &str) -> PathBuf {
    let folder = std::env::temp_dir().join(format!("exo-e2e-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder is made");
    folder
}

/// The page answers clicks while something runs wild.
fn answers(page: &Page) {
    for _ in 0..2 {
        let asked = Instant::now();
        page.click("Help and keys");
        page.driver.press("\u{E00C}");
        let took = asked.elapsed();
        assert!(took < ANSWERS_WITHIN, "a click took {took:?}");
    }
}

/// The functions of other roles, and the upcall about packets, which have tests of their own below.
const OTHERS: [&str; 5] = ["main", "packets", "arrived", "accept", "evaluate"];

#[test]
fn every_function_that_a_policy_can_be_called_by_has_its_loop_here() {
    let interface = include_str!("../../crates/prelude/interface.toml");
    let upcalls = interface.split("[[role.upcall]]").skip(1);
    let names =
        upcalls.filter_map(|it| it.trim_start().strip_prefix("name = \"")?.split('"').next());
    let mut names: Vec<&str> = names.collect();
    let mut covered: Vec<&str> = CASES.iter().map(Case::name).chain(OTHERS).collect();
    names.sort_unstable();
    covered.sort_unstable();
    assert_eq!(covered, names);
}

#[test]
fn a_loop_without_end_in_any_upcall_is_named_with_its_line_and_can_be_stepped_back_and_repaired() {
    let folder = folder("loops");
    let page = Page::open();
    page.speed("full");
    // The text that is repaired stays in sight, also where a step back leads into another one.
    page.click("Follow");
    for case in &CASES {
        let name = case.name();
        let fifo = opened(&page, &folder, case);
        let wild = case.text(&fifo, "loop {}");
        apply(&page, &wild);
        if case.pressed {
            (0..12).for_each(|_| page.go("Next fault"));
            page.press(0, 3);
        }
        page.click("Run");
        answers(&page);
        run_until(&page, "broken");
        let line = line_of(&wild, "loop {}");
        let said = page.wait_for_words(".brokenline", &format!("Line {line}:"));
        assert!(said.contains(case.says), "{name}: {said}");
        let told = page.wait_for_words("#sentence", "given up");
        assert!(told.contains(&format!("line {line}")), "{name}: {told}");

        let mut back = 0;
        while back < 3 && page.can("Step back") {
            page.go("Step back");
            back += 1;
        }
        assert_ne!(page.phase(0), "broken", "{name}");
        assert!(page.words(".brokenline").is_empty(), "{name}");
        apply(&page, &case.text(&fifo, "// repaired"));
        run_until(&page, "finished");
    }
    page.assert_quiet();
    std::fs::remove_dir_all(&folder).expect("the folder goes");
}

#[test]
fn a_program_that_never_ends_is_paused_at_its_line_stepped_back_and_repaired() {
    let folder = folder("endless");
    let page = Page::open();
    page.speed("full");
    opened(&page, &folder, &USUAL);
    let show = "[...document.querySelectorAll('.tabs .tab')].find(it => it.innerText.includes('one.rs')).click()";
    page.driver.execute(show, serde_json::json!([]));
    wait_for("the program is shown", || {
        page.text().contains("impl Application").then_some(())
    });
    let good = page.text();
    let wild = good.replacen("while round", "loop {}\n        while round", 1);
    apply(&page, &wild);
    page.click("Run");
    answers(&page);
    wait_for("the other has come to its end", || {
        (page.phase(1) == "finished").then_some(())
    });
    answers(&page);
    page.click("Pause");
    let line = line_of(&wild, "loop {}").to_string();
    wait_for("the line is marked", || {
        (page.current_line() == line).then_some(())
    });
    let digest = page.digest();
    page.click("Step back");
    wait_for("it has gone back", || {
        (page.digest() != digest).then_some(())
    });
    apply(&page, &format!("// repaired\n{good}"));
    run_until(&page, "finished");
    page.assert_quiet();
    std::fs::remove_dir_all(&folder).expect("the folder goes");
}

#[test]
fn a_loop_without_end_where_packets_are_answered_is_named_with_its_line_and_can_be_repaired() {
    let page = Page::on_scenario("network-ping");
    page.wait_for_words("#notice", "Opened from network-ping");
    page.speed("full");
    let good = page.text();
    let mark = "fn packets(&mut self, sys: &mut Sys) -> Result<(), SysError> {\n";
    let wild = good.replacen(mark, &format!("{mark}        loop {{}}\n"), 1);
    apply(&page, &wild);
    page.click("Run");
    answers(&page);
    run_until(&page, "broken");
    let line = line_of(&wild, "loop {}");
    let said = page.wait_for_words(".brokenline", &format!("Line {line}:"));
    assert!(said.contains(USUAL.says), "{said}");
    page.go("Step back");
    assert_ne!(page.phase(0), "broken");
    apply(&page, &good);
    page.type_step("end");
    // What was sent from then on is answered.
    page.wait_for_words(".network .peers", "2 replies");
    assert_ne!(page.phase(0), "broken");
    page.assert_quiet();
}

/// The scenario of datagrams with a text of one's own in the place of what is downloaded for A.
fn downloading(text: &str) -> String {
    let scenario = exo_libos_samples::scenario("network-udp").expect("a scenario");
    let own = scenario
        .text
        .replacen("\"network/ash-echo\"", "\"wild.rs\"", 1);
    assert_ne!(own, scenario.text);
    format!("{own}\n[[source]]\nname = \"wild.rs\"\ntext = '''\n{text}'''\n")
}

#[test]
fn a_message_handler_that_never_ends_is_stopped_and_all_else_goes_on() {
    let folder = folder("handler");
    let wild = "use exo_prelude::*;
pub struct Wild { asked: u64 }
impl Wild { pub const fn new() -> Wild { Wild { asked: 0 } } }
impl MessageHandler for Wild {
    fn arrived(&mut self, packet: &Packet, _mem: &mut Mem, _reply: &mut Reply) -> Fate {
        loop {}
        Fate::Done
    }
}
";
    let session = downloading(wild);
    let read = exo_session::saved::read(&session).expect("a session");
    let mut nothing = exo_session::saved::Nothing;
    let mut native = exo_session::saved::open(&read.saved, &mut nothing)
        .expect("it opens")
        .session;
    native.run_slice(u64::MAX);
    native.settle();
    let file = folder.join("wild.toml");
    std::fs::write(&file, &session).expect("a file is written");
    let page = Page::open();
    page.speed("full");
    page.open_file(&file);
    page.wait_for_words("#notice", "Opened from wild.toml");
    page.click("Run");
    answers(&page);
    page.type_step("end");
    page.wait_for_state_of(&native);
    // B, whose packets come after A's, has answered all of its own.
    page.wait_for_words(".network .peers", "finished");
    page.assert_quiet();
    std::fs::remove_dir_all(&folder).expect("the folder goes");
}

/// Opens a scenario that downloads a program which the page refuses, and nothing else changes: the page, and what it
/// said.
fn refused(name: &str, wild: &str) -> (Page, String) {
    let folder = folder(name);
    let file = folder.join("wild.toml");
    std::fs::write(&file, downloading(wild)).expect("a file is written");
    let page = Page::open();
    let digest = page.digest();
    page.open_file(&file);
    let said = page.wait_for_words("#notice", "nothing has changed");
    assert_eq!(page.digest(), digest);
    std::fs::remove_dir_all(&folder).expect("the folder goes");
    (page, said)
}

#[test]
fn a_packet_filter_with_a_loop_is_refused_with_its_line() {
    let wild = "use exo_prelude::*;
pub struct Wild {}
impl Wild { pub const fn new() -> Wild { Wild {} } }
impl PacketFilter for Wild {
    fn accept(&self, packet: &Packet) -> bool {
        loop {}
        true
    }
}
";
    let (page, said) = refused("filter", wild);
    let line = line_of(wild, "loop {}").to_string();
    assert!(said.contains("wild.rs") && said.contains(&line), "{said}");
    page.go("Step");
    page.assert_quiet();
}

#[test]
fn a_deterministic_function_with_a_loop_is_checked_and_runs_in_no_machine() {
    let wild = "use exo_prelude::*;
pub struct Wild {}
impl Wild { pub const fn new() -> Wild { Wild {} } }
impl Udf for Wild {
    fn evaluate(&self, block: &Block) -> u64 {
        loop {}
        0
    }
}
";
    // It is downloaded code like a message handler, and its fuel ends (`tests/it/bytecode/downloaded.rs`); but a
    // machine has nothing yet that would call it.
    assert!(exo_policy::compile(wild).is_ok());
    let (page, said) = refused("function", wild);
    assert!(said.contains("wild.rs"), "{said}");
    // As a policy it is no more taken, and is looked at as one types.
    let good = page.text();
    page.edit(wild);
    page.wait_for_words("#apply-words", "the running policy stays");
    answers(&page);
    page.edit(&good);
    page.wait_for_words("#apply-words", "Nothing to apply");
    page.go("Step");
    page.assert_quiet();
}
