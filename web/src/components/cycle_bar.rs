//! A bar of cycles by who spent them: application white, libOS hatched, kernel solid.

use yew::{Html, html};

use crate::view::words::decimal;

/// A bar of the cycles of application, libOS and kernel, in a box of that size that stands for `scale` cycles. Its
/// numbers stand in its label too.
pub(super) fn cycle_bar(
    class: Option<&'static str>,
    [application, libos, kernel]: [u64; 3],
    scale: u64,
    (width, height): (u32, u32),
) -> Html {
    let room = f64::from(width) - 1.0;
    let length = |cycles: u64| cycles as f64 * room / scale.max(1) as f64;
    let label = format!("{application} cycles application, {libos} libOS, {kernel} kernel");
    let mut x = 0.5;
    let parts = [("s-user", application), ("s-lib", libos), ("s-ker", kernel)].map(|(class, cycles)| {
        let (from, wide) = (x, length(cycles));
        x += wide;
        if cycles == 0 {
            return html! {};
        }
        html! {
            <rect {class} x={decimal(from, 2)} y="0.5" width={decimal(wide, 2)} height={(height - 1).to_string()} />
        }
    });
    html! {
        <svg {class} width={width.to_string()} height={height.to_string()}
            viewBox={format!("0 0 {width} {height}")} preserveAspectRatio="none" role="img" aria-label={label}>
            { for parts }
        </svg>
    }
}

/// What the three fills mean.
pub(super) fn cycle_key() -> Html {
    let swatch = |class: &'static str, word: &str| {
        html! {
            <span>
                <svg viewBox="0 0 18 10" aria-hidden="true"><rect {class} x="0.5" y="0.5" width="17" height="9" /></svg>{ word }
            </span>
        }
    };
    html! {
        <div class="keyline">
            { swatch("s-user", "application") }{ swatch("s-lib", "libOS") }{ swatch("s-ker", "kernel") }<span>{ "cycles" }</span>
        </div>
    }
}
