//! Rust's syntax, as far as the subset goes: tokens, a tree, and a parser that makes the one of the
//! other.
//!
//! What it reads, rustc reads as the same tree. What is outside the subset it reads too, as far as
//! it must to name it: such a construct is a leaf, and what is within it is passed over where the
//! message does not depend on it. How deeply it calls itself is bounded by [`crate::precheck`].

mod atoms;
mod attributes;
mod closures;
mod exprs;
mod generics;
mod invoked;
mod items;
mod literal;
mod members;
mod operators;
mod parser;
mod paths;
mod patterns;
mod statements;
#[cfg(test)]
mod tests;
mod token;
mod tree;
mod types;

pub(crate) use literal::{integer, is_name, text_value};
pub(crate) use parser::{Parser, Read, Unread, Wanted};
pub(crate) use token::{T, Token, tokens};
pub(crate) use tree::*;
