//! Trace files on their way in: how far they have come, and that they can be given up.

use super::playground::{Notice, Playground};
use crate::view::words::grouped;

impl Playground {
    /// So many bytes of the file have been read.
    pub(super) fn reading(&mut self, name: &str, read: u64, size: u64) {
        self.pause();
        self.reading = true;
        let text = format!(
            "Reading {name}: {} of {} KB.",
            grouped(read / 1024),
            grouped(size / 1024)
        );
        self.notice = Some(Notice {
            text,
            problem: false,
            progress: Some((read, size)),
        });
    }

    pub(super) fn not_read(&mut self, name: &str, reason: &str) {
        self.pause();
        self.reading = false;
        let text =
            format!("{name} was not opened. The run is paused, nothing else has changed. {reason}");
        self.notice = Some(Notice::problem(text));
    }

    /// Whoever reads the file looks whether it still is to be read.
    pub(super) fn stop_reading(&mut self) {
        if self.reading {
            self.reading = false;
            let text = "Reading was stopped, and nothing has changed.";
            self.notice = Some(Notice::fact(text.to_owned()));
        }
    }

    /// Whether a file is being read.
    pub fn is_reading(&self) -> bool {
        self.reading
    }
}
