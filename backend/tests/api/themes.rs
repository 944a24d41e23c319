//! The gallery.

use super::booth::{Booth, expect_error};
use api::{ErrorCode, Theme};
use reqwest::StatusCode;

#[tokio::test]
async fn themes_are_listed_and_cached() {
    let booth = Booth::without_workers(&[]).await;
    let answer = booth.get("/api/themes").await;
    assert_eq!(answer.status(), StatusCode::OK);
    let caching = answer.headers()["cache-control"].to_str().unwrap();
    assert!(caching.contains("max-age=60"), "{caching}");
    let etag = answer.headers()["etag"].clone();
    assert!(etag.to_str().unwrap().starts_with('"'));
    let themes: Vec<Theme> = answer.json().await.unwrap();
    for id in ["barbarian", "greek", "mystic", "anime"] {
        let theme = themes.iter().find(|theme| theme.id == id).unwrap();
        assert!(!theme.variants.is_empty());
        assert_eq!(theme.thumbnail_url, theme.variants[0].thumbnail_url);
        let alone = booth.get(&format!("/api/themes/{id}")).await;
        assert_eq!(alone.json::<Theme>().await.unwrap(), *theme);
    }

    for known in [etag.to_str().unwrap(), "\"other\", *", "*"] {
        let request = booth.client.get(booth.url("/api/themes"));
        let again = request.header("if-none-match", known).send().await.unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED, "{known}");
        assert_eq!(again.headers()["etag"], etag);
        assert!(again.bytes().await.unwrap().is_empty());
    }
    let request = booth.client.get(booth.url("/api/themes"));
    let other = request.header("if-none-match", "\"other\"");
    assert_eq!(other.send().await.unwrap().status(), StatusCode::OK);

    let request = booth.client.get(booth.url("/api/themes"));
    let small = request
        .header("accept-encoding", "br")
        .send()
        .await
        .unwrap();
    assert_eq!(small.headers()["content-encoding"], "br");
    assert_eq!(small.headers()["vary"], "accept-encoding");
    booth.stop().await;
}

#[tokio::test]
async fn thumbnails_are_kept_for_ever() {
    let booth = Booth::without_workers(&[]).await;
    let themes: Vec<Theme> = booth.get("/api/themes").await.json().await.unwrap();
    for variant in themes.iter().flat_map(|theme| &theme.variants) {
        let answer = booth.get(&variant.thumbnail_url).await;
        assert_eq!(answer.status(), StatusCode::OK, "{}", variant.thumbnail_url);
        assert_eq!(answer.headers()["content-type"], "image/jpeg");
        let caching = answer.headers()["cache-control"].to_str().unwrap();
        assert!(caching.contains("immutable"), "{caching}");
        let picture = image::load_from_memory(&answer.bytes().await.unwrap()).unwrap();
        assert_eq!((picture.width(), picture.height()), (600, 800));
    }
    booth.stop().await;
}

#[tokio::test]
async fn unknown_themes_and_pictures_are_not_found() {
    let booth = Booth::without_workers(&[]).await;
    for (path, code) in [
        ("/api/themes/atlantis", ErrorCode::UnknownTheme),
        ("/api/themes/%2e%2e%2fgreek", ErrorCode::UnknownTheme),
        ("/media/themes/greek/none.jpg", ErrorCode::NotFound),
        ("/media/themes/greek/theme.toml", ErrorCode::NotFound),
    ] {
        expect_error(booth.get(path).await, 404, code).await;
    }
    for path in [
        "/media/themes/greek/../theme.toml",
        "/media/themes/%2e%2e/theme.toml",
    ] {
        assert_eq!(booth.status_of_raw("GET", path).await, 404, "{path}");
    }
    booth.stop().await;
}
