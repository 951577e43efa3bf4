//! Links that were made once, one for each feature: every later version must still open them.
//!
//! A line of `tests/corpus/links.txt` is a name and a link. Lines are added, and never changed or
//! taken away once a version with them is out.

use exo_session::saved::{from_link, open};

use super::at_its_position;
use std::sync::Arc;

const LINKS: &str = include_str!("../../corpus/links.txt");

/// The links by name.
fn links() -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = LINKS
        .lines()
        .filter(|line| !line.starts_with('#') && !line.is_empty());
    lines.map(|line| line.split_once(' ').unwrap())
}

#[test]
fn every_link_that_was_ever_made_opens_where_it_was_made() {
    let mut names = Vec::new();
    for (name, link) in links().filter(|(name, _)| *name != "foreign-trace") {
        let read = from_link(link).unwrap_or_else(|error| panic!("{name}: {error}"));
        let opened = at_its_position(&read);
        opened.session.machine().check().unwrap();
        let changed = !read.notices.is_empty() || !opened.notices.is_empty();
        if !changed {
            assert_eq!(opened.differs(), None, "{name}");
        }
        names.push(name);
    }
    for feature in [
        "scenario",
        "position",
        "edited-policy",
        "live-edit",
        "pressure",
        "application",
        "application-edited",
        "disk",
        "machine",
        "editor",
        "notes-and-breakpoints",
        "reset",
    ] {
        assert!(names.contains(&feature), "no link has {feature}");
    }
}

#[test]
fn a_link_with_a_foreign_trace_asks_for_it_by_name_and_length() {
    let (_, link) = links().find(|(name, _)| *name == "foreign-trace").unwrap();
    let read = from_link(link).unwrap();
    let wanted = &read.saved.traces[0];
    assert_eq!(
        (wanted.name.as_str(), wanted.references),
        ("steps.trace", Some(300))
    );
    let text: String = (0..300).map(|n| format!(" L {:x},4\n", n * 1000)).collect();
    let trace = exo_session::read_trace(
        text.as_bytes(),
        "mine",
        &exo_session::ReadOptions::default(),
    );
    struct One(Arc<exo_session::NamedTrace>);
    impl exo_session::saved::Supply for One {
        fn trace(
            &mut self,
            _: &exo_session::saved::TraceName,
        ) -> Result<Arc<exo_session::NamedTrace>, String> {
            Ok(self.0.clone())
        }
        fn source(&mut self, name: &str) -> Result<String, String> {
            Err(name.to_owned())
        }
    }
    let opened = open(&read.saved, &mut One(Arc::new(trace.unwrap()))).unwrap();
    assert_eq!(opened.session.scenario().environments.len(), 1);
}
