//! The booth's page, in the guest's browser: camera, theme, wait, portrait.
//!
//! [`booth`] is the guest's journey as plain data, [`session`] makes it happen, [`pages`] shows it.
//! Only [`browser`] touches the browser's own interfaces and only [`api`] knows the backend's addresses.

mod api;
mod app;
mod backoff;
mod booth;
mod browser;
mod components;
mod errand;
mod pages;
mod presence;
mod problem;
mod qr;
mod session;
mod wording;

/// Takes over the page. The animation that `index.html` shows while this program loads goes away.
///
/// Whoever follows a shared link gets that portrait's page, and neither camera nor visit.
pub fn open_booth() {
    console_error_panic_hook::set_once();
    match pages::shared::token_in(&browser::address::path()).map(str::to_owned) {
        Some(token) => leptos::mount::mount_to_body(move || {
            pages::shared::SharedPage(pages::shared::SharedPageProps { token })
        }),
        None => leptos::mount::mount_to_body(app::App),
    }
    browser::page::remove_splash();
}
