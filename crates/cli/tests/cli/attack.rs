//! `exo attack`: what comes along, and what one of them came to.

use exo_libos_samples::attacks::{ATTACKS, attack};
use serde_json::Value;

use crate::support::{exo, failure, number, text};

fn result(arguments: &[&str]) -> String {
    let output = exo(arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout).to_owned()
}

#[test]
fn every_attack_is_listed_and_its_source_is_a_whole_file() {
    let list = result(&["attack", "list"]);
    let all: Value = serde_json::from_str(&result(&["attack", "list", "--json"])).unwrap();
    for (index, it) in ATTACKS.iter().enumerate() {
        let row = |line: &&str| line.trim().starts_with(it.name) && line.ends_with(it.summary);
        assert_eq!(list.lines().filter(row).count(), 1, "{}", it.name);
        assert_eq!(all["attacks"][index]["name"], it.name);
        let source = result(&["attack", it.name, "--source"]);
        assert_eq!(source.trim_end(), it.source.trim_end());
    }
}

#[test]
fn an_attack_is_told_with_what_was_tried_what_stopped_it_and_what_the_neighbour_noticed() {
    let table = result(&["attack", "guess-ids"]);
    for words in [
        attack("guess-ids").unwrap().title,
        "NoSuchFrame",
        "page loads",
        "NoAuthority     A name is no right",
        "B holds 1 of 1 frames",
        "A is unharmed: it holds 8 of 8 frames",
        "The kernel refuses B's free",
        "yes  the honest environment has the results that it has alone",
    ] {
        assert!(table.contains(words), "{words} in {table}");
    }
    let report: Value = serde_json::from_str(&result(&["attack", "guess-ids", "--json"])).unwrap();
    let tried = report["attackers"][0]["tried"].as_array().unwrap();
    let freed = |it: &&Value| it["call"] == "free" && it["refusal"] == "NoAuthority";
    assert!(number(tried.iter().find(freed).unwrap(), "times") > 0);
    let stops = report["stops"].as_array().unwrap();
    let had = tried.iter().filter_map(|it| it["refusal"].as_str());
    for refusal in had {
        let stop = stops.iter().find(|it| it["refusal"] == refusal).unwrap();
        let check = stop["check"].as_str().unwrap();
        assert!(table.contains(check), "{check}");
    }
    assert!(number(&report, "checks") > 0);
    assert_eq!(report["violation"], Value::Null);
}

#[test]
fn an_attack_that_is_not_known_is_answered_with_those_that_are() {
    let (code, told) = failure(&["attack", "steal"]);
    assert_eq!(code, 2);
    assert!(
        told.contains("guess-ids") && told.contains("list"),
        "{told}"
    );
}
