//! Chains of fields, methods and `?`.

use crate::syntax;
use crate::syntax::Expr;

use super::flat::{LIST_WIDTH, is_call};
use super::source::Source;
use super::{Exotic, Formatted, Place, blank, first_width, width};

/// A field or method of a chain, with the `?` after it.
struct Link<'e, 's> {
    name: String,
    call: Option<&'e syntax::ExprMethodCall<'s>>,
    tries: usize,
}

/// What a chain begins with, the `?` after that, and the links.
type Chain<'e, 's> = (&'e Expr<'s>, usize, Vec<Link<'e, 's>>);

/// Chains that begin with so few characters go on in the line.
const SHORT_ROOT: usize = 4;

impl Source<'_> {
    pub(super) fn chain(&self, expr: &Expr, place: Place) -> Formatted {
        let (root, root_tries, mut links) = self.links(expr)?;
        let tries = "?".repeat(root_tries);
        let more = links.iter().map(|link| link.tries + 1).sum::<usize>() + root_tries;
        let tail = if links.is_empty() {
            place.tail + more
        } else {
            more
        };
        let mut root = self.expr(root, Place { tail, ..place })?;
        root.push_str(&tries);
        if links.is_empty() {
            return Ok(root);
        }
        let count = links.len();
        let short = SHORT_ROOT.saturating_sub(place.column - place.indent.min(place.column));
        while width(&root) <= short && !root.contains('\n') && !links.is_empty() {
            let link = links.remove(0);
            let tail = if links.is_empty() { place.tail } else { 0 };
            let text = self.link(
                &link,
                Place {
                    tail,
                    ..place.after(&root)
                },
            )?;
            root.push_str(&text);
        }
        let Some(last) = links.pop() else {
            return Ok(root);
        };
        let line = Place {
            tail: 0,
            ..place.next()
        };
        let mut rows = vec![root];
        for link in &links {
            rows.push(self.link(link, line)?);
        }
        if rows.iter().any(|row| row.contains('\n')) {
            return Err(Exotic);
        }
        let joined = rows.concat();
        let budget = match count {
            1 => place.width(),
            _ => place.width().min(LIST_WIDTH),
        };
        let budget = budget.saturating_sub(width(&joined) + last.tries);
        let below = self.link(
            &last,
            Place {
                tail: place.tail,
                ..line
            },
        )?;
        if budget > 0
            && let Ok(here) = self.link(&last, place.after(&joined))
        {
            let lines = |text: &str| text.matches('\n').count() + 1;
            let fits = first_width(&here) <= budget;
            if fits && (lines(&here) >= 5 || lines(&below) >= lines(&here)) {
                return Ok(format!("{joined}{here}"));
            }
        }
        rows.push(below);
        Ok(rows.join(&format!("\n{}", blank(line.indent))))
    }

    /// What a chain begins with, and its links in order.
    fn links<'e, 's>(&self, expr: &'e Expr<'s>) -> Result<Chain<'e, 's>, Exotic> {
        let mut links = Vec::new();
        let mut at = expr;
        let mut tries = 0;
        loop {
            match at {
                Expr::Try(it) => {
                    tries += 1;
                    at = &it.expr;
                }
                Expr::Field(it) => {
                    let member = self.slice(&self.range(&it.member));
                    links.push(Link {
                        name: format!(".{member}"),
                        call: None,
                        tries: std::mem::take(&mut tries),
                    });
                    at = &it.base;
                }
                Expr::MethodCall(it) => {
                    if it.turbofish.is_some() {
                        return Err(Exotic);
                    }
                    links.push(Link {
                        name: format!(".{}", it.method),
                        call: Some(it),
                        tries: std::mem::take(&mut tries),
                    });
                    at = &it.receiver;
                }
                root => {
                    links.reverse();
                    return Ok((root, tries, links));
                }
            }
        }
    }

    fn link(&self, link: &Link<'_, '_>, place: Place) -> Formatted {
        let tries = "?".repeat(link.tries);
        let Some(call) = link.call else {
            return Ok(format!("{}{tries}", link.name));
        };
        let place = place.before(link.tries);
        let arguments: Option<Vec<String>> = call
            .args
            .iter()
            .map(|argument| self.one_line(argument))
            .collect();
        if let Some(arguments) = arguments {
            let flat = arguments.join(", ");
            let line = format!("{}({flat})", link.name);
            let alone = call.args.len() == 1 && !call.args.iter().any(is_call);
            let narrow = alone || width(&flat) <= LIST_WIDTH;
            if narrow && width(&line) <= place.width() {
                return Ok(format!("{line}{tries}"));
            }
        }
        let range = self.range_of(call.parens.join());
        let list = self.list(call.args.iter(), range, "()", place.after(&link.name))?;
        Ok(format!("{}{list}{tries}", link.name))
    }
}
