//! Well-typed programs of the policy subset, each named by a seed and an index.
//!
//! ```text
//!   items      enums, structs, constants, fields, new()        what there is to name
//!   statement  let, assign, if, match, loops, log!, return     a table of producers
//!   expression operators, methods, places, calls, blocks       a table of producers for each type
//!   dump       logs the whole state, for the comparison
//! ```
//! A program ends by construction: loops have small bounds, and functions call only those written
//! before them. Some of its operations may go wrong, most not, as its *danger* decides.

mod call;
mod dump;
mod effect;
mod expression;
mod integer;
mod items;
mod literal;
mod pattern;
mod place;
mod repeat;
mod statement;
mod types;
mod value;
mod wrong;

use exo_core::rng::Rng;
use types::{Items, Receiver, Type};
pub use wrong::{KINDS, Mistake};

/// The page whose fault makes a program log its whole state.
pub const DUMP_PAGE: u32 = 4095;

/// A generated program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Program {
    /// Its source.
    pub source: String,
    /// How many places there were for each of [`KINDS`].
    pub sites: Vec<u32>,
}

/// How much a program holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// What it takes to be run and compared.
    Whole,
    /// A few statements, which are only compiled.
    Small,
}

/// The program of that seed and index, with `mistake` made in it if one is given.
///
/// `attempt` tells apart the programs tried for one index.
pub fn program(
    seed: u64,
    index: u32,
    attempt: u32,
    mistake: Option<Mistake>,
    size: Size,
) -> Program {
    let stream = u64::from(index) << 8 | u64::from(attempt);
    let mut generator = Generator {
        rng: Rng::new(seed, stream),
        items: Items::prelude(),
        body: Body::default(),
        danger: 0,
        names: 0,
        size,
        mistake,
        sites: vec![0; KINDS.len()],
    };
    generator.danger = [0, 15, 35, 60][generator.below(4)];
    let source = indented(&generator.file());
    Program {
        source,
        sites: generator.sites,
    }
}

/// A variable in scope.
#[derive(Clone, Debug)]
struct Local {
    name: String,
    ty: Type,
    /// Declared `mut`, and not the counter of a loop.
    assignable: bool,
}

/// A loop or block around a statement that can be left.
#[derive(Clone, Debug)]
struct Around {
    label: Option<String>,
    /// The type that `break` gives, if it gives one.
    gives: Option<Type>,
    /// Whether it is a loop, which `continue` begins again.
    repeats: bool,
}

/// What is known while a function's body is written.
#[derive(Clone, Debug)]
struct Body {
    scope: Vec<Local>,
    around: Vec<Around>,
    receiver: Receiver,
    asks: bool,
    result: Type,
    /// Statements that one call runs, about.
    cost: u32,
    /// How often the statement being written runs.
    times: u32,
    /// Expressions that the statement may still hold.
    nodes: u32,
    /// Above 0: `self` is borrowed, and cannot be changed.
    frozen: u32,
    /// Above 0: `sys` is lent.
    quiet: u32,
    /// Above 0: nothing can be changed, as in a guard.
    still: u32,
    /// Blocks around the statement.
    depth: u32,
}

impl Default for Body {
    fn default() -> Body {
        Body {
            scope: Vec::new(),
            around: Vec::new(),
            receiver: Receiver::Nothing,
            asks: false,
            result: Type::Unit,
            cost: 0,
            times: 1,
            nodes: 0,
            frozen: 0,
            quiet: 0,
            still: 0,
            depth: 0,
        }
    }
}

/// Writes one program.
struct Generator {
    rng: Rng,
    items: Items,
    body: Body,
    /// Chance in a hundred that an operation is written without a guard.
    danger: u32,
    names: u32,
    size: Size,
    mistake: Option<Mistake>,
    sites: Vec<u32>,
}

impl Generator {
    fn below(&mut self, end: usize) -> usize {
        self.rng.below(end as u32) as usize
    }

    /// Whether something of that chance in a hundred happens.
    fn chance(&mut self, percent: u32) -> bool {
        self.rng.below(100) < percent
    }

    /// One of several.
    fn pick<T: Clone>(&mut self, among: &[T]) -> T {
        among[self.below(among.len())].clone()
    }

    fn fresh(&mut self, prefix: &str) -> String {
        self.names += 1;
        format!("{prefix}{}", self.names)
    }

    /// A place between tokens: mostly a blank, sometimes a new line, so that lines tell apart.
    fn gap(&mut self) -> &'static str {
        if self.chance(3) { "\n" } else { " " }
    }

    fn can_change_self(&self) -> bool {
        let body = &self.body;
        body.receiver == Receiver::Mutable && body.frozen == 0 && body.still == 0
    }

    fn can_ask(&self) -> bool {
        self.body.asks && self.body.quiet == 0 && self.body.still == 0
    }
}

/// A source with its lines moved in by how deep they are.
fn indented(source: &str) -> String {
    let mut depth = 0_usize;
    let mut text = String::new();
    for line in source.lines() {
        let line = line.trim();
        let closes = line.chars().take_while(|it| "})]".contains(*it)).count();
        let shown = depth.saturating_sub(closes);
        text.push_str(&" ".repeat(4 * shown.min(8)));
        text.push_str(line);
        text.push('\n');
        for character in line.chars() {
            match character {
                '{' | '(' | '[' => depth += 1,
                '}' | ')' | ']' => depth = depth.saturating_sub(1),
                _ => {}
            }
        }
    }
    text
}
