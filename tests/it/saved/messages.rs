//! What is wrong with a file is said with its key and its line.

use exo_session::saved::{Nothing, open, read};

use super::shipped;

/// A small scenario with one line exchanged.
fn with(line: &str, other: &str) -> String {
    let text = "exokernel = 1\n\
                title = \"small\"\n\
                [machine]\n\
                tlb = \"full:8:lru\"\n\
                seed = 3\n\
                [[environment]]\n\
                libos = \"fifo\"\n\
                frames = 8\n\
                trace = \"dash\"\n\
                [[input]]\n\
                at = \"10.2\"\n\
                environment = \"A\"\n\
                frames = 4\n";
    assert!(text.contains(line), "{line}");
    text.replacen(line, other, 1)
}

/// A line of the small scenario, what is put in its place, and what is said of it.
#[rustfmt::skip]
const WRONG: &[(&str, &str, &str)] = &[
        ("exokernel = 1\n", "", "line 1: this is no scenario"),
        (
            "exokernel = 1",
            "exokernel = 2",
            "line 1: exokernel: this was written by a later",
        ),
        (
            "exokernel = 1",
            "exokernel = 0",
            "line 1: exokernel: there is no version but 1",
        ),
        (
            "title = \"small\"",
            "title = 3",
            "line 2: title: this must be a text in quotes",
        ),
        (
            "title = \"small\"",
            "title = \"a\\u202Eb\"",
            "line 2: title: this must be a text of 1",
        ),
        (
            "title = \"small\"",
            "titel = \"small\"",
            "line 2: titel: there is no such key",
        ),
        (
            "title = \"small\"",
            "title = \"small",
            "line 2: this is no TOML",
        ),
        (
            "title = \"small\"",
            "position = \"-3\"",
            "line 2: position: this must be a position",
        ),
        (
            "title = \"small\"",
            "digest = \"12\"",
            "line 2: digest: this must be 16 hexadecimal",
        ),
        (
            "[machine]\ntlb = \"full:8:lru\"\nseed = 3\n",
            "machine = 3\n",
            "line 3: machine: this must be a table",
        ),
        (
            "[machine]",
            "[machine]\nframes = 0",
            "line 4: machine.frames: this must be a whole number from 1 to 65536",
        ),
        (
            "full:8:lru",
            "full:8:mru",
            "line 4: machine.tlb: \"full:8:mru\" is not a TLB",
        ),
        (
            "full:8:lru",
            "4096x4096",
            "line 4: machine.tlb: 16777216 entries",
        ),
        ("full:8:lru", "100000x100000", "line 4: machine.tlb:"),
        (
            "seed = 3",
            "seed = -3",
            "line 5: machine.seed: this must be a whole number",
        ),
        (
            "seed = 3",
            "disk_fault = \"x\"",
            "line 5: machine.disk_fault: write a number from 1 on",
        ),
        (
            "seed = 3",
            "use_stamps = 1",
            "line 5: machine.use_stamps: this must be true or false",
        ),
        (
            "[[environment]]",
            "[environment]",
            "environment: this must be a list of tables",
        ),
        (
            "libos = \"fifo\"",
            "",
            "line 6: environment[1]: the key \"libos\" is missing",
        ),
        (
            "libos = \"fifo\"",
            "libos = \"fifoo\"",
            "line 7: environment[1].libos: there is no sample \"fifoo\"; there are",
        ),
        (
            "libos = \"fifo\"",
            "libos = \"fifo/tree\"",
            "line 7: environment[1].libos: there is no page table \"tree\"",
        ),
        (
            "frames = 8",
            "frames = 99999999",
            "line 8: environment[1].frames: this must be",
        ),
        (
            "trace = \"dash\"",
            "trace = \"bash\"",
            "line 9: environment[1].trace: there is no trace \"bash\"",
        ),
        (
            "trace = \"dash\"",
            "app = \"scann\"",
            "line 9: environment[1].app: there is no application",
        ),
        (
            "trace = \"dash\"",
            "trace = \"dash\"\napp_editor = \"scan\"",
            "line 10: environment[1].app_editor: an environment that runs a trace has no app",
        ),
        (
            "trace = \"dash\"",
            "",
            "line 6: environment[1]: an environment runs a trace or an app",
        ),
        (
            "at = \"10.2\"",
            "at = \"10.2.3\"",
            "line 11: input[1].at: this must be a position",
        ),
        (
            "environment = \"A\"",
            "environment = \"B\"",
            "line 12: input[1].environment: this must be an environment: a letter from A to A",
        ),
        (
            "frames = 4",
            "frames = 4\nlibos = \"clock\"",
            "line 10: input[1]: an input changes one thing",
        ),
        (
            "frames = 4",
            "frames = 4\n[[input]]\nat = 3\nenvironment = \"A\"\nframes = 5",
            "line 15: input[2].at: inputs must stand in the order",
        ),
        (
            "frames = 4",
            "frames = 4\n[[source]]\nname = \"x.rs\"",
            "line 14: source[1]: a source has a text, or a change",
        ),
        (
            "frames = 4",
            "frames = 4\n[[source]]\nname = \"x\"\ntext = \"\"",
            "line 15: source[1].name: the name of a source must end in .rs",
        ),
        (
            "frames = 4",
            "frames = 4\n[[source]]\nname = \"x.rs\"\nfrom = \"fifo\"\nchange = \"@@ -1 +1 @@\\n-no\\n+yes\\n\"",
            "line 17: source[1].change: the difference does not fit",
        ),
        (
            "frames = 4",
            "frames = 4\n[[trace]]\nname = \"dash\"",
            "line 15: trace[1].name: a trace of that name comes along",
        ),
        (
            "frames = 4",
            "frames = 4\n[[breakpoint]]\nenvironment = \"A\"\nline = 0",
            "line 16: breakpoint[1].line: this must be",
        ),
        (
            "frames = 4",
            "frames = 4\n[[branch]]\nnumber = 0\nfurthest = 9",
            "line 15: branch[1].number: another branch has the number 0",
        ),
        (
            "frames = 4",
            "frames = 4\n[[branch]]\nnumber = 1\nfurthest = 9\n[[branch.input]]\nat = \"here\"",
            "line 18: branch[1].input[1].at: this must be",
        ),
        (
            "frames = 4",
            "frames = 4\n[[branch]]\nnumber = 1",
            "line 14: branch[1]: ",
        ),
];

#[test]
fn every_wrong_key_and_value_is_named_with_its_line() {
    for (line, other, says) in WRONG {
        let error = read(&with(line, other)).unwrap_err().to_string();
        assert!(error.contains(says), "{other}\n{error}\nand not\n{says}");
    }
    assert_eq!(
        read(&with("seed = 3", "seed = 3")).unwrap().notices,
        [""; 0]
    );
}

#[test]
fn a_file_that_is_named_and_not_there_is_told_and_so_is_a_source_with_an_error() {
    let error = |text: &str| {
        open(&read(text).unwrap().saved, &mut Nothing)
            .unwrap_err()
            .to_string()
    };
    let text = with("libos = \"fifo\"", "libos = \"mine.rs\"");
    assert!(
        error(&text).contains("names the source mine.rs"),
        "{}",
        error(&text)
    );
    let text = with("trace = \"dash\"", "trace = \"ls.trace\"");
    assert!(
        error(&text).contains("runs on the trace ls.trace"),
        "{}",
        error(&text)
    );
    let wrong = text
        .replace("\"fifo\"", "\"mine.rs\"")
        .replace("ls.trace", "dash")
        + "[[source]]\nname = \"mine.rs\"\ntext = \"fn\"\n";
    assert!(error(&wrong).starts_with("mine.rs:1:"), "{}", error(&wrong));
    let small = with("seed = 3", "frames = 1");
    assert!(error(&small).contains("pinned frames"), "{}", error(&small));
}

#[test]
fn too_many_of_anything_is_refused_before_it_is_read() {
    let many = |what: &str, count: usize| {
        shipped("first-light").to_owned() + &format!("[[{what}]]\nnonsense = 1\n").repeat(count)
    };
    for (what, count) in [
        ("environment", 63),
        ("input", 10_001),
        ("branch", 17),
        ("breakpoint", 1_001),
        ("source", 1_001),
        ("trace", 65),
    ] {
        let error = read(&many(what, count)).unwrap_err().to_string();
        assert!(error.contains("there may be at most"), "{what}: {error}");
    }
    let deep = format!("exokernel = {}1", "[".repeat(100_000));
    assert!(read(&deep).is_err());
    assert!(
        read(&"#".repeat((4 << 20) + 1))
            .unwrap_err()
            .to_string()
            .contains("too long")
    );
}

/// A scenario with a network whose peer and environment have these lines.
fn with_network(network: &str, peer: &str, environment: &str) -> String {
    format!(
        "exokernel = 1\n[network]\n{network}\n[[network.peer]]\n{peer}\n[[environment]]\n\
         libos = \"network/responder\"\nframes = 40\n{environment}\n"
    )
}

const PING: &str = "kind = \"ping\"";

/// A network, a peer and an environment of which one is wrong, and what is said.
const WRONG_NETWORKS: [(&str, &str, &str, &str); 9] = [
    (
        "lost = 1001",
        PING,
        "",
        "line 3: network.lost: this must be a whole number",
    ),
    (
        "speed = 1",
        PING,
        "",
        "line 3: network.speed: there is no such key",
    ),
    (
        "engine = \"fast\"",
        PING,
        "",
        "line 3: network.engine: there is no engine",
    ),
    (
        "",
        "count = 1",
        "",
        "line 4: network.peer[1]: a peer has a kind",
    ),
    (
        "",
        "kind = \"pong\"",
        "",
        "line 5: network.peer[1].kind: there is no kind",
    ),
    (
        "",
        "kind = \"ping\"\ncount = \"x\"",
        "",
        "line 6: network.peer[1].count: `count` is",
    ),
    (
        "",
        "kind = \"ping\"\nsize = [1, true]",
        "",
        "line 6: network.peer[1].size[2]: this must be",
    ),
    (
        "",
        PING,
        "downloads = [\"network/ash\"]",
        "environment[1].downloads[1]: there is no message handler",
    ),
    (
        "",
        PING,
        "downloads = \"network/ash-echo\"",
        "environment[1].downloads: this must be a list",
    ),
];

#[test]
fn what_is_wrong_with_a_network_is_said_with_its_key_and_its_line() {
    let ping = PING;
    assert!(read(&with_network("lost = 5", ping, "")).is_ok());
    for (network, peer, environment, says) in WRONG_NETWORKS {
        let error = read(&with_network(network, peer, environment)).unwrap_err();
        assert!(error.to_string().contains(says), "{error}");
    }
    let two = format!(
        "{ping}\n[[network.peer]]\n{ping}\naddress = \"10.0.0.3\"\nmac = \"02:00:00:00:00:02\""
    );
    let error = read(&with_network("", &two, "")).unwrap_err().to_string();
    assert!(error.contains("line 2: network: peer 2"), "{error}");
    let none = with_network("", ping, "")
        .replace("[network]\n", "")
        .replace("[[network.peer]]\nkind = \"ping\"", "");
    let error = read(&none).unwrap_err().to_string();
    assert!(error.contains("it may run neither"), "{error}");
    let with = none + "trace = \"dash\"\ndownloads = [\"network/ash-echo\"]\n";
    let error = read(&with).unwrap_err().to_string();
    assert!(error.contains("need a network"), "{error}");
}

#[test]
fn what_cannot_be_downloaded_and_a_capture_that_is_not_there_are_said_when_it_is_opened() {
    let open_error = |text: &str| {
        let read = read(text).unwrap();
        open(&read.saved, &mut Nothing).unwrap_err().to_string()
    };
    let capture = with_network("", "kind = \"capture\"\nfile = \"x.pcap\"", "");
    assert!(
        open_error(&capture).contains("peer 1 (capture)"),
        "{}",
        open_error(&capture)
    );
    let source = "downloads = [\"mine.rs\"]\n[[source]]\nname = \"mine.rs\"\ntext = \"pub struct A { a: u32 }\"";
    let broken = with_network("", "kind = \"ping\"", source);
    assert!(
        open_error(&broken).starts_with("mine.rs:"),
        "{}",
        open_error(&broken)
    );
}
