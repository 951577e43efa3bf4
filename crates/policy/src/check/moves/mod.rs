//! Moves: a value that is not `Copy` is gone from where it was used, and a variable that was
//! declared without one has none until it is given one.
//!
//! The body is walked in the order in which it runs, with what may be gone. A loop's body is walked
//! with what is gone when it begins, or begins again, until nothing more is found.

mod control;
mod flow;
mod walk;

use crate::table::Table;

use crate::diagnostic::{Report, Span};
use crate::items::Context;
use crate::tree::{Body, ExprId, ExprKind, LocalId, LoopId};
use crate::types::Type;
use flow::{Flow, Path};

/// The most walks over one body; each finds more, or is the last.
const WALKS_MAX: usize = 40;

/// Checks a body all of whose types are known.
pub(super) fn check(context: &Context<'_>, body: &Body) {
    for expr in &body.exprs {
        if expr.taken
            && !context.is_copy(&expr.ty)
            && let Some(report) = immovable(body, &expr.kind, &expr.ty)
        {
            context.sink.add(report.at(expr.span));
        }
    }
    if !can_move(context, body) {
        return;
    }
    let mut walk = Walk {
        context,
        body,
        flow: Flow::default(),
        heads: Table::default(),
        exits: Table::default(),
        scope: Vec::new(),
        guarded: Vec::new(),
        more: false,
        reports: Vec::new(),
    };
    for _ in 0..WALKS_MAX {
        walk.begin();
        if let Some(value) = body.value {
            walk.visit(value);
        }
        if !walk.more {
            for report in walk.reports {
                context.sink.add(report);
            }
            return;
        }
    }
    // Each walk sees one loop further out, and no source nests so many: see `precheck`.
    let span = body.value.and_then(|value| body.expr(value));
    let span = span.map_or_else(Span::top, |expr| expr.span);
    let report = Report::error(span, "this policy cannot be compiled");
    context.sink.add(report);
}

/// Whether anything in a body can be moved, or has no value at first.
fn can_move(context: &Context<'_>, body: &Body) -> bool {
    let moves = |local: &crate::tree::Local| {
        local.deferred
            || !(context.is_copy(&local.ty)
                || matches!(local.ty, Type::Reference { .. } | Type::Door(_)))
    };
    body.locals.iter().any(moves)
}

/// Why a value that is not `Copy` lies where it cannot be moved from, if so.
fn immovable(body: &Body, kind: &ExprKind, ty: &Type) -> Option<Report> {
    let mut kind = kind;
    let (code, whence) = loop {
        let base = match kind {
            ExprKind::Deref(_) => break ("E0507", "behind a reference"),
            ExprKind::Index { .. } => break ("E0508", "out of an array"),
            ExprKind::Field { base, .. } => base,
            _ => return None,
        };
        let base = body.expr(*base)?;
        if matches!(base.ty, Type::Reference { .. }) {
            break ("E0507", "behind a reference");
        }
        kind = &base.kind;
    };
    let verb = match code {
        "E0508" => format!("this would move a value of type `{ty}` {whence}"),
        _ => format!("this would move a value of type `{ty}` from {whence}"),
    };
    let message = format!("{verb}, and it is not `Copy`");
    let hint = format!("add `#[derive(Clone, Copy)]` to `{ty}`");
    Some(Report::error(Span::top(), message).code(code).hint(hint))
}

/// One walk over a body.
struct Walk<'w, 's> {
    context: &'w Context<'s>,
    body: &'w Body,
    flow: Flow,
    /// What may be gone where a loop's body begins.
    heads: Table<LoopId, Flow>,
    /// What may be gone where a loop or block is left with `break`.
    exits: Table<LoopId, Flow>,
    /// The locals declared so far, in the scopes that are open.
    scope: Vec<LocalId>,
    /// The names of patterns whose guard is being walked.
    guarded: Vec<LocalId>,
    /// A loop begins with more gone than it was walked with.
    more: bool,
    reports: Vec<Report>,
}

impl Walk<'_, '_> {
    fn begin(&mut self) {
        self.flow = Flow::default();
        self.exits = Table::default();
        self.scope.clear();
        self.reports.clear();
        self.more = false;
    }

    fn name(&self, local: LocalId) -> &str {
        self.body.local(local).map_or("", |local| &local.name)
    }

    /// The path of a place, as far as it can be moved from; whether that is all of it.
    fn path(&self, place: ExprId) -> Option<(Path, bool)> {
        let mut fields = Vec::new();
        let mut whole = true;
        let mut at = place;
        loop {
            let expr = self.body.expr(at)?;
            match &expr.kind {
                ExprKind::Local(_) if matches!(expr.ty, Type::Reference { .. }) => return None,
                ExprKind::Local(local) => {
                    fields.reverse();
                    return Some(((*local, fields), whole));
                }
                ExprKind::Field { base, field } => {
                    fields.push(*field);
                    at = *base;
                }
                ExprKind::Index { base, .. } => {
                    fields.clear();
                    whole = false;
                    at = *base;
                }
                _ => return None,
            }
        }
    }

    /// A place is used: it has to be there. What is moved is gone then.
    fn use_place(&mut self, place: ExprId, moves: bool) {
        let (Some((path, whole)), Some(expr)) = (self.path(place), self.body.expr(place)) else {
            return;
        };
        if !self.flow.reached {
            return;
        }
        if let Some(given) = self.flow.missing(&path) {
            let name = self.name(path.0);
            let report = match given {
                true => {
                    let ty = self.body.local(path.0).map_or(&Type::Unknown, |it| &it.ty);
                    Report::error(expr.span, format!("use of moved value: `{name}`"))
                        .code("E0382")
                        .hint(format!(
                            "it, or a part of it, was moved away before: lend it with `&`, or add \
                             `#[derive(Clone, Copy)]` to `{ty}`"
                        ))
                }
                false => Report::error(expr.span, format!("`{name}` is used here without a value"))
                    .code("E0381")
                    .hint("give it one on every way that leads here"),
            };
            self.reports.push(report);
            return;
        }
        if moves && whole {
            if self.guarded.contains(&path.0) {
                let message = format!("cannot move `{}` in a guard", self.name(path.0));
                let report = Report::error(expr.span, message).code("E0507");
                self.reports.push(report.hint("move it in the arm"));
                return;
            }
            self.flow.move_away(path);
        }
    }

    /// A place is given a value.
    fn give(&mut self, place: ExprId) {
        let (Some((path, whole)), Some(expr)) = (self.path(place), self.body.expr(place)) else {
            return;
        };
        if !self.flow.reached {
            return;
        }
        let Some(local) = self.body.local(path.0) else {
            return;
        };
        if path.1.is_empty() && whole {
            if local.deferred && !local.mutable && self.flow.is_given(path.0) {
                let message = format!("cannot assign twice to immutable variable `{}`", local.name);
                let hint = format!("declare it with `mut {}`", local.name);
                let report = Report::error(expr.span, message).code("E0384").hint(hint);
                self.reports.push(report);
            }
            self.flow.give(&path);
        } else if !whole || self.flow.lacks_owner(&path) {
            self.use_base(place, &path, whole);
        } else {
            self.flow.give(&path);
        }
    }

    /// A part is assigned of what has to be there as a whole.
    fn use_base(&mut self, place: ExprId, path: &Path, whole: bool) {
        let gone = match whole {
            true => self.flow.lacks_owner(path),
            false => self.flow.missing(path).is_some(),
        };
        if gone {
            let span = self
                .body
                .expr(place)
                .map_or_else(Span::top, |expr| expr.span);
            let name = self.name(path.0);
            let message = format!("assign to part of moved value: `{name}`");
            let report = Report::error(span, message).code("E0382");
            self.reports.push(report.hint("assign all of it first"));
        }
    }
}
