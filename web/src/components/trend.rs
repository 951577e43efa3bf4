//! How a hit rate has gone over the run, in the head of a panel.

use yew::{Html, html};

use crate::view::{TREND_HIGH, TREND_WIDE, TrendView};

/// The line, and which rates its edges are. Nothing before there is one.
pub(super) fn trend(of: &str, trend: Option<&TrendView>) -> Html {
    let Some(trend) = trend else {
        return Html::default();
    };
    let words = format!(
        "Hits of the {of} over the run, all environments together: {}; each in Charts…",
        trend.span
    );
    html! {
        <span class="trend" role="img" aria-label={words.clone()} title={words}>
            <svg viewBox={format!("0 0 {TREND_WIDE} {TREND_HIGH}")} preserveAspectRatio="none" aria-hidden="true">
                <path class="past" d={format!("M0 0H{}V{TREND_HIGH}H0z", trend.here)} />
                <path d={trend.line.clone()} />
            </svg>
            <span aria-hidden="true">{ &trend.span }</span>
        </span>
    }
}
