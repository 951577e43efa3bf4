//! What a person meets while they write: errors in half-written sources, warnings, the editor's help.

mod attributes;
mod conversions;
mod damage;
mod format;
mod rustc;
mod services;
mod syntax;
mod updates;
mod warnings;
mod words;
