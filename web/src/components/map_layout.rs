//! Where each frame's cell lies in the map: arithmetic only.

/// Width of the axis on the left, in CSS pixels.
pub(crate) const AXIS: u32 = 30;
/// Height of a cell.
const CELL_HEIGHT: u32 = 18;
/// How many cells there may be in a row, and the width that each has at least: room for a letter and its marks, and
/// where all of a laptop's column would be filled otherwise, just so.
const ROWS: [(u32, u32); 2] = [(32, 14), (16, 18)];

/// More frames than this are squares without letters, each as large as there is room for.
const LETTERED_MAX: u32 = 2048;
/// The sizes of such squares; the last has just room for a hatch.
const SQUARES: [u32; 6] = [8, 7, 6, 5, 4, 3];
/// Height that such a map should keep to, where it can.
const DENSE_HEIGHT: u32 = 420;

/// The grid of the map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct MapLayout {
    pub(crate) frames: u32,
    /// Width of the map, axis and all.
    pub(crate) width: u32,
    pub(crate) columns: u32,
    /// Width of all columns.
    room: u32,
    pub(crate) cell_height: u32,
    /// Whether cells are squares that have room for a hatch and for dots, and for no letter.
    pub(crate) dense: bool,
}

impl MapLayout {
    /// The grid for `frames` frames in `width` CSS pixels: 32 to a row if they fit, else 16 or 8.
    pub(crate) fn new(width: u32, frames: u32) -> MapLayout {
        let room = width.saturating_sub(AXIS);
        if frames > LETTERED_MAX {
            return MapLayout::squares(width, frames);
        }
        let row = ROWS
            .iter()
            .find(|(columns, least)| room / columns >= *least);
        let columns = row.map_or(8, |(columns, _)| *columns);
        MapLayout {
            frames,
            width,
            columns,
            room: room.max(columns),
            cell_height: CELL_HEIGHT,
            dense: false,
        }
    }

    /// Squares, the largest with which the map is not too high.
    fn squares(width: u32, frames: u32) -> MapLayout {
        let room = width.saturating_sub(AXIS);
        let columns = |size: u32| (room / size).max(1);
        let size = SQUARES.into_iter().find(|size| {
            let rows = frames.div_ceil(columns(*size));
            rows * size <= DENSE_HEIGHT
        });
        let size = size.unwrap_or(3);
        MapLayout {
            frames,
            width,
            columns: columns(size),
            room: columns(size) * size,
            cell_height: size,
            dense: true,
        }
    }

    /// Height in CSS pixels.
    pub(crate) fn height(self) -> u32 {
        self.frames.div_ceil(self.columns) * self.cell_height
    }

    /// Upper left corner of a cell.
    pub(crate) fn corner(self, frame: u32) -> (u32, u32) {
        (
            self.edge(frame % self.columns),
            frame / self.columns * self.cell_height,
        )
    }

    /// Width of a cell; columns share the room to the pixel.
    pub(crate) fn cell_width(self, frame: u32) -> u32 {
        let column = frame % self.columns;
        self.edge(column + 1) - self.edge(column)
    }

    fn edge(self, column: u32) -> u32 {
        AXIS + column * self.room / self.columns
    }

    /// The frame at a place.
    pub(crate) fn at(self, x: i32, y: i32) -> Option<u32> {
        let x = u32::try_from(x).ok()?.checked_sub(AXIS)?;
        let column = ((x + 1) * self.columns - 1) / self.room;
        let row = u32::try_from(y).ok()? / self.cell_height;
        let frame = row * self.columns + column;
        (column < self.columns && frame < self.frames).then_some(frame)
    }

    /// Where a key takes the cursor.
    pub(crate) fn moved(self, cursor: u32, key: &str) -> Option<u32> {
        let last = self.frames.saturating_sub(1);
        let to = match key {
            "ArrowLeft" => cursor.saturating_sub(1),
            "ArrowRight" => cursor + 1,
            "ArrowUp" => cursor.checked_sub(self.columns).unwrap_or(cursor),
            "ArrowDown" if cursor + self.columns <= last => cursor + self.columns,
            "ArrowDown" => cursor,
            "Home" => 0,
            "End" => last,
            _ => return None,
        };
        Some(to.min(last))
    }
}

#[cfg(test)]
mod tests {
    use super::MapLayout;

    #[test]
    fn every_cell_is_found_again_by_its_place() {
        for (width, frames) in [
            (668, 256),
            (358, 256),
            (300, 100),
            (40, 7),
            (668, 4096),
            (358, 65_536),
        ] {
            let layout = MapLayout::new(width, frames);
            for frame in 0..frames {
                let (x, y) = layout.corner(frame);
                let last = x + layout.cell_width(frame) - 1;
                assert_eq!(
                    layout.at(x as i32, y as i32),
                    Some(frame),
                    "{width} {frame}"
                );
                assert_eq!(
                    layout.at(last as i32, y as i32),
                    Some(frame),
                    "{width} {frame}"
                );
            }
            let (x, y) = layout.corner(frames);
            assert_eq!(layout.at(x as i32, y as i32), None);
            assert_eq!(layout.at(3, 3), None);
        }
    }

    #[test]
    fn many_frames_are_squares_as_large_as_there_is_room_for() {
        for (frames, size) in [(4096, 8), (16_384, 4), (65_536, 3)] {
            let layout = MapLayout::new(674, frames);
            assert!(layout.dense);
            assert_eq!((layout.cell_height, layout.cell_width(0)), (size, size));
        }
        assert!(!MapLayout::new(674, 2048).dense);
    }

    #[test]
    fn arrow_keys_stay_on_the_map() {
        let layout = MapLayout::new(668, 40);
        assert_eq!(layout.moved(0, "ArrowLeft"), Some(0));
        assert_eq!(layout.moved(0, "ArrowDown"), Some(32));
        assert_eq!(layout.moved(20, "ArrowDown"), Some(20));
        assert_eq!(layout.moved(39, "ArrowRight"), Some(39));
        assert_eq!(layout.moved(35, "ArrowUp"), Some(3));
        assert_eq!(layout.moved(5, "n"), None);
    }
}
