//! The picture is valid XML, holds all that it needs, and says what the machine counted.

use exo_session::explain::grouped;
use exo_session::export::{Format, Options};
use roxmltree::{Document, Node};

use crate::runs::{all_shipped, exported, short, unit};

fn number(node: &Node<'_, '_>, name: &str) -> f64 {
    let text = node.attribute(name).unwrap_or_else(|| panic!("{name}"));
    text.parse().unwrap()
}

/// The texts of a picture.
fn texts(document: &Document<'_>) -> Vec<String> {
    let texts = document.descendants().filter(|it| it.has_tag_name("text"));
    texts
        .map(|it| it.text().unwrap_or_default().to_owned())
        .collect()
}

/// Nothing runs, nothing comes from elsewhere, everything that is named is there and within the edges.
fn assert_self_contained(text: &str) {
    let document = Document::parse(text).unwrap();
    let root = document.root_element();
    let size = ["width", "height"].map(|name| number(&root, name));
    assert_eq!(
        root.attribute("viewBox"),
        Some(format!("0 0 {} {}", size[0], size[1]).as_str())
    );
    let ids: Vec<&str> = document
        .descendants()
        .filter_map(|it| it.attribute("id"))
        .collect();
    let shapes = [
        "svg", "title", "desc", "style", "defs", "pattern", "path", "circle", "rect", "text",
    ];
    for node in document.descendants().filter(Node::is_element) {
        let tag = node.tag_name();
        assert_eq!(tag.namespace(), Some("http://www.w3.org/2000/svg"));
        assert!(shapes.contains(&tag.name()), "{}", tag.name());
        for attribute in node.attributes() {
            let (name, value) = (attribute.name(), attribute.value());
            assert!(!name.starts_with("on") && name != "href", "{name}");
            if let Some(target) = value.strip_prefix("url(#") {
                assert!(ids.contains(&target.trim_end_matches(')')), "{value}");
            } else {
                assert!(!value.contains("url(") && !value.contains("//"), "{value}");
            }
        }
        let in_pattern = node.ancestors().any(|it| it.has_tag_name("pattern"));
        match tag.name() {
            "rect" | "text" => {
                let [x, y] = ["x", "y"].map(|name| node.attribute(name).unwrap_or("0"));
                let [x, y]: [f64; 2] = [x, y].map(|it| it.parse().unwrap());
                assert!((0.0..=size[0]).contains(&x) && (0.0..=size[1]).contains(&y));
            }
            "path" if !in_pattern => {
                for [x, y] in corners(node.attribute("d").unwrap()) {
                    let within = (0.0..=size[0]).contains(&x) && (0.0..=size[1]).contains(&y);
                    assert!(within, "{x} {y} in {}", node.attribute("d").unwrap());
                }
            }
            _ => {}
        }
    }
    let style = document.descendants().find(|it| it.has_tag_name("style"));
    let style = style.and_then(|it| it.text()).unwrap();
    assert!(style.contains("prefers-color-scheme: dark"));
    assert!(!style.contains("url(") && !style.contains("@import"));
}

/// The points of a path of moves and of lines that are level or upright.
fn corners(commands: &str) -> Vec<[f64; 2]> {
    let mut points = Vec::new();
    let (mut x, mut y) = (0.0, 0.0);
    let mut rest = commands;
    while let Some(command) = rest.chars().next() {
        rest = &rest[1..];
        let end = rest.find(|it: char| it.is_ascii_alphabetic());
        let (numbers, behind) = rest.split_at(end.unwrap_or(rest.len()));
        let numbers: Vec<f64> = numbers
            .split_whitespace()
            .map(|it| it.parse().unwrap())
            .collect();
        match (command, numbers.as_slice()) {
            ('M', [to_x, to_y]) => (x, y) = (*to_x, *to_y),
            ('h', [by]) => x += by,
            ('v', [by]) => y += by,
            ('V', [to]) => y = *to,
            ('z', []) => {}
            _ => panic!("{command} {numbers:?}"),
        }
        points.push([x, y]);
        rest = behind;
    }
    points
}

#[test]
fn the_picture_of_every_scenario_is_self_contained_and_says_what_was_counted() {
    for mut run in all_shipped() {
        let text = run.whole(Format::Svg);
        let name = run.name.clone();
        assert_self_contained(&text);
        assert!(text.len() < 400_000, "{name}: {} bytes", text.len());
        let document = Document::parse(&text).unwrap();
        let texts = texts(&document);
        assert!(texts.contains(&run.session.scenario().title), "{name}");
        for (_, environment) in run.at_the_end() {
            let counters = environment.counters;
            for figure in [
                counters.references,
                counters.upcalls,
                counters.page_loads,
                counters.evictions,
                environment.cycles.total(),
            ] {
                assert!(texts.contains(&grouped(figure)), "{name}: {figure}");
            }
        }
    }
}

#[test]
fn a_window_of_any_size_is_drawn_within_the_edges() {
    let mut session = short().session;
    for (from, to) in [(0, 1), (0, 7), (500, 501), (100, 999), (1_000, 2_700)] {
        let options = Options {
            from: unit(from),
            to: Some(unit(to)),
            ..Options::default()
        };
        assert_self_contained(&exported(&mut session, Format::Svg, &options).0);
    }
}

#[test]
fn the_picture_of_a_long_run_has_no_limit_of_events() {
    let mut run = short();
    let few = Options {
        events_max: 10,
        ..Options::default()
    };
    let (text, said) = exported(&mut run.session, Format::Svg, &few);
    assert_eq!(said.cut, None);
    assert_eq!(text, run.whole(Format::Svg));
}

#[test]
fn a_title_is_shown_as_it_is_whatever_stands_in_it() {
    let text = short().whole(Format::Svg);
    let document = Document::parse(&text).unwrap();
    let title = "Short & <simple>, \"quoted\"";
    assert!(texts(&document).contains(&title.to_owned()));
    let named = document.descendants().find(|it| it.has_tag_name("title"));
    assert_eq!(named.and_then(|it| it.text()), Some(title));
}
