//! Statements that may stop the program, leave, or ask someone else.

use super::types::{Receiver, Type};
use super::{Generator, Local};

impl Generator {
    /// Two elements of an array change places.
    pub(super) fn swap_statement(&mut self) -> Option<String> {
        let ty = self.value_type();
        let Type::Array(_, length) = ty else {
            return None;
        };
        let routes = self.routes(&ty, true);
        if routes.is_empty() {
            return None;
        }
        let route = self.pick(&routes);
        let place = self.place_text(&route, 1);
        let (one, other) = (self.index(length, 0), self.index(length, 0));
        Some(format!("{place}.swap({one}, {other});\n"))
    }

    /// Something that must hold, or the program gives up.
    pub(super) fn asserting_statement(&mut self) -> Option<String> {
        if !self.chance(self.danger) {
            return None;
        }
        let inner = self.integer_type();
        let place = self.read(&Type::option(inner), 1);
        match (place, self.below(4)) {
            (Some(place), 0) => Some(format!("let _ = {place}.unwrap();\n")),
            (Some(place), 1) => Some(format!("let _ = {place}.expect(\"a number\");\n")),
            (_, 2) => {
                let condition = self.whole_expression(&Type::Bool);
                Some(format!("if {condition} {{ panic!(\"gives up\"); }}\n"))
            }
            _ => {
                let condition = self.whole_expression(&Type::Bool);
                Some(format!("assert!({condition}, \"must hold\");\n"))
            }
        }
    }

    /// A binding of what a single operation gives, which may go wrong.
    pub(super) fn risky_let(&mut self) -> Option<String> {
        if !self.chance(2 * self.danger) {
            return None;
        }
        let ty = self.integer_type();
        let (left, right) = (self.varying(&ty, 1), self.varying(&ty, 1));
        let symbol = self.pick(&["+", "-", "*", "/", "%", "<<", ">>"]);
        let name = self.fresh("x");
        self.body.scope.push(Local {
            name: name.clone(),
            ty,
            assignable: true,
        });
        Some(format!("let mut {name} = {left} {symbol} {right};\n"))
    }

    /// `return`, `break` or `continue` as they are possible here.
    pub(super) fn leave(&mut self) -> String {
        let around = self.body.around.clone();
        let usable: Vec<_> = around
            .iter()
            .enumerate()
            .filter(|(position, it)| it.label.is_some() || position + 1 == around.len())
            .filter(|(_, it)| it.gives.is_none())
            .map(|(_, it)| it.clone())
            .collect();
        if !usable.is_empty() && self.chance(70) {
            let goal = self.pick(&usable);
            let word = match goal.repeats && self.chance(40) {
                true => "continue",
                false => "break",
            };
            // The innermost loop can be left without its name; a block cannot.
            let wrong = if self.mistaken("undeclared label") {
                "x"
            } else {
                ""
            };
            return match goal.label {
                Some(label) => format!("{word} {label}{wrong};"),
                None => format!("{word};"),
            };
        }
        match self.body.result.clone() {
            Type::Unit => "return;".to_string(),
            Type::Result(inner) if *inner == Type::Unit && self.chance(50) => {
                "return Ok(());".to_string()
            }
            ty => {
                let nodes = std::mem::replace(&mut self.body.nodes, 4);
                let value = self.loosely(&ty, 2);
                self.body.nodes = nodes;
                format!("return {value};")
            }
        }
    }

    pub(super) fn leaving_statement(&mut self) -> Option<String> {
        let condition = self.whole_expression(&Type::Bool);
        let leave = self.leave();
        Some(format!("if {condition} {{ {leave} }}\n"))
    }

    /// A system call, whose refusal is passed on, or not.
    pub(super) fn asking_statement(&mut self) -> Option<String> {
        self.body.nodes = 5;
        let answer = self.asked(&Type::result(Type::Unit), 2);
        self.body.nodes = 0;
        let answer = answer?;
        let passes = matches!(self.body.result, Type::Result(_));
        match self.below(3) {
            0 if passes => Some(format!("{answer}?;\n")),
            1 => Some(format!("let _ = {answer};\n")),
            _ => Some(format!("if {answer}.is_err() {{ log!(\"refused\"); }}\n")),
        }
    }

    /// A local struct, made if there is none, whose method is called.
    pub(super) fn method_statement(&mut self) -> Option<String> {
        let functions = self.items.functions.iter();
        let methods: Vec<(usize, bool, Type)> = functions
            .filter_map(|it| match it.receiver {
                Receiver::Place(index, mutable) => Some((index, mutable, it.result.clone())),
                _ => None,
            })
            .collect();
        if methods.is_empty() {
            return None;
        }
        let (index, mutable, result) = self.pick(&methods);
        let ty = Type::Struct(index);
        let mut text = String::new();
        if self.routes(&ty, mutable).is_empty() {
            let (name, shape) = (self.fresh("x"), self.items.structs[index].name.clone());
            let value = self.constant_value(&ty);
            let word = if mutable { "mut " } else { "" };
            text = format!("let {word}{name}: {shape} = {value};\n");
            self.body.scope.push(Local {
                name,
                ty,
                assignable: mutable,
            });
        }
        self.body.nodes = 8;
        let call = self.call(&result, 2);
        self.body.nodes = 0;
        let Some(call) = call else { return Some(text) };
        let name = self.fresh("x");
        self.body.scope.push(Local {
            name: name.clone(),
            ty: result,
            assignable: false,
        });
        Some(format!("{text}let {name} = {call};\n"))
    }

    pub(super) fn call_statement(&mut self) -> Option<String> {
        let results: Vec<Type> = self
            .items
            .functions
            .iter()
            .map(|it| it.result.clone())
            .collect();
        if results.is_empty() {
            return None;
        }
        let ty = self.pick(&results);
        self.body.nodes = 8;
        let call = self.call(&ty, 2);
        self.body.nodes = 0;
        Some(format!("{};\n", call?))
    }
}
