//! Taking a portrait along: the code at the booth, the page that it opens on another device, and the link's end.

use crate::booth::Booth;
use crate::chromium::Camera;
use crate::guest::{Guest, PORTRAIT_PATIENCE};
use crate::picture;
use anyhow::{Context, Result, ensure};
use photobooth_tests::camera_frame::astronaut_path;

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs Chromium, the page and the models: `cargo xtask test`"]
async fn a_shared_portrait_is_seen_on_another_device_until_it_is_deleted() -> Result<()> {
    let booth = Booth::open(&[]).await?;
    Guest::visit("share", &Camera::Forbidden, async |guest| {
        order_portrait(guest, &booth).await?;
        guest.photograph("7-portrait-to-share").await?;
        guest.press("share").await?;
        guest.see("share-qr").await?;
        guest.photograph("8-share").await?;
        let link = guest.read("share-link").await?;
        ensure!(link.starts_with(&booth.network_url("/s/")), "{link}");
        ensure!(
            read_code(guest).await? == link,
            "the code says another link"
        );
        // Opened once more it is the same link.
        guest.press("share-close").await?;
        guest.press("share").await?;
        ensure!(guest.read("share-link").await? == link);

        Guest::visit("shared", &Camera::Forbidden, async |friend| {
            follow(friend, &link).await?;
            guest.press("share-close").await?;
            guest.press("delete-now").await?;
            guest.press("delete-confirm").await?;
            guest.see("deleted").await?;
            friend.open(&link).await?;
            let code = friend.read("error-code").await?;
            ensure!(code == "UNKNOWN_SHARE", "{code}");
            friend.photograph("10-shared-ended").await
        })
        .await
    })
    .await?;
    booth.close().await
}

/// By the booth's name in the network, over plain http, where browsers give no camera.
async fn order_portrait(guest: &Guest, booth: &Booth) -> Result<()> {
    guest.open(&booth.network_url("/")).await?;
    guest.press("welcome-start").await?;
    guest.see("error").await?;
    guest.choose_file("file-input", &astronaut_path()).await?;
    guest.press("use-photo").await?;
    guest.press("theme-card-greek").await?;
    guest.press("make-portrait").await?;
    guest
        .see_within(PORTRAIT_PATIENCE, "portrait-image")
        .await?;
    guest
        .wait_until(
            "document.querySelector(\"[data-testid='portrait-image']\").naturalWidth === 2400",
        )
        .await
}

/// What a phone's camera reads from the screen.
async fn read_code(guest: &Guest) -> Result<String> {
    let screen = guest.look().await?.into_luma8();
    let (width, height) = screen.dimensions();
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(
        usize::try_from(width)?,
        usize::try_from(height)?,
        |x, y| screen.get_pixel(x as u32, y as u32).0[0],
    );
    let codes = prepared.detect_grids();
    let code = codes.first().context("no code is seen on the screen")?;
    Ok(code.decode()?.1)
}

/// Sees the portrait, and neither camera nor visit; saves it.
async fn follow(friend: &Guest, link: &str) -> Result<()> {
    friend.open(link).await?;
    friend
        .wait_until(
            "document.querySelector(\"[data-testid='portrait-image']\")?.naturalWidth === 2400",
        )
        .await?;
    friend.photograph("9-shared").await?;
    let end = friend.read("share-end").await?;
    ensure!(!end.contains("Invalid"), "{end}");
    let rest = friend
        .run("return document.querySelector(\"video, input, [data-testid='welcome-start'], [data-testid='done']\") === null")
        .await?;
    ensure!(
        rest == serde_json::json!(true),
        "there is more than the portrait"
    );
    let file = friend.download("download").await?;
    let saved = picture::open(&file)?;
    ensure!(
        saved.dimensions() == (2400, 3200),
        "{:?}",
        saved.dimensions()
    );
    Ok(())
}
