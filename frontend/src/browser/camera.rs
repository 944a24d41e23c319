//! The live camera: opening it, switching it, letting go of it.

use super::exception_name;
use crate::problem::Problem;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    HtmlVideoElement, MediaDeviceInfo, MediaDeviceKind, MediaDevices, MediaStream,
    MediaStreamConstraints, MediaStreamTrack,
};

/// Which camera to open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lens {
    /// The one that looks at the guest.
    Front,
    /// The one on a phone's back.
    Rear,
    /// A certain one, by the browser's id for it.
    Device(String),
}

/// An open camera. Its light goes out when this is dropped.
pub struct Camera {
    stream: MediaStream,
    on_ended: Closure<dyn FnMut()>,
}

impl Camera {
    /// Asks the guest's leave and opens the camera; `on_ended` is called if it is unplugged.
    ///
    /// # Errors
    /// Each way in which a camera cannot be had is a [`Problem`] of its own.
    pub async fn open(lens: &Lens, on_ended: impl FnMut() + 'static) -> Result<Self, Problem> {
        let devices = media_devices()?;
        let constraints = MediaStreamConstraints::new();
        constraints.set_audio(&JsValue::FALSE);
        let video =
            js_sys::JSON::parse(&video_constraints(lens)).map_err(|_| Problem::CameraBusy)?;
        constraints.set_video(&video);
        let opening = devices
            .get_user_media_with_constraints(&constraints)
            .map_err(|thrown| Problem::from_camera_exception(&exception_name(&thrown)))?;
        let stream: MediaStream = JsFuture::from(opening)
            .await
            .map_err(|thrown| Problem::from_camera_exception(&exception_name(&thrown)))?
            .unchecked_into();
        let camera = Self {
            stream,
            on_ended: Closure::new(on_ended),
        };
        if let Some(track) = camera.track() {
            track.set_onended(Some(camera.on_ended.as_ref().unchecked_ref()));
        }
        Ok(camera)
    }

    /// Shows the live picture in a `<video>`.
    pub fn show_in(&self, video: &HtmlVideoElement) {
        video.set_src_object(Some(&self.stream));
        // Rejected only when another picture takes this one's place before it starts.
        if let Ok(playing) = video.play() {
            leptos::task::spawn_local(async move {
                let _ = JsFuture::from(playing).await;
            });
        }
    }

    /// Whether guests see themselves, so that the preview should be a mirror.
    ///
    /// Webcams of laptops and kiosks name no direction; they look at the guest.
    pub fn looks_at_guest(&self) -> bool {
        self.facing_mode().as_deref() != Some("environment")
    }

    /// The camera that a press on "switch" opens, if there is more than one.
    pub async fn next_lens(&self) -> Option<Lens> {
        let own_id = self.track()?.get_settings().get_device_id();
        let ids = list_cameras().await;
        choose_next_lens(self.facing_mode().as_deref(), own_id.as_deref(), &ids)
    }

    fn facing_mode(&self) -> Option<String> {
        self.track()?.get_settings().get_facing_mode()
    }

    fn track(&self) -> Option<MediaStreamTrack> {
        self.stream.get_video_tracks().get(0).dyn_into().ok()
    }
}

impl Drop for Camera {
    fn drop(&mut self) {
        if let Some(track) = self.track() {
            track.set_onended(None);
            track.stop();
        }
    }
}

/// Browsers hide cameras from pages that came over plain http, except from localhost.
fn media_devices() -> Result<MediaDevices, Problem> {
    let window = web_sys::window().ok_or(Problem::NoCamera)?;
    if !window.is_secure_context() {
        return Err(Problem::InsecurePage);
    }
    match window.navigator().media_devices() {
        Ok(devices) if !devices.is_undefined() => Ok(devices),
        _ => Err(Problem::NoCamera),
    }
}

/// The ids of all cameras; empty when the browser does not tell.
async fn list_cameras() -> Vec<String> {
    let Ok(listing) = media_devices()
        .and_then(|devices| devices.enumerate_devices().map_err(|_| Problem::NoCamera))
    else {
        return Vec::new();
    };
    let Ok(found) = JsFuture::from(listing).await else {
        return Vec::new();
    };
    js_sys::Array::from(&found)
        .iter()
        .filter_map(|device| device.dyn_into::<MediaDeviceInfo>().ok())
        .filter(|device| device.kind() == MediaDeviceKind::Videoinput)
        .map(|device| device.device_id())
        .collect()
}

/// The video part of `getUserMedia`'s constraints, as JSON.
///
/// 1920 x 1440 is the most that webcams and phones offer in 4:3; as `ideal` a smaller one still opens.
fn video_constraints(lens: &Lens) -> String {
    let which = match lens {
        Lens::Front => r#""facingMode":"user""#.to_owned(),
        Lens::Rear => r#""facingMode":{"ideal":"environment"}"#.to_owned(),
        Lens::Device(id) => format!(
            r#""deviceId":{{"exact":{}}}"#,
            serde_json::Value::from(id.as_str())
        ),
    };
    format!(r#"{{{which},"width":{{"ideal":1920}},"height":{{"ideal":1440}}}}"#)
}

/// Phones turn between front and rear, whatever number of lenses the rear has; computers go round all cameras.
fn choose_next_lens(
    facing_mode: Option<&str>,
    own_id: Option<&str>,
    ids: &[String],
) -> Option<Lens> {
    if ids.len() < 2 {
        return None;
    }
    match facing_mode {
        Some("user") => Some(Lens::Rear),
        Some("environment") => Some(Lens::Front),
        _ => {
            let own = ids.iter().position(|id| Some(id.as_str()) == own_id);
            let next = own.map_or(0, |index| (index + 1) % ids.len());
            Some(Lens::Device(ids[next].clone()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(count: usize) -> Vec<String> {
        (0..count).map(|n| format!("camera{n}")).collect()
    }

    #[test]
    fn phones_turn_between_front_and_rear() {
        let next = |facing| choose_next_lens(Some(facing), Some("camera2"), &ids(4));
        assert_eq!(next("user"), Some(Lens::Rear));
        assert_eq!(next("environment"), Some(Lens::Front));
    }

    #[test]
    fn computers_go_round_all_cameras() {
        let next = |own| choose_next_lens(None, Some(own), &ids(3));
        assert_eq!(next("camera0"), Some(Lens::Device("camera1".into())));
        assert_eq!(next("camera2"), Some(Lens::Device("camera0".into())));
    }

    #[test]
    fn a_single_camera_has_nothing_to_switch_to() {
        assert_eq!(choose_next_lens(None, Some("camera0"), &ids(1)), None);
        assert_eq!(choose_next_lens(Some("user"), None, &[]), None);
    }

    #[test]
    fn constraints_are_json_whatever_the_id() {
        for lens in [Lens::Front, Lens::Rear, Lens::Device(r#"a"b\c"#.into())] {
            let parsed: serde_json::Value =
                serde_json::from_str(&video_constraints(&lens)).unwrap();
            assert_eq!(parsed["width"]["ideal"], 1920, "{lens:?}");
        }
    }
}
