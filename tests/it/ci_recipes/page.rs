//! `docs/ci/README.md` names what the recipes need, and the recipes are nothing to a project beside them.

use std::collections::BTreeSet;
use std::path::Path;

use alertform::source::{Surroundings, load};

use super::machine::repository;

const RECIPES: [&str; 4] = ["github.yml", "gitlab-ci.yml", "atlantis.yaml", "kubernetes.yaml"];

/// What of the variables of a recipe each runner sets by itself, or the recipe.
const GIVEN: [&str; 4] = ["CI_", "GITHUB_", "GH_TOKEN", "PULL_REQUEST"];

/// All names of variables in a text: in capitals, with `_` in them.
fn names(text: &str) -> BTreeSet<&str> {
    let words = text.split(|c: char| !(c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'));
    words.filter(|word| word.contains('_') && word.len() > 3).collect()
}

#[test]
fn the_page_names_each_recipe_and_each_variable_that_must_be_set() {
    let page = repository("docs/ci/README.md");
    for recipe in RECIPES {
        assert!(page.contains(&format!("({recipe})")), "{recipe}");
        let text = repository(&format!("docs/ci/{recipe}"));
        for name in names(&text) {
            let is_given = GIVEN.iter().any(|given| name.starts_with(given)) || name == "GIT_STRATEGY";
            assert!(is_given || page.contains(&format!("`{name}`")), "{recipe}: {name}");
        }
    }
    // and none that no recipe has
    let all: String = RECIPES.iter().map(|recipe| repository(&format!("docs/ci/{recipe}"))).collect();
    let known = names(&all);
    let unknown: Vec<&str> = names(&page).into_iter().filter(|name| !known.contains(name)).collect();
    assert_eq!(unknown, [""; 0]);
}

#[test]
fn a_project_does_not_see_the_recipes() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let declared = load(root, &Surroundings::default()).unwrap_or_else(|findings| panic!("{findings:#?}"));
    assert!(declared.resources.iter().all(|one| !one.place().file.starts_with("docs/")));
    assert_eq!(declared.warnings, []);
    assert_eq!(declared.unread, []);
}
