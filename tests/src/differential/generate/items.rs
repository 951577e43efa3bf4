//! The items of a program: its types, constants, state, functions and handler.

use super::types::{Constant, Enum, Function, Integer, Receiver, SYS_ERROR, Struct, Type};
use super::{Body, DUMP_PAGE, Generator, Local, Size};

const DERIVE: &str = "#[derive(Clone, Copy, PartialEq, Eq)]\n";
/// Most words of a field: what a function keeps of such values fits the 64 KiB that it may take.
const FIELD_WORDS_MAX: usize = 64;
/// About how many statements a function may run.
const COST_MAX: u32 = 1500;
/// About how many statements a handler may run.
const HANDLER_COST_MAX: u32 = 6000;

impl Generator {
    /// The whole source.
    pub(super) fn file(&mut self) -> String {
        let mut file = "use exo_prelude::*;\n".to_string();
        for _ in 0..self.below(3) {
            file += &self.enumeration();
        }
        for _ in 0..1 + self.below(3) {
            file += &self.structure();
        }
        for _ in 0..self.below(4) {
            file += &self.constant();
        }
        file += &self.state();
        let functions = match self.size {
            Size::Whole => 4,
            Size::Small => 3,
        };
        for _ in 0..self.below(functions) {
            file += &self.function();
        }
        file += &self.handler();
        match self.size {
            Size::Whole => file + &self.dump(),
            Size::Small => file,
        }
    }

    fn enumeration(&mut self) -> String {
        let name = self.fresh("E");
        let variants: Vec<String> = (0..1 + self.below(5)).map(|i| format!("V{i}")).collect();
        let text = format!("{DERIVE}enum {name} {{ {} }}\n", variants.join(", "));
        self.items.enums.push(Enum { name, variants });
        text
    }

    fn structure(&mut self) -> String {
        let name = self.fresh("S");
        let fields: Vec<(String, Type)> = (0..1 + self.below(4))
            .map(|i| (format!("a{i}"), self.field_type(2)))
            .collect();
        let texts: Vec<String> = fields
            .iter()
            .map(|(name, ty)| format!("{name}: {}", self.items.text(ty)))
            .collect();
        let text = format!("{DERIVE}struct {name} {{ {} }}\n", texts.join(", "));
        self.items.structs.push(Struct { name, fields });
        text
    }

    /// A type that is one word or two: no array, no struct.
    pub(super) fn plain_type(&mut self) -> Type {
        match self.below(13) {
            0 => Type::Bool,
            1 => Type::Frame,
            2 => Type::Enum(self.below(self.items.enums.len())),
            3 => Type::option(self.integer_type()),
            4 => Type::result(self.integer_type()),
            _ => self.integer_type(),
        }
    }

    pub(super) fn integer_type(&mut self) -> Type {
        Type::Integer(self.pick(&Integer::ALL))
    }

    /// A type that a field can have, and that is not too large; arrays nest at most `depth` deep.
    fn field_type(&mut self, depth: u32) -> Type {
        let ty = self.any_field_type(depth);
        match self.items.words(&ty) <= FIELD_WORDS_MAX {
            true => ty,
            false => self.plain_type(),
        }
    }

    fn any_field_type(&mut self, depth: u32) -> Type {
        let structs = self.items.structs.len();
        match self.below(10) {
            0..=2 if depth > 0 => {
                let length = self.pick(&[1, 2, 3, 4, 5, 8]);
                Type::Array(Box::new(self.field_type(depth - 1)), length)
            }
            3 if structs > 0 => Type::Struct(self.below(structs)),
            4 => Type::option(self.value_type()),
            _ => self.plain_type(),
        }
    }

    /// A type that a variable, a parameter or a result can have.
    pub(super) fn value_type(&mut self) -> Type {
        let structs = self.items.structs.len();
        match self.below(10) {
            0 | 1 if structs > 0 => Type::Struct(self.below(structs)),
            2 => {
                let inner = self.integer_type();
                let length = self.pick(&[1, 2, 3, 5]);
                Type::Array(Box::new(inner), length)
            }
            _ => self.plain_type(),
        }
    }

    fn constant(&mut self) -> String {
        let name = self.fresh("C");
        let ty = match self.below(3) {
            0 => Type::Array(Box::new(self.integer_type()), 1 + self.below(8)),
            1 => self.field_type(1),
            _ => self.plain_type(),
        };
        let ty_text = self.items.text(&ty);
        let value = self.constant_value(&ty);
        self.items.constants.push(Constant {
            path: name.clone(),
            ty,
        });
        format!("const {name}: {ty_text} = {value};\n")
    }

    fn state(&mut self) -> String {
        let mut fields = Vec::new();
        for i in 0..2 + self.below(4) {
            fields.push((format!("f{i}"), self.field_type(2)));
        }
        let first = self.integer_type();
        fields.push(("n".to_string(), first));
        let shown = |(name, ty): &(String, Type)| format!("{name}: {},\n", self.items.text(ty));
        let types: String = fields.iter().map(shown).collect();
        let mut values = String::new();
        for (name, ty) in &fields {
            let value = self.constant_value(ty);
            values += &format!("{name}: {value},\n");
        }
        self.items.fields = fields;
        format!(
            "pub struct P {{\n{types}}}\nimpl P {{\npub const fn new() -> P {{\nP {{\n{values}}}\n}}\n}}\n"
        )
    }

    fn function(&mut self) -> String {
        let structs: Vec<usize> = (0..self.items.structs.len()).collect();
        let receiver = match self.below(11) {
            0 if !structs.is_empty() => Receiver::Of(self.pick(&structs)),
            1 if !structs.is_empty() => Receiver::Value(self.pick(&structs)),
            2 | 3 if !structs.is_empty() => Receiver::Place(self.pick(&structs), self.chance(60)),
            4 | 5 => Receiver::Shared,
            6..=8 => Receiver::Mutable,
            _ => Receiver::Nothing,
        };
        let result = match self.below(8) {
            0 => Type::Unit,
            1 => Type::option(self.value_type()),
            2 | 3 => Type::result(self.value_type()),
            _ => self.value_type(),
        };
        let mut parameters: Vec<Type> = (0..self.below(4)).map(|_| self.value_type()).collect();
        if !matches!(receiver, Receiver::Place(..)) && self.chance(30) {
            let lent = Box::new(self.value_type());
            parameters.push(Type::Lent(lent, self.chance(60)));
        }
        let mut function = Function {
            name: self.fresh("m"),
            receiver,
            asks: self.chance(25),
            parameters,
            result,
            cost: 0,
        };
        let text = self.function_text(&function);
        function.cost = self.body.cost;
        self.items.functions.push(function);
        text
    }

    fn function_text(&mut self, function: &Function) -> String {
        self.body = Body {
            receiver: function.receiver,
            asks: function.asks,
            result: function.result.clone(),
            ..Body::default()
        };
        let mut parameters: Vec<String> = match function.receiver {
            Receiver::Nothing | Receiver::Of(_) => Vec::new(),
            Receiver::Value(_) => vec!["self".to_string()],
            Receiver::Shared | Receiver::Place(_, false) => vec!["&self".to_string()],
            Receiver::Mutable | Receiver::Place(_, true) => vec!["&mut self".to_string()],
        };
        let own = match function.receiver {
            Receiver::Value(index) => Some(("self", index, false)),
            Receiver::Place(index, mutable) => Some(("(*self)", index, mutable)),
            _ => None,
        };
        if let Some((name, index, assignable)) = own {
            self.body.scope.push(Local {
                name: name.to_string(),
                ty: Type::Struct(index),
                assignable,
            });
        }
        if function.asks {
            parameters.push("sys: &mut Sys".to_string());
        }
        for ty in &function.parameters {
            let name = self.fresh("p");
            let ty_text = self.type_text(ty);
            if let Type::Lent(ty, mutable) = ty {
                parameters.push(format!("{name}: {ty_text}"));
                self.body.scope.push(Local {
                    name: format!("(*{name})"),
                    ty: (**ty).clone(),
                    assignable: *mutable,
                });
                continue;
            }
            let assignable = self.chance(30);
            let word = if assignable { "mut " } else { "" };
            parameters.push(format!("{word}{name}: {ty_text}"));
            self.body.scope.push(Local {
                name,
                ty: ty.clone(),
                assignable,
            });
        }
        let arrow = match &function.result {
            Type::Unit => String::new(),
            ty => format!(" -> {}", self.type_text(ty)),
        };
        let statements = 1 + self.below(4);
        let body = self.function_body(statements, &function.result);
        let (name, parameters) = (&function.name, parameters.join(", "));
        let text = format!("fn {name}({parameters}){arrow} {{\n{body}}}\n");
        match function.receiver {
            Receiver::Nothing => text,
            Receiver::Of(index) | Receiver::Value(index) | Receiver::Place(index, _) => {
                format!("impl {} {{\n{text}}}\n", self.items.structs[index].name)
            }
            Receiver::Shared | Receiver::Mutable => format!("impl P {{\n{text}}}\n"),
        }
    }

    /// A type as written, or one that nobody declared.
    pub(super) fn type_text(&mut self, ty: &Type) -> String {
        if self.mistaken("unknown type") {
            return "Unknown".to_string();
        }
        self.items.text(ty)
    }

    fn handler(&mut self) -> String {
        let integer = |name: &str, ty| Local {
            name: name.to_string(),
            ty: Type::Integer(ty),
            assignable: false,
        };
        self.body = Body {
            receiver: Receiver::Mutable,
            asks: true,
            result: Type::result(Type::Unit),
            scope: vec![
                integer("fault.address", Integer::U32),
                integer("fault.page", Integer::U32),
            ],
            ..Body::default()
        };
        let (statements, dump) = match self.size {
            Size::Whole => {
                let dump =
                    format!("if fault.page == {DUMP_PAGE} {{ self.dump(); return Ok(()); }}\n");
                (2 + self.below(6), dump)
            }
            Size::Small => (1 + self.below(3), String::new()),
        };
        let body = self.function_body(statements, &Type::result(Type::Unit));
        format!(
            "impl LibOs for P {{
            fn page_fault(&mut self, sys: &mut Sys, fault: Fault) -> Result<(), SysError> {{
            {dump}{body}}}
            }}\n"
        )
    }

    /// Whether one more call of something that costs `cost` is within bounds.
    pub(super) fn affordable(&self, cost: u32) -> bool {
        let limit = match (self.body.receiver, &self.body.result) {
            (Receiver::Mutable, Type::Result(inner)) if **inner == Type::Unit => HANDLER_COST_MAX,
            _ => COST_MAX,
        };
        let more = self.body.times.saturating_mul(cost.max(1));
        self.body.cost.saturating_add(more) < limit
    }

    /// Notes that something that costs `cost` is run once for each run of the statement.
    pub(super) fn spend(&mut self, cost: u32) {
        let more = self.body.times.saturating_mul(cost.max(1));
        self.body.cost = self.body.cost.saturating_add(more);
    }

    fn function_body(&mut self, statements: usize, result: &Type) -> String {
        let mut text = String::new();
        for _ in 0..statements {
            text += &self.statement();
            if self.chance(25) {
                text += &self.risky_let().unwrap_or_default();
            }
        }
        if self.mistaken("no value given back") && *result != Type::Unit {
            return text;
        }
        match result {
            Type::Unit => text,
            Type::Result(inner) if **inner == Type::Unit => text + "Ok(())\n",
            ty => {
                let value = self.whole_expression(ty);
                if self.chance(10) {
                    format!("{text}return {value};\n")
                } else {
                    format!("{text}{value}\n")
                }
            }
        }
    }

    /// Name of an enum's variant, with the enum's.
    pub(super) fn variant_text(&mut self, index: usize, variant: usize) -> String {
        let name = self.items.enums[index].name.clone();
        if index != SYS_ERROR && self.mistaken("unknown variant") {
            return format!("{name}::Missing");
        }
        format!("{name}::{}", self.items.enums[index].variants[variant])
    }
}
