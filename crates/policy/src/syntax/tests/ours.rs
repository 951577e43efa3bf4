//! The nodes of our own tree.

use super::Nodes;
use crate::syntax::{
    Around, Block, Expr, Fields, File, FnArg, GenericArgument, ImplItem, Invoked, Item, ItemConst,
    ItemFn, Macro, Pat, Path, PathArguments, Stmt, Type,
};

pub(super) fn nodes(file: &File<'_>) -> Nodes {
    let mut nodes = Nodes::default();
    for item in &file.items {
        nodes.item(item);
    }
    nodes
}

impl Nodes {
    fn item(&mut self, item: &Item<'_>) {
        match item {
            Item::Const(it) => self.constant(it),
            Item::Fn(it) => self.function(it),
            Item::Struct(it) => {
                self.push("struct", it.ident.span);
                if let Fields::Named(fields) = &it.fields {
                    for field in &fields.named {
                        self.push("field", field.ident.span);
                        self.ty(&field.ty);
                    }
                }
            }
            Item::Enum(it) => {
                self.push("enum", it.ident.span);
                for variant in &it.variants {
                    self.push("variant", variant.ident.span);
                }
            }
            Item::Impl(it) => {
                self.push("impl", it.word);
                if let Some(path) = &it.trait_ {
                    self.path(path);
                }
                self.outside |= it.qualified;
                self.ty(&it.self_ty);
                for item in &it.items {
                    match item {
                        ImplItem::Fn(it) => self.function(it),
                        ImplItem::Const(it) => self.constant(it),
                        ImplItem::Other(_) => self.outside = true,
                    }
                }
            }
            Item::Use(_) => {}
            Item::Other(..) => self.outside = true,
        }
    }

    fn constant(&mut self, constant: &ItemConst<'_>) {
        self.push("const", constant.ident.span);
        self.ty(&constant.ty);
        self.expr(&constant.expr);
    }

    fn function(&mut self, function: &ItemFn<'_>) {
        self.push("fn", function.sig.ident.span);
        for input in &function.sig.inputs {
            match input {
                FnArg::Receiver(it) => self.push("self", it.word),
                FnArg::Typed(it) => {
                    self.pat(&it.pat);
                    self.ty(&it.ty);
                }
            }
        }
        if let Some(ty) = &function.sig.output {
            self.ty(ty);
        }
        self.block(&function.block);
    }

    fn block(&mut self, block: &Block<'_>) {
        self.push("block", block.braces.open.to(block.braces.close));
        for statement in &block.stmts {
            match statement {
                Stmt::Local(it) => {
                    self.push("let", it.pat.span());
                    self.pat(&it.pat);
                    it.ty.iter().for_each(|ty| self.ty(ty));
                    if let Some(init) = &it.init {
                        self.expr(&init.expr);
                        init.diverge.iter().for_each(|block| self.expr(block));
                    }
                }
                Stmt::Item(it) => self.item(it),
                Stmt::Expr(it, semi) => {
                    let what = if semi.is_some() { "done" } else { "value" };
                    self.push(what, it.span());
                    self.expr(it);
                }
                Stmt::Macro(it) => {
                    let what = if it.semi.is_some() { "done!" } else { "value!" };
                    self.push(what, it.mac.span);
                    self.outside |= it.attrs;
                    self.invocation(&it.mac);
                }
                Stmt::Empty(_) => {}
            }
        }
    }

    fn invocation(&mut self, mac: &Macro<'_>) {
        match &mac.body {
            Invoked::Claim { arguments, .. } => arguments.iter().for_each(|it| self.expr(it)),
            Invoked::Matches {
                value,
                pattern,
                guard,
                ..
            } => {
                self.expr(value);
                self.pat(pattern);
                guard.iter().for_each(|it| self.expr(it));
            }
            Invoked::Wrong(..) | Invoked::Unknown => self.outside = true,
        }
    }

    fn path(&mut self, path: &Path<'_>) {
        for segment in path.segments() {
            self.push("name", segment.ident.span);
            match &segment.arguments {
                PathArguments::None => {}
                PathArguments::AngleBracketed(arguments) => {
                    for argument in arguments {
                        match argument {
                            GenericArgument::Type(ty) => self.ty(ty),
                            GenericArgument::Other => self.outside = true,
                        }
                    }
                }
                PathArguments::Parenthesized => self.outside = true,
            }
        }
    }

    fn ty(&mut self, ty: &Type<'_>) {
        match ty {
            Type::Array(it) => {
                self.push("[T; N]", it.span);
                self.ty(&it.elem);
                self.expr(&it.len);
            }
            Type::Paren(it) => {
                self.push("(T)", it.1);
                self.ty(&it.0);
            }
            Type::Path(it) => self.path(it),
            Type::Reference(it) => {
                self.push(if it.mutability { "&mut T" } else { "&T" }, it.span);
                self.ty(&it.elem);
            }
            Type::Tuple(elements, span) => {
                self.push("(T, T)", *span);
                elements.iter().for_each(|it| self.ty(it));
            }
            Type::Other(..) => self.outside = true,
        }
    }

    fn pat(&mut self, pat: &Pat<'_>) {
        match pat {
            Pat::Ident(it) => {
                self.push("binding", it.span);
                it.subpat.iter().for_each(|it| self.pat(it));
            }
            Pat::Lit(_, span) => self.push("literal", *span),
            Pat::Or(cases, span) => {
                self.push("or", *span);
                cases.iter().for_each(|it| self.pat(it));
            }
            Pat::Paren(it) => {
                self.push("(p)", it.1);
                self.pat(&it.0);
            }
            Pat::Path(it) => self.path(it),
            Pat::Range(it) => {
                self.push("from to", it.span);
                it.start.iter().for_each(|it| self.expr(it));
                it.end.iter().for_each(|it| self.expr(it));
            }
            Pat::Reference(it) => {
                self.push("&p", it.1);
                self.pat(&it.0);
            }
            Pat::Tuple(elements, span) => {
                self.push("(p, p)", *span);
                elements.iter().for_each(|it| self.pat(it));
            }
            Pat::TupleStruct(it) => {
                self.push("name(p)", it.span);
                self.path(&it.path);
                it.elems.iter().for_each(|it| self.pat(it));
            }
            Pat::Rest(span) => self.push("..", *span),
            Pat::Wild(span) => self.push("_", *span),
            Pat::Slice(..) | Pat::Struct(..) | Pat::Other(_) => self.outside = true,
        }
    }

    fn expr(&mut self, expr: &Expr<'_>) {
        let span = expr.span();
        match expr {
            Expr::Array(it) => {
                self.push("[…]", span);
                it.elems.iter().for_each(|it| self.expr(it));
            }
            Expr::Assign(it) => {
                self.push("=", span);
                self.expr(&it.left);
                self.expr(&it.right);
            }
            Expr::Binary(it) => {
                self.push("binary", span);
                self.push("operator", it.op_span);
                self.expr(&it.left);
                self.expr(&it.right);
            }
            Expr::Block(it) => {
                self.push("{…}", span);
                self.block(&it.block);
            }
            Expr::Break(it) => {
                self.push("break", span);
                it.expr.iter().for_each(|it| self.expr(it));
            }
            Expr::Call(it) => {
                self.push("call", span);
                self.expr(&it.func);
                it.args.iter().for_each(|it| self.expr(it));
            }
            Expr::Cast(it) => {
                self.push("as", span);
                self.expr(&it.expr);
                self.ty(&it.ty);
            }
            Expr::Continue(_) => self.push("continue", span),
            _ => self.operand(expr),
        }
    }

    /// What is neither an operator's, a call nor a jump.
    fn operand(&mut self, expr: &Expr<'_>) {
        let span = expr.span();
        match expr {
            Expr::Field(it) => {
                self.push("field", span);
                self.expr(&it.base);
            }
            Expr::Index(it) => {
                self.push("index", span);
                self.expr(&it.expr);
                self.expr(&it.index);
            }
            Expr::Lit(_) => self.push("literal", span),
            Expr::Macro(it) => {
                self.push("macro", span);
                self.invocation(it);
            }
            Expr::MethodCall(it) => {
                self.push("method", span);
                self.expr(&it.receiver);
                self.outside |= it.turbofish.is_some();
                it.args.iter().for_each(|it| self.expr(it));
            }
            Expr::Paren(it) => {
                self.push("(…)", span);
                self.expr(&it.expr);
            }
            Expr::Path(it) => {
                self.outside |= it.qself;
                self.path(&it.path);
            }
            Expr::Range(it) => {
                self.push("range", span);
                it.start.iter().for_each(|it| self.expr(it));
                it.end.iter().for_each(|it| self.expr(it));
            }
            Expr::Reference(it) => {
                self.push(if it.mutability { "&mut" } else { "&" }, span);
                self.expr(&it.expr);
            }
            Expr::Repeat(it) => {
                self.push("[…; N]", span);
                self.expr(&it.expr);
                self.expr(&it.len);
            }
            Expr::Return(it) => {
                self.push("return", span);
                it.expr.iter().for_each(|it| self.expr(it));
            }
            Expr::Attributed(_) | Expr::Infer(_) | Expr::Other(..) => self.outside = true,
            _ => self.control(expr),
        }
    }

    /// What holds others, and expressions with blocks.
    fn control(&mut self, expr: &Expr<'_>) {
        let span = expr.span();
        match expr {
            Expr::Struct(it) => {
                self.push("struct", span);
                self.path(&it.path);
                it.fields.iter().for_each(|it| self.expr(&it.expr));
                it.rest.iter().for_each(|it| self.expr(it));
                self.outside |= it.dots;
            }
            Expr::Try(it) => {
                self.push("?", span);
                self.expr(&it.expr);
            }
            Expr::Tuple(it) => {
                self.push("(…, …)", span);
                it.elems.iter().for_each(|it| self.expr(it));
            }
            Expr::Unary(it) => {
                self.push("unary", span);
                self.push("operator", it.op_span);
                self.expr(&it.expr);
            }
            Expr::ForLoop(it) => {
                self.push("for", span);
                self.pat(&it.pat);
                self.expr(&it.expr);
                self.block(&it.body);
            }
            Expr::If(it) => {
                self.push("if", span);
                self.expr(&it.cond);
                self.block(&it.then_branch);
                it.else_branch.iter().for_each(|it| self.expr(it));
            }
            Expr::Let(it) => {
                self.push("let", span);
                self.pat(&it.pat);
                self.expr(&it.expr);
            }
            Expr::Loop(it) => {
                self.push("loop", span);
                self.block(&it.body);
            }
            Expr::Match(it) => {
                self.push("match", span);
                self.expr(&it.expr);
                for arm in &it.arms {
                    self.outside |= !arm.attrs.is_empty();
                    self.pat(&arm.pat);
                    arm.guard.iter().for_each(|it| self.expr(it));
                    self.expr(&arm.body);
                }
            }
            Expr::While(it) => {
                self.push("while", span);
                self.expr(&it.cond);
                self.block(&it.body);
            }
            _ => self.outside = true,
        }
    }
}
