//! The nodes of the expressions of `syn`.

use syn::Expr;

use super::Nodes;

impl Nodes {
    pub(super) fn their_expr(&mut self, expr: &Expr) {
        let all = expr;
        match expr {
            Expr::Array(it) => {
                self.their("[…]", all);
                it.elems.iter().for_each(|it| self.their_expr(it));
            }
            Expr::Assign(it) => {
                self.their("=", all);
                self.their_expr(&it.left);
                self.their_expr(&it.right);
            }
            Expr::Binary(it) => {
                self.their("binary", all);
                self.their("operator", &it.op);
                self.their_expr(&it.left);
                self.their_expr(&it.right);
            }
            Expr::Block(it) => {
                self.their("{…}", all);
                self.their_block(&it.block);
            }
            Expr::Break(it) => {
                self.their("break", all);
                it.expr.iter().for_each(|it| self.their_expr(it));
            }
            Expr::Call(it) => {
                self.their("call", all);
                self.their_expr(&it.func);
                it.args.iter().for_each(|it| self.their_expr(it));
            }
            Expr::Cast(it) => {
                self.their("as", all);
                self.their_expr(&it.expr);
                self.their_type(&it.ty);
            }
            Expr::Continue(_) => self.their("continue", all),
            _ => self.their_operand(expr),
        }
    }

    /// What is neither an operator's, a call nor a jump.
    fn their_operand(&mut self, all: &Expr) {
        match all {
            Expr::Field(it) => {
                self.their("field", all);
                self.their_expr(&it.base);
            }
            Expr::Index(it) => {
                self.their("index", all);
                self.their_expr(&it.expr);
                self.their_expr(&it.index);
            }
            Expr::Lit(_) => self.their("literal", all),
            Expr::Macro(it) => {
                self.their("macro", all);
                self.their_invocation(&it.mac);
            }
            Expr::MethodCall(it) => {
                self.their("method", all);
                self.their_expr(&it.receiver);
                it.args.iter().for_each(|it| self.their_expr(it));
            }
            Expr::Paren(it) => {
                self.their("(…)", all);
                self.their_expr(&it.expr);
            }
            Expr::Path(it) => self.their_path(&it.path),
            Expr::Range(it) => {
                self.their("range", all);
                it.start.iter().for_each(|it| self.their_expr(it));
                it.end.iter().for_each(|it| self.their_expr(it));
            }
            Expr::Reference(it) => {
                let mutable = it.mutability.is_some();
                self.their(if mutable { "&mut" } else { "&" }, all);
                self.their_expr(&it.expr);
            }
            Expr::Repeat(it) => {
                self.their("[…; N]", all);
                self.their_expr(&it.expr);
                self.their_expr(&it.len);
            }
            Expr::Return(it) => {
                self.their("return", all);
                it.expr.iter().for_each(|it| self.their_expr(it));
            }
            Expr::Struct(it) => {
                self.their("struct", all);
                self.their_path(&it.path);
                it.fields.iter().for_each(|it| self.their_expr(&it.expr));
                it.rest.iter().for_each(|it| self.their_expr(it));
            }
            Expr::Try(it) => {
                self.their("?", all);
                self.their_expr(&it.expr);
            }
            Expr::Tuple(it) => {
                self.their("(…, …)", all);
                it.elems.iter().for_each(|it| self.their_expr(it));
            }
            Expr::Unary(it) => {
                self.their("unary", all);
                self.their("operator", &it.op);
                self.their_expr(&it.expr);
            }
            _ => self.their_control(all),
        }
    }

    /// Expressions with blocks.
    fn their_control(&mut self, all: &Expr) {
        match all {
            Expr::ForLoop(it) => {
                self.their("for", all);
                self.their_pat(&it.pat);
                self.their_expr(&it.expr);
                self.their_block(&it.body);
            }
            Expr::If(it) => {
                self.their("if", all);
                self.their_expr(&it.cond);
                self.their_block(&it.then_branch);
                if let Some((_, block)) = &it.else_branch {
                    self.their_expr(block);
                }
            }
            Expr::Let(it) => {
                self.their("let", all);
                self.their_pat(&it.pat);
                self.their_expr(&it.expr);
            }
            Expr::Loop(it) => {
                self.their("loop", all);
                self.their_block(&it.body);
            }
            Expr::Match(it) => {
                self.their("match", all);
                self.their_expr(&it.expr);
                for arm in &it.arms {
                    self.their_pat(&arm.pat);
                    if let Some((_, guard)) = &arm.guard {
                        self.their_expr(guard);
                    }
                    self.their_expr(&arm.body);
                }
            }
            Expr::While(it) => {
                self.their("while", all);
                self.their_expr(&it.cond);
                self.their_block(&it.body);
            }
            _ => self.outside = true,
        }
    }
}
