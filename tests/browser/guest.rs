//! What a guest does and sees at the page. Nothing here waits a fixed time: every wait is for a condition.

use crate::axe;
use crate::booth::checkout;
use crate::chromium::{Camera, Chromium};
use anyhow::{Context, Result, bail};
use fantoccini::Locator;
use fantoccini::elements::Element;
use fantoccini::wd::TimeoutConfiguration;
use image::DynamicImage;
use serde_json::{Value, json};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// How long anything but a portrait may take, on a machine with two busy cores.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a portrait may take in a development build, models' first use included.
pub const PORTRAIT_PATIENCE: Duration = Duration::from_secs(120);

/// The screens that every page is looked at on: name, width, height, and whether it is a phone.
const SCREENS: [(&str, u32, u32, bool); 2] =
    [("phone", 390, 844, true), ("laptop", 1440, 900, false)];

/// Someone with a browser in front of them.
pub struct Guest {
    browser: Chromium,
}

impl Guest {
    /// Does `visit` as a guest with that camera. The browser is closed also when the visit fails; what the
    /// guest saw last is then kept among the screenshots.
    pub async fn visit(
        name: &str,
        camera: &Camera,
        visit: impl AsyncFnOnce(&Self) -> Result<()>,
    ) -> Result<()> {
        let guest = Self {
            browser: Chromium::start(camera).await?,
        };
        let outcome = match guest.prepare().await {
            Ok(()) => visit(&guest).await,
            Err(error) => Err(error),
        };
        if outcome.is_err() {
            guest.take_screenshot(&format!("failed-{name}")).await?;
        }
        guest.browser.quit().await?;
        outcome
    }

    async fn prepare(&self) -> Result<()> {
        let timeouts = TimeoutConfiguration::new(Some(PORTRAIT_PATIENCE), Some(PATIENCE), None);
        self.browser.client.update_timeouts(timeouts).await?;
        let downloads = json!({ "behavior": "allow", "downloadPath": self.browser.downloads() });
        self.browser
            .command("Browser.setDownloadBehavior", downloads)
            .await?;
        self.sit_down_at(SCREENS[1]).await
    }

    pub async fn open(&self, url: &str) -> Result<()> {
        Ok(self.browser.client.goto(url).await?)
    }

    /// The element with that `data-testid`, once it is there.
    pub async fn see(&self, test_id: &str) -> Result<Element> {
        self.see_within(PATIENCE, test_id).await
    }

    pub async fn see_within(&self, patience: Duration, test_id: &str) -> Result<Element> {
        let selector = format!("[data-testid='{test_id}']");
        let wait = self.browser.client.wait().at_most(patience);
        wait.every(Duration::from_millis(50))
            .for_element(Locator::Css(&selector))
            .await
            .with_context(|| format!("the guest never saw {test_id}"))
    }

    /// Presses it as soon as it can be pressed.
    pub async fn press(&self, test_id: &str) -> Result<()> {
        let enabled = format!(
            "document.querySelector(\"[data-testid='{test_id}']:enabled, a[data-testid='{test_id}'], label[data-testid='{test_id}']\")"
        );
        self.wait_until(&enabled).await?;
        let element = self.see(test_id).await?;
        element
            .click()
            .await
            .with_context(|| format!("cannot press {test_id}"))
    }

    /// The text of an element, once it has faded in.
    pub async fn read(&self, test_id: &str) -> Result<String> {
        let is_visible = format!(
            "document.querySelector(\"[data-testid='{test_id}']\")?.checkVisibility({{ checkOpacity: true }})"
        );
        self.wait_until(&is_visible).await?;
        Ok(self.see(test_id).await?.text().await?)
    }

    /// Chooses a file in a file field.
    pub async fn choose_file(&self, test_id: &str, file: &Path) -> Result<()> {
        let field = self.see(test_id).await?;
        Ok(field.send_keys(&file.to_string_lossy()).await?)
    }

    /// Waits for a JavaScript condition, looked at before every frame that the page draws.
    pub async fn wait_until(&self, condition: &str) -> Result<()> {
        let script = format!(
            "const done = arguments[1], deadline = performance.now() + arguments[0];
             (function look() {{
                 if ({condition}) done(true);
                 else if (performance.now() > deadline) done(false);
                 else requestAnimationFrame(look);
             }})()"
        );
        let patience = json!(u64::try_from(PATIENCE.as_millis())?);
        let came_true = self
            .browser
            .client
            .execute_async(&script, vec![patience])
            .await?;
        if came_true != json!(true) {
            bail!("it never happened that {condition}");
        }
        Ok(())
    }

    pub async fn run(&self, script: &str) -> Result<Value> {
        Ok(self.browser.client.execute(script, vec![]).await?)
    }

    pub async fn set_offline(&self, offline: bool) -> Result<()> {
        let conditions = json!({
            "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1,
        });
        self.browser.command("Network.enable", json!({})).await?;
        self.browser
            .command("Network.emulateNetworkConditions", conditions)
            .await?;
        Ok(())
    }

    /// Sets the page's clock forward, as if nobody had touched anything for so long.
    pub async fn pass_seconds(&self, seconds: u32) -> Result<()> {
        let script = format!(
            "const now = Date.now.bind(Date);
             Date.now = () => now() + {seconds} * 1000;"
        );
        self.run(&script).await?;
        Ok(())
    }

    /// Keeps the browser from everything whose address contains that text.
    pub async fn block(&self, text: Option<&str>) -> Result<()> {
        let addresses: Vec<String> = text.iter().map(|text| format!("*{text}*")).collect();
        self.browser.command("Network.enable", json!({})).await?;
        self.browser
            .command("Network.setBlockedURLs", json!({ "urls": addresses }))
            .await?;
        Ok(())
    }

    /// What is on the screen, as a picture.
    pub async fn look(&self) -> Result<DynamicImage> {
        Ok(image::load_from_memory(
            &self.browser.client.screenshot().await?,
        )?)
    }

    /// Presses a link and waits for the file that it downloads.
    pub async fn download(&self, test_id: &str) -> Result<PathBuf> {
        let before = list_files(self.browser.downloads())?;
        self.press(test_id).await?;
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            let mut files = list_files(self.browser.downloads())?;
            files.retain(|file| !before.contains(file));
            let is_loading = |file: &PathBuf| file.extension().is_some_and(|it| it == "crdownload");
            if let [file] = files.as_slice()
                && !is_loading(file)
                && fs::metadata(file)?.len() > 0
            {
                return Ok(file.clone());
            }
            // A turn of the browser's own clock between two looks at the folder.
            self.browser
                .client
                .execute_async("requestAnimationFrame(() => arguments[0]())", vec![])
                .await?;
        }
        bail!("the file of {test_id} never arrived")
    }

    /// Keeps what the page looks like on every screen, as `PAGE-SCREEN.png`, and checks that all can use it there;
    /// ends at the laptop's.
    pub async fn photograph(&self, page: &str) -> Result<()> {
        for screen in SCREENS {
            self.sit_down_at(screen).await?;
            // Pictures loaded, fonts there, and everything that moves for a while at rest.
            self.wait_until(
                "document.fonts.status === 'loaded'
                 && [...document.images].every((image) => image.complete && image.naturalWidth > 0)
                 && document.getAnimations().every((it) =>
                     it.playState === 'finished' || it.effect.getComputedTiming().endTime === Infinity)",
            )
            .await?;
            let name = format!("{page}-{}", screen.0);
            self.take_screenshot(&name).await?;
            axe::check_page(&self.browser.client, &name).await?;
        }
        Ok(())
    }

    async fn sit_down_at(&self, (_, width, height, mobile): (&str, u32, u32, bool)) -> Result<()> {
        let metrics = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile,
        });
        self.browser
            .command("Emulation.setDeviceMetricsOverride", metrics)
            .await?;
        Ok(())
    }

    async fn take_screenshot(&self, name: &str) -> Result<()> {
        let folder = checkout().join("target/ci-output/screenshots");
        fs::create_dir_all(&folder)?;
        let picture = self.browser.client.screenshot().await?;
        fs::write(folder.join(format!("{name}.png")), picture)?;
        Ok(())
    }
}

fn list_files(folder: &Path) -> Result<Vec<PathBuf>> {
    fs::read_dir(folder)?
        .map(|entry| Ok(entry?.path()))
        .collect()
}
