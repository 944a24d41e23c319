//! Any body of `POST /api/upload/presigned` is either the announcement of a photo or refused.

#![no_main]

use api::{MAX_UPLOAD_BYTES, PHOTO_TYPES, UploadRequest};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let Ok(request) = serde_json::from_slice::<UploadRequest>(body) else {
        return;
    };
    if request.check().is_ok() {
        assert!(PHOTO_TYPES.contains(&request.file_type.as_str()));
        assert!((1..=MAX_UPLOAD_BYTES).contains(&request.file_size));
    }
    let text = serde_json::to_vec(&request).expect("a request can be written");
    let again: UploadRequest = serde_json::from_slice(&text).expect("and read again");
    assert_eq!(again, request);
});
