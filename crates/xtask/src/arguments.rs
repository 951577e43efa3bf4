//! The command line of `cargo xtask`.

/// The port that `serve` takes when none is named.
pub const DEFAULT_PORT: u16 = 8080;

/// What is printed for `cargo xtask help`.
pub const HELP: &str = "\
Usage: cargo xtask <command>

  serve [--port N]  set up what is missing, build the page, and serve it (port 8080)
  test              set up what is missing, and run every test

  generate          write what is made from crates/prelude/interface.toml
  setup             only set up what `serve` and `test` need
  build             set up what is missing, and build the page into dist/
  safe              show the kernel safe at length: exploration, model, pairs, sweeps, simulation
  mutants           show that the tests notice each named mistake of the kernel
  bench-wasm [WORD] measure in headless Chromium what has WORD in its name (`exo bench` calls this)
  bench-page        measure the page in headless Chromium: opening, stepping, frames, the map
  screenshots       make a picture of each screen, and those of the README
  sizes             print what a visitor loads, and what the compiler of policies adds to it
  help              print this

The first run on a machine sets tools up, which takes some minutes; later runs find them in the user's
cache directory.
";

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Set up everything.
    Setup,
    /// Build the page.
    Build,
    /// Build the page and serve it.
    Serve {
        /// The port to serve it at.
        port: u16,
    },
    /// Run every test.
    Test,
    /// Write what is made from the table of system calls.
    Generate,
    /// Measure in Wasm.
    BenchWasm {
        /// What the names of the measurements hold; none for all of them.
        word: Option<String>,
    },
    /// Show the kernel safe at length.
    Safe,
    /// Show that the tests notice each named mistake of the kernel.
    Mutants,
    /// Measure the built page in the browser.
    BenchPage,
    /// Make a picture of each screen.
    Screenshots,
    /// Print how large the compiler of policies is.
    Sizes,
    /// Print the help.
    Help,
}

impl Command {
    /// The command in these words, or a sentence that says what is wrong with them.
    pub fn parse(words: &[String]) -> Result<Self, String> {
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (command, rest) = match words.split_first() {
            None => return Err("Say what to do.".to_owned()),
            Some((&"serve", rest)) => return Ok(Self::Serve { port: port(rest)? }),
            Some((&"setup", rest)) => (Self::Setup, rest),
            Some((&"generate", rest)) => (Self::Generate, rest),
            Some((&"build", rest)) => (Self::Build, rest),
            Some((&"test", rest)) => (Self::Test, rest),
            Some((&"safe", rest)) => (Self::Safe, rest),
            Some((&"mutants", rest)) => (Self::Mutants, rest),
            Some((&"bench-page", rest)) => (Self::BenchPage, rest),
            Some((&"screenshots", rest)) => (Self::Screenshots, rest),
            Some((&"sizes", rest)) => (Self::Sizes, rest),
            Some((&"bench-wasm", rest)) => {
                let (word, rest) = match rest.split_first() {
                    Some((word, rest)) => (Some((*word).to_owned()), rest),
                    None => (None, rest),
                };
                (Self::BenchWasm { word }, rest)
            }
            Some((&("help" | "--help" | "-h"), rest)) => (Self::Help, rest),
            Some((other, _)) => return Err(format!("There is no command `{other}`.")),
        };
        match rest.first() {
            None => Ok(command),
            Some(extra) => Err(format!("`{}` takes no `{extra}`.", words[0])),
        }
    }
}

/// The port in the words after `serve`.
fn port(words: &[&str]) -> Result<u16, String> {
    let text = match words {
        [] => return Ok(DEFAULT_PORT),
        ["--port", text] => text,
        ["--port"] => return Err("`--port` needs a number after it.".to_owned()),
        [word] if word.starts_with("--port=") => &word["--port=".len()..],
        [word, ..] => return Err(format!("`serve` takes no `{word}`.")),
    };
    text.parse()
        .map_err(|_| format!("`{text}` is no port: a port is a number from 0 to 65535."))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str) -> Result<Command, String> {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        Command::parse(&words)
    }

    #[test]
    fn every_command_is_understood() {
        assert_eq!(parse("setup"), Ok(Command::Setup));
        assert_eq!(parse("build"), Ok(Command::Build));
        assert_eq!(parse("generate"), Ok(Command::Generate));
        assert_eq!(parse("test"), Ok(Command::Test));
        assert_eq!(parse("sizes"), Ok(Command::Sizes));
        assert_eq!(parse("screenshots"), Ok(Command::Screenshots));
        assert_eq!(parse("bench-page"), Ok(Command::BenchPage));
        assert_eq!(parse("mutants"), Ok(Command::Mutants));
        assert_eq!(parse("--help"), Ok(Command::Help));
        assert_eq!(parse("serve"), Ok(Command::Serve { port: DEFAULT_PORT }));
    }

    #[test]
    fn the_port_may_be_written_in_both_ways() {
        assert_eq!(
            parse("serve --port 9000"),
            Ok(Command::Serve { port: 9000 })
        );
        assert_eq!(
            parse("serve --port=9000"),
            Ok(Command::Serve { port: 9000 })
        );
    }

    #[test]
    fn bad_usage_is_named() {
        for (line, part) in [
            ("", "Say what to do"),
            ("sevre", "`sevre`"),
            ("test --fast", "`--fast`"),
            ("serve --port", "needs a number"),
            ("serve --port 70000", "`70000` is no port"),
            ("serve here", "`here`"),
        ] {
            let message = parse(line).unwrap_err();
            assert!(message.contains(part), "{message}");
        }
    }
}
