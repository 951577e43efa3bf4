//! The one place that touches the browser: frames of the display, files, keys, theme, canvas, focus.

mod address;
mod canvas;
pub mod crash;
mod drop;
mod editor;
mod embed;
mod files;
mod frames;
mod guide;
mod keep;
mod keys;
mod offline;
mod page;
mod script;
mod share;
mod store;
mod theme;
mod widgets;

pub use canvas::{MapPicture, use_map_canvas};
pub use editor::{EditorNodes, caret_line, move_caret, use_editor};
pub use page::mount;
pub use share::{address, save, select_all, use_download};
pub use store::Store;
pub use theme::{Looks, Theme};
pub use widgets::{
    leave, use_focus_while, use_modal, use_reveal_current, use_reveal_marked, use_width,
};
