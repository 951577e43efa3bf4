//! Finding out types: what a literal or a `None` turns out to be from how it is used.

use crate::types::{Integer, Type};

/// The most `Option`s and `Result`s within each other.
const DEPTH_MAX: usize = 16;

/// What is known of a type variable.
#[derive(Clone, Debug)]
enum Finding {
    Nothing,
    Integer,
    Is(Type),
}

/// The type variables of one function.
#[derive(Debug, Default)]
pub(crate) struct Inference {
    findings: Vec<Finding>,
}

impl Inference {
    /// A type of which nothing is known yet.
    pub(crate) fn fresh(&mut self) -> Type {
        self.findings.push(Finding::Nothing);
        Type::Variable(self.findings.len() - 1)
    }

    /// The type of an unsuffixed literal.
    pub(crate) fn fresh_integer(&mut self) -> Type {
        self.findings.push(Finding::Integer);
        Type::IntegerVariable(self.findings.len() - 1)
    }

    /// The type as far as it is known at its head.
    pub(crate) fn head(&self, of: &Type) -> Type {
        let mut at = of.clone();
        // A chain of variables is at most as long as there are variables.
        for _ in 0..=self.findings.len() {
            let (Type::Variable(index) | Type::IntegerVariable(index)) = at else {
                return at;
            };
            match self.findings.get(index) {
                Some(Finding::Is(found)) => at = found.clone(),
                Some(Finding::Integer) => return Type::IntegerVariable(index),
                _ => return Type::Variable(index),
            }
        }
        Type::Unknown
    }

    /// The type with everything that is known filled in; nothing if it nests too deeply.
    pub(crate) fn whole(&self, of: &Type) -> Option<Type> {
        self.whole_at(of, 0)
    }

    fn whole_at(&self, of: &Type, depth: usize) -> Option<Type> {
        if depth > DEPTH_MAX {
            return None;
        }
        Some(match self.head(of) {
            Type::Option(payload) => Type::option(self.whole_at(&payload, depth + 1)?),
            Type::Result(value, error) => Type::result(
                self.whole_at(&value, depth + 1)?,
                self.whole_at(&error, depth + 1)?,
            ),
            Type::Array(element, length) => {
                Type::Array(self.whole_at(&element, depth + 1)?.into(), length)
            }
            other => other,
        })
    }

    /// Makes two types one; false if they cannot be.
    pub(crate) fn unify(&mut self, left: &Type, right: &Type) -> bool {
        self.unify_at(left, right, 0)
    }

    fn unify_at(&mut self, left: &Type, right: &Type, depth: usize) -> bool {
        if depth > DEPTH_MAX {
            return false;
        }
        let (left, right) = (self.head(left), self.head(right));
        match (&left, &right) {
            (Type::Unknown, _) | (_, Type::Unknown) => true,
            (Type::Variable(a), Type::Variable(b)) if a == b => true,
            (Type::IntegerVariable(a), Type::IntegerVariable(b)) if a == b => true,
            (Type::Variable(variable), other) | (other, Type::Variable(variable)) => {
                let fits = !self.mentions(other, *variable, 0);
                if fits {
                    self.found(*variable, other.clone());
                }
                fits
            }
            (Type::IntegerVariable(variable), other) | (other, Type::IntegerVariable(variable)) => {
                let fits = other.is_integer();
                if fits {
                    self.found(*variable, other.clone());
                }
                fits
            }
            (Type::Option(a), Type::Option(b)) => self.unify_at(a, b, depth + 1),
            (Type::Result(a, b), Type::Result(c, d)) => {
                self.unify_at(a, c, depth + 1) && self.unify_at(b, d, depth + 1)
            }
            (Type::Array(a, m), Type::Array(b, n)) => m == n && self.unify_at(a, b, depth + 1),
            (a, b) => a == b,
        }
    }

    /// Whether `variable` lies within `of`, or too deep to tell.
    fn mentions(&self, of: &Type, variable: usize, depth: usize) -> bool {
        if depth > DEPTH_MAX {
            return true;
        }
        match self.head(of) {
            Type::Variable(other) => other == variable,
            Type::Option(payload) => self.mentions(&payload, variable, depth + 1),
            Type::Result(value, error) => {
                self.mentions(&value, variable, depth + 1)
                    || self.mentions(&error, variable, depth + 1)
            }
            Type::Array(element, _) => self.mentions(&element, variable, depth + 1),
            _ => false,
        }
    }

    fn found(&mut self, variable: usize, found: Type) {
        if let Some(finding) = self.findings.get_mut(variable) {
            *finding = Finding::Is(found);
        }
    }

    /// An integer that could be of any type is an `i32`.
    pub(crate) fn fall_back(&mut self) {
        for finding in &mut self.findings {
            if matches!(finding, Finding::Integer) {
                *finding = Finding::Is(Type::Integer(Integer::I32));
            }
        }
    }
}

/// Whether something in a type was never found out.
pub(crate) fn is_open(of: &Type) -> bool {
    match of {
        Type::Variable(_) | Type::IntegerVariable(_) => true,
        Type::Option(payload) => is_open(payload),
        Type::Result(value, error) => is_open(value) || is_open(error),
        Type::Array(element, _) => is_open(element),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_takes_the_type_of_its_use_and_else_i32() {
        let mut inference = Inference::default();
        let used = inference.fresh_integer();
        let unused = inference.fresh_integer();
        assert!(inference.unify(&used, &Type::USIZE));
        assert!(!inference.unify(&used, &Type::Integer(Integer::U8)));
        assert!(!inference.unify(&unused, &Type::Bool));
        inference.fall_back();
        assert_eq!(inference.whole(&used), Some(Type::USIZE));
        assert_eq!(inference.whole(&unused), Some(Type::Integer(Integer::I32)));
    }

    #[test]
    fn an_option_of_itself_is_no_type() {
        let mut inference = Inference::default();
        let variable = inference.fresh();
        assert!(!inference.unify(&variable, &Type::option(variable.clone())));
    }

    #[test]
    fn a_long_chain_of_options_is_no_type_either() {
        let mut inference = Inference::default();
        let variables: Vec<Type> = (0..1000).map(|_| inference.fresh()).collect();
        for pair in variables.windows(2) {
            inference.unify(&pair[0], &Type::option(pair[1].clone()));
        }
        assert_eq!(inference.whole(&variables[0]), None);
    }
}
