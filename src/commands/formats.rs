//! Writes a plan, what became of it, or why there is none, in each format that was asked for.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};

use crate::apply::Report;
use crate::cli::{Format, Output};
use crate::error::Error;
use crate::output::{harmless, print, print_json};
use crate::plan::Plan;
use crate::render::markdown::{Subject, What};
use crate::render::matrix::Outcome;
use crate::render::{chat, github, gitlab, json, markdown, report, text};

/// Sees whether all files can be written, before anything is done that they are to tell of.
pub fn check(output: &Output) -> Result<(), Error> {
    let check = |(_, file): &(Format, PathBuf)| {
        let opened = fs::File::options().append(true).create(true).open(file);
        opened.map(|_| ()).map_err(|source| {
            let error = Error::Unwritable { path: file.clone(), source };
            // nobody was told of anything yet
            Error::usage(error.to_string(), error.hint().unwrap_or_default())
        })
    };
    output.report.iter().try_for_each(check)
}

/// Writes a plan.
pub fn write_plan(output: &Output, dir: &Path, plan: &Plan) -> Result<(), Error> {
    write(output, |format| of_plan(output, dir, plan, format))
}

fn of_plan(output: &Output, dir: &Path, plan: &Plan, format: Format) -> String {
    match format {
        Format::Text => text::plan(plan),
        Format::Json => json::plan(plan, None),
        Format::Markdown => markdown::plan(plan, output.markdown_bytes),
        Format::Github => github::plan(plan, dir),
        Format::Gitlab => gitlab::counts(plan.counts()),
        Format::Chat => chat::plan(plan),
    }
}

/// Writes what became of a plan; people have seen the plan before on stdout, and find it in a file of their own.
pub fn write_report(output: &Output, dir: &Path, plan: &Plan, made: &Report) -> Result<(), Error> {
    let whole = |format| match format {
        Format::Text => format!("{}\n{}", text::plan(plan), report::text(made)),
        Format::Json => json::plan(plan, Some(made)),
        Format::Markdown => markdown::report(plan, made, output.markdown_bytes),
        Format::Github => github::report(plan, made, dir),
        Format::Gitlab => gitlab::counts(made.counts()),
        Format::Chat => chat::report(plan, made),
    };
    let shown = match output.format {
        Format::Text => print(&format!("\n{}", report::text(made))),
        format => show(format, &whole(format)),
    };
    // what was done is done: each reader is told of it who can be told
    write_files(output, whole).and(shown)
}

/// Writes a plan of which nothing was to be done, or nothing could be; people have seen it.
pub fn write_unapplied(output: &Output, dir: &Path, plan: &Plan) -> Result<(), Error> {
    let whole = |format| match format {
        Format::Markdown => markdown::unapplied(plan, output.markdown_bytes),
        format => of_plan(output, dir, plan, format),
    };
    let shown = match output.format {
        Format::Text => Ok(()),
        format => show(format, &whole(format)),
    };
    write_files(output, whole).and(shown)
}

/// Writes what came of several environments.
pub fn write_several(
    output: &Output,
    what: What,
    project: &str,
    dir: &Path,
    outcomes: &[Outcome],
) -> Result<(), Error> {
    write(output, |format| match format {
        // the plans stand above what became of them
        Format::Text if what == What::Apply => format!("\n{}", text::several(outcomes)),
        Format::Text => text::several(outcomes),
        Format::Json => json::several(outcomes),
        Format::Markdown => markdown::several(what, project, outcomes, output.markdown_bytes),
        Format::Github => github::several(outcomes, dir),
        // a sum without one of them would say too little
        Format::Gitlab if outcomes.iter().any(|one| one.plan().is_none()) => String::new(),
        Format::Gitlab => gitlab::counts(outcomes.iter().map(Outcome::counts).sum()),
        Format::Chat => chat::several(outcomes),
    })
}

/// Shows why there is no plan where it would stand; people read it on stderr, as any error.
pub fn write_error(
    output: &Output,
    what: What,
    subject: Subject<'_>,
    dir: &Path,
    error: &Error,
) -> Result<(), Error> {
    let problems = error.findings();
    write(output, |format| match format {
        // a count of nothing would say that all is well
        Format::Text | Format::Gitlab => String::new(),
        Format::Json => json::no_plan(subject.environment, &problems),
        Format::Markdown => markdown::no_plan(what, subject, &problems, output.markdown_bytes),
        Format::Github => github::no_plan(subject.environment, &problems, dir),
        Format::Chat => chat::no_plan(&problems),
    })
}

fn write(output: &Output, text: impl Fn(Format) -> String) -> Result<(), Error> {
    let shown = show(output.format, &text(output.format));
    write_files(output, &text).and(shown)
}

/// Writes all files that can be written; an error is that of the first one that can't.
fn write_files(output: &Output, text: impl Fn(Format) -> String) -> Result<(), Error> {
    let write = |(format, file): &(Format, PathBuf)| {
        let text = text(*format);
        let text = if is_for_programs(*format) { Cow::Borrowed(&*text) } else { harmless(&text) };
        fs::write(file, text.as_bytes()).map_err(|source| Error::Unwritable { path: file.clone(), source })
    };
    output.report.iter().map(write).fold(Ok(()), Result::and)
}

fn show(format: Format, text: &str) -> Result<(), Error> {
    if is_for_programs(format) { print_json(text) } else { print(text) }
}

/// Whether each byte counts, and no eye sees it.
fn is_for_programs(format: Format) -> bool {
    matches!(format, Format::Json | Format::Gitlab)
}
