//! Guests who do not give up: they send every request again until it is answered.

use api::{OutputFormat, ProcessRequest, UploadRequest, UploadTicket};
use backend::app::AppState;
use reqwest::{Client, RequestBuilder, Response, StatusCode};
use std::fs;
use std::time::Duration;
use tokio::task::JoinSet;
use tokio::time::sleep;
use uuid::Uuid;

/// How many guests there are at a time.
const GUESTS: u32 = 8;

/// How long a guest rests before a request is sent again.
const REST: Duration = Duration::from_millis(200);

/// A guest who has asked so often goes home.
const PATIENCE: u32 = 600;

const THEMES: [&str; 4] = ["barbarian", "greek", "mystic", "anime"];

/// All guests on their way.
pub struct Guests {
    visits: JoinSet<()>,
}

impl Guests {
    /// Sends so many photos to the booth at this address.
    pub fn send(booth: &str, photos: u32) -> Self {
        let photo = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/photos/astronaut.png");
        let photo = fs::read(photo).unwrap();
        let mut visits = JoinSet::new();
        for guest in 0..GUESTS {
            let (booth, photo) = (booth.to_owned(), photo.clone());
            visits.spawn(async move {
                let client = Client::builder().timeout(Duration::from_secs(20)).build();
                let client = client.unwrap();
                for number in (guest..photos).step_by(GUESTS as usize) {
                    let theme = THEMES[number as usize % THEMES.len()];
                    order(&client, &booth, &photo, theme).await;
                }
            });
        }
        Self { visits }
    }

    pub async fn expect_all_sent(self) {
        self.visits.join_all().await;
    }
}

/// Fetches these portraits as a guest would, by a signed address, and looks at them.
pub async fn expect_pictures(app: &AppState, keys: &[String]) {
    let host = "localhost".parse().unwrap();
    for key in keys {
        let minute = Duration::from_secs(60);
        let address = app.storage.presign_download(key, None, minute, &host).await;
        let answer = reqwest::get(address.unwrap()).await.unwrap();
        let bytes = answer.bytes().await.unwrap();
        let picture = image::load_from_memory(&bytes).unwrap();
        assert_eq!((picture.width(), picture.height()), (120, 160), "{key}");
    }
}

async fn order(client: &Client, booth: &str, photo: &[u8], theme: &str) {
    let request = UploadRequest {
        file_name: "photo.png".into(),
        file_type: "image/png".into(),
        file_size: photo.len() as u64,
    };
    let ask = client.post(format!("{booth}/api/upload/presigned"));
    let ticket = insist(&ask.json(&request)).await;
    let ticket: UploadTicket = ticket.json().await.unwrap();

    let mut put = client.put(&ticket.upload_url).body(photo.to_vec());
    for (name, value) in &ticket.headers {
        put = put.header(name, value);
    }
    insist(&put).await;

    let wish = ProcessRequest {
        photo_id: ticket.photo_id,
        theme_id: theme.into(),
        variant_id: None,
        output_format: Some(OutputFormat::Jpeg),
    };
    let ask = client.post(format!("{booth}/api/process"));
    let key = Uuid::new_v4().to_string();
    insist(&ask.header("idempotency-key", key).json(&wish)).await;
}

/// Sends a request until it is granted; what the booth calls a mistake of the guest's is one of ours.
async fn insist(request: &RequestBuilder) -> Response {
    for _ in 0..PATIENCE {
        match request.try_clone().unwrap().send().await {
            Ok(answer) if answer.status().is_success() => return answer,
            Ok(answer) if answer.status().is_client_error() => {
                let status: StatusCode = answer.status();
                panic!("{status}: {}", answer.text().await.unwrap_or_default());
            }
            // Full, starting, away for a moment, or cut off.
            _ => sleep(REST).await,
        }
    }
    panic!("the booth never answered");
}
