//! The merged filters as nested lists: questions, answers, and who has what gives them. The way of the packet
//! that is looked at is heavier, and told in words.

use yew::{Html, classes, html};

use super::packets::claim;
use crate::view::{AnswerView, BranchView};

/// The tree from its root on.
pub(super) fn trie(root: &AnswerView) -> Html {
    html! { <>{ ends(root) }{ behind(root) }</> }
}

fn ends(answer: &AnswerView) -> Html {
    let end = |(who, has): &(_, bool)| {
        html! {
            <span class={classes!("ends", has.then_some("has"))}>{ claim(who) }if *has { { " has this packet" } }</span>
        }
    };
    html! { <>{ for answer.ends.iter().map(end) }</> }
}

fn behind(answer: &AnswerView) -> Html {
    if answer.branches.is_empty() {
        return html! {};
    }
    html! { <ul>{ for answer.branches.iter().map(branch) }</ul> }
}

/// A question; with its answer, if it waits for one only.
fn branch(branch: &BranchView) -> Html {
    let said = branch.said.as_deref();
    let asks = html! { <span class="asks">{ &branch.asks }</span> };
    let class = classes!(said.map(|_| "asked"), branch.taken.then_some("taken"));
    if let ([only], 0) = (&branch.answers[..], branch.more) {
        let value = (!only.value.is_empty())
            .then(|| html! { <span class="value">{ format!(" = {}", only.value) }</span> });
        let class = classes!(class, only.won.then_some("won"));
        return html! { <li {class}>{ asks }{ value }{ told(said) }{ ends(only) }{ behind(only) }</li> };
    }
    let answer = |answer: &AnswerView| {
        html! {
            <li class={classes!(answer.taken.then_some("taken"), answer.won.then_some("won"))}><span class="value">{ format!("= {}", answer.value) }</span>{ ends(answer) }{ behind(answer) }</li>
        }
    };
    html! {
        <li {class}>{ asks }{ told(said) }<ul>
            { for branch.answers.iter().map(answer) }
            if branch.more > 0 { <li class="dim">{ format!("and {} other values", branch.more) }</li> }
        </ul></li>
    }
}

fn told(said: Option<&str>) -> Html {
    html! { if let Some(said) = said { <span class="said">{ format!(" {said}") }</span> } }
}
