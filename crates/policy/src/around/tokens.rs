//! Tokens, operators and what is written with brackets.

use proc_macro2::{Span, TokenStream, TokenTree};
use syn::{BinOp, Lit, Macro, MacroDelimiter, Member, RangeLimits, Token, UnOp, token};

use super::Around;

macro_rules! words {
    ($($token:ty),+ $(,)?) => {$(
        impl Around for $token {
            fn first(&self) -> Option<Span> {
                Some(self.span)
            }

            fn last(&self) -> Option<Span> {
                Some(self.span)
            }
        }
    )+};
}

macro_rules! signs {
    ($($token:ty),+ $(,)?) => {$(
        impl Around for $token {
            fn first(&self) -> Option<Span> {
                self.spans.first().copied()
            }

            fn last(&self) -> Option<Span> {
                self.spans.last().copied()
            }
        }
    )+};
}

macro_rules! brackets {
    ($($token:ty),+ $(,)?) => {$(
        impl Around for $token {
            fn first(&self) -> Option<Span> {
                Some(self.span.open())
            }

            fn last(&self) -> Option<Span> {
                Some(self.span.close())
            }
        }
    )+};
}

words!(
    Token![async],
    Token![auto],
    Token![break],
    Token![const],
    Token![continue],
    Token![crate],
    Token![default],
    Token![dyn],
    Token![enum],
    Token![extern],
    Token![fn],
    Token![for],
    Token![if],
    Token![impl],
    Token![let],
    Token![loop],
    Token![match],
    Token![mod],
    Token![move],
    Token![mut],
    Token![pub],
    Token![ref],
    Token![return],
    Token![static],
    Token![struct],
    Token![trait],
    Token![try],
    Token![type],
    Token![union],
    token::Unsafe,
    Token![use],
    Token![where],
    Token![while],
    Token![yield],
);
signs!(
    Token![,],
    Token![+],
    Token![;],
    Token![?],
    Token![&],
    Token![=],
    Token![::],
    Token![|],
    Token![-],
    Token![!],
    Token![*]
);
brackets!(token::Brace, token::Bracket, token::Paren);

impl Around for syn::Ident {
    fn first(&self) -> Option<Span> {
        Some(self.span())
    }

    fn last(&self) -> Option<Span> {
        Some(self.span())
    }
}

impl Around for syn::Lifetime {
    fn first(&self) -> Option<Span> {
        Some(self.apostrophe)
    }

    fn last(&self) -> Option<Span> {
        self.ident.last()
    }
}

impl Around for Lit {
    fn first(&self) -> Option<Span> {
        Some(self.span())
    }

    fn last(&self) -> Option<Span> {
        Some(self.span())
    }
}

impl Around for Member {
    fn first(&self) -> Option<Span> {
        match self {
            Member::Named(name) => name.first(),
            Member::Unnamed(index) => Some(index.span),
        }
    }

    fn last(&self) -> Option<Span> {
        self.first()
    }
}

impl Around for TokenStream {
    fn first(&self) -> Option<Span> {
        self.clone().into_iter().next().map(|token| token.span())
    }

    fn last(&self) -> Option<Span> {
        self.clone()
            .into_iter()
            .last()
            .map(|token: TokenTree| token.span())
    }
}

impl Around for Macro {
    fn first(&self) -> Option<Span> {
        self.path.first()
    }

    fn last(&self) -> Option<Span> {
        match &self.delimiter {
            MacroDelimiter::Paren(it) => it.last(),
            MacroDelimiter::Brace(it) => it.last(),
            MacroDelimiter::Bracket(it) => it.last(),
        }
    }
}

/// The characters of an operator.
fn characters(operator: &BinOp) -> &[Span] {
    match operator {
        BinOp::Add(it) => &it.spans,
        BinOp::Sub(it) => &it.spans,
        BinOp::Mul(it) => &it.spans,
        BinOp::Div(it) => &it.spans,
        BinOp::Rem(it) => &it.spans,
        BinOp::And(it) => &it.spans,
        BinOp::Or(it) => &it.spans,
        BinOp::BitXor(it) => &it.spans,
        BinOp::BitAnd(it) => &it.spans,
        BinOp::BitOr(it) => &it.spans,
        BinOp::Shl(it) => &it.spans,
        BinOp::Shr(it) => &it.spans,
        BinOp::Eq(it) => &it.spans,
        BinOp::Lt(it) => &it.spans,
        BinOp::Le(it) => &it.spans,
        BinOp::Ne(it) => &it.spans,
        BinOp::Ge(it) => &it.spans,
        BinOp::Gt(it) => &it.spans,
        BinOp::AddAssign(it) => &it.spans,
        BinOp::SubAssign(it) => &it.spans,
        BinOp::MulAssign(it) => &it.spans,
        BinOp::DivAssign(it) => &it.spans,
        BinOp::RemAssign(it) => &it.spans,
        BinOp::BitXorAssign(it) => &it.spans,
        BinOp::BitAndAssign(it) => &it.spans,
        BinOp::BitOrAssign(it) => &it.spans,
        BinOp::ShlAssign(it) => &it.spans,
        BinOp::ShrAssign(it) => &it.spans,
        _ => &[],
    }
}

impl Around for BinOp {
    fn first(&self) -> Option<Span> {
        characters(self).first().copied()
    }

    fn last(&self) -> Option<Span> {
        characters(self).last().copied()
    }
}

impl Around for UnOp {
    fn first(&self) -> Option<Span> {
        match self {
            UnOp::Deref(it) => Some(it.span),
            UnOp::Not(it) => Some(it.span),
            UnOp::Neg(it) => Some(it.span),
            _ => None,
        }
    }

    fn last(&self) -> Option<Span> {
        self.first()
    }
}

impl Around for RangeLimits {
    fn first(&self) -> Option<Span> {
        match self {
            RangeLimits::HalfOpen(it) => it.spans.first().copied(),
            RangeLimits::Closed(it) => it.spans.first().copied(),
        }
    }

    fn last(&self) -> Option<Span> {
        match self {
            RangeLimits::HalfOpen(it) => it.spans.last().copied(),
            RangeLimits::Closed(it) => it.spans.last().copied(),
        }
    }
}
