//! Where a visit ends: the next guest finds the first page, and nothing of the one before.

use crate::booth::Booth;
use crate::chromium::Camera;
use crate::guest::{Guest, PORTRAIT_PATIENCE};
use crate::picture;
use crate::trouble::choose_theme;
use anyhow::Result;
use photobooth_tests::camera_frame::astronaut_path;
use std::fs;
use tempfile::TempDir;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium, the page and the models: `cargo xtask test`"]
async fn a_visit_that_nobody_attends_to_ends_by_itself() -> Result<()> {
    let booth = Booth::open(&["--workers", "0"]).await?;
    Guest::visit("unattended", &Camera::Forbidden, async |guest| {
        choose_theme(guest, &booth, &astronaut_path()).await?;
        guest.pass_seconds(72).await?;
        guest.see("still-there").await?;
        guest.photograph("still-there").await?;
        guest.press("still-here").await?;
        guest.wait_until(&is_gone("still-there")).await?;
        guest.pass_seconds(100).await?;
        guest.see("welcome-start").await?;
        // The photo is not even in the browser's memory any more: its address leads nowhere.
        guest
            .wait_until("!document.querySelector(\"img[src^='blob:']\")")
            .await?;
        guest.pass_seconds(1000).await?;
        guest.press("welcome-start").await?;
        guest.see("camera-video").await?;
        Ok(())
    })
    .await?;
    booth.close().await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium, the page and the models: `cargo xtask test`"]
async fn whoever_leaves_takes_the_camera_and_every_notice_along() -> Result<()> {
    let booth = Booth::open(&["--workers", "0"]).await?;
    let folder = TempDir::new()?;
    let camera = Camera::Showing(picture::write_camera_video(folder.path())?);
    let letter = folder.path().join("letter.jpg");
    fs::write(&letter, "Dear booth, this is no picture.")?;
    Guest::visit("leave", &camera, async |guest| {
        guest.open(&booth.url("/")).await?;
        guest.press("welcome-start").await?;
        let video = "document.querySelector(\"[data-testid='camera-video']\")";
        guest
            .wait_until(&format!("{video}?.videoWidth > 0"))
            .await?;
        guest
            .run(&format!("window.tracks = {video}.srcObject.getTracks()"))
            .await?;
        guest.choose_file("file-input", &letter).await?;
        guest.see("error").await?;
        guest.photograph("file-refused").await?;
        guest.press("done").await?;
        guest.see("welcome-start").await?;
        guest.wait_until(&is_gone("error")).await?;
        guest
            .wait_until("window.tracks.every((track) => track.readyState === 'ended')")
            .await
    })
    .await?;
    booth.close().await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium, the page and the models: `cargo xtask test`"]
async fn whoever_cancels_is_not_in_the_queue_any_more() -> Result<()> {
    let booth = Booth::open(&["--workers", "0"]).await?;
    Guest::visit("cancel", &Camera::Forbidden, async |guest| {
        choose_theme(guest, &booth, &astronaut_path()).await?;
        guest
            .run(
                "setInterval(async () => {
                     const health = await (await fetch('/api/health')).json();
                     window.queued = health.queue.queued;
                 }, 100)",
            )
            .await?;
        guest.press("make-portrait").await?;
        guest.wait_until("window.queued === 1").await?;
        guest.press("cancel").await?;
        guest.see("make-portrait").await?;
        guest.wait_until("window.queued === 0").await
    })
    .await?;
    booth.close().await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium, the page and the models: `cargo xtask test`"]
async fn what_a_guest_deletes_is_nowhere_any_more() -> Result<()> {
    let booth = Booth::open(&[]).await?;
    Guest::visit("delete", &Camera::Forbidden, async |guest| {
        choose_theme(guest, &booth, &astronaut_path()).await?;
        guest.press("make-portrait").await?;
        guest
            .see_within(PORTRAIT_PATIENCE, "portrait-image")
            .await?;
        let look = "const look = () => fetch(window.portrait).then((it) => { window.answered = it.status; });";
        let link = "document.querySelector(\"[data-testid='download']\").href";
        guest
            .run(&format!("{look} window.portrait = {link}; look();"))
            .await?;
        guest.wait_until("window.answered === 200").await?;
        guest.press("delete-now").await?;
        guest.see("delete-question").await?;
        guest.photograph("delete-question").await?;
        guest.press("delete-confirm").await?;
        guest.see("deleted").await?;
        guest.photograph("deleted").await?;
        guest.run(&format!("{look} look();")).await?;
        guest.wait_until("window.answered === 404").await
    })
    .await?;
    booth.close().await
}

fn is_gone(test_id: &str) -> String {
    format!("!document.querySelector(\"[data-testid='{test_id}']\")")
}
