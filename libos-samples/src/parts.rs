//! Programs that belong together: a libOS and an application for it, or several.

use alloc::string::String;

/// What a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartKind {
    /// A libOS.
    LibOs,
    /// An application.
    Application,
    /// A message handler, which a libOS downloads into the kernel.
    MessageHandler,
}

/// One program of several that belong together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// What it is called.
    pub name: &'static str,
    /// What it is.
    pub kind: PartKind,
    /// One line on what it does.
    pub summary: &'static str,
    /// Its source, which both compilers read.
    pub source: &'static str,
}

impl Part {
    /// What its source says it teaches: the text of its first documentation comment.
    pub fn lesson(&self) -> String {
        crate::registry::lesson_of(self.source)
    }
}

/// Every part.
pub fn parts() -> impl Iterator<Item = &'static Part> {
    let all = [
        crate::ipc::PARTS,
        crate::memory::PARTS,
        crate::network::PARTS,
    ];
    all.into_iter().flatten()
}

/// The part of that name.
pub fn part(name: &str) -> Option<Part> {
    parts().copied().find(|part| part.name == name)
}

/// Parts of one file: each by its constant, kind, name, file and summary.
macro_rules! parts_of {
    ($($(#[$doc:meta])* $constant:ident $kind:ident $name:literal $file:literal $summary:literal;)*) => {
        $($(#[$doc])* pub const $constant: Part = Part {
            name: $name,
            kind: crate::PartKind::$kind,
            summary: $summary,
            source: include_str!(concat!($file, ".rs")),
        };)*

        /// Every one of them.
        pub const PARTS: &[Part] = &[$($constant),*];
    };
}

pub(crate) use parts_of;
