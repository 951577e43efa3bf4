//! The page's colours, read from its style sheet: contrast (WCAG 2.2) and colour vision.

use std::collections::BTreeMap;

const TOKENS: &str = include_str!("../../static/css/tokens.css");
/// Where the text's colours stand in rules of their own.
const SHEETS: [(&str, &str); 7] = [
    ("frame.css", include_str!("../../static/css/frame.css")),
    ("editor.css", include_str!("../../static/css/editor.css")),
    ("rich.css", include_str!("../../static/css/rich.css")),
    ("machine.css", include_str!("../../static/css/machine.css")),
    ("side.css", include_str!("../../static/css/side.css")),
    ("time.css", include_str!("../../static/css/time.css")),
    ("packets.css", include_str!("../../static/css/packets.css")),
];
/// Text and marks: WCAG 1.4.3 and 1.4.11; 1.4.6 for high contrast.
const TEXT: f64 = 4.5;
const TEXT_HIGH: f64 = 7.0;
const MARK: f64 = 3.0;
/// How far apart owners' hues must lie for every eye, by CIE 1976: beyond what is just seen (2.3) by far.
const APART: f64 = 10.0;

type Tokens = BTreeMap<String, [u8; 3]>;

/// The blocks of the style sheet that set tokens: what stands before the brace, and the tokens.
fn blocks() -> Vec<(String, Tokens)> {
    let mut blocks = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut head = String::new();
    let text = without_comments(TOKENS);
    for piece in text.split_inclusive(['{', '}']) {
        match piece.chars().last() {
            Some('{') => {
                head = piece[..piece.len() - 1].trim().to_owned();
                open.push(head.clone());
            }
            Some('}') => {
                let tokens = tokens(&piece[..piece.len() - 1]);
                if tokens.contains_key("panel") {
                    blocks.push((open.join(" / "), tokens));
                }
                open.pop();
            }
            _ => {}
        }
    }
    assert!(!head.is_empty());
    blocks
}

fn without_comments(css: &str) -> String {
    let mut text = String::new();
    let mut rest = css;
    while let Some((before, after)) = rest.split_once("/*") {
        text.push_str(before);
        rest = after.split_once("*/").map_or("", |(_, behind)| behind);
    }
    text + rest
}

/// The declarations of tokens whose values are colours like `#14181a`.
fn tokens(body: &str) -> Tokens {
    let declared = body.split(';').filter_map(|it| {
        let (name, value) = it.trim().strip_prefix("--")?.split_once(':')?;
        Some((name.to_owned(), colour(value.trim())?))
    });
    declared.collect()
}

fn colour(text: &str) -> Option<[u8; 3]> {
    let digits = text.strip_prefix('#').filter(|it| it.len() == 6)?;
    let part = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
    Some([part(0)?, part(2)?, part(4)?])
}

/// Each theme with all its tokens: what a block does not say is as in the first one.
fn themes() -> Vec<(String, Tokens)> {
    let blocks = blocks();
    let usual = blocks[0].1.clone();
    let whole = |(name, own): (String, Tokens)| {
        let mut all = usual.clone();
        all.extend(own);
        (name, all)
    };
    blocks.into_iter().map(whole).collect()
}

fn linear(part: u8) -> f64 {
    let value = f64::from(part) / 255.0;
    if value <= 0.04045 {
        value / 12.92
    } else {
        ((value + 0.055) / 1.055).powf(2.4)
    }
}

fn luminance(colour: [u8; 3]) -> f64 {
    let [r, g, b] = colour.map(linear);
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// What eyes without one kind of cones see: Viénot, Brettel and Mollon 1999, and for blue Brettel,
/// Viénot and Mollon 1997 by one plane; rows of matrices over linear light.
const EYES: [(&str, [[f64; 3]; 3]); 4] = [
    (
        "all cones",
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    ),
    (
        "protanopia",
        [
            [0.112_38, 0.887_62, 0.0],
            [0.112_38, 0.887_62, 0.0],
            [0.004_01, -0.004_01, 1.0],
        ],
    ),
    (
        "deuteranopia",
        [
            [0.292_75, 0.707_25, 0.0],
            [0.292_75, 0.707_25, 0.0],
            [-0.022_34, 0.022_34, 1.0],
        ],
    ),
    (
        "tritanopia",
        [
            [1.0, 0.144_61, -0.144_61],
            [0.0, 0.859_24, 0.140_76],
            [0.0, 0.859_24, 0.140_76],
        ],
    ),
];

fn seen(colour: [u8; 3], eye: &[[f64; 3]; 3]) -> [f64; 3] {
    let light = colour.map(linear);
    let row = |row: &[f64; 3]| row.iter().zip(light).map(|(a, b)| a * b).sum::<f64>();
    [row(&eye[0]), row(&eye[1]), row(&eye[2])].map(|it| it.clamp(0.0, 1.0))
}

/// CIE L*a*b* of linear light, under D65.
fn lab([r, g, b]: [f64; 3]) -> [f64; 3] {
    let x = (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.950_47;
    let y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
    let z = (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.088_83;
    let [x, y, z] = [x, y, z].map(|it| {
        if it > 0.008_856 {
            it.cbrt()
        } else {
            7.787 * it + 16.0 / 116.0
        }
    });
    [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
}

fn apart(one: [u8; 3], other: [u8; 3], eye: &[[f64; 3]; 3]) -> f64 {
    let (one, other) = (lab(seen(one, eye)), lab(seen(other, eye)));
    let squares = one.iter().zip(other).map(|(a, b)| (a - b) * (a - b));
    squares.sum::<f64>().sqrt()
}

fn is_high(name: &str) -> bool {
    name.contains("contrast")
}

#[test]
fn every_text_can_be_read_on_every_ground_that_it_may_stand_on() {
    let mut wrong = Vec::new();
    let themes = themes();
    assert_eq!(
        themes.len(),
        7,
        "light, dark twice, high contrast four times"
    );
    for (name, tokens) in &themes {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for text in ["ink", "ink-2", "ink-3", "link", "alert"] {
            let grounds = ["bg", "panel", "panel-2", "hover", "free"];
            pairs.extend(grounds.map(|ground| (text.to_owned(), ground.to_owned())));
        }
        pairs.push(("now-ink".to_owned(), "now".to_owned()));
        pairs.push(("panel".to_owned(), "ink".to_owned()));
        pairs.push(("panel".to_owned(), "ink-2".to_owned()));
        for owner in ["a", "b", "c", "d", "k"] {
            pairs.push((format!("{owner}-text"), format!("{owner}-tint")));
        }
        let least = if is_high(name) { TEXT_HIGH } else { TEXT };
        for (text, ground) in pairs {
            let contrast = contrast(tokens[&text], tokens[&ground]);
            if contrast < least {
                wrong.push(format!("{name}: --{text} on --{ground}: {contrast:.2}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn what_a_rule_of_the_page_writes_on_a_ground_of_its_own_can_be_read() {
    let mut rules = 0;
    let mut wrong = Vec::new();
    for (sheet, css) in SHEETS {
        for rule in without_comments(css).split('}') {
            let Some((selector, body)) = rule.rsplit_once('{') else {
                continue;
            };
            let of = |property: &str| {
                let declared = body.split(';').find_map(|it| {
                    let (name, value) = it.split_once(':')?;
                    (name.trim() == property).then(|| value.trim().to_owned())
                });
                declared
                    .and_then(|it| Some(it.strip_prefix("var(--")?.strip_suffix(')')?.to_owned()))
            };
            let (Some(text), Some(ground)) = (of("color"), of("background")) else {
                continue;
            };
            rules += 1;
            for (name, tokens) in themes() {
                let contrast = contrast(tokens[&text], tokens[&ground]);
                // What cannot be used now may be fainter (WCAG 1.4.3), but not here.
                if contrast < TEXT {
                    let selector = selector.trim();
                    wrong.push(format!(
                        "{sheet}, {selector}, {name}: --{text} on --{ground}: {contrast:.2}"
                    ));
                }
            }
        }
    }
    assert!(rules > 15, "the sheets are read: {rules} rules");
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn edges_and_marks_stand_out_from_the_panel() {
    let mut wrong = Vec::new();
    for (name, tokens) in themes() {
        let marks = [
            "line-2", "focus", "a", "b", "c", "d", "k", "ker", "now-edge", "alert",
        ];
        for mark in marks {
            let contrast = contrast(tokens[mark], tokens["panel"]);
            if contrast < MARK {
                wrong.push(format!("{name}: --{mark} on --panel: {contrast:.2}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn the_map_s_marks_stand_out_from_every_owner_s_tint_and_from_what_this_step_touched() {
    let mut wrong = Vec::new();
    for (name, tokens) in themes() {
        let owners = ["a", "b", "c", "d"].map(|owner| ("ink", format!("{owner}-tint")));
        let now = ("now-ink", "now".to_owned());
        for (mark, ground) in owners.into_iter().chain([now]) {
            let contrast = contrast(tokens[mark], tokens[&ground]);
            if contrast < MARK {
                wrong.push(format!("{name}: --{mark} on --{ground}: {contrast:.2}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn owners_are_told_apart_by_every_kind_of_eye_in_every_theme() {
    let mut wrong = Vec::new();
    let owners = ["a", "b", "c", "d", "k"];
    for (name, tokens) in themes() {
        for (eye, matrix) in &EYES {
            for (index, one) in owners.iter().enumerate() {
                for other in &owners[index + 1..] {
                    let apart = apart(tokens[*one], tokens[*other], matrix);
                    if apart < APART {
                        wrong.push(format!("{name}, {eye}: --{one} and --{other}: {apart:.1}"));
                    }
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// How much of its hue a hatch has on a map with letters, as its drawing says.
fn hatch_alpha(name: &str) -> f64 {
    let source = include_str!("../../web/src/driver/lettered_map.rs");
    let (_, rest) = source.split_once(&format!("const {name}: f64 = ")).unwrap();
    rest.split(';').next().unwrap().parse().unwrap()
}

/// A hue over its tint, so much of it.
fn over(hue: [u8; 3], tint: [u8; 3], alpha: f64) -> [u8; 3] {
    let mix = |at: usize| f64::from(hue[at]) * alpha + f64::from(tint[at]) * (1.0 - alpha);
    [0, 1, 2].map(|at| mix(at).round() as u8)
}

/// Owners of one hue are told apart by their hatches (`web/src/view/hatch.rs`), and of one hatch by their hues.
#[test]
fn a_hatch_is_seen_on_its_tint_by_every_kind_of_eye_and_a_letter_can_be_read_on_it() {
    let mut wrong = Vec::new();
    for (name, tokens) in themes() {
        for owner in ["a", "b", "c", "d"] {
            let (hue, tint) = (tokens[owner], tokens[&format!("{owner}-tint")]);
            for (eye, matrix) in &EYES {
                let apart = apart(hue, tint, matrix);
                if apart < 2.0 * APART {
                    wrong.push(format!("{name}, {eye}: --{owner} on its tint: {apart:.1}"));
                }
            }
            for hatch in ["LINES", "DOTS"] {
                let ground = over(hue, tint, hatch_alpha(hatch));
                let contrast = contrast(tokens[&format!("{owner}-text")], ground);
                if contrast < MARK {
                    wrong.push(format!("{name}: --{owner}-text on {hatch}: {contrast:.2}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn both_ways_to_a_theme_lead_to_the_same_colours() {
    let themes = themes();
    let of = |part: &str| {
        let found = themes.iter().find(|(name, _)| name.ends_with(part));
        found
            .unwrap_or_else(|| panic!("no block {part}: {themes:?}"))
            .1
            .clone()
    };
    let dark = of(":root:not([data-theme=\"light\"])");
    assert_eq!(dark, of(":root[data-theme=\"dark\"]"));
    let high: Vec<&Tokens> = themes
        .iter()
        .filter(|(name, _)| is_high(name))
        .map(|(_, it)| it)
        .collect();
    assert_eq!(high[0], high[2], "high contrast, light");
    assert_eq!(high[1], high[3], "high contrast, dark");
    assert_ne!(high[0], high[1]);
}

#[test]
fn the_measures_are_those_of_the_papers() {
    let (black, white) = ([0; 3], [255; 3]);
    assert!((contrast(black, white) - 21.0).abs() < 1e-9);
    let [all, protan, ..] = &EYES;
    let (red, green) = ([200, 40, 40], [110, 110, 35]);
    assert!(apart(red, green, &all.1) > 60.0);
    assert!(apart(red, green, &protan.1) < apart(red, green, &all.1) / 2.0);
    assert!((apart(black, white, &protan.1) - 100.0).abs() < 0.5);
}
