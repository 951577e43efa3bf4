//! The playground at the command line: run traces and applications under a policy, measure.
//!
//! Results go to standard output, everything else to standard error. Exit 0: done; 1: the run
//! failed (a policy broke, or has an error); 2: bad usage or input.

mod app;
mod attack;
mod bench;
mod check;
mod claims;
mod compare;
mod format;
mod libos;
mod net;
mod run;
mod session;
mod tables;

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// An exokernel at the command line: what a library operating system's policy does to a real trace.
#[derive(Debug, Parser)]
#[command(version, name = "exo")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs a trace or an application under a policy and prints what the machine counted.
    Run(run::RunArguments),
    /// Shows the applications that come along.
    App(app::AppArguments),
    /// Shows the library operating systems that come along.
    Libos(libos::LibosArguments),
    /// Compiles a policy and prints every error and warning.
    Check(check::CheckArguments),
    /// Lays a policy's source out as rustfmt does.
    Format(format::FormatArguments),
    /// Brings a session to a position and prints the machine's state there.
    Replay(session::ReplayArguments),
    /// Compares two runs, or two branches of one session: where they part, and what each comes to.
    Diff(session::DiffArguments),
    /// Says why something is as it is: the last step that changed it, and what led to that.
    Why(session::WhyArguments),
    /// Writes a run, or a part of it, in a format that other programs read.
    Export(session::ExportArguments),
    /// Prints the link of a session.
    Link(session::LinkArguments),
    /// Shows the scenarios that come along, and checks one's own.
    Scenario(session::ScenarioArguments),
    /// Runs traces under the exokernel, a microkernel and a monolithic kernel, side by side.
    Compare(compare::CompareArguments),
    /// Runs the published experiments and prints each figure of the paper with ours.
    Tables(tables::TablesArguments),
    /// Says what the paper claims, where it is to be seen, and whether it holds here.
    Claims(claims::ClaimsArguments),
    /// Runs a malicious libOS beside an honest one, and says what stopped it.
    Attack(attack::AttackArguments),
    /// Says which filter has each packet of a capture, and what it takes to find out.
    Net(net::NetArguments),
    /// Measures the replay, natively and in Wasm, against a bare loop over the same trace.
    Bench(bench::BenchArguments),
}

/// Why a command did not do what was asked.
#[derive(Debug)]
pub enum Failure {
    /// The run failed: exit 1.
    Run(String),
    /// Bad usage or input: exit 2.
    Input(String),
}

/// Prints a result. A reader that has gone away (a closed pipe) has what it wanted.
///
/// # Errors
/// If it cannot be written.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut output = std::io::stdout().lock();
    let written = writeln!(output, "{text}").and_then(|()| output.flush());
    match written {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::Run(format!("cannot write the result: {error}")))
        }
        _ => Ok(()),
    }
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().command {
        Command::Run(arguments) => run::run(&arguments),
        Command::App(arguments) => app::app(&arguments),
        Command::Libos(arguments) => libos::libos(&arguments),
        Command::Check(arguments) => check::check(&arguments),
        Command::Format(arguments) => format::format(&arguments),
        Command::Replay(arguments) => session::replay(&arguments),
        Command::Diff(arguments) => session::diff(&arguments),
        Command::Why(arguments) => session::why(&arguments),
        Command::Export(arguments) => session::export(&arguments),
        Command::Link(arguments) => session::link(&arguments),
        Command::Scenario(arguments) => session::scenario(&arguments),
        Command::Compare(arguments) => compare::compare(&arguments),
        Command::Tables(arguments) => tables::tables(&arguments),
        Command::Claims(arguments) => claims::claims(&arguments),
        Command::Attack(arguments) => attack::attack(&arguments),
        Command::Net(arguments) => net::net(&arguments),
        Command::Bench(arguments) => bench::bench(&arguments),
    };
    let (code, message) = match outcome {
        Ok(()) => return ExitCode::SUCCESS,
        Err(Failure::Run(message)) => (1, message),
        Err(Failure::Input(message)) => (2, message),
    };
    eprintln!("exo: {message}");
    ExitCode::from(code)
}
