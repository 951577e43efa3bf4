//! The program of the page. In a browser it takes over the element `app`.

fn main() {
    #[cfg(target_arch = "wasm32")]
    exo_web::start();
    #[cfg(not(target_arch = "wasm32"))]
    println!("This is the program of a web page: `cargo xtask serve` builds it and shows it.");
}
