//! How fast the page is, in figures: printed by `cargo xtask bench-page`, and asserted by nothing, as a
//! time that is asserted fails on a busy machine.

use serde_json::{Value, json};

use crate::driver::wait_for;
use crate::page::{Page, address};

/// Steps of which the mean is printed.
const STEPS: u64 = 40;
/// How often a run at full speed is looked at: the best is the page's, the others the machine's.
const RUNS: usize = 3;
/// How long frames are looked at while it runs at full speed.
const RUNS_FOR: std::time::Duration = std::time::Duration::from_secs(4);

/// Notes when the page can be used first: its machine is there, and a frame has been drawn since.
const NOTE_WHEN_READY: &str = "
    const look = () => {
        if (typeof window.exokernel === 'object' && document.getElementById('step')) {
            requestAnimationFrame(() => { window.exokernelReady = performance.now(); });
        } else {
            setTimeout(look, 5);
        }
    };
    look();";

/// Notes the longest time between two frames from now on; whoever looks sets it back.
const NOTE_FRAMES: &str = "
    window.exokernelFrames = { longest: 0, count: 0 };
    let before = performance.now();
    const frame = now => {
        const frames = window.exokernelFrames;
        if (frames.count > 0) { frames.longest = Math.max(frames.longest, now - before); }
        frames.count += 1;
        before = now;
        requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);";

impl Page {
    /// Milliseconds that the main thread has worked since the page was opened, by the browser's own account:
    /// what other programs take of the processor meanwhile is not in it.
    fn busy_ms(&self) -> f64 {
        let answer = self.driver.devtools_answer("Performance.getMetrics");
        let metrics = answer["metrics"].as_array().expect("metrics");
        let busy = metrics.iter().find(|it| it["name"] == "TaskDuration");
        busy.and_then(|it| it["value"].as_f64())
            .expect("a duration")
            * 1000.0
    }

    /// What one press of a button costs the main thread until its frame is drawn, in the mean.
    fn press_ms(&self, button: &str) -> f64 {
        let script = "
            const [name, count, done] = arguments;
            const button = [...document.querySelectorAll('button')]
                .find(it => it.getAttribute('aria-label') === name || it.textContent.trim() === name);
            let left = count;
            const next = () => {
                if (left === 0) { done(true); return; }
                left -= 1;
                button.click();
                requestAnimationFrame(() => setTimeout(next, 0));
            };
            next();";
        self.driver.execute_async(script, json!([button, 3]));
        let before = self.busy_ms();
        self.driver.execute_async(script, json!([button, STEPS]));
        (self.busy_ms() - before) / STEPS as f64
    }

    fn figure(&self, script: &str) -> Value {
        self.driver.execute(&format!("return {script}"), json!([]))
    }
}

#[test]
#[ignore = "prints figures: `cargo xtask bench-page`"]
fn the_page_is_measured() {
    let page = Page::open();
    let domain = json!({ "timeDomain": "threadTicks" });
    page.driver.devtools("Performance.enable", domain);
    page.driver.devtools(
        "Page.addScriptToEvaluateOnNewDocument",
        json!({ "source": NOTE_WHEN_READY }),
    );
    let mut ready: Vec<f64> = (0..5)
        .map(|_| {
            page.driver.open("about:blank");
            page.driver.open(address());
            page.wait_for_the_machine();
            wait_for("it is ready", || {
                page.figure("window.exokernelReady").as_f64()
            })
        })
        .collect();
    ready.sort_by(f64::total_cmp);
    println!(
        "the page can be used after {:.0} ms (median of 5; slowest {:.0} ms; asked 2,000)",
        ready[2], ready[4]
    );
    for button in ["Step", "Step back"] {
        let cost = page.press_ms(button);
        println!("{button} near the beginning: {cost:.1} ms of the main thread");
    }

    scenario(&page, "attack-replay");
    page.go_to_step(1_000_000);
    for button in ["Step", "Step back"] {
        let cost = page.press_ms(button);
        println!("{button} at step one million: {cost:.1} ms of the main thread (asked 16)");
    }
    page.driver.execute(NOTE_FRAMES, json!([]));
    let runs: Vec<f64> = (0..RUNS).map(|_| longest_frame_ms(&page)).collect();
    println!(
        "at full speed, from reset to step {}: longest frame {:.0} ms, the best of {RUNS} runs; \
         the worst {:.0} ms (asked 50)",
        page.step(),
        runs.iter().copied().fold(f64::MAX, f64::min),
        runs.iter().copied().fold(0.0, f64::max),
    );

    page.open_large();
    let cost = page.press_ms("Next fault");
    println!("Next fault with 65,536 frames on the map: {cost:.1} ms of the main thread");
    let cost = redraw_ms(&page);
    println!("the whole map of 65,536 frames is redrawn in {cost:.1} ms (asked 8)");
}

/// Runs from reset at full speed, to the end and beyond it, and gives the longest time between two frames.
fn longest_frame_ms(page: &Page) -> f64 {
    page.click("Reset to step 0");
    page.speed("full");
    page.driver
        .execute("window.exokernelFrames.longest = 0", json!([]));
    page.click("Run");
    std::thread::sleep(RUNS_FOR);
    let longest = page.figure("window.exokernelFrames.longest");
    longest.as_f64().expect("a time")
}

/// Opens a scenario that comes along.
fn scenario(page: &Page, name: &str) {
    page.click("Share…");
    page.click(name);
    page.wait_for_words("#notice", "paused");
}

/// Milliseconds from where the canvas is emptied to the last call that draws on it; a change of theme draws it anew.
fn redraw_ms(page: &Page) -> f64 {
    let script = "
        const done = arguments[arguments.length - 1];
        let spent = 0, first = null;
        const size = Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, 'width');
        Object.defineProperty(HTMLCanvasElement.prototype, 'width', {
            get: size.get,
            set(value) { first = performance.now(); size.set.call(this, value); },
        });
        for (const name of ['fillRect', 'clearRect', 'drawImage', 'putImageData', 'fillText', 'fill', 'stroke', 'strokeRect']) {
            const own = CanvasRenderingContext2D.prototype[name];
            CanvasRenderingContext2D.prototype[name] = function (...values) {
                const result = own.apply(this, values);
                if (first !== null) { spent = performance.now() - first; }
                return result;
            };
        }
        [...document.querySelectorAll('button')].find(it => (it.getAttribute('aria-label') || '').startsWith('Theme')).click();
        requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(spent), 50)));";
    let spent = page.driver.execute_async(script, json!([]));
    spent.as_f64().expect("a time")
}
