//! Calls of functions and of the kernel, with their arguments.

use super::Generator;
use super::expression::in_parentheses;
use super::types::{Function, Receiver, Type};

impl Generator {
    /// A place lent to a call, which nothing else in the call reads.
    pub(super) fn lent(&mut self, ty: &Type, mutable: bool) -> Option<String> {
        let routes = self.routes(ty, mutable);
        let mut routes = routes;
        routes.retain(|route| !route.constant());
        if routes.is_empty() {
            return None;
        }
        let route = self.pick(&routes);
        let place = self.place_text(&route, 0);
        Some(format!("&{}{place}", if mutable { "mut " } else { "" }))
    }

    pub(super) fn call(&mut self, ty: &Type, depth: u32) -> Option<String> {
        let reads = matches!(self.body.receiver, Receiver::Shared | Receiver::Mutable);
        let fits = |function: &&super::types::Function| {
            let receiver = match function.receiver {
                Receiver::Shared => reads,
                Receiver::Mutable => self.can_change_self(),
                _ => true,
            };
            let asks = !function.asks || self.can_ask();
            function.result == *ty && receiver && asks && self.affordable(function.cost)
        };
        let callable: Vec<_> = self.items.functions.iter().filter(fits).cloned().collect();
        if callable.is_empty() {
            return None;
        }
        let function = self.pick(&callable);
        let lent = self.lent_argument(&function)?;
        let on = match function.receiver {
            Receiver::Place(index, mutable) => Some(self.called_on(index, mutable)?),
            _ => None,
        };
        self.spend(function.cost);
        let name = &function.name;
        let before = match function.receiver {
            Receiver::Nothing => self.named(name),
            Receiver::Of(index) => format!("{}::{name}", self.items.structs[index].name),
            Receiver::Value(index) => {
                let of = Type::Struct(index);
                let value = match lent {
                    Some(_) => in_parentheses(self.constant_value(&of)),
                    None => self.operand(&of, depth),
                };
                format!("{value}.{name}")
            }
            Receiver::Place(..) => format!("{}.{name}", on.unwrap_or_default()),
            Receiver::Shared | Receiver::Mutable => {
                let unknown = self.mistaken("unknown member");
                format!("self.{name}{}", if unknown { "x" } else { "" })
            }
        };
        let lends_self = matches!(function.receiver, Receiver::Shared | Receiver::Mutable);
        let lends_place = matches!(function.receiver, Receiver::Place(..));
        self.body.frozen += u32::from(lends_self);
        self.body.still += u32::from(lends_place);
        self.body.quiet += u32::from(function.asks);
        let mut arguments = Vec::new();
        if function.asks {
            arguments.push("sys".to_string());
        }
        for ty in &function.parameters {
            if let Some(lent) = &lent {
                // A place that is lent is read by no other argument.
                arguments.push(match ty {
                    Type::Lent(..) => lent.clone(),
                    ty => self.constant_value(ty),
                });
                continue;
            }
            arguments.push(self.argument(ty, depth, function.asks, lends_self));
        }
        self.body.quiet -= u32::from(function.asks);
        self.body.still -= u32::from(lends_place);
        self.body.frozen -= u32::from(lends_self);
        let arguments = self.counted(arguments);
        Some(format!("{before}({arguments})"))
    }

    pub(super) fn argument(
        &mut self,
        ty: &Type,
        depth: u32,
        asks: bool,
        lends_self: bool,
    ) -> String {
        let number = matches!(ty, Type::Integer(_));
        if asks && number && self.mistaken("sys twice") {
            return "sys.random() as _".to_string();
        }
        let changes = self.body.receiver == Receiver::Mutable;
        if lends_self && changes && self.mistaken("self twice") {
            let value = self.constant_value(ty);
            let field = self.items.fields[0].clone();
            let other = self.constant_value(&field.1);
            return format!("{{ self.{} = {other}; {value} }}", field.0);
        }
        self.loosely(ty, depth)
    }

    /// A system call's answer.
    pub(super) fn asked(&mut self, ty: &Type, depth: u32) -> Option<String> {
        let Type::Result(inner) = ty else { return None };
        if !self.can_ask() || !self.affordable(1) {
            return None;
        }
        self.spend(1);
        let name = match **inner {
            Type::Frame => "allocate",
            Type::Bool => self.pick(&["referenced", "dirty"]),
            Type::Unit => self.pick(&["free", "clear_referenced", "clear_dirty", "tlb_write"]),
            _ => return None,
        };
        if name == "allocate" {
            return Some("sys.allocate()".to_string());
        }
        self.body.quiet += 1;
        let frame = self.loosely(&Type::Frame, depth);
        let arguments = if name == "tlb_write" {
            let page = self.loosely(&Type::Integer(super::types::Integer::U32), depth);
            let access = self.loosely(&Type::Enum(super::types::ACCESS), depth);
            vec![page, frame, access]
        } else {
            vec![frame]
        };
        self.body.quiet -= 1;
        let arguments = self.counted(arguments);
        Some(format!("sys.{name}({arguments})"))
    }

    /// A place of a struct that a method is called on, which borrows it.
    fn called_on(&mut self, index: usize, mutable: bool) -> Option<String> {
        let mut routes = self.routes(&Type::Struct(index), mutable);
        routes.retain(|route| !route.constant());
        if routes.is_empty() {
            return None;
        }
        let route = self.pick(&routes);
        Some(self.place_text(&route, 1))
    }

    /// What is lent to a function that borrows its last parameter; nothing if it cannot be had.
    fn lent_argument(&mut self, function: &Function) -> Option<Option<String>> {
        let Some(Type::Lent(ty, mutable)) = function.parameters.last() else {
            return Some(None);
        };
        let receiver = self.body.receiver;
        if matches!(function.receiver, Receiver::Shared | Receiver::Mutable) {
            self.body.receiver = Receiver::Nothing;
        }
        let text = self.lent(ty, *mutable);
        self.body.receiver = receiver;
        text.map(Some)
    }
}
