//! Deletes the photo that a guest uploaded, once nobody needs it any more.

use crate::app::AppState;
use crate::clock::now_ms;
use crate::photo_id::PhotoId;

/// Deletes a photo whose job is over and notes it. A failure is logged and made good at the next start: the
/// portrait is done all the same.
pub async fn delete(app: &AppState, photo: PhotoId) {
    if let Err(error) = try_delete(app, photo).await {
        tracing::error!(photo = %photo, "photo {photo} could not be deleted: {error:#}");
    }
}

/// Deletes the photos of jobs that ended just before the process did. Those that failed by the machine's fault
/// are kept for whoever looks into it.
///
/// # Errors
/// The database does not answer.
pub async fn delete_leftovers(app: &AppState) -> anyhow::Result<()> {
    let leftovers: Vec<(String,)> = sqlx::query_as(
        "SELECT id FROM photos
         WHERE finished_at_ms IS NOT NULL AND original_deleted_at_ms IS NULL
           AND (status = 'completed'
                OR error_code NOT IN ('RENDER_FAILED', 'TIMED_OUT', 'PHOTO_NOT_UPLOADED', 'INTERNAL'))",
    )
    .fetch_all(&app.db)
    .await?;
    for photo in leftovers.iter().filter_map(|(id,)| PhotoId::parse(id)) {
        delete(app, photo).await;
    }
    Ok(())
}

async fn try_delete(app: &AppState, photo: PhotoId) -> anyhow::Result<()> {
    app.storage.delete(&photo.upload_key()).await?;
    sqlx::query("UPDATE photos SET original_deleted_at_ms = $1 WHERE id = $2")
        .bind(now_ms())
        .bind(photo.to_string())
        .execute(&app.db)
        .await?;
    Ok(())
}
