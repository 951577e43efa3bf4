//! The parts of the page: view models in, actions out. None of them reads the session, storage, the
//! clock or the browser's globals.

mod act;
mod beside;
mod branches;
mod breakpoints;
mod caption;
mod charts;
mod cycle_bar;
mod editor;
mod environments;
mod fault_path;
mod find_bar;
mod frame_detail;
mod frame_map;
mod frame_table;
mod guide;
mod help;
mod icon;
mod inside;
mod kept;
mod kernels;
mod log;
mod map_layout;
mod memory;
mod network;
mod packet;
mod packet_list;
mod packets;
mod plain_editor;
mod policy;
mod record;
mod share;
mod sheets;
mod step_field;
mod stlb;
mod timeline;
mod tlb;
mod top_bar;
mod trie;
mod why;
mod workbench;

pub(crate) use beside::beside;
pub(crate) use map_layout::{AXIS, MapLayout};
pub use workbench::{Workbench, WorkbenchProps};
pub(crate) use workbench::{later_panel, later_sheets};
