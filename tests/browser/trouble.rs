//! When something is in the way: each time the guest is told what it is and what helps, and that helps.

use crate::booth::Booth;
use crate::chromium::Camera;
use crate::guest::{Guest, PORTRAIT_PATIENCE};
use crate::picture;
use anyhow::{Result, ensure};
use api::{ErrorBody, ErrorCode};
use photobooth_tests::camera_frame::{astronaut_path, draw_camera_frame};
use photobooth_tests::guest_api::ApiGuest;
use std::path::Path;
use tempfile::TempDir;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium, the page and the models: `cargo xtask test`"]
async fn a_forbidden_camera_leaves_the_file_field() -> Result<()> {
    let booth = Booth::open(&["--workers", "0"]).await?;
    Guest::visit("camera-denied", &Camera::Forbidden, async |guest| {
        guest.open(&booth.url("/")).await?;
        guest.press("welcome-start").await?;
        check_problem(guest, "CAMERA_DENIED", "address bar").await?;
        guest.photograph("trouble-camera-denied").await?;
        guest.press("error-action").await?;
        // The pressed button goes away while the camera is tried, and the focus must not go with it.
        guest.see("error").await?;
        guest
            .wait_until("document.activeElement.tagName === 'H1'")
            .await?;
        guest.choose_file("file-input", &astronaut_path()).await?;
        guest.see("use-photo").await?;
        Ok(())
    })
    .await?;
    booth.close().await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium, the page and the models: `cargo xtask test`"]
async fn a_photo_of_nobody_is_taken_again() -> Result<()> {
    let booth = Booth::open(&[]).await?;
    let folder = TempDir::new()?;
    let room = picture::write_empty_room(folder.path())?;
    Guest::visit("no-face", &Camera::Forbidden, async |guest| {
        order_portrait(guest, &booth, &room).await?;
        guest.see_within(PORTRAIT_PATIENCE, "error").await?;
        check_problem(guest, "NO_FACE", &hint_of(ErrorCode::NoFace)).await?;
        guest.photograph("trouble-no-face").await?;
        guest.press("error-action").await?;
        guest.see("camera-video").await?;
        Ok(())
    })
    .await?;
    booth.close().await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium, the page and the models: `cargo xtask test`"]
async fn a_full_queue_says_when_it_tries_again() -> Result<()> {
    let booth = Booth::open(&["--workers", "0", "--queue-limit", "1"]).await?;
    // Another guest, without a browser, takes the only place and keeps it: nobody renders.
    let other = ApiGuest::at(&booth.url(""));
    let photo = picture::encode_photo(&draw_camera_frame(1280, 720)?)?;
    other.order_portrait(photo, "greek").await?;
    Guest::visit("queue-full", &Camera::Forbidden, async |guest| {
        order_portrait(guest, &booth, &astronaut_path()).await?;
        check_problem(guest, "QUEUE_FULL", &hint_of(ErrorCode::QueueFull)).await?;
        let seconds: u32 = guest.read("retry-seconds").await?.parse()?;
        ensure!(
            (1..=120).contains(&seconds),
            "it would try again in {seconds} s"
        );
        guest.photograph("trouble-queue-full").await
    })
    .await?;
    booth.close().await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium, the page and the models: `cargo xtask test`"]
async fn a_lost_network_costs_nothing_but_time() -> Result<()> {
    let booth = Booth::open(&[]).await?;
    Guest::visit("offline", &Camera::Forbidden, async |guest| {
        choose_theme(guest, &booth, &astronaut_path()).await?;
        guest.set_offline(true).await?;
        guest.press("make-portrait").await?;
        check_problem(guest, "OFFLINE", "safe on this device").await?;
        guest.photograph("trouble-offline").await?;
        guest.set_offline(false).await?;
        // The page goes on by itself, with the photo that it kept.
        guest
            .see_within(PORTRAIT_PATIENCE, "portrait-image")
            .await?;
        Ok(())
    })
    .await?;
    booth.close().await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium, the page and the models: `cargo xtask test`"]
async fn a_booth_that_comes_back_is_found_by_the_page_itself() -> Result<()> {
    let flags = ["--workers", "0"];
    let booth = Booth::open(&flags).await?;
    Guest::visit("restart", &Camera::Forbidden, async |guest| {
        choose_theme(guest, &booth, &astronaut_path()).await?;
        let address = booth.address();
        booth.close().await?;
        guest.press("make-portrait").await?;
        check_problem(guest, "OFFLINE", "keep trying").await?;
        guest.see("retry-seconds").await?;
        // The network was there all the time: the browser has no event for this.
        let booth = Booth::open_at(address, &flags).await?;
        guest.see("stage").await?;
        guest.see("cancel").await?;
        booth.close().await
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium, the page and the models: `cargo xtask test`"]
async fn a_portrait_that_does_not_load_is_fetched_once_more() -> Result<()> {
    let booth = Booth::open(&[]).await?;
    Guest::visit("late-portrait", &Camera::Forbidden, async |guest| {
        guest.open(&booth.url("/")).await?;
        guest.block(Some("/results/")).await?;
        order_portrait(guest, &booth, &astronaut_path()).await?;
        guest
            .see_within(PORTRAIT_PATIENCE, "portrait-image")
            .await?;
        guest
            .wait_until("document.querySelector(\"[data-testid='portrait-note']\").textContent")
            .await?;
        guest.block(None).await?;
        guest
            .wait_until(
                "document.querySelector(\"[data-testid='portrait-image']\").naturalWidth === 2400
                 && !document.querySelector(\"[data-testid='portrait-note']\").textContent",
            )
            .await
    })
    .await?;
    booth.close().await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium, the page and the models: `cargo xtask test`"]
async fn a_photo_that_is_too_large_to_send_is_made_smaller() -> Result<()> {
    let booth = Booth::open(&["--workers", "0"]).await?;
    let folder = TempDir::new()?;
    let noise = picture::write_noise(folder.path())?;
    Guest::visit("noise", &Camera::Forbidden, async |guest| {
        order_portrait(guest, &booth, &noise).await?;
        // It was taken: nobody makes portraits here, so it stays the next in the queue.
        guest
            .wait_until(
                "document.querySelector(\"[data-testid='stage']\")?.textContent === 'You are next'",
            )
            .await
    })
    .await?;
    booth.close().await
}

fn hint_of(code: ErrorCode) -> String {
    ErrorBody::from(code).hint.unwrap_or_default()
}

pub async fn choose_theme(guest: &Guest, booth: &Booth, photo: &Path) -> Result<()> {
    guest.open(&booth.url("/")).await?;
    guest.press("welcome-start").await?;
    // The file field moves when the camera turns out to be forbidden.
    guest.see("error").await?;
    guest.choose_file("file-input", photo).await?;
    guest.press("use-photo").await?;
    guest.press("theme-card-greek").await
}

async fn order_portrait(guest: &Guest, booth: &Booth, photo: &Path) -> Result<()> {
    choose_theme(guest, booth, photo).await?;
    guest.press("make-portrait").await
}

/// The page names the problem by its stable code and shows what helps.
async fn check_problem(guest: &Guest, code: &str, hint: &str) -> Result<()> {
    let shown = guest.read("error-code").await?;
    ensure!(
        shown.eq_ignore_ascii_case(code),
        "the page shows {shown} instead of {code}"
    );
    let text = guest.read("error").await?;
    ensure!(text.contains(hint), "{text:?} does not say {hint:?}");
    Ok(())
}
