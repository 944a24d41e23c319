//! Deletes the photo that a guest uploaded, once nobody needs it any more.

use crate::app::App;
use crate::photo_id::PhotoId;

/// Deletes a photo whose job is over and notes it. A failure is logged and made good by the sweeper: the portrait
/// is done all the same.
pub async fn delete(app: &App, photo: PhotoId) {
    if let Err(error) = try_delete(app, photo).await {
        tracing::error!(photo = %photo, "photo {photo} could not be deleted: {error:#}");
    }
}

/// # Errors
/// Database or storage do not answer.
pub async fn try_delete(app: &App, photo: PhotoId) -> anyhow::Result<()> {
    app.storage.delete(&photo.upload_key()).await?;
    sqlx::query("UPDATE photos SET original_deleted_at_ms = $1 WHERE id = $2")
        .bind(app.clock.now_ms())
        .bind(photo.to_string())
        .execute(&app.db.pool)
        .await?;
    Ok(())
}
