//! The contact sheet as a page: portraits large enough to judge on a phone, each a link to its file.

use crate::files;
use crate::portraits::{Outcome, Sitting};
use anyhow::Result;
use image::imageops::{self, FilterType};
use serde_json::Value;
use std::fmt::Write;
use std::path::Path;

/// The longer side of the photos' copies, in pixels.
const PHOTO_SIDE: u32 = 1000;

const HEAD: &str = r#"<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Contact sheet</title>
<style>
  body { margin: 0 auto; padding: 12px; background: #181614; color: #eee; font: 15px/1.4 system-ui, sans-serif; }
  nav { columns: 10em; }
  a { color: inherit; }
  h2 { margin: 32px 0 8px; font-size: 18px; }
  section { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(42vw, 240px), 1fr)); gap: 8px; }
  figure { margin: 0; }
  img { display: block; width: 100%; aspect-ratio: 3 / 4; object-fit: contain; background: #100f0e; }
  figcaption { padding: 4px 0 12px; font-size: 13px; color: #bbb; }
  .refused { display: grid; place-content: center; aspect-ratio: 3 / 4; background: #602824; }
</style>
<h1>Contact sheet</h1>
"#;

/// Writes the page; its pictures are looked for in folders beside it, where `render_all` put them.
pub fn write_page(sittings: &[Sitting], page: &Path) -> Result<()> {
    let folder = page.parent().unwrap_or(Path::new("."));
    let mut html = HEAD.to_owned();
    html.push_str("<nav>\n");
    for Sitting { name, .. } in sittings {
        let name = escape(name);
        writeln!(html, r##"<a href="#{name}">{name}</a><br>"##)?;
    }
    html.push_str("</nav>\n");
    for sitting in sittings {
        let name = escape(&sitting.name);
        copy_photo(sitting, folder)?;
        writeln!(html, r#"<h2 id="{name}">{name}</h2>{}<section>"#, "\n")?;
        html.push_str(&figure(&format!("{name}/photo.jpg"), "the photo"));
        for portrait in &sitting.portraits {
            html.push_str(&portrait_figure(portrait, folder));
        }
        html.push_str("</section>\n");
    }
    files::write(html.as_bytes(), page)?;
    println!("{}", page.display());
    Ok(())
}

fn copy_photo(sitting: &Sitting, folder: &Path) -> Result<()> {
    let photo = files::open_upright(&sitting.photo)?;
    let scale = f64::from(PHOTO_SIDE) / f64::from(photo.width().max(photo.height()));
    let side = |pixels: u32| ((f64::from(pixels) * scale.min(1.0)).round() as u32).max(1);
    let (width, height) = (side(photo.width()), side(photo.height()));
    let copy = imageops::resize(&photo, width, height, FilterType::Triangle);
    files::save_jpeg(&copy, 88, &folder.join(&sitting.name).join("photo.jpg"))
}

fn portrait_figure(portrait: &Outcome, folder: &Path) -> String {
    let variant = &portrait.variant;
    let title = escape(&format!("{}, {}", variant.theme_name, variant.name));
    if let Some(reason) = portrait.refusal() {
        let reason = escape(reason);
        return format!(
            "<figure><div class=\"refused\">{reason}</div><figcaption>{title}</figcaption></figure>\n"
        );
    }
    let file = portrait.file.strip_prefix(folder).unwrap_or(&portrait.file);
    let remarks = escape(&remarks(&portrait.report["report"]).join("; "));
    figure(
        &escape(&file.to_string_lossy()),
        &format!("{title}<br>{remarks}"),
    )
}

fn figure(file: &str, caption: &str) -> String {
    format!(
        "<figure><a href=\"{file}\"><img src=\"{file}\" loading=\"lazy\" alt=\"\"></a>\
         <figcaption>{caption}</figcaption></figure>\n"
    )
}

/// What the report says that one should know while looking: guests in a lighter costume with the reason, and warnings.
fn remarks(report: &Value) -> Vec<String> {
    let list = |name: &str| report[name].as_array().cloned().unwrap_or_default();
    let guests = list("guests");
    let lighter = guests.iter().filter(|guest| guest["costume"] == "lighter");
    let mut remarks: Vec<_> = lighter
        .map(|guest| match guest["reason"].as_str() {
            Some(reason) => format!("lighter costume: {reason}"),
            None => "lighter costume".to_owned(),
        })
        .collect();
    remarks.extend(
        list("warnings")
            .iter()
            .map(|warning| match warning.as_str() {
                Some(text) => text.to_owned(),
                None => warning.to_string(),
            }),
    );
    remarks
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lighter_costumes_and_warnings_are_told() {
        let report = json!({
            "guests": [
                { "costume": "full", "reason": null },
                { "costume": "lighter", "reason": "a hand before the face" },
            ],
            "warnings": ["the skin was corrected"],
        });
        let told = [
            "lighter costume: a hand before the face",
            "the skin was corrected",
        ];
        assert_eq!(remarks(&report), told);
        assert!(remarks(&json!({ "faces": 1 })).is_empty());
    }

    #[test]
    fn names_cannot_end_an_attribute() {
        assert_eq!(
            escape(r#"<a href="x">&"#),
            "&lt;a href=&quot;x&quot;&gt;&amp;"
        );
    }
}
