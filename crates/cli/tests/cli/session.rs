//! `exo scenario`, `exo replay` and `exo link`.

use exo_libos_samples::{SCENARIOS, sample};
use serde_json::Value;

use crate::support::{Folder, PAGE_NUMBERS, exo, failure, loop_trace, text};

fn result(arguments: &[&str]) -> String {
    let output = exo(arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout).trim_end().to_owned()
}

fn replayed(arguments: &[&str]) -> Value {
    serde_json::from_str(&result(&[&["replay", "--json"], arguments].concat())).unwrap()
}

#[test]
fn every_scenario_is_listed_and_shown_and_can_be_linked() {
    let (list, object) = (
        result(&["scenario", "list"]),
        result(&["scenario", "list", "--json"]),
    );
    let object: Value = serde_json::from_str(&object).unwrap();
    assert_eq!(
        object["scenarios"].as_array().unwrap().len(),
        SCENARIOS.len()
    );
    for scenario in SCENARIOS {
        assert!(list.contains(scenario.name) && list.contains(scenario.summary));
        let shown = result(&["scenario", "show", scenario.name]);
        assert_eq!(shown, scenario.text.trim_end());
        let link = result(&["link", scenario.name]);
        assert!(link.starts_with("#v1.") && link.len() < 1000);
        let of_link = replayed(&[&link, "--to", "500.0"]);
        assert_eq!(of_link, replayed(&[scenario.name, "--to", "500"]));
    }
}

#[test]
fn a_session_file_and_its_link_stand_where_it_was_saved() {
    let folder = Folder::new();
    let saved = folder.file("saved.toml", b"");
    let there = replayed(&["live-edit", "--to", "160000.0", "--save", &saved]);
    assert_eq!(there["position"]["retired"], 160_000);
    assert_eq!(there["digest"].as_str().unwrap().len(), 16);
    assert_eq!(there["environments"][0]["name"], "Clock");
    assert_eq!(replayed(&[&saved]), there);
    let page = "https://example.org/";
    let link = result(&["link", &saved, "--page", page]);
    assert!(link.starts_with("https://example.org/#v1."), "{link}");
    assert_eq!(replayed(&[&link]), there);
    let unpacked = folder.file(
        "unpacked.toml",
        result(&["link", "--unpack", &link]).as_bytes(),
    );
    assert_eq!(replayed(&[&unpacked]), there);
    assert_ne!(replayed(&[&link, "--to", "end"]), there);
    assert!(result(&["replay", &saved]).contains("position 160000.0"));
}

#[test]
fn files_that_a_scenario_names_are_found_beside_it_or_where_one_says() {
    let folder = Folder::new();
    folder.file(
        "mine.rs",
        sample("clock")
            .unwrap()
            .source
            .replace("Clock", "Mine")
            .as_bytes(),
    );
    folder.file("own.trace", loop_trace().as_bytes());
    let scenario = folder.file(
        "own.toml",
        b"exokernel = 1\n[[environment]]\nlibos = \"mine.rs\"\nframes = 16\ntrace = \"own.trace\"\n",
    );
    let here = replayed(&[&scenario]);
    assert_eq!(here["environments"][0]["name"], "Mine");
    assert_eq!(here["environments"][0]["counters"]["references"], 6000);
    // The link holds the policy, and names the trace by its hash and length.
    let link = result(&["link", &scenario]);
    let (code, said) = failure(&["replay", &link]);
    assert_eq!(code, 2);
    assert!(
        said.contains("own.trace (6000 references): name it with --trace"),
        "{said}"
    );
    let own = folder.0.join("own.trace");
    let end = ["--to", "end", "--trace", own.to_str().unwrap()];
    assert_eq!(replayed(&[&[&*link], &end[..]].concat()), here);
    let other = loop_trace().replace(" L ", " S ");
    let other = folder.file("other.trace", other.as_bytes());
    let (_, said) = failure(&["replay", &link, "--trace", &other]);
    assert!(said.contains("other.trace has the hash"), "{said}");
}

#[test]
fn a_file_of_page_numbers_is_one_for_a_scenario_and_its_link_too() {
    let folder = Folder::new();
    let pages = folder.file("pages.txt", PAGE_NUMBERS.as_bytes());
    let scenario = folder.file(
        "pages.toml",
        b"exokernel = 1\n[[environment]]\nlibos = \"fifo\"\nframes = 3\ntrace = \"pages.txt\"\n\
          [[trace]]\nname = \"pages.txt\"\npage_bits = 0\n",
    );
    let here = replayed(&[&scenario]);
    assert_eq!(here["environments"][0]["counters"]["upcalls"], 7);
    let link = result(&["link", &scenario]);
    let there = ["--to", "end", "--trace", &pages];
    assert_eq!(replayed(&[&[&*link], &there[..]].concat()), here);
}

#[test]
fn a_condition_is_run_to_and_gone_back_to() {
    let step = |arguments: &[&str]| result(&[&["replay", "first-light"], arguments].concat());
    let ahead = step(&["--until", "eviction=A"]);
    assert!(ahead.contains("page"), "{ahead}");
    let at = |text: &str| {
        let (_, behind) = text.split_once("position ").unwrap();
        behind.split_once(',').unwrap().0.to_owned()
    };
    let here = at(&ahead);
    // The same place, from there on and from the end back: the first is the last before the second.
    let next = at(&step(&["--to", &here, "--until", "eviction=A"]));
    assert_ne!(next, here);
    assert_eq!(at(&step(&["--to", &next, "--back-to", "eviction=A"])), here);
    let last = replayed(&["first-light", "--back-to", "A:upcalls>99"]);
    assert_eq!(last["environments"][0]["counters"]["upcalls"], 100);

    let (code, said) = failure(&["replay", "first-light", "--to", "0", "--back-to", "miss"]);
    assert_eq!(code, 1);
    assert!(
        said.contains(
            "before position 0.0 there is no step at which there was a step of kind miss"
        ),
        "{said}"
    );
    let (code, said) = failure(&["replay", "first-light", "--until", "noon"]);
    assert_eq!(code, 2);
    assert!(said.contains("is no condition: write frame=7"), "{said}");
}

#[test]
fn a_frame_is_explained_by_a_line_an_upcall_and_a_reference() {
    let arguments = ["why", "first-light", "frame=40", "--to", "132751"];
    let said = result(&arguments);
    assert_eq!(said.matches("because ").count(), 2, "{said}");
    assert!(
        said.contains(" of B's libOS\n  B owns frame 0x28"),
        "{said}"
    );
    let value: Value =
        serde_json::from_str(&result(&[&arguments[..], &["--json"]].concat())).unwrap();
    let links = value["because"].as_array().unwrap();
    assert_eq!(links.len(), 3);
    assert_eq!(links[0]["program"], "libos");
    assert_eq!(links[2]["line"], Value::Null);
    let nothing = result(&["why", "first-light", "block=3"]);
    assert!(nothing.ends_with("nothing has changed it."), "{nothing}");
    let (code, said) = failure(&["why", "first-light", "weather"]);
    assert_eq!(code, 2);
    assert!(said.contains("write frame=7"), "{said}");
}

/// A session with a branch that was left, in which B's frames are halved instead of A's.
const BRANCHES: &[u8] = b"exokernel = 1\nbranch_number = 1\n\
    [[environment]]\nlibos = \"fifo\"\nframes = 64\ntrace = \"dash\"\n\
    [[environment]]\nlibos = \"clock\"\nframes = 64\ntrace = \"dash\"\n\
    [[input]]\nat = \"100000\"\nenvironment = \"A\"\nframes = 32\n\
    [[branch]]\nnumber = 0\nfurthest = 700000\n\
    [[branch.input]]\nat = \"50000\"\nenvironment = \"B\"\nframes = 32\n";

#[test]
fn a_branch_that_was_left_is_shown_replayed_and_compared() {
    let folder = Folder::new();
    let file = folder.file("branches.toml", BRANCHES);
    let shown = result(&["replay", &file]);
    assert!(shown.contains("branch 1 runs\nbranch 0 was left: parts from it at position 50000.0"));
    let evictions = |arguments: &[&str]| {
        let state = replayed(arguments);
        [0, 1].map(|env| {
            state["environments"][env]["counters"]["evictions"]
                .as_u64()
                .unwrap()
        })
    };
    let (runs, left) = (evictions(&[&file]), evictions(&[&file, "--branch", "0"]));
    assert!(runs[0] > left[0] && runs[1] < left[1], "{runs:?} {left:?}");

    let said = result(&["diff", &file, "--branch", "0"]);
    assert!(
        said.starts_with("one    branch 1: ") && said.contains("other  branch 0: "),
        "{said}"
    );
    let object = result(&["diff", &file, "--branch", "0", "--json"]);
    let object: Value = serde_json::from_str(&object).unwrap();
    let of = |env: usize, name: &str| {
        let all = object["environments"][env]["metrics"].as_array().unwrap();
        let metric = all.iter().find(|it| it["name"] == name).unwrap();
        [
            metric["one"].as_u64().unwrap(),
            metric["other"].as_u64().unwrap(),
        ]
    };
    assert_eq!(
        [0, 1].map(|env| of(env, "evictions")),
        [[runs[0], left[0]], [runs[1], left[1]]]
    );
    let first = object["parting"][0]["step"].as_u64().unwrap();
    assert_eq!(object["parting"][1]["step"].as_u64(), Some(first));
    assert!(object["parting"][1]["text"].as_str().unwrap().contains('B'));
    // A link holds the branch that runs.
    let link = result(&["link", &file]);
    assert_eq!(evictions(&[&link, "--to", "end"]), runs);
    let (code, said) = failure(&["replay", &file, "--branch", "9"]);
    assert_eq!(
        (
            code,
            said.contains("there is no branch 9: 1 runs, and 0 were left")
        ),
        (2, true),
        "{said}"
    );
    let (code, said) = failure(&["replay", "first-light", "--branch", "9"]);
    assert_eq!(
        (code, said.contains("nothing was edited in the past")),
        (2, true),
        "{said}"
    );
}

#[test]
fn two_sessions_are_compared_step_by_step() {
    let same = result(&["diff", "first-light", "first-light"]);
    assert!(
        same.contains("Every step of the two is the same."),
        "{same}"
    );
    let said = result(&["diff", "first-light", "live-edit"]);
    for part in [
        "The first 127,042 steps are the same.",
        "is the first that takes another page",
        "page loads at best",
    ] {
        assert!(said.contains(part), "{part}: {said}");
    }
    assert_eq!(failure(&["diff", "first-light"]).0, 2);
    assert_eq!(failure(&["diff", "first-light", "nothing.toml"]).0, 2);
}

#[test]
fn what_is_wrong_with_a_session_is_said_with_its_key_and_line() {
    let folder = Folder::new();
    let wrong = folder.file("wrong.toml", b"exokernel = 1\n[machine]\nframes = 0\n");
    for command in [&["replay"][..], &["link"], &["scenario", "check"]] {
        let (code, said) = failure(&[command, &[&*wrong]].concat());
        assert_eq!(code, 2);
        assert!(
            said.contains("wrong.toml: line 3: machine.frames: this must be"),
            "{said}"
        );
    }
    for (session, says) in [
        ("nothing.toml", "there is no session \"nothing.toml\""),
        ("#v1.eNp9", "damaged on its way"),
        ("#v9.abc", "a later playground"),
    ] {
        let (code, said) = failure(&["replay", session]);
        assert_eq!(code, 2);
        assert!(said.contains(says), "{said}");
    }
    let (code, said) = failure(&["replay", "first-light", "--to", "noon"]);
    assert_eq!(code, 2);
    assert!(said.contains("write a position"), "{said}");
    assert!(result(&["scenario", "check", "pressure"]).contains("inputs: 3"));
}

#[test]
fn a_replay_over_a_network_tells_what_became_of_packets_and_how_the_peers_got_on() {
    let report = &replayed(&["network-udp"])["network"];
    let (arrived, consumed) = (report["arrived"].as_u64(), report["consumed"].as_u64());
    assert_eq!((arrived, consumed), (Some(26), Some(12)));
    assert_eq!(report["environments"].as_array().unwrap().len(), 3);
    let outcome = |peer: usize| report["peers"][peer]["outcome"].as_str();
    assert_eq!(
        (outcome(0), outcome(1)),
        (Some("finished"), Some("finished"))
    );
    let shown = result(&["replay", "network-hostile"]);
    for words in [
        "packets arrived",
        "dropped, unclaimed",
        "ping 10.0.0.2 > 10.0.0.1: finished",
    ] {
        assert!(shown.contains(words), "{shown}");
    }
    assert!(replayed(&["pressure", "--to", "100"])["network"].is_null());
    let (code, refused) = failure(&["export", "pressure", "--pcapng", "-"]);
    assert!(code == 2 && refused.contains("has no network"), "{refused}");
}

#[test]
fn a_message_handler_is_printed_line_by_line_at_the_step_at_which_it_ran() {
    let told = result(&["replay", "network-udp", "--until", "handler", "--inside"]);
    assert!(
        told.starts_with("ash-echo.rs of A\nAshEcho::arrived\n"),
        "{told}"
    );
    assert!(
        told.contains("\n   78  self.echoed += 1;\n         self.echoed = 1\n"),
        "{told}"
    );
    let (code, said) = failure(&["replay", "network-udp", "--to", "0", "--inside"]);
    assert_eq!(code, 1);
    assert!(said.contains("--until handler goes to one"), "{said}");
}
