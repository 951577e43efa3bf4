//! Emulated cycles and the microseconds of protocols.

use smoltcp::time::{Duration, Instant};

/// The latest moment and the longest stretch that protocols know: two of them together still fit their words.
const MICROSECONDS_MAX: u64 = i64::MAX as u64 / 4;

/// How fast the emulated machine's clock is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clock {
    hertz: u64,
}

impl Clock {
    /// The paper's machine.
    pub const DECSTATION: Clock = Clock { hertz: 25_000_000 };

    /// A clock of so many cycles a second; none is slower than one.
    pub fn new(hertz: u64) -> Clock {
        Clock {
            hertz: hertz.max(1),
        }
    }

    /// Cycles in so many units of which a second has `units_per_second`, rounded up.
    pub fn cycles(self, units: u64, units_per_second: u64) -> u64 {
        let units_per_second = u128::from(units_per_second.max(1));
        let cycles = (u128::from(units) * u128::from(self.hertz)).div_ceil(units_per_second);
        u64::try_from(cycles).unwrap_or(u64::MAX)
    }

    /// The moment, in whole microseconds since the machine began.
    pub(crate) fn instant(self, cycles: u64) -> Instant {
        Instant::from_micros(self.microseconds(cycles) as i64)
    }

    /// A stretch of time, in whole microseconds.
    pub(crate) fn duration(self, cycles: u64) -> Duration {
        Duration::from_micros(self.microseconds(cycles))
    }

    /// The first cycle of which [`Clock::instant`] gives this moment or a later one.
    pub(crate) fn at(self, instant: Instant) -> u64 {
        let microseconds = u64::try_from(instant.total_micros()).unwrap_or(0);
        self.cycles(microseconds, 1_000_000)
    }

    fn microseconds(self, cycles: u64) -> u64 {
        let microseconds = u128::from(cycles) * 1_000_000 / u128::from(self.hertz);
        u64::try_from(microseconds).map_or(MICROSECONDS_MAX, |it| it.min(MICROSECONDS_MAX))
    }
}

#[cfg(test)]
mod tests {
    use super::Clock;
    use smoltcp::time::Instant;

    #[test]
    fn a_moment_in_microseconds_comes_with_the_cycle_that_is_found_for_it_and_not_before() {
        for hertz in [25_000_000, 16_666_667, 1_000_000, 700_000, 1] {
            let clock = Clock::new(hertz);
            for microseconds in [0, 1, 7, 999_999, 1_000_001] {
                let wanted = Instant::from_micros(microseconds);
                let at = clock.at(wanted);
                assert!(clock.instant(at) >= wanted);
                assert!(at == 0 || clock.instant(at - 1) < wanted);
            }
        }
    }

    #[test]
    fn times_that_do_not_fit_are_the_largest() {
        let clock = Clock::new(1);
        assert_eq!(clock.at(clock.instant(u64::MAX)), 2_305_843_009_214);
        assert_eq!(Clock::new(u64::MAX).cycles(u64::MAX, 1), u64::MAX);
    }
}
