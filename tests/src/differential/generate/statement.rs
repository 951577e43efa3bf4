//! Statements that do not repeat: bindings, assignments, branches, `log!`, ways to leave.

use super::expression::in_parentheses;
use super::types::Type;
use super::{Around, Generator, Local};

/// Makes the text of a statement, if it can here.
pub(super) type Producer = fn(&mut Generator) -> Option<String>;

/// What makes statements, with its weight.
const STATEMENTS: &[(u32, Producer)] = &[
    (22, Generator::let_statement),
    (16, Generator::assignment),
    (14, Generator::compound_assignment),
    (7, Generator::if_statement),
    (5, Generator::if_let_statement),
    (5, Generator::match_statement),
    (12, Generator::log_statement),
    (4, Generator::let_else_statement),
    (4, Generator::leaving_statement),
    (6, Generator::asking_statement),
    (3, Generator::call_statement),
    (6, Generator::method_statement),
    (3, Generator::plain_block),
    (8, Generator::risky_let),
    (3, Generator::swap_statement),
    (3, Generator::asserting_statement),
    (6, Generator::for_loop),
    (4, Generator::while_loop),
    (3, Generator::while_let_loop),
    (3, Generator::endless_loop),
];

/// Statements that may stand within an expression.
const SHORT: &[(u32, Producer)] = &[
    (3, Generator::let_statement),
    (5, Generator::assignment),
    (5, Generator::compound_assignment),
    (1, Generator::log_statement),
];

/// `a` is the place, `b` what is assigned, `w` the width: mostly harmless.
const COMPOUND: &[(&str, &str)] = &[
    ("+=", "b % 3"),
    ("-=", "b % 2"),
    ("*=", "b % 3"),
    ("/=", "b | 1"),
    ("%=", "b | 1"),
    ("&=", "b"),
    ("|=", "b"),
    ("^=", "b"),
    ("<<=", "b % w"),
    (">>=", "b & (w - 1)"),
];

impl Generator {
    fn one_of(&mut self, producers: &[(u32, Producer)]) -> String {
        let total: u32 = producers.iter().map(|(weight, _)| weight).sum();
        for _ in 0..4 {
            let mut at = self.rng.below(total);
            for (weight, producer) in producers {
                if at < *weight {
                    if let Some(text) = producer(self) {
                        return text;
                    }
                    break;
                }
                at -= weight;
            }
        }
        String::new()
    }

    pub(super) fn statement(&mut self) -> String {
        if !self.affordable(1) {
            return String::new();
        }
        self.spend(1);
        if self.body.around.is_empty() && self.mistaken("break outside") {
            return "break;\n".to_string();
        }
        self.one_of(STATEMENTS)
    }

    /// A statement within an expression, which shares the expression's bounds.
    pub(super) fn short_statement(&mut self) -> String {
        let nodes = self.body.nodes;
        // Never 0, which would begin a statement with bounds of its own.
        self.body.nodes = (nodes / 2).max(1);
        let text = self.one_of(SHORT);
        self.body.nodes = nodes / 2;
        text
    }

    /// Statements in a scope of their own, with more names in it.
    pub(super) fn block(&mut self, names: &[(String, Type)]) -> String {
        let count = 1 + self.below(2);
        self.body.depth += 1;
        let text = self.with(names, |it| {
            (0..count).map(|_| it.statement()).collect::<String>()
        });
        self.body.depth -= 1;
        text
    }

    /// Writes something that stands in a block with a label.
    pub(super) fn within(
        &mut self,
        label: &str,
        gives: Option<Type>,
        write: impl FnOnce(&mut Generator) -> String,
    ) -> String {
        self.body.around.push(Around {
            label: Some(label.to_string()),
            gives,
            repeats: false,
        });
        let text = write(self);
        self.body.around.pop();
        text
    }

    /// Whether blocks may still nest here.
    pub(super) fn deep(&self) -> bool {
        self.body.depth >= 2
    }

    /// The value of a statement, bounded anew unless the statement is within an expression.
    fn statement_value(&mut self, ty: &Type) -> String {
        match self.body.nodes {
            0 => self.whole_expression(ty),
            _ => self.loosely(ty, 2),
        }
    }

    fn let_statement(&mut self) -> Option<String> {
        let ty = match self.below(8) {
            0 => Type::result(self.value_type()),
            _ => self.value_type(),
        };
        let assignable = self.chance(50);
        let typed = self.chance(50) || matches!(ty, Type::Option(_) | Type::Result(_));
        let value = match typed {
            true => self.statement_value(&ty),
            false => self.determined_statement(&ty),
        };
        let shadows = self.chance(10);
        let name = match self.body.scope.last() {
            Some(last) if shadows && last.name.starts_with('x') => last.name.clone(),
            _ => self.fresh("x"),
        };
        if matches!(ty, Type::Option(_)) && self.mistaken("missing annotation") {
            return Some(format!("let {name} = None;\n{name};\n"));
        }
        let word = if assignable { "mut " } else { "" };
        let annotation = match typed {
            true => format!(": {}", self.type_text(&ty)),
            false => String::new(),
        };
        let gap = self.gap();
        self.body.scope.push(Local {
            name: name.clone(),
            ty,
            assignable,
        });
        Some(format!("let {word}{name}{annotation} ={gap}{value};\n"))
    }

    fn determined_statement(&mut self, ty: &Type) -> String {
        if self.body.nodes > 0 {
            return self.determined(ty, 2);
        }
        self.body.nodes = super::expression::NODES;
        let depth = 1 + self.below(3) as u32;
        let text = self.determined(ty, depth);
        self.body.nodes = 0;
        text
    }

    fn assignment(&mut self) -> Option<String> {
        let ty = self.value_type();
        if self.mistaken("not mutable") {
            let fixed: Vec<Local> = self.body.scope.clone();
            let fixed = fixed.iter().rev().find(|it| !it.assignable)?;
            let value = self.constant_value(&fixed.ty);
            return Some(format!("{} = {value};\n", fixed.name));
        }
        let routes = self.routes(&ty, true);
        if routes.is_empty() {
            return None;
        }
        let route = self.pick(&routes);
        let value = self.statement_value(&ty);
        let place = self.place_text(&route, 2);
        Some(format!("{place} = {value};\n"))
    }

    fn compound_assignment(&mut self) -> Option<String> {
        let ty = self.integer_type();
        let Type::Integer(integer) = ty else {
            return None;
        };
        let routes = self.routes(&ty, true);
        if routes.is_empty() {
            return None;
        }
        let route = self.pick(&routes);
        let place = self.place_text(&route, 2);
        let (symbol, safe) = self.pick(COMPOUND);
        let value = match symbol {
            "/=" | "%=" if self.chance(self.danger) => {
                let value = self.varying(&ty, 1);
                return Some(format!("{place} {symbol} {value};\n"));
            }
            "<<=" | ">>=" => {
                let by = self.integer_type();
                self.determined_statement(&by)
            }
            _ => self.statement_value(&ty),
        };
        let value = in_parentheses(value);
        let certain = matches!(symbol, "/=" | "%=" | "<<=" | ">>=")
            && value.starts_with(|it: char| it.is_ascii_digit() || it == '(');
        if self.chance(self.danger) && !certain {
            return Some(format!("{place} {symbol} {value};\n"));
        }
        let right = safe
            .replace('w', &integer.bits().to_string())
            .replace('b', &value);
        Some(format!("{place} {symbol} {right};\n"))
    }

    fn if_statement(&mut self) -> Option<String> {
        if self.deep() {
            return None;
        }
        let condition = self.whole_expression(&Type::Bool);
        let yes = self.block(&[]);
        let mut text = format!("if {condition} {{\n{yes}}}");
        if self.chance(20) {
            let other = self.whole_expression(&Type::Bool);
            let block = self.block(&[]);
            text += &format!(" else if {other} {{\n{block}}}");
        }
        if self.chance(50) {
            let no = self.block(&[]);
            text += &format!(" else {{\n{no}}}");
        }
        Some(text + "\n")
    }

    /// Something that may be there, and the pattern that finds it.
    pub(super) fn maybe(&mut self) -> (String, String, Vec<(String, Type)>) {
        let inner = self.value_type();
        let name = self.fresh("v");
        let (around, of) = match self.chance(70) || !self.can_ask() {
            true => ("Some", Type::option(inner.clone())),
            false => ("Ok", Type::result(inner.clone())),
        };
        self.body.nodes = 8;
        let value = self.operand(&of, 2);
        self.body.nodes = 0;
        (value, format!("{around}({name})"), vec![(name, inner)])
    }

    fn if_let_statement(&mut self) -> Option<String> {
        if self.deep() {
            return None;
        }
        let (value, pattern, names) = self.maybe();
        let mut more = String::new();
        if self.chance(25) {
            let condition = self.with(&names, |it| it.whole_expression(&Type::Bool));
            more = format!(" && {}", in_parentheses(condition));
        }
        let yes = self.block(&names);
        let mut text = format!("if let {pattern} = {value}{more} {{\n{yes}}}");
        if self.chance(40) {
            let no = self.block(&[]);
            text += &format!(" else {{\n{no}}}");
        }
        Some(text + "\n")
    }

    fn match_statement(&mut self) -> Option<String> {
        if self.deep() {
            return None;
        }
        let of = self.value_type();
        self.body.nodes = 8;
        let value = self.operand(&of, 2);
        self.body.nodes = 0;
        let arms = self.arms(&of, 1, |it| format!("\n{}", it.block(&[])));
        Some(format!("match {value} {{\n{arms}}}\n"))
    }

    fn log_statement(&mut self) -> Option<String> {
        let mut text = "t".to_string();
        let mut values = Vec::new();
        let one_word = |name: &str| name.chars().all(char::is_alphanumeric);
        let nodes = std::mem::replace(&mut self.body.nodes, 5);
        self.body.still += 1;
        for _ in 0..1 + self.below(3) {
            let local = self.body.scope.last().cloned();
            match local {
                Some(Local {
                    name,
                    ty: Type::Integer(_),
                    ..
                }) if one_word(&name) && self.chance(30) => text += &format!(" {{{name}}}"),
                _ => {
                    let ty = self.integer_type();
                    values.push(self.expression(&ty, 2));
                    text += " {}";
                }
            }
        }
        self.body.still -= 1;
        self.body.nodes = nodes;
        let values: String = values.iter().map(|value| format!(", {value}")).collect();
        Some(format!("log!(\"{text}\"{values});\n"))
    }

    fn let_else_statement(&mut self) -> Option<String> {
        let (value, pattern, names) = self.maybe();
        let leave = match self.mistaken("leaving let") {
            true => "1;".to_string(),
            false => self.leave(),
        };
        let text = format!("let {pattern} = {value} else {{ {leave} }};\n");
        for (name, ty) in names {
            self.body.scope.push(Local {
                name,
                ty,
                assignable: false,
            });
        }
        Some(text)
    }

    fn plain_block(&mut self) -> Option<String> {
        if self.deep() {
            return None;
        }
        if self.chance(40) {
            let label = self.fresh("'b");
            let condition = self.whole_expression(&Type::Bool);
            let text = self.within(&label, None, |it| it.block(&[]));
            return Some(format!(
                "{label}: {{\nif {condition} {{ break {label}; }}\n{text}}}\n"
            ));
        }
        let text = self.block(&[]);
        if self.mistaken("out of scope") {
            return Some(format!(
                "{{\nlet inner = 1;\n{text}}}\nlog!(\"{{}}\", inner);\n"
            ));
        }
        Some(format!("{{\n{text}}}\n"))
    }
}
