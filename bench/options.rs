//! What to measure, from the command line.

use alertform::api::line::Line;

use super::Result;

/// What to measure.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many monitors, each a row of measures.
    pub sizes: Vec<usize>,
    /// A real server; a sandbox in a process of its own without it.
    pub url: Option<String>,
    /// The line that the sandbox plays, or that the real server is of.
    pub line: Line,
    /// How often each thing is measured.
    pub runs: usize,
}

const USAGE: &str = "bench/run [--sizes 100,1000,10000] [--url URL] [--line 2.19] [--runs 5]";

impl Options {
    /// Reads the arguments after the program's name.
    pub fn parse(arguments: &[String]) -> Result<Self> {
        let mut options = Options { sizes: vec![100, 1000, 10_000], url: None, line: Line::V2_19, runs: 5 };
        let mut rest = arguments.iter();
        while let Some(name) = rest.next() {
            if name == "--bench" {
                // cargo says so to every benchmark
                continue;
            }
            let known = ["--sizes", "--url", "--line", "--runs"].contains(&name.as_str());
            let value = rest.next().filter(|_| known).ok_or_else(|| format!("expected {USAGE}"))?;
            match name.as_str() {
                "--sizes" => {
                    options.sizes =
                        value.split(',').map(str::parse).collect::<std::result::Result<_, _>>()?;
                }
                "--url" => options.url = Some(value.trim_end_matches('/').to_owned()),
                "--line" => options.line = value.parse()?,
                _ => options.runs = value.parse()?,
            }
        }
        if options.runs == 0 || options.sizes.contains(&0) {
            return Err("expected at least 1 run and 1 monitor".into());
        }
        Ok(options)
    }
}
