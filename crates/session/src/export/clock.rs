//! Time: the machine's cycles as microseconds, in whole numbers.

use std::fmt;

/// Hundredths of a megahertz in the fastest clock: a cycle is then a nanosecond.
const FASTEST: u32 = 100_000;

/// How fast the machine's clock ticks. The machine itself knows cycles only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    hundredths_of_megahertz: u32,
}

impl Default for Clock {
    /// 25 MHz, at which the disk's times are round: that of the fastest machine of the paper.
    fn default() -> Clock {
        Clock {
            hundredths_of_megahertz: 2_500,
        }
    }
}

impl Clock {
    /// When that many cycles have passed.
    pub fn at(self, cycles: u64) -> Moment {
        let nanoseconds =
            u128::from(cycles) * u128::from(FASTEST) / u128::from(self.hundredths_of_megahertz);
        Moment { nanoseconds }
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (
            self.hundredths_of_megahertz / 100,
            self.hundredths_of_megahertz % 100,
        );
        match part {
            0 => write!(f, "{whole} MHz"),
            _ => write!(f, "{whole}.{part:02} MHz"),
        }
    }
}

/// Reads a clock in megahertz: `25`, `16.67`.
///
/// # Errors
/// A sentence that says what would be right.
pub fn parse_clock(text: &str) -> Result<Clock, String> {
    let number = |digits: &str| {
        let plain = digits.bytes().all(|byte| byte.is_ascii_digit());
        digits.parse::<u32>().ok().filter(|_| plain)
    };
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let hundredths = match part.len() {
        1 => number(part).map(|it| it * 10),
        2 => number(part),
        _ => None,
    };
    let whole = number(whole).and_then(|it| it.checked_mul(100));
    let clock = whole.zip(hundredths).map(|(whole, part)| whole + part);
    match clock.filter(|it| (1..=FASTEST).contains(it)) {
        Some(hundredths_of_megahertz) => Ok(Clock {
            hundredths_of_megahertz,
        }),
        None => Err(
            "write megahertz up to 1000, with two digits behind the point at most: 25, 16.67"
                .to_owned(),
        ),
    }
}

/// A moment of a run, as a decimal number of microseconds. A later one is never shown as an earlier
/// one, and at 25 MHz none is rounded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    nanoseconds: u128,
}

impl Moment {
    /// The same in nanoseconds, rounded down; the most that 64 bits hold, if it is later.
    pub fn nanoseconds(self) -> u64 {
        u64::try_from(self.nanoseconds).unwrap_or(u64::MAX)
    }

    /// The same in milliseconds with two decimals, for people.
    pub fn milliseconds(self) -> String {
        let hundredths = self.nanoseconds / 10_000;
        format!("{}.{:02}", hundredths / 100, hundredths % 100)
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (whole, part) = (self.nanoseconds / 1000, self.nanoseconds % 1000);
        match part {
            0 => write!(f, "{whole}"),
            _ if part % 100 == 0 => write!(f, "{whole}.{}", part / 100),
            _ if part % 10 == 0 => write!(f, "{whole}.{:02}", part / 10),
            _ => write!(f, "{whole}.{part:03}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, parse_clock};

    #[test]
    fn a_cycle_at_25_megahertz_is_40_nanoseconds_without_rounding() {
        let shown = |cycles| Clock::default().at(cycles).to_string();
        assert_eq!(shown(0), "0");
        assert_eq!(shown(1), "0.04");
        assert_eq!(shown(25), "1");
        assert_eq!(shown(110), "4.4");
        assert_eq!(shown(u64::MAX), "737869762948382064.6");
        assert_eq!(Clock::default().at(1_082_027).milliseconds(), "43.28");
    }

    #[test]
    fn clocks_are_read_as_the_paper_has_them_and_nothing_else_is() {
        let microsecond = |clock: &str, cycles| parse_clock(clock).unwrap().at(cycles).to_string();
        assert_eq!(microsecond("12.5", 25), "2");
        assert_eq!(microsecond("16.67", 1667), "100");
        assert_eq!(microsecond("16.67", 1), "0.059");
        assert_eq!(parse_clock("16.67").unwrap().to_string(), "16.67 MHz");
        for wrong in [
            "", "0", "0.00", "-1", "1e3", "1000.01", "25.", "1.234", "fast",
        ] {
            assert!(parse_clock(wrong).unwrap_err().contains("16.67"), "{wrong}");
        }
    }
}
