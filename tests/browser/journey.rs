//! From the first page to the file in the guest's hands, once for every theme.

use crate::booth::Booth;
use crate::chromium::Camera;
use crate::guest::{Guest, PORTRAIT_PATIENCE};
use crate::picture;
use anyhow::{Context, Result, ensure};
use image::RgbImage;
use photobooth_tests::camera_frame::draw_camera_frame;
use portrait::{Format, Order, PortraitSize, Studio};
use std::path::Path;
use tempfile::TempDir;

const THEMES: [&str; 4] = ["barbarian", "greek", "mystic", "anime"];
/// Two photos of one person in other clothes differ by more; one photo twice compressed by about 2.
const SAME_PICTURE: f64 = 15.0;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium, the page and the models: `cargo xtask test`"]
async fn a_guest_takes_home_a_portrait_of_every_theme() -> Result<()> {
    let booth = Booth::open(&[]).await?;
    let folder = TempDir::new()?;
    let camera = Camera::Showing(picture::write_camera_video(folder.path())?);
    let mut portraits = Vec::new();
    Guest::visit("journey", &camera, async |guest| {
        for theme in THEMES {
            let file = take_portrait_home(guest, &booth, theme).await?;
            let portrait = check_portrait(&booth, &file, theme)
                .with_context(|| format!("the {theme} portrait is wrong"))?;
            portraits.push((theme, portrait));
        }
        go_on_from_portrait(guest).await
    })
    .await?;
    for (index, (theme, portrait)) in portraits.iter().enumerate() {
        for (other_theme, other) in &portraits[..index] {
            let difference = picture::difference(portrait, other);
            ensure!(
                difference > SAME_PICTURE,
                "{theme} and {other_theme} differ by no more than {difference:.1}"
            );
        }
    }
    booth.close().await
}

/// Every press from the first page on. The first theme's way is photographed page by page.
async fn take_portrait_home(
    guest: &Guest,
    booth: &Booth,
    theme: &str,
) -> Result<std::path::PathBuf> {
    let photograph = async |page: &str| {
        if theme == THEMES[0] {
            guest.photograph(page).await
        } else {
            Ok(())
        }
    };
    guest.open(&booth.url("/")).await?;
    guest.see("welcome-start").await?;
    photograph("1-welcome").await?;
    guest.press("welcome-start").await?;
    guest
        .wait_until("document.querySelector(\"[data-testid='camera-video']\")?.videoWidth > 0")
        .await?;
    photograph("2-camera").await?;
    guest.press("capture").await?;
    guest
        .wait_until("document.querySelector(\"[data-testid='countdown']\")?.textContent === '3'")
        .await?;
    guest.see("use-photo").await?;
    photograph("3-review").await?;
    guest.press("use-photo").await?;
    guest.press(&format!("theme-card-{theme}")).await?;
    photograph("4-gallery").await?;
    guest.press("make-portrait").await?;
    guest.see("stage").await?;
    note_stages(guest).await?;
    photograph("5-working").await?;
    guest
        .see_within(PORTRAIT_PATIENCE, "portrait-image")
        .await?;
    check_stages(guest).await?;
    guest
        .wait_until(
            "document.querySelector(\"[data-testid='portrait-image']\").naturalWidth === 2400",
        )
        .await?;
    photograph("6-portrait").await?;
    guest.download("download").await
}

/// Makes the page write down every stage that it shows.
async fn note_stages(guest: &Guest) -> Result<()> {
    let script = "window.stages = new Set();
        const note = () => {
            const stage = document.querySelector(\"[data-testid='stage']\");
            if (stage) window.stages.add(stage.textContent);
        };
        note();
        new MutationObserver(note).observe(document.body, { subtree: true, childList: true, characterData: true });";
    guest.run(script).await?;
    Ok(())
}

/// A portrait has ten steps; the page shows those that last long enough for an event each.
async fn check_stages(guest: &Guest) -> Result<()> {
    let stages = guest.run("return [...window.stages]").await?;
    let count = stages.as_array().map_or(0, Vec::len);
    ensure!(count >= 3, "the guest saw only these stages: {stages}");
    Ok(())
}

/// The file is the full size, shows a face, and is not the photo that went in.
fn check_portrait(booth: &Booth, file: &Path, theme: &str) -> Result<RgbImage> {
    let portrait = picture::open(file)?;
    ensure!(
        portrait.dimensions() == (2400, 3200),
        "it has {:?} pixels",
        portrait.dimensions()
    );
    let difference = picture::difference(&portrait, &draw_camera_frame(1280, 720)?);
    ensure!(
        difference > SAME_PICTURE,
        "it differs from the photo by no more than {difference:.1}"
    );
    // A portrait can only be made of a picture in which a face is found, so one is made of this one.
    let mut studio = Studio::open(booth.studio())?;
    let order = Order {
        theme: theme.into(),
        variant: None,
        format: Format::Jpeg,
        size: PortraitSize::default(),
        seed: 0,
    };
    let again = studio
        .render(&std::fs::read(file)?, &order, &mut |_| ())
        .context("there is no face in it")?;
    ensure!(
        again.report.faces == 1,
        "{} faces are in it",
        again.report.faces
    );
    Ok(portrait)
}

/// The two ways on from the last page lead back to the gallery and to the camera.
async fn go_on_from_portrait(guest: &Guest) -> Result<()> {
    // The page is open at "localhost": a code would lead a phone nowhere.
    guest.press("share").await?;
    let words = guest.read("share-only-here").await?;
    ensure!(words.contains("localhost"), "{words}");
    guest.photograph("share-only-here").await?;
    guest.press("share-close").await?;
    guest.press("another-theme").await?;
    guest.press("theme-card-greek").await?;
    guest.press("make-portrait").await?;
    guest
        .see_within(PORTRAIT_PATIENCE, "portrait-image")
        .await?;
    guest.press("new-photo").await?;
    guest.see("camera-video").await?;
    Ok(())
}
