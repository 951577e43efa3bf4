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

impl Scrolled {
    /// What a key asks for in a list of which so many rows can be seen.
    pub fn by_key(key: &str, rows: u64) -> Option<Scrolled> {
        let page = rows.saturating_sub(1).max(1) as i64;
        Some(match key {
            "ArrowUp" => Scrolled::By(-1),
            "ArrowDown" => Scrolled::By(1),
            "PageUp" => Scrolled::By(-page),
            "PageDown" => Scrolled::By(page),
            "Home" => Scrolled::To(1),
            "End" => Scrolled::To(u64::MAX),
            _ => return None,
        })
    }

    /// The row, counted from 0, that is the first to be seen then in a list of which every item is a row;
    /// it is row `first` now.
    pub fn row(self, first: usize) -> usize {
        match self {
            Scrolled::By(rows) => first.saturating_add_signed(rows as isize),
            Scrolled::To(item) => usize::try_from(item.saturating_sub(1)).unwrap_or(usize::MAX),
        }
    }
}

/// A list and the part of it that can be seen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Track {
    /// How many items there are.
    pub count: u64,
    /// How high a row is, in pixels.
    pub row: f64,
    /// How high the part is in which rows can be seen, in pixels.
    pub seen: f64,
}

impl Track {
    /// How high a list of that many items is, in pixels.
    pub fn height(&self) -> f64 {
        (self.count as f64 * self.row)
            .min(HEIGHT_MAX)
            .max(self.seen)
    }

    /// How many whole rows can be seen.
    pub fn rows(&self) -> u64 {
        ((self.seen / self.row) as u64).max(1)
    }

    /// How many items there are besides those that can be seen at once.
    fn most(&self) -> u64 {
        self.count.saturating_sub(self.rows())
    }

    /// How far it is scrolled when an item is the first that can be seen.
    pub fn top(&self, first: u64) -> f64 {
        let behind = first.saturating_sub(1) as f64 / self.most().max(1) as f64;
        behind.min(1.0) * (self.height() - self.seen)
    }

    /// Whether a scroll position is where that item is the first that can be seen.
    pub fn is_at(&self, first: u64, top: f64) -> bool {
        (top - self.top(first)).abs() < self.row
    }

    /// What a scroll position asks for while an item is the first that can be seen.
    pub fn scrolled(&self, first: u64, top: f64) -> Option<Scrolled> {
        let (was, range) = (self.top(first), self.height() - self.seen);
        let away = top - was;
        if away.abs() > self.seen {
            let part = (top / range).clamp(0.0, 1.0) * self.most() as f64;
            return Some(Scrolled::To(1 + part.round() as u64));
        }
        let rows = (away / self.row).round() as i64;
        // At an end, less than half a row is one: there is no way to scroll further.
        let at_end = top <= 0.0 && was > 0.0 || top >= range - 1.0 && was < range - 1.0;
        match rows {
            0 if at_end => Some(Scrolled::By(if away < 0.0 { -1 } else { 1 })),
            0 => None,
            rows => Some(Scrolled::By(rows)),
        }
    }

    /// What brings an item into sight while another one is the first that can be seen; none if it is.
    pub fn revealing(&self, first: u64, item: u64) -> Option<Scrolled> {
        let last = first + self.rows() - 1;
        match item {
            _ if item < first => Some(Scrolled::To(item)),
            _ if item > last => Some(Scrolled::To(first + (item - last))),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{HEIGHT_MAX, Scrolled, Track};

    fn track(count: u64) -> Track {
        Track {
            count,
            row: 26.0,
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

    #[test]
    fn what_is_chosen_is_brought_into_sight_by_as_little_as_it_takes() {
        let track = Track {
            seen: 530.0, // a part of a row is not enough
            ..track(1000)
        };
        assert_eq!(track.revealing(11, 4), Some(Scrolled::To(4)));
        assert_eq!(track.revealing(11, 31), Some(Scrolled::To(12)));
        for item in [11, 30] {
            assert_eq!(track.revealing(11, item), None);
        }
        assert_eq!(Scrolled::To(12).row(10), 11);
        assert_eq!(Scrolled::By(-20).row(10), 0);
    }

    #[test]
    fn keys_lead_by_rows_by_pages_and_to_both_ends() {
        let keys = ["ArrowDown", "PageUp", "Home", "End", "n"];
        let asked = keys.map(|key| Scrolled::by_key(key, 16));
        let wanted = [
            Some(Scrolled::By(1)),
            Some(Scrolled::By(-15)),
            Some(Scrolled::To(1)),
            Some(Scrolled::To(u64::MAX)),
            None,
        ];
        assert_eq!(asked, wanted);
    }
}
