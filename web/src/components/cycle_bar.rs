//! A bar of cycles by who spent them: application white, libOS hatched, kernel solid.

use yew::{AttrValue, Html, Properties, classes, component, html};

use crate::view::words::decimal;

/// What the bar shows.
#[derive(Properties, PartialEq, Eq)]
pub struct CycleBarProps {
    /// Cycles of application, libOS, kernel.
    pub cycles: [u64; 3],
    /// Cycles of a bar as long as its box.
    pub scale: u64,
    /// Size of the box.
    #[prop_or((304, 10))]
    pub size: (u32, u32),
    /// A class of its own.
    #[prop_or_default]
    pub class: AttrValue,
}

/// A bar of cycles. Its numbers stand in its label too.
#[component]
pub fn CycleBar(props: &CycleBarProps) -> Html {
    let [application, libos, kernel] = props.cycles;
    let (width, height) = props.size;
    let room = f64::from(width) - 1.0;
    let length = |cycles: u64| cycles as f64 * room / props.scale.max(1) as f64;
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
        <svg class={classes!(props.class.to_string())} width={width.to_string()} height={height.to_string()}
            viewBox={format!("0 0 {width} {height}")} preserveAspectRatio="none" role="img" aria-label={label}>
            { for parts }
        </svg>
    }
}

/// What the three fills mean.
#[component]
pub fn CycleKey() -> Html {
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
