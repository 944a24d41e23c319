//! Themes with one mistake each: opening them names the file and the value.

use super::{Catalog, find_mistakes};
use std::fs;
use std::path::{Path, PathBuf};

fn greek_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../themes/greek")
}

/// The Greek theme with its first variant alone.
fn greek() -> String {
    let text = fs::read_to_string(greek_folder().join("theme.toml")).unwrap();
    let second = text.rfind("\n[[variants]]").unwrap();
    text[..=second].to_owned()
}

/// A copy of a folder with all that lies in it.
fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (from, to) = (entry.path(), to.join(entry.file_name()));
        if from.is_dir() {
            copy(&from, &to);
        } else {
            fs::copy(&from, &to).unwrap();
        }
    }
}

/// A folder with one theme, `greek` with `from` replaced by `to`.
fn folder_of(theme: &str, from: &str, to: &str) -> tempfile::TempDir {
    assert_eq!(theme.matches(from).count(), 1, "{from:?} is there once");
    let folder = tempfile::tempdir().unwrap();
    copy(&greek_folder(), &folder.path().join("greek"));
    fs::write(
        folder.path().join("greek/theme.toml"),
        theme.replace(from, to),
    )
    .unwrap();
    folder
}

/// Opens such a folder.
fn open(theme: &str, from: &str, to: &str) -> Result<Catalog, String> {
    let folder = folder_of(theme, from, to);
    Catalog::load(folder.path()).map_err(|error| format!("{error:#}"))
}

#[test]
fn a_theme_without_mistakes_opens() {
    let catalog = open(&greek(), "order = 2", "order = 7").unwrap();
    assert_eq!(catalog.themes()[0].id, "greek");
}

#[test]
fn a_value_out_of_range_is_named_with_its_file() {
    for (from, to, named) in [
        ("exposure = 0.37", "exposure = 1.7", "light.exposure is 1.7"),
        ("rim = 0.4 ", "rim = -1.0 ", "lamp.rim is -1"),
        ("[0.25, -0.55, 0.55]", "[0.0, 0.0, 0.0]", "lamp.direction"),
        ("bloom = 0.35", "bloom = 3.0", "grade.bloom is 3"),
        ("grain = 0.018", "grain = nan", "grade.grain is NaN"),
        (
            "saturation = 1.08",
            "saturation = 108",
            "grade.saturation is 108",
        ),
        (
            "ground_y = 0.94",
            "ground_y = 0.1",
            "layout.ground_y is 0.1",
        ),
        (
            "face_height = 0.165",
            "face_height = 0.6",
            "layout.face_height is 0.6",
        ),
        ("bristles = 0.05", "bristles = 5", "paint.bristles is 5"),
        (
            "backdrops/sunset",
            "../sunset",
            "lies inside the theme's folder",
        ),
        (
            "id = \"sunset-terrace\"",
            "id = \"Sunset\"",
            "an id is made of",
        ),
    ] {
        let error = open(&greek(), from, to).map(|_| ()).unwrap_err();
        assert!(
            error.contains(named) && error.contains("greek/theme.toml"),
            "{to}: {error}"
        );
    }
}

#[test]
fn a_mistake_about_face_or_costume_is_named_with_its_file() {
    for (from, to, named) in [
        ("smoothing = 0.55", "smoothing = 55", "look.smoothing is 55"),
        (
            "opacity = 0.92",
            "opacity = 9.2",
            "opacity of stencils/laurel.png is 9.2",
        ),
        ("neck_flare = 0.46", "neck_flare = 46", "neck_flare is 46"),
        (
            "costume = \"hero\"",
            "costume = \"heroine\"",
            "wears \"heroine\"",
        ),
        (
            ", height = \"stencils/laurel-height.png\"",
            "",
            "stencils/laurel.png has a height and is no leaf, or the other way round",
        ),
        (
            "stencils/lids.png",
            "stencils/brows.png",
            "cannot read the stencil",
        ),
        ("[costumes.hero]", "[costumes.nobody]", "costume \"nobody\""),
    ] {
        let error = open(&greek(), from, to).map(|_| ()).unwrap_err();
        assert!(
            error.contains(named) && error.contains("greek/theme.toml"),
            "{to}: {error}"
        );
    }
}

#[test]
fn two_variants_of_one_name_are_refused() {
    let greek = greek();
    let variant = &greek[greek.find("[[variants]]").unwrap()..];
    let twice = format!("{greek}\n{variant}");
    let error = open(&twice, "order = 2", "order = 3")
        .map(|_| ())
        .unwrap_err();
    assert!(
        error.contains("two variants have the id \"sunset-terrace\""),
        "{error}"
    );
}

/// The one mistake of a theme: its line, and its text without the file's name.
fn mistake(theme: &str, from: &str, to: &str) -> (usize, String) {
    let folder = folder_of(theme, from, to);
    let mistakes = find_mistakes(folder.path()).unwrap();
    assert_eq!(mistakes.len(), 1, "{to}: {mistakes:?}");
    let file = folder.path().join("greek/theme.toml");
    assert_eq!(mistakes[0].file, file);
    let line = mistakes[0].line.unwrap();
    let text = mistakes[0].to_string();
    assert!(
        text.starts_with(&format!("{}:{line}: ", file.display())),
        "{text}"
    );
    (line, mistakes[0].problem.clone())
}

#[test]
fn a_folder_without_mistakes_has_none() {
    let folder = folder_of(&greek(), "order = 2", "order = 7");
    assert_eq!(find_mistakes(folder.path()).unwrap(), []);
    find_mistakes(&folder.path().join("greek")).unwrap_err();
}

#[test]
fn a_mistake_is_found_on_its_line() {
    let greek = greek();
    // A second variant, so that a line of the first one would be wrong.
    let variant = &greek[greek.find("[[variants]]").unwrap()..];
    let first = variant.replace("sunset-terrace\"", "dawn\"");
    let first = format!("{}{first}\n", &greek[..greek.len() - variant.len()]);
    for (from, to, named) in [
        ("exposure = 0.37", "exposure = 1.7", "light.exposure is 1.7"),
        ("smoothing = 0.55", "smoothing = 55", "look.smoothing is 55"),
        ("bloom = 0.35", "bloom = \"much\"", "invalid type"),
        ("bloom = 0.35", "blooms = 0.35", "unknown field `blooms`"),
        ("exposure_strength = 0.6", "exposure_strength", ""),
        (
            "opacity = 0.92",
            "opacity = 9.2",
            "opacity of stencils/laurel.png",
        ),
        ("backdrops/sunset", "../sunset", "a backdrop lies inside"),
        (
            "backdrops/sunset",
            "backdrops/moon",
            "a backdrop is not there",
        ),
        (
            "id = \"sunset-terrace\"",
            "id = \"Sunset\"",
            "an id is made of",
        ),
    ] {
        let changed = variant.replacen(from, to, 1);
        let wanted = first.lines().count() + 1 + line_with(&changed, to);
        let marked = format!("{first}{}", variant.replacen(from, "HERE", 1));
        let (line, problem) = mistake(&marked, "HERE", to);
        assert!(problem.contains(named), "{to}: {problem}");
        assert_eq!(line, wanted, "{to}: {problem}");
    }
}

/// The line, from 0, on which a text begins.
fn line_with(text: &str, part: &str) -> usize {
    text[..text.find(part).unwrap()].matches('\n').count()
}

#[test]
fn a_network_brush_is_checked_as_well() {
    let greek = greek();
    let start = greek.find("[paint]").unwrap();
    let end = greek.find("[[variants]]").unwrap();
    let styles = r#"[paint]
kind = "styles"
cover = { world = 0.5, people = 0.6, faces = 0.4, keep_luma = 0.4 }
detail = 0.75
colour = 0.45
styles = { 18 = 0.55, 11 = 0.25 }

"#;
    let painted = format!("{}{styles}{}", &greek[..start], &greek[end..]);
    open(&painted, "order = 2", "order = 3").unwrap();
    for (from, to, named) in [
        ("18 = 0.55", "26 = 0.55", "no style \"26\""),
        (
            "keep_luma = 0.4 ",
            "keep_luma = 40 ",
            "paint.cover.keep_luma is 40",
        ),
    ] {
        let error = open(&painted, from, to).map(|_| ()).unwrap_err();
        assert!(error.contains(named), "{to}: {error}");
    }
}

#[test]
fn a_costume_that_does_not_fit_its_frame_is_refused() {
    let folder = folder_of(&greek(), "order = 2", "order = 3");
    let path = folder.path().join("greek/costumes/hero/costume.json");
    let mut costume: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
    let mut refusal_with = |key: &str, value: serde_json::Value| {
        let before = std::mem::replace(&mut costume[key], value);
        fs::write(&path, costume.to_string()).unwrap();
        costume[key] = before;
        format!("{:#}", Catalog::load(folder.path()).unwrap_err())
    };
    for (key, value, named) in [
        (
            "size",
            serde_json::json!([2000, 2671]),
            "reaches beyond the frame",
        ),
        (
            "chin",
            serde_json::json!([1200, 100]),
            "do not lie below each other",
        ),
        (
            "neck_left",
            serde_json::json!([2300, 1165]),
            "do not lie beside each other",
        ),
        (
            "collar_front",
            serde_json::json!([1200, 9000]),
            "outside the frame",
        ),
    ] {
        let error = refusal_with(key, value);
        assert!(error.contains(named), "{key}: {error}");
    }
}
