//! What a long command tells the person who waits: what it does, that it still does, how long it took.

use std::time::{Duration, Instant};

/// How often a silent step says that it is still at work.
const BEAT: Duration = Duration::from_secs(30);

/// Says what is done now and what to expect, does it, and says how long it took.
pub fn step<T>(
    title: &str,
    expectation: &str,
    action: impl FnOnce() -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    println!("{title} ({expectation})");
    let start = Instant::now();
    let done = action()?;
    println!("  done in {}", duration_text(start.elapsed()));
    Ok(done)
}

/// A duration as a person would say it: tenths of a second below ten, then whole ones, then minutes too.
pub fn duration_text(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..10 => format!("{:.1} s", duration.as_secs_f64()),
        10..120 => format!("{seconds} s"),
        _ => format!("{} min {} s", seconds / 60, seconds % 60),
    }
}

/// Prints a line now and then while something silent is at work.
pub struct Heartbeat<'a> {
    what: &'a str,
    start: Instant,
    beats: u32,
}

impl<'a> Heartbeat<'a> {
    /// Starts to count now.
    pub fn new(what: &'a str) -> Self {
        Self {
            what,
            start: Instant::now(),
            beats: 0,
        }
    }

    /// How long it has been at work.
    pub fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    /// Says that it is still at work, if it is time to.
    pub fn beat(&mut self) {
        if self.elapsed() >= BEAT * (self.beats + 1) {
            self.beats += 1;
            println!("  ... still {}, {} s", self.what, self.elapsed().as_secs());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_as_a_person_would_say_them() {
        assert_eq!(duration_text(Duration::from_millis(340)), "0.3 s");
        assert_eq!(duration_text(Duration::from_secs(75)), "75 s");
        assert_eq!(duration_text(Duration::from_secs(150)), "2 min 30 s");
    }
}
