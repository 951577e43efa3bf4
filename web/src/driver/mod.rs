//! The one place that touches the browser: frames of the display, files, keys, theme, canvas, focus.

mod address;
mod bundle;
mod canvas;
pub mod crash;
mod dense_map;
mod drop;
mod embed;
mod files;
mod focus;
mod following;
mod frames;
mod guide;
mod host;
mod keep;
mod keys;
mod later;
mod lettered_map;
mod long_list;
mod modal;
mod offline;
mod page;
mod plain_editor;
mod rich_editor;
mod script;
mod share;
mod store;
mod theme;
mod trace;
mod widgets;

pub use canvas::{MapPicture, use_map_canvas};
pub use long_list::{LongList, use_long_list};
pub use modal::use_modal;
pub use page::mount;
pub use plain_editor::{EditorNodes, caret_line, move_caret as move_area_caret, use_editor};
pub use rich_editor::{Caret, Rich, line_of, move_caret, use_rich_editor};
pub use share::{address, copy_text, save, select_all, use_download};
pub use store::Store;
pub use theme::{Looks, Theme};
pub use trace::bring_trace_and_mount;
pub use widgets::{
    columns_of, focus_next, leave, place_within, take_focus, use_focus_while, use_height,
    use_reveal_current, use_reveal_marked, use_width,
};
