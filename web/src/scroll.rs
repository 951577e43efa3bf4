//! A list of which only the rows that can be seen are on the page: what its scroll position stands for.
//!
//! A browser draws nothing that is higher than some ten million pixels. A longer list is scrolled as
//! if it were just as high: a little by rows, and far in proportion.

/// Pixels that a list may be high, in any browser.
const HEIGHT_MAX: f64 = 8_000_000.0;

/// Where someone scrolls to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scrolled {
    /// On by so many rows, or back.
    By(i64),
    /// To an item, counted from 1.
    To(u64),
}

/// A list and the part of it that can be seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Track {
    /// How many items there are.
    pub count: u64,
    /// How many can be seen.
    pub rows: u64,
    /// How high the part is that can be seen, in pixels.
    pub seen: f64,
}

impl Track {
    /// How high a list of that many items is, in pixels.
    pub fn height(&self) -> f64 {
        (self.count as f64 * self.row())
            .min(HEIGHT_MAX)
            .max(self.seen)
    }

    fn row(&self) -> f64 {
        self.seen / self.rows as f64
    }

    /// How far it is scrolled when an item is the first that can be seen.
    pub fn top(&self, first: u64) -> f64 {
        let (behind, most) = (
            first.saturating_sub(1),
            self.count.saturating_sub(self.rows),
        );
        (behind as f64 / most.max(1) as f64).min(1.0) * (self.height() - self.seen)
    }

    /// Whether a scroll position is where that item is the first that can be seen.
    pub fn is_at(&self, first: u64, top: f64) -> bool {
        (top - self.top(first)).abs() < self.row()
    }

    /// What a scroll position asks for while an item is the first that can be seen.
    pub fn scrolled(&self, first: u64, top: f64) -> Option<Scrolled> {
        let (was, range) = (self.top(first), self.height() - self.seen);
        let away = top - was;
        if away.abs() > self.seen {
            let most = self.count.saturating_sub(self.rows);
            return Some(Scrolled::To(1 + (top / range * most as f64).round() as u64));
        }
        let rows = (away / self.row()).round() as i64;
        // At an end, less than half a row is one: there is no way to scroll further.
        let at_end = top <= 0.0 && was > 0.0 || top >= range - 1.0 && was < range - 1.0;
        match rows {
            0 if at_end => Some(Scrolled::By(if away < 0.0 { -1 } else { 1 })),
            0 => None,
            rows => Some(Scrolled::By(rows)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{HEIGHT_MAX, Scrolled, Track};

    fn track(count: u64) -> Track {
        Track {
            count,
            rows: 20,
            seen: 520.0,
        }
    }

    #[test]
    fn in_a_short_list_a_pixel_is_a_pixel() {
        let track = track(1000);
        assert_eq!(track.height(), 26_000.0);
        assert!((track.top(11) - 260.0).abs() < 0.01 && track.top(1) == 0.0);
        assert_eq!(track.scrolled(11, 260.0 + 12.0), None);
        assert_eq!(track.scrolled(11, 260.0 + 53.0), Some(Scrolled::By(2)));
        assert_eq!(track.scrolled(11, 260.0 - 105.0), Some(Scrolled::By(-4)));
        assert_eq!(
            track.scrolled(11, 26_000.0 - 520.0),
            Some(Scrolled::To(981))
        );
        assert!(track.is_at(11, 250.0) && !track.is_at(11, 300.0));
    }

    #[test]
    fn a_list_of_millions_is_scrolled_by_rows_and_to_every_part_of_it() {
        let track = track(10_000_000);
        assert_eq!(track.height(), HEIGHT_MAX);
        for first in [1, 5, 4_000_000, 9_999_981] {
            let top = track.top(first);
            assert_eq!(track.scrolled(first, top), None, "{first}");
            if first < 9_000_000 {
                assert_eq!(track.scrolled(first, top + 80.0), Some(Scrolled::By(3)));
            }
        }
        let range = HEIGHT_MAX - 520.0;
        let middle = track.scrolled(1, range / 2.0);
        assert_eq!(middle, Some(Scrolled::To(1 + 4_999_990)));
        assert_eq!(track.scrolled(1, range), Some(Scrolled::To(9_999_981)));
        // Near the ends a pixel is more than an item, and all the same none is out of reach.
        assert_eq!(track.scrolled(3, 0.0), Some(Scrolled::By(-1)));
        assert_eq!(track.scrolled(9_999_979, range), Some(Scrolled::By(1)));
    }

    #[test]
    fn what_fits_is_not_scrolled() {
        let track = track(7);
        assert_eq!((track.height(), track.top(7)), (520.0, 0.0));
        assert_eq!(track.scrolled(1, 0.0), None);
    }
}
