//! What a policy that compiles probably does not mean. Words and names are those of rustc's lints.
//!
//! Only a source without errors gets warnings: of a broken one, most would be untrue.

mod locals;
mod results;
mod unused;
mod uses;

pub(crate) use uses::{Node, Uses};

use crate::items::Context;
use crate::tree::FunctionId;

/// Reports the warnings of a source that has no error. Those of syntax alone are reported already.
pub(crate) fn all(context: &Context<'_>) {
    for index in 0..context.functions.len() {
        if let Some(body) = context.body(FunctionId(index)) {
            locals::check(context, &body);
            results::check(context, &body);
        }
    }
    unused::check(context);
}
