//! The grammar: primitives joined by `and`, `or` and `not`, as pcap-filter has it.
//!
//! `and` and `or` bind alike and join from the left; `not` binds closer. A bare address or number takes
//! the words before the last one: `port 80 or 443`.

use super::address::{self, Net};
use super::expression::Expression;
use super::primitive::{self, Direction};
use super::token::{Kind, Token, tokens};
use super::words::{proto, range, refuse_known};
use super::{TextError, quoted};

/// The longest expression in bytes.
const TEXT_BYTES_MAX: usize = 4_096;
/// How deep parentheses and `not` may be nested.
const DEPTH_MAX: usize = 64;
/// How many primitives there may be.
const PRIMITIVES_MAX: usize = 512;

/// The words before an address or a number.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Words {
    protocol: Option<String>,
    direction: Direction,
    kind: Option<&'static str>,
}

/// An expression on its way.
pub(super) struct Parser {
    tokens: Vec<Token>,
    place: usize,
    /// Behind the last character.
    end: usize,
    pub(super) depth: usize,
    primitives: usize,
    /// What a bare address takes.
    last: Option<Words>,
}

/// Reads a whole expression.
pub(super) fn expression(text: &str) -> Result<Expression, TextError> {
    if text.len() > TEXT_BYTES_MAX {
        let reason = format!("the expression has more than {TEXT_BYTES_MAX} bytes");
        return Err(TextError::new(1, reason, "make several filters of it"));
    }
    let mut parser = Parser {
        tokens: tokens(text)?,
        place: 0,
        end: text.chars().count() + 1,
        depth: 0,
        primitives: 0,
        last: None,
    };
    if parser.tokens.is_empty() {
        return Ok(Expression::Any);
    }
    let expression = parser.joined()?;
    if parser.place < parser.tokens.len() {
        let reason = format!(
            "{} does not go on from what stands before it",
            parser.shown()
        );
        return Err(TextError::new(
            parser.column(),
            reason,
            "join primitives with `and` or `or`",
        ));
    }
    Ok(expression)
}

impl Parser {
    fn peek(&self, ahead: usize) -> Option<&Kind> {
        self.tokens.get(self.place + ahead).map(|token| &token.kind)
    }

    fn peek_word(&self, ahead: usize) -> Option<&str> {
        match self.peek(ahead) {
            Some(Kind::Word(word)) => Some(word),
            _ => None,
        }
    }

    /// Where the next token stands.
    pub(super) fn column(&self) -> usize {
        self.tokens
            .get(self.place)
            .map_or(self.end, |token| token.column)
    }

    /// The next token, as an error names it.
    pub(super) fn shown(&self) -> String {
        match self.peek(0) {
            Some(Kind::Word(word)) => quoted(word),
            Some(Kind::Sign(sign)) => format!("`{sign}`"),
            None => "nothing".to_owned(),
        }
    }

    pub(super) fn next(&mut self) -> Option<Kind> {
        let token = self.tokens.get(self.place)?;
        self.place += 1;
        Some(token.kind.clone())
    }

    /// Takes a sign if it is the next.
    pub(super) fn take(&mut self, sign: &str) -> bool {
        let is = matches!(self.peek(0), Some(Kind::Sign(it)) if *it == sign);
        self.place += usize::from(is);
        is
    }

    fn take_word(&mut self, word: &str) -> bool {
        let is = self.peek_word(0) == Some(word);
        self.place += usize::from(is);
        is
    }

    /// Takes a sign that must come.
    pub(super) fn sign(&mut self, sign: &str, what: &str) -> Result<(), TextError> {
        if self.take(sign) {
            return Ok(());
        }
        let reason = format!("here stands {} and not {what}", self.shown());
        Err(TextError::new(
            self.column(),
            reason,
            format!("write {what}"),
        ))
    }

    /// Goes one level deeper.
    pub(super) fn deeper(&mut self) -> Result<(), TextError> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            let reason = format!("more than {DEPTH_MAX} levels are nested");
            return Err(TextError::new(
                self.column(),
                reason,
                "take parentheses away",
            ));
        }
        Ok(())
    }

    fn joined(&mut self) -> Result<Expression, TextError> {
        let mut expression = self.term()?;
        loop {
            if self.take("&&") || self.take_word("and") {
                expression = expression.and(self.term()?);
            } else if self.take("||") || self.take_word("or") {
                expression = expression.or(self.term()?);
            } else {
                return Ok(expression);
            }
        }
    }

    fn term(&mut self) -> Result<Expression, TextError> {
        let not = self.take("!") || self.take_word("not");
        if !not && !self.take("(") {
            return self.primitive();
        }
        self.deeper()?;
        let inner = if not {
            self.term()?.not()
        } else {
            let inner = self.joined()?;
            self.sign(")", "`)`")?;
            inner
        };
        self.depth -= 1;
        Ok(inner)
    }

    fn primitive(&mut self) -> Result<Expression, TextError> {
        self.primitives += 1;
        let column = self.column();
        if self.primitives > PRIMITIVES_MAX {
            let reason = format!("there are more than {PRIMITIVES_MAX} primitives");
            return Err(TextError::new(column, reason, "make several filters of it"));
        }
        let Some(word) = self.peek_word(0).map(str::to_owned) else {
            let reason = format!("here stands {} and not a primitive", self.shown());
            let hint = "write one, such as `tcp port 80`, `host 10.0.0.1` or `arp`";
            return Err(TextError::new(column, reason, hint));
        };
        if matches!(self.peek(1), Some(Kind::Sign("["))) {
            self.place += 1;
            return self.field(&word);
        }
        match word.as_str() {
            "len" => {
                self.place += 1;
                return self.length(column);
            }
            "greater" | "less" => {
                self.place += 1;
                return self.long(word == "greater", column);
            }
            _ => {}
        }
        refuse_known(&word, column)?;
        match self.words()? {
            Some(words) => self.qualified(words),
            None => self.bare(column),
        }
    }

    /// `greater N` is as long or longer, `less N` as long or shorter.
    fn long(&mut self, greater: bool, column: usize) -> Result<Expression, TextError> {
        let (at, word) = self.word("a number of bytes")?;
        let bytes = address::number_to(&word, 65_533, at, "length")? as u16;
        let longer = |bytes| Expression::Longer { bytes, column };
        Ok(if greater {
            longer(bytes)
        } else {
            longer(bytes + 1).not()
        })
    }

    /// The words before an address; none if there is none of them.
    fn words(&mut self) -> Result<Option<Words>, TextError> {
        let before = self.place;
        let mut words = Words {
            protocol: None,
            direction: Direction::Either,
            kind: None,
        };
        let known = |it: &&str| primitive::alone(it).is_some() || matches!(*it, "ether" | "link");
        if let Some(protocol) = self.peek_word(0).filter(known) {
            let protocol = if protocol == "link" {
                "ether"
            } else {
                protocol
            };
            words.protocol = Some(protocol.to_owned());
            self.place += 1;
        }
        if self.take_word("src") {
            words.direction = self.joined_direction("dst").unwrap_or(Direction::Source);
        } else if self.take_word("dst") {
            words.direction = self
                .joined_direction("src")
                .unwrap_or(Direction::Destination);
        }
        let kinds = [
            "host",
            "net",
            "port",
            "portrange",
            "proto",
            "broadcast",
            "multicast",
        ];
        let kind = kinds
            .into_iter()
            .find(|kind| self.peek_word(0) == Some(kind));
        self.place += usize::from(kind.is_some());
        words.kind = kind;
        Ok((self.place > before).then_some(words))
    }

    /// `or` or `and` and the `other` direction, behind the first one.
    fn joined_direction(&mut self, other: &str) -> Option<Direction> {
        let direction = match self.peek_word(0)? {
            "or" => Direction::Either,
            "and" => Direction::Both,
            _ => return None,
        };
        if self.peek_word(1) != Some(other) {
            return None;
        }
        self.place += 2;
        Some(direction)
    }

    /// What follows the words.
    fn qualified(&mut self, words: Words) -> Result<Expression, TextError> {
        let column = self.column();
        let protocol = words.protocol.as_deref();
        if let Some(cast @ ("broadcast" | "multicast")) = words.kind {
            return primitive::cast(protocol, cast, column);
        }
        let undirected = words.kind.is_none() && words.direction == Direction::Either;
        if undirected && let Some(alone) = protocol.and_then(primitive::alone) {
            return Ok(alone);
        }
        // `port (80 or 443)`
        if self.take("(") {
            self.deeper()?;
            self.last = Some(words);
            let inner = self.joined()?;
            self.sign(")", "`)`")?;
            self.depth -= 1;
            return Ok(inner);
        }
        self.last = Some(words);
        self.bare(column)
    }

    /// An address or a number under the words that stood last.
    fn bare(&mut self, column: usize) -> Result<Expression, TextError> {
        let (column, word) = match self.word("an address or a number") {
            Ok(word) => word,
            Err(error) => return Err(TextError { column, ..error }),
        };
        let Some(words) = self.last.clone() else {
            let reason = format!("{} stands alone", quoted(&word));
            let hint = "say what it is: `host 10.0.0.1`, `net 10.0.0.0/8`, `port 80`, or a protocol that is known";
            return Err(TextError::new(column, reason, hint));
        };
        let (protocol, direction) = (words.protocol.as_deref(), words.direction);
        match words.kind {
            None | Some("host") => {
                primitive::address(protocol, direction, address::host(&word, column)?, column)
            }
            Some("net") => {
                let net = self.net(&word, column)?;
                primitive::address(protocol, direction, net, column)
            }
            Some("port") => {
                let port = address::number_to(&word, 65_535, column, "port")?;
                primitive::ports(protocol, direction, (port, port), column)
            }
            Some("portrange") => {
                let range = range(&word, column)?;
                primitive::ports(protocol, direction, range, column)
            }
            Some(_) => proto(protocol, direction, &word, column),
        }
    }

    fn net(&mut self, word: &str, column: usize) -> Result<Net, TextError> {
        if !self.take_word("mask") {
            return address::net(word, column);
        }
        let (at, mask) = self.word("a mask")?;
        address::net_masked(word, &mask, column, at)
    }

    fn word(&mut self, what: &str) -> Result<(usize, String), TextError> {
        let column = self.column();
        match self.peek_word(0) {
            Some(word) if !matches!(word, "and" | "or" | "not") => {
                let word = word.to_owned();
                self.place += 1;
                Ok((column, word))
            }
            _ => {
                let reason = format!("here stands {} and not {what}", self.shown());
                Err(TextError::new(column, reason, format!("write {what}")))
            }
        }
    }
}
