//! Plan after apply is empty, export then plan is empty, the order of files and keys never matters, and a change is the
//! one update that is planned: on a sandbox of each line.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use alertform::api::line::Line;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestRunner;

use super::changes::{Change, Choice, change, change_of_list};
use super::config;
use super::layout::{PATHS, files, shuffled};
use super::live::Live;
use super::projects::{Project, project};
use super::renames::rename;

/// How often a project is changed.
const CHANGES: usize = 4;

#[test]
fn the_laws_hold_on_open_distro() {
    the_laws_hold(Line::Odfe);
}

#[test]
fn the_laws_hold_on_1_3() {
    the_laws_hold(Line::V1_3);
}

#[test]
fn the_laws_hold_on_2_19() {
    the_laws_hold(Line::V2_19);
}

#[test]
fn the_laws_hold_on_3() {
    the_laws_hold(Line::V3);
}

fn the_laws_hold(line: Line) {
    let changes = prop::collection::vec(any::<Choice>(), CHANGES);
    let case = (project(line), changes, any::<Index>(), any::<u64>());
    let outcome = TestRunner::new(config(2)).run(&case, |(mut project, changes, renamed, seed)| {
        let mut live = Live::start(line);
        apply_leaves_nothing_to_do(&live, &project, seed)?;
        an_export_plans_clean(&mut live, &project)?;
        changes_are_one_update_each(&live, &mut project, &changes, seed)?;
        a_rename_loses_no_id(&live, &mut project, renamed)
    });
    if let Err(error) = outcome {
        panic!("{error}");
    }
}

fn apply_leaves_nothing_to_do(live: &Live, project: &Project, seed: u64) -> Result<(), TestCaseError> {
    declare(live, project, seed);
    the_order_makes_no_difference(live)?;
    live.run(&["apply", "--yes", "--dir", "project"], 0)?;
    live.must_be_as_declared("project", project)?;
    live.must_be_as_declared("shuffled", project)
}

/// Lays the project out as it is, and shuffled.
fn declare(live: &Live, project: &Project, seed: u64) {
    live.declare("project", &files(&project.documents()));
    live.declare("shuffled", &shuffled(&project.documents(), seed));
}

/// Plans the two folders alike, but for the places in their files.
fn the_order_makes_no_difference(live: &Live) -> Result<(), TestCaseError> {
    let [plain, shuffled] = ["project", "shuffled"].map(|dir| live.run(&["plan", "--dir", dir], 0));
    let (plain, shuffled) = (without_places(&plain?.stdout), without_places(&shuffled?.stdout));
    let differences: Vec<_> = plain.iter().zip(&shuffled).filter(|(one, other)| one != other).collect();
    prop_assert!(differences.is_empty(), "line {}: {differences:?}", live.line());
    prop_assert_eq!(plain.len(), shuffled.len());
    Ok(())
}

/// The paragraphs of a plan without the places in files: changes in their order, and behind them warnings, whose order
/// is that of the places.
fn without_places(plan: &str) -> Vec<String> {
    let mut paragraphs: Vec<String> = plan.split("\n\n").map(without_place).collect();
    let is_warning = |paragraph: &String| paragraph.starts_with("warning: ");
    paragraphs.sort_by_cached_key(|paragraph| is_warning(paragraph).then(|| paragraph.clone()));
    paragraphs
}

/// A paragraph without the place in its first line: `path:line` behind a change, `path:line:column: ` in a warning.
fn without_place(paragraph: &str) -> String {
    let (first, rest) = paragraph.split_once('\n').unwrap_or((paragraph, ""));
    let is_place = |word: &&str| PATHS.iter().any(|path| word.starts_with(&format!("{path}:")));
    let words: Vec<&str> = first.split(' ').filter(|word| !is_place(word)).collect();
    format!("{}\n{rest}", words.join(" "))
}

fn an_export_plans_clean(live: &mut Live, project: &Project) -> Result<(), TestCaseError> {
    live.run(&["export", "--out", "files", "--secrets", "secrets.env"], 0)?;
    live.run(&["export", "--out", "again", "--secrets", "again.env"], 0)?;
    prop_assert_eq!(tree(&live.cli.path("files")), tree(&live.cli.path("again")));
    let secrets = live.cli.read("secrets.env");
    prop_assert_eq!(&secrets, &live.cli.read("again.env"));
    for (name, value) in unquoted(&secrets) {
        live.cli.set(&name, &value);
    }
    live.cli.write("files/alertform.yaml", "project: laws\n");
    live.must_be_as_declared("files", project)?;
    // nor does it take the mark's word for what was sent
    live.save_without_marks();
    live.must_be_as_declared("files", project)?;
    live.must_be_as_declared("project", project)?;
    live.run(&["apply", "--yes", "--adopt", "--dir", "project"], 0)?;
    live.must_be_as_declared("project", project)
}

/// All files below a folder.
fn tree(dir: &Path) -> BTreeMap<PathBuf, String> {
    let mut files = BTreeMap::new();
    for entry in std::fs::read_dir(dir).into_iter().flatten() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            let folder = PathBuf::from(path.file_name().unwrap());
            files.extend(tree(&path).into_iter().map(|(name, text)| (folder.join(name), text)));
        } else {
            files.insert(path.file_name().unwrap().into(), std::fs::read_to_string(path).unwrap());
        }
    }
    files
}

/// What a shell makes of `NAME='value'` lines.
fn unquoted(lines: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = lines;
    while let Some((name, quoted)) = rest.split_once("='") {
        let quoted = quoted.replace(r"'\''", "\0");
        let (value, _) = quoted.split_once('\'').unwrap();
        let length = value.replace('\0', r"'\''").len();
        found.push((name.to_owned(), value.replace('\0', "'")));
        rest = &rest[name.len() + 2 + length + 2..];
    }
    found
}

fn changes_are_one_update_each(
    live: &Live,
    project: &mut Project,
    choices: &[Choice],
    seed: u64,
) -> Result<(), TestCaseError> {
    let line = live.line();
    for (number, choice) in choices.iter().enumerate() {
        let choose = if number % 2 == 0 { change_of_list } else { change };
        let change = choose(project, *choice, line);
        let keeps_names = change.keeps_names();
        let Change { index, place, after } = change;
        let key = format!("{} `{}`", after["kind"].as_str().unwrap(), after["name"].as_str().unwrap());
        project.replace(index, after);
        declare(live, project, seed);
        the_order_makes_no_difference(live)?;
        let screen = live.cli.run(&["plan", "--detailed-exitcode", "--dir", "project"]);
        prop_assert_eq!(screen.code, Some(2), "line {}: {}: {}: {}", line, key, place, screen);
        let expected =
            format!("plan: 0 to create, 1 to update, 0 to delete; {} unchanged\n", project.len() - 1);
        prop_assert!(screen.stdout.starts_with(&expected), "line {line}: {key}: {place}: {screen}");
        let updates: Vec<&str> = screen.stdout.lines().filter(|line| line.starts_with("~ ")).collect();
        prop_assert_eq!(updates.len(), 1, "line {}: {}: {}: {}", line, key, place, screen);
        let before = live.ids();
        live.run(&["apply", "--yes", "--dir", "project"], 0)?;
        live.must_be_as_declared("project", project)?;
        let after = live.ids();
        let is_lost = |(name, id): &(&String, &String)| {
            if keeps_names {
                after.get(*name) != Some(*id)
            } else {
                after.get(*name).is_some_and(|new| new != *id)
            }
        };
        let lost: Vec<_> = before.iter().filter(is_lost).collect();
        prop_assert!(lost.is_empty(), "line {line}: {key}: {place}: {lost:?}");
    }
    Ok(())
}

fn a_rename_loses_no_id(live: &Live, project: &mut Project, renamed: Index) -> Result<(), TestCaseError> {
    let before: BTreeSet<String> = live.ids().into_values().collect();
    let name = rename(project, renamed, live.line());
    live.declare("project", &files(&project.documents()));
    let screen = live.run(&["plan", "--dir", "project"], 0)?;
    let expected = format!("plan: 0 to create, 1 to update, 0 to delete; {} unchanged\n", project.len() - 1);
    prop_assert!(screen.stdout.starts_with(&expected), "line {}: {name}: {screen}", live.line());
    live.run(&["apply", "--yes", "--dir", "project"], 0)?;
    live.must_be_as_declared("project", project)?;
    let after: BTreeSet<String> = live.ids().into_values().collect();
    prop_assert_eq!(before, after, "line {}: {}", live.line(), name);
    Ok(())
}
