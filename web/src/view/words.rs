//! How numbers, owners and consequences are written.

use exo_core::ids::EnvId;
use exo_core::machine::FieldFate;
use exo_session::Applied;
use exo_session::explain::env_letter;
pub use exo_session::explain::grouped;

/// A page, frame or slot number: 0x41A.
pub fn hex(number: u32) -> String {
    format!("0x{number:X}")
}

/// `part` of `whole` with one decimal: 91.8%. A dash where there is nothing to divide.
pub fn percent(part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let rounded = (part as u128 * 1000 + whole as u128 / 2) / whole as u128;
    // All and none are said of nothing else.
    let permille = match part {
        0 => 0,
        part if part == whole => 1000,
        _ => rounded.clamp(1, 999),
    };
    format!("{}.{}%", permille / 10, permille % 10)
}

/// How far `part` is of `whole`, for a place of a picture: 24.41%.
pub fn percent_of(part: u64, whole: u64) -> String {
    let hundredths = u128::from(part) * 10_000 / u128::from(whole.max(1));
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// A length in a picture, to that many digits, at least one. The formatter of fractions that Rust has would be
/// 5 KB of the page.
pub fn decimal(length: f64, digits: usize) -> String {
    let parts = (0..digits).fold(1_u64, |parts, _| parts.saturating_mul(10));
    let rounded = (length * parts as f64).round() as i64;
    let sign = if rounded < 0 { "-" } else { "" };
    let rounded = rounded.unsigned_abs();
    format!("{sign}{}.{:0digits$}", rounded / parts, rounded % parts)
}

/// The letter of the environment at a place of the list.
pub fn letter(index: usize) -> String {
    env_letter(EnvId(index as u8))
}

/// The hue of an owner: one of four; the letter tells more than four apart.
pub fn hue(env: EnvId) -> &'static str {
    HUES[hue_number(env)]
}

/// The hues of owners, as the style sheet names them.
pub const HUES: [&str; 4] = ["a", "b", "c", "d"];

/// The number of an owner's hue among them.
pub fn hue_number(env: EnvId) -> usize {
    env.index() % HUES.len()
}

/// How far round numbers are apart of which there are at most `most` up to `all`, but for 0: 1, 2, 5, 10 and so on.
pub fn apart(all: u64, most: u64) -> u64 {
    let mut round = (0..20)
        .flat_map(|power| [1, 2, 5].map(|it| 10_u64.saturating_pow(power).saturating_mul(it)));
    round.find(|apart| all / apart <= most).unwrap_or(1)
}

/// So many frames, in words.
pub fn frames(count: u32) -> String {
    match count {
        1 => "1 frame".to_owned(),
        more => format!("{} frames", grouped(more.into())),
    }
}

/// A list in a sentence: a, b and c.
fn listed(items: &[&str]) -> String {
    match items {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

/// What an Apply does to the fields of the policy.
pub fn applied_words(applied: &Applied) -> String {
    let of = |fate: FieldFate| -> Vec<&str> {
        let fields = applied.changes.iter().filter(|change| change.fate == fate);
        fields.map(|change| change.name.as_str()).collect()
    };
    let (kept, fresh, dropped) = (
        of(FieldFate::Kept),
        of(FieldFate::Fresh),
        of(FieldFate::Dropped),
    );
    let mut parts = Vec::new();
    if applied.frames_released {
        parts.push("Its frames are given back first, so every field begins afresh.".to_owned());
    } else if kept.is_empty() && fresh.is_empty() {
        parts.push("The policy has no fields.".to_owned());
    } else if fresh.is_empty() && dropped.is_empty() {
        parts.push(format!("All {} fields keep their values.", kept.len()));
    } else {
        if !kept.is_empty() {
            parts.push(format!("Kept: {}.", listed(&kept)));
        }
        if !fresh.is_empty() {
            parts.push(format!("New: {}.", listed(&fresh)));
        }
    }
    if !dropped.is_empty() {
        parts.push(format!("Dropped: {}.", listed(&dropped)));
    }
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use exo_core::machine::{FieldChange, FieldFate};
    use exo_session::Applied;

    use super::{applied_words, decimal, grouped, percent};

    #[test]
    fn counts_are_grouped_by_thousands() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1_284), "1,284");
        assert_eq!(grouped(1_000_000), "1,000,000");
    }

    #[test]
    fn a_length_is_rounded_on_either_side_of_zero() {
        let lengths = [0.0, 0.5, 12.345_6, -0.05, -3.999];
        let written = lengths.map(|it| decimal(it, 2));
        assert_eq!(written, ["0.00", "0.50", "12.35", "-0.05", "-4.00"]);
        let written = lengths.map(|it| decimal(it, 1));
        assert_eq!(written, ["0.0", "0.5", "12.3", "-0.1", "-4.0"]);
    }

    #[test]
    fn a_rate_of_nothing_is_a_dash_and_others_are_rounded() {
        assert_eq!(percent(0, 0), "–");
        assert_eq!(percent(2, 3), "66.7%");
        assert_eq!(percent(7, 7), "100.0%");
        assert_eq!(percent(99_999, 100_000), "99.9%");
        assert_eq!(
            (percent(0, 9), percent(1, 100_000)),
            ("0.0%".to_owned(), "0.1%".to_owned())
        );
    }

    #[test]
    fn an_apply_says_which_fields_are_kept_new_and_dropped() {
        let field = |name: &str, fate| FieldChange {
            name: name.to_owned(),
            fate,
            holds_frames: false,
        };
        let mixed = Applied {
            changes: vec![
                field("page", FieldFate::Kept),
                field("used", FieldFate::Kept),
                field("age", FieldFate::Fresh),
                field("hand", FieldFate::Dropped),
            ],
            frames_released: false,
        };
        assert_eq!(
            applied_words(&mixed),
            "Kept: page and used. New: age. Dropped: hand."
        );
        let afresh = Applied {
            changes: vec![field("page", FieldFate::Fresh)],
            frames_released: true,
        };
        assert_eq!(
            applied_words(&afresh),
            "Its frames are given back first, so every field begins afresh."
        );
    }
}
