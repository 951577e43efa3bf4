//! `exo run` with a network: peers, the link to them, and what is told of both.

use crate::support::{Folder, PAGE_NUMBERS, exo, json, number, text};

const PING: &[&str] = &["--libos", "responder", "--frames", "40", "--peer"];

#[test]
fn a_library_without_an_application_answers_peers_and_the_run_ends_with_them() {
    let told = json(
        &[
            PING,
            &[
                "ping,count=3,interval=2ms",
                "--peer",
                "udp-echo,size=18,512",
            ],
        ]
        .concat(),
    );
    assert!(told.get("application").is_none());
    let network = &told["network"];
    let peers = network["peers"].as_array().unwrap();
    assert_eq!(peers.len(), 2);
    for (peer, bytes) in peers.iter().zip([3 * 56, 18 + 512 + 18]) {
        assert_eq!(
            (&peer["outcome"], &peer["replies"]),
            (&"finished".into(), &3.into())
        );
        assert_eq!(peer["bytes"], bytes);
    }
    assert_eq!(network["arrived"], network["delivered"]);
    assert_eq!(network["environments"][0]["sent"], network["sent"]);
    let output = exo(&[&["run"], PING, &["ping,count=3,interval=2ms"]].concat());
    let table = text(&output.stdout);
    assert!(table.starts_with("responder.rs: 40 frames\n"), "{table}");
    assert!(
        table.contains("\n\nNetwork\n") && table.contains("finished; 3 sent, 3 replies"),
        "{table}"
    );
}

#[test]
fn an_application_runs_beside_a_network_and_without_one_nothing_is_said_of_it() {
    let folder = Folder::new();
    let trace = folder.file("pages.txt", PAGE_NUMBERS.as_bytes());
    let alone = [
        "--trace",
        &trace,
        "--page-bits",
        "0",
        "--libos",
        "fifo",
        "--frames",
        "3",
    ];
    let ping = [&alone[..], &["--peer", "ping,count=1"]].concat();
    assert!(json(&alone).get("network").is_none());
    // Nobody has claimed what comes.
    let told = json(&ping);
    let network = &told["network"];
    assert_eq!(network["dropped"][0]["reason"], "unclaimed");
    let outcome = network["peers"][0]["outcome"].as_str().unwrap();
    assert!(outcome.starts_with("failed"), "{outcome}");
    assert_eq!(
        (number(&told, "page_loads"), number(&told, "references")),
        (7, 11)
    );
    let both = json(&[&ping[..], &["--environments", "2"]].concat());
    assert_eq!(both[0]["network"], both[1]["network"]);
    let environments = both[0]["network"]["environments"].as_array();
    assert_eq!(environments.map(Vec::len), Some(2));
}

#[test]
fn a_link_that_loses_and_is_slow_is_told_of_by_those_who_wait() {
    let peer = "ping,count=40,interval=2ms,timeout=20ms";
    let cycles =
        |told: &serde_json::Value| told["network"]["peers"][0]["cycles"][0].as_u64().unwrap();
    let good = json(&[PING, &[peer]].concat());
    let lossy = json(&[PING, &[peer, "--link", "lost=300,latency=100000"]].concat());
    let replies = &lossy["network"]["peers"][0]["replies"];
    assert!(replies.as_u64().unwrap() < 40 && good["network"]["peers"][0]["replies"] == 40);
    assert!(cycles(&lossy) > cycles(&good) + 190_000);
    let other = json(
        &[
            PING,
            &[peer, "--link", "lost=300,latency=100000", "--seed", "2"],
        ]
        .concat(),
    );
    assert_ne!(lossy["digest"], other["digest"]);
}

#[test]
fn what_is_no_peer_or_no_link_is_answered_with_what_would_be() {
    let folder = Folder::new();
    let capture = format!("capture,file={}", folder.file("none.pcap", b"what?"));
    let many = [&PING[4..], &["ping"]].concat().repeat(17);
    let many: Vec<&str> = many.into_iter().skip(1).collect();
    let cases: &[(&[&str], &str)] = &[
        (
            &["pong"],
            "--peer <KIND[,KEY=VALUE...]>': there is no kind of peer \"pong\"; there are ping,",
        ),
        (
            &["ping,count=x"],
            "`count` is \"x\", and should be a number",
        ),
        (
            &["ping,path=/"],
            "a peer of kind ping has no `path`; it has ",
        ),
        (&["ping,count"], "\"count\" is no KEY=VALUE"),
        (&["ping,count=1,count=2"], "count is there twice"),
        (&["flood"], "--peer: flood without a count has no end"),
        (&[&capture], "--peer: peer 1 (capture)"),
        (&many, "--peer: 17 of them: there may be at most 16"),
        (
            &["ping", "--link", "lost=1001"],
            "--link <KEY=VALUE[,...]>': lost: this must be a whole number from 0 to 1000",
        ),
        (
            &["ping", "--link", "speed=3"],
            "speed: there is no such key; there are engine, ",
        ),
        (
            &["ping", "--link", "engine=fast"],
            "there is no engine \"fast\"; there are linear, ",
        ),
    ];
    for (arguments, says) in cases {
        let output = exo(&[&["run"], PING, arguments].concat());
        let said = text(&output.stderr);
        assert!(said.contains(says), "{arguments:?}: {said}");
        assert_eq!(output.status.code(), Some(2));
        assert!(output.stdout.is_empty());
    }
    let output = exo(&["run", "--app", "scan", "--link", "lost=3"]);
    assert!(text(&output.stderr).contains("--peer"));
    assert_eq!(output.status.code(), Some(2));
}
