//! Fields by their place: `tcp[13] & 2 != 0`, `ip[6:2] = 0`, `len >= 100`.

use exo_core::kernel::filter::Width;

use super::expression::{Base, Expression, LINK_BYTES, Test};
use super::parse::Parser;
use super::token::Kind;
use super::{TextError, address, primitive, quoted};

/// Where a protocol's bytes begin, and what a packet must be to have them.
struct Header {
    base: Base,
    offset: u16,
    asked: Option<Expression>,
}

fn header(protocol: &str) -> Option<Header> {
    let carried = |asked| Header {
        base: Base::Frame,
        offset: LINK_BYTES,
        asked: Some(asked),
    };
    let transport = |number| Header {
        base: Base::Transport,
        offset: 0,
        asked: Some(
            primitive::ip()
                .and(primitive::ip_protocol(number))
                .and(primitive::first_fragment()),
        ),
    };
    Some(match protocol {
        "ether" | "link" => Header {
            base: Base::Frame,
            offset: 0,
            asked: None,
        },
        "ip" => carried(primitive::ip()),
        "ip6" => carried(primitive::ip6()),
        "arp" => carried(primitive::ether_type(primitive::ARP)),
        "rarp" => carried(primitive::ether_type(primitive::RARP)),
        "icmp" => transport(primitive::ICMP),
        "tcp" => transport(primitive::TCP),
        "udp" => transport(primitive::UDP),
        "sctp" => transport(primitive::SCTP),
        _ => return None,
    })
}

/// Whether a name is that of a protocol whose fields can be asked for.
pub(super) fn has_fields(protocol: &str) -> bool {
    header(protocol).is_some()
}

/// Offsets and bits that have a name.
fn named(word: &str) -> Option<u64> {
    Some(match word {
        "icmptype" | "icmp-echoreply" => 0,
        "icmpcode" | "tcp-fin" => 1,
        "tcpflags" => 13,
        "tcp-syn" => 2,
        "tcp-rst" => 4,
        "tcp-push" | "icmp-echo" => 8,
        "tcp-ack" => 16,
        "tcp-urg" => 32,
        "tcp-ece" => 64,
        "tcp-cwr" => 128,
        "icmp-unreach" => 3,
        "icmp-sourcequench" => 4,
        "icmp-redirect" => 5,
        "icmp-timxceed" => 11,
        _ => return None,
    })
}

/// A comparison.
#[derive(Clone, Copy)]
enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Comparison {
    fn holds(self, one: u64, other: u64) -> bool {
        match self {
            Comparison::Equal => one == other,
            Comparison::NotEqual => one != other,
            Comparison::Less => one < other,
            Comparison::LessOrEqual => one <= other,
            Comparison::Greater => one > other,
            Comparison::GreaterOrEqual => one >= other,
        }
    }
}

impl Parser {
    /// What follows a protocol's name and `[`.
    pub(super) fn field(&mut self, protocol: &str) -> Result<Expression, TextError> {
        let column = self.column();
        let Some(header) = header(protocol) else {
            let hint = "ether, ip, ip6, arp, icmp, tcp, udp and sctp have fields";
            return Err(TextError::new(
                column,
                format!("{} has no fields here", quoted(protocol)),
                hint,
            ));
        };
        self.sign("[", "`[`")?;
        let at = self.column();
        let offset = self.value()?;
        let width = if self.take("]") {
            Width::One
        } else {
            self.sign(":", "`]`, or `:` and a size")?;
            let column = self.column();
            let width = match self.value()? {
                1 => Width::One,
                2 => Width::Two,
                4 => Width::Four,
                _ => {
                    return Err(TextError::new(
                        column,
                        "a field has 1, 2 or 4 bytes",
                        "write one of these",
                    ));
                }
            };
            self.sign("]", "`]`")?;
            width
        };
        let offset = u16::try_from(offset)
            .ok()
            .and_then(|it| it.checked_add(header.offset));
        let Some(offset) = offset.filter(|it| *it < u16::MAX - 8) else {
            return Err(TextError::new(
                at,
                "the field lies behind the end of any packet",
                "its offset is too large",
            ));
        };
        let mask = if self.take("&") {
            self.value()?
        } else {
            u64::MAX
        };
        let test = self.comparison(header.base, offset, width, mask)?;
        Ok(match header.asked {
            Some(asked) => asked.and(test),
            None => test,
        })
    }

    fn comparison(
        &mut self,
        base: Base,
        offset: u16,
        width: Width,
        mask: u64,
    ) -> Result<Expression, TextError> {
        let comparison = self.comparison_sign()?;
        let value = self.value()?;
        let mask = mask & width.full();
        if mask == 0 {
            // Nothing of the packet is looked at.
            return Ok(match comparison.holds(0, value) {
                true => Expression::Any,
                false => Expression::Any.not(),
            });
        }
        let within = |least, most| Test::within(base, offset, width, mask, (least, most));
        let less = |value: u64| match value.checked_sub(1) {
            Some(most) => within(0, most),
            None => within(0, u64::MAX).not(),
        };
        Ok(Expression::Test(match comparison {
            Comparison::Equal => within(value, value),
            Comparison::NotEqual => within(value, value).not(),
            Comparison::Less => less(value),
            Comparison::GreaterOrEqual => less(value).not(),
            Comparison::LessOrEqual => within(0, value),
            Comparison::Greater => within(0, value).not(),
        }))
    }

    fn comparison_sign(&mut self) -> Result<Comparison, TextError> {
        let signs = [
            ("=", Comparison::Equal),
            ("==", Comparison::Equal),
            ("!=", Comparison::NotEqual),
            ("<", Comparison::Less),
            ("<=", Comparison::LessOrEqual),
            (">", Comparison::Greater),
            (">=", Comparison::GreaterOrEqual),
        ];
        for (sign, comparison) in signs {
            if self.take(sign) {
                return Ok(comparison);
            }
        }
        Err(TextError::new(
            self.column(),
            format!("here stands {} and not a comparison", self.shown()),
            "write =, !=, <, <=, > or >=; of arithmetic only `&` with a number is in the subset",
        ))
    }

    /// What follows `len`.
    pub(super) fn length(&mut self, column: usize) -> Result<Expression, TextError> {
        let comparison = self.comparison_sign()?;
        let at = self.column();
        let value = self.value()?;
        let bytes = |value: u64| match u16::try_from(value) {
            Ok(bytes) if bytes < u16::MAX => Ok(bytes),
            _ => Err(TextError::new(
                at,
                "no packet is so long",
                "lengths go up to 65534",
            )),
        };
        let longer = |value| {
            Ok(Expression::Longer {
                bytes: bytes(value)?,
                column,
            })
        };
        match comparison {
            Comparison::GreaterOrEqual => longer(value),
            Comparison::Greater => longer(value.saturating_add(1)),
            Comparison::Less => longer(value).map(Expression::not),
            Comparison::LessOrEqual => longer(value.saturating_add(1)).map(Expression::not),
            Comparison::Equal => Ok(longer(value)?.and(longer(value.saturating_add(1))?.not())),
            Comparison::NotEqual => Ok(longer(value)?.not().or(longer(value.saturating_add(1))?)),
        }
    }

    /// A number, or several of them that are joined by `|`, `&` or `+`, from left to right.
    fn value(&mut self) -> Result<u64, TextError> {
        let mut value = self.single()?;
        loop {
            if self.take("|") {
                value |= self.single()?;
            } else if self.take("&") {
                value &= self.single()?;
            } else if self.take("+") {
                value = value.saturating_add(self.single()?);
            } else {
                return Ok(value);
            }
        }
    }

    fn single(&mut self) -> Result<u64, TextError> {
        let column = self.column();
        if self.take("(") {
            self.deeper()?;
            let value = self.value()?;
            self.sign(")", "`)`")?;
            self.depth -= 1;
            return Ok(value);
        }
        match self.next() {
            Some(Kind::Word(word)) => match named(&word) {
                Some(value) => Ok(value),
                None => address::number_to(&word, u64::from(u32::MAX), column, "number"),
            },
            _ => Err(TextError::new(
                column,
                "a number is missing here",
                "write it after the sign",
            )),
        }
    }
}
