//! Places: variables, fields and elements, to read or to write.

use super::Generator;
use super::types::{Receiver, Type};

/// A step from a place into a part of it.
#[derive(Clone, Debug)]
enum Step {
    Field(String),
    Element(usize),
}

/// A place that has a wanted type.
#[derive(Clone, Debug)]
pub(super) struct Route {
    root: String,
    steps: Vec<Step>,
}

impl Route {
    /// Whether what lies there is known before the program runs.
    pub(super) fn constant(&self) -> bool {
        self.root.starts_with('C')
    }
}

impl Generator {
    /// The places of that type that can be read, or written.
    pub(super) fn routes(&self, ty: &Type, write: bool) -> Vec<Route> {
        let mut found = Vec::new();
        let mut seen: Vec<&str> = Vec::new();
        for local in self.body.scope.iter().rev() {
            let hidden = seen.contains(&local.name.as_str());
            seen.push(&local.name);
            if hidden || (write && (!local.assignable || self.body.still > 0)) {
                continue;
            }
            self.walk(&local.name, &local.ty, &mut Vec::new(), ty, &mut found);
        }
        let reads_self = matches!(self.body.receiver, Receiver::Shared | Receiver::Mutable);
        if reads_self && (!write || self.can_change_self()) {
            for (name, field) in &self.items.fields {
                let root = format!("self.{name}");
                self.walk(&root, field, &mut Vec::new(), ty, &mut found);
            }
        }
        if !write {
            for constant in &self.items.constants {
                self.walk(
                    &constant.path,
                    &constant.ty,
                    &mut Vec::new(),
                    ty,
                    &mut found,
                );
            }
        }
        found
    }

    fn walk(
        &self,
        root: &str,
        here: &Type,
        steps: &mut Vec<Step>,
        wanted: &Type,
        found: &mut Vec<Route>,
    ) {
        if here == wanted {
            found.push(Route {
                root: root.to_string(),
                steps: steps.clone(),
            });
        }
        match here {
            Type::Struct(index) => {
                for (name, ty) in &self.items.structs[*index].fields {
                    steps.push(Step::Field(name.clone()));
                    self.walk(root, ty, steps, wanted, found);
                    steps.pop();
                }
            }
            Type::Array(inner, length) => {
                steps.push(Step::Element(*length));
                self.walk(root, inner, steps, wanted, found);
                steps.pop();
            }
            _ => {}
        }
    }

    /// A place as text; its indices are expressions of at most that depth.
    pub(super) fn place_text(&mut self, route: &Route, depth: u32) -> String {
        let pointer = route.root.strip_prefix("(*");
        let pointer = pointer.and_then(|it| it.strip_suffix(')'));
        let root = match pointer {
            // What a reference leads to has its parts without a star, too.
            Some(pointer) if !route.steps.is_empty() && self.chance(70) => pointer,
            _ => &route.root,
        };
        let mut text = self.named(root);
        for step in &route.steps {
            match step {
                Step::Field(name) if self.mistaken("unknown member") => {
                    text += &format!(".{name}x");
                }
                Step::Field(name) => text += &format!(".{name}"),
                Step::Element(length) => {
                    let index = self.index(*length, depth);
                    text += &format!("[{index}]");
                }
            }
        }
        text
    }

    /// An index into an array of that length: mostly within it.
    pub(super) fn index(&mut self, length: usize, depth: u32) -> String {
        if depth == 0 || self.chance(30) {
            let mut routes = self.routes(&Type::USIZE, false);
            routes.retain(|route| route.steps.is_empty());
            let names: Vec<String> = routes.into_iter().map(|route| route.root).collect();
            if names.is_empty() || self.chance(50) {
                return self.below(length).to_string();
            }
            return format!("{} % {length}", self.pick(&names));
        }
        if self.chance(self.danger) {
            return self.varying(&Type::USIZE, depth - 1);
        }
        let index = self.operand(&Type::USIZE, depth - 1);
        format!("{index} % {length}")
    }
}
