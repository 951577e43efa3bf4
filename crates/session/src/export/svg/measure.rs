//! Round numbers, decimals and room for labels: arithmetic of the picture.

/// Width of a character, about.
const CHARACTER: usize = 7;
/// Lines of labels.
const LINES: usize = 3;

/// The room that a label takes, about.
pub(super) fn label_width(text: &str) -> usize {
    text.chars().count() * CHARACTER + 8
}

/// For each label, from where to where it goes, the first line on which it stands on no other one.
pub(super) fn label_lines(
    stretches: impl IntoIterator<Item = (usize, usize)>,
) -> Vec<Option<usize>> {
    let mut lines: Vec<Vec<(usize, usize)>> = vec![Vec::new(); LINES];
    let place = |(left, right): (usize, usize)| {
        let free = |line: &Vec<(usize, usize)>| {
            let mut others = line.iter();
            others.all(|(from, to)| right <= *from || *to <= left)
        };
        let place = lines.iter().position(free)?;
        lines.get_mut(place)?.push((left, right));
        Some(place)
    };
    stretches.into_iter().map(place).collect()
}

/// Tenths as a decimal number.
pub(super) fn decimal(tenths: usize) -> String {
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        part => format!("{}.{part}", tenths / 10),
    }
}

/// The smallest round step with which a length has at most so many parts.
pub(super) fn round_step(length: u64, parts: u64, round: &[u64]) -> u64 {
    let base = round.last().copied().unwrap_or(10);
    let mut scale: u64 = 1;
    loop {
        for factor in round {
            let step = scale.saturating_mul(*factor);
            if length / step <= parts {
                return step;
            }
        }
        scale = scale.saturating_mul(base);
    }
}

#[cfg(test)]
mod tests {
    use super::{decimal, label_lines, round_step};

    #[test]
    fn steps_are_round_and_few() {
        assert_eq!(round_step(788_955, 8, &[1, 2, 5, 10]), 100_000);
        assert_eq!(round_step(256, 8, &[1, 2, 4, 8]), 32);
        assert_eq!(round_step(1, 8, &[1, 2, 5, 10]), 1);
        assert_eq!(round_step(0, 8, &[1, 2, 5, 10]), 1);
        assert!(u64::MAX / round_step(u64::MAX, 8, &[1, 2, 5, 10]) <= 8);
    }

    #[test]
    fn tenths_are_written_without_a_float() {
        assert_eq!(decimal(120), "12");
        assert_eq!(decimal(5), "0.5");
    }

    #[test]
    fn labels_that_would_stand_on_each_other_go_to_the_next_line_or_nowhere() {
        let stretches = [(0, 50), (40, 90), (50, 60), (45, 55), (45, 55)];
        let lines = [Some(0), Some(1), Some(0), Some(2), None];
        assert_eq!(label_lines(stretches), lines);
    }
}
