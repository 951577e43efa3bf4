//! `cargo xtask`: sets up, builds, serves and tests the playground.

mod arguments;
mod axe;
mod browser;
mod budget;
mod bundle;
mod debian;
mod generate;
mod inputs;
mod layout;
mod node;
mod offline;
mod page;
mod places;
mod process;
mod program;
mod report;
mod safe;
mod screenshots;
mod seal;
mod setup;
mod shrink;
mod sizes;
mod stages;
mod standard_library;
mod tools;
mod wasm_toolchain;

use std::process::ExitCode;

use anyhow::{Context, Result};
use xtask::page_server::PageServer;

use crate::arguments::{Command, HELP};
use crate::places::{Cache, Workspace};

/// What the process returns when its command line makes no sense.
const BAD_USAGE: u8 = 2;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let command = match Command::parse(&words) {
        Ok(command) => command,
        Err(message) => {
            eprint!("{message}\n\n{HELP}");
            return ExitCode::from(BAD_USAGE);
        }
    };
    match run(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Does what the command says.
fn run(command: Command) -> Result<()> {
    match command {
        Command::Help => print!("{HELP}"),
        Command::Setup => {
            setup::for_tests(&Workspace::locate()?, &Cache::locate()?)?;
            println!("Everything is set up.");
        }
        Command::Build => {
            let workspace = Workspace::locate()?;
            let page = page::build(&workspace, &setup::for_page(&workspace, &Cache::locate()?)?)?;
            println!("The page is in {}", page.display());
        }
        Command::Generate => generate()?,
        Command::BenchWasm { word } => {
            stages::bench_wasm(&Workspace::locate()?, word.as_deref())?;
        }
        Command::Safe => safe::run(&Workspace::locate()?)?,
        Command::Mutants => safe::mutants(&Workspace::locate()?)?,
        Command::BenchPage => stages::bench_page(&Workspace::locate()?)?,
        Command::Screenshots => screenshots::run(&Workspace::locate()?)?,
        Command::Sizes => print_sizes()?,
        Command::Serve { port } => serve(port)?,
        Command::Test => stages::run(&Workspace::locate()?)?,
    }
    Ok(())
}

/// Prints what the compiler of policies adds to the page, and what a visitor loads in all.
fn print_sizes() -> Result<()> {
    let workspace = Workspace::locate()?;
    sizes::run(&workspace)?;
    let kit = setup::for_page(&workspace, &Cache::locate()?)?;
    budget::check(&page::build(&workspace, &kit)?)
}

/// Brings the files that are made from the table up to date.
fn generate() -> Result<()> {
    let written = generate::run(&Workspace::locate()?.root)?;
    for path in &written {
        println!("written: {path}");
    }
    if written.is_empty() {
        println!("Everything is up to date.");
    }
    Ok(())
}

/// Builds the page and serves it until the process is stopped.
fn serve(port: u16) -> Result<()> {
    // First of all, so that nobody waits for a build whose page then has nowhere to go.
    let server = PageServer::bind(port).with_context(|| port_refusal(port))?;
    let workspace = Workspace::locate()?;
    let page = page::build(&workspace, &setup::for_page(&workspace, &Cache::locate()?)?)?;
    println!("The playground is at {} (Ctrl+C stops it)", server.url());
    server.serve(&page);
    Ok(())
}

/// What to do when the port cannot be had; the reason comes after it.
fn port_refusal(port: u16) -> String {
    let other = port.checked_add(1).unwrap_or(arguments::DEFAULT_PORT);
    format!(
        "Port {port} is taken or not allowed. Stop what uses it, or choose another: \
         `cargo xtask serve --port {other}`"
    )
}
