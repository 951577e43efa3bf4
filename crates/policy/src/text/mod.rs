//! A source as text: its tokens with their places, comments included, whatever its state.
//!
//! The parser refuses a file for one stray character, and forgets comments. What repairs, completes,
//! colours and formats needs neither, so it reads the tokens of this module.

mod lexer;
mod lines;

pub(crate) use lexer::{Flaw, Kind, Token, begins_word, continues_word, tokens};
pub(crate) use lines::Lines;
